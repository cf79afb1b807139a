//! What anybody who is signed in can have tried of a poll that has closed: whether roll, box, seal
//! and history agree. Everything is counted from the tables; no counter is believed.

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Check {
    /// People marked on the roll as having voted.
    pub marks: u64,
    /// Ballots in the box.
    pub ballots: u64,
    /// Ballots that hold as many choices as the ballot paper allows, and do not abstain.
    pub filled: u64,
    /// Ballots that abstain and hold no choice.
    pub abstained: u64,
    /// Choices that stand on no ballot of the box.
    pub strays: u64,
    /// What became of the seal.
    pub seal: SealCheck,
    /// The first entry of the history that does not fit the one before it; `None` when all do.
    pub broken_entry: Option<i64>,
}

/// How a seal was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SealCheck {
    /// Whole, told of in the history, and what the ballots come to.
    Fits,
    /// The sealed document is not the one that was sealed.
    Rewritten,
    /// The history tells of another seal, or of none.
    NotInHistory,
    /// The ballots come to something else.
    OtherCount,
}

impl Check {
    /// Whether as many people are marked as there are ballots.
    #[must_use]
    pub const fn marks_equal_ballots(&self) -> bool {
        self.marks == self.ballots
    }

    /// Whether each ballot holds choices or abstains, and no choice is without a ballot.
    #[must_use]
    pub const fn ballots_are_whole(&self) -> bool {
        self.filled.saturating_add(self.abstained) == self.ballots && self.strays == 0
    }

    /// Whether seal, history and ballots agree.
    #[must_use]
    pub fn seal_fits(&self) -> bool {
        self.seal == SealCheck::Fits
    }

    /// Whether the history is whole.
    #[must_use]
    pub const fn history_is_whole(&self) -> bool {
        self.broken_entry.is_none()
    }

    /// Whether all of it passes.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.marks_equal_ballots()
            && self.ballots_are_whole()
            && self.seal_fits()
            && self.history_is_whole()
    }
}
