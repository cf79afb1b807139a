//! The rules of a poll as words that the database keeps and forms send.

use crate::{db::text_enum, language::Message};

text_enum! {
    /// How a ballot is filled in.
    pub enum Method {
        /// One choice.
        Single = "single",
        /// Between `min_choices` and `max_choices`.
        Multiple = "multiple",
        /// Choices in order of preference.
        Ranked = "ranked",
        /// A grade for each choice.
        Score = "score",
    }
}

text_enum! {
    /// How rankings are counted.
    pub enum RankedRule {
        /// The choice with the fewest first preferences drops out, round after round.
        InstantRunoff = "instant_runoff",
        /// Each choice against each other, by the strongest paths (Schulze 2011).
        Schulze = "schulze",
    }
}

text_enum! {
    /// Whether staff can see who voted for what.
    pub enum Secrecy {
        /// The voter's name stands on the ballot.
        Named = "named",
        /// Nothing joins voter and ballot.
        Secret = "secret",
    }
}

text_enum! {
    /// When staff may read the numbers; from open to strict.
    pub enum ResultsRule {
        /// While the poll is open.
        Live = "live",
        /// From the closing on.
        AfterClose = "after_close",
        /// Once an admin has released them.
        OnRelease = "on_release",
    }
}

text_enum! {
    /// When voters may read the numbers; from open to strict.
    pub enum VoterResults {
        /// From the closing on.
        AfterClose = "after_close",
        /// Once an admin has released them.
        OnRelease = "on_release",
        /// Not at all.
        Never = "never",
    }
}

text_enum! {
    /// Who is on the electoral roll.
    pub enum RollMode {
        /// Whoever has one of the poll's roles when casting.
        Role = "role",
        /// Whoever is on the poll's list.
        List = "list",
    }
}

text_enum! {
    /// What the most votes have to reach for a choice to carry the poll.
    pub enum MajorityRule {
        /// The most votes.
        Plurality = "plurality",
        /// More than half of the votes; abstentions are none.
        MoreThanHalf = "more_than_half",
        /// At least two thirds of the votes; abstentions are none.
        TwoThirds = "two_thirds",
    }
}

text_enum! {
    /// Whether voters get a code with which to look their ballot up.
    pub enum Receipts {
        /// No.
        Off = "off",
        /// Yes: the code says that the ballot is in the count, and nothing of what it says.
        Counted = "counted",
    }
}

text_enum! {
    /// How somebody came onto the roll.
    pub enum RollSource {
        /// By a role, with the vote.
        Role = "role",
        /// On the list before it was frozen.
        List = "list",
        /// Added to the list afterwards.
        AddedLater = "added_later",
    }
}

impl Method {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Single => "ballot-single",
            Self::Multiple => "ballot-multiple",
            Self::Ranked => "ballot-ranked",
            Self::Score => "ballot-score",
        })
    }
}

impl Receipts {
    /// Whether there are any.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Off => "no",
            Self::Counted => "yes",
        })
    }
}

impl RankedRule {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::InstantRunoff => "rule-instant-runoff",
            Self::Schulze => "rule-schulze",
        })
    }
}

impl Secrecy {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Named => "named-tag",
            Self::Secret => "secret-tag",
        })
    }
}

impl RollMode {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Role => "roll-by-role",
            Self::List => "roll-by-list",
        })
    }
}

impl ResultsRule {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Live => "results-live",
            Self::AfterClose => "results-after-close",
            Self::OnRelease => "results-on-release",
        })
    }
}

impl VoterResults {
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::AfterClose => "results-after-close",
            Self::OnRelease => "results-on-release",
            Self::Never => "results-never",
        })
    }
}
