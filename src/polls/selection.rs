//! What a voter ticked, read from the form and held against the ballot paper.

use std::collections::BTreeSet;

use super::{Choice, ChoiceId, Poll};

/// The value of `choice` that stands for "I abstain".
pub const ABSTAIN: &str = "abstain";

/// What a voter ticked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selection {
    /// These, each once.
    Choices(BTreeSet<ChoiceId>),
    /// "I abstain".
    Abstention,
}

/// Why a selection is not a ballot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nothing was ticked.
    Nothing,
    /// Something that is not on this ballot paper.
    NotAChoice,
    /// The same choice twice, which no form of ours sends.
    Repeated,
    /// "I abstain" together with a choice.
    AbstainedAndChose,
    /// Fewer than the poll asks for.
    TooFew {
        /// The fewest.
        min: i64,
    },
    /// More than the poll takes.
    TooMany {
        /// The most.
        max: i64,
    },
}

impl Fault {
    /// What to tell the voter.
    #[must_use]
    pub fn message(self) -> String {
        match self {
            Self::Nothing => "You didn't select a choice.".to_owned(),
            Self::NotAChoice => "Select one of the choices of this poll.".to_owned(),
            Self::Repeated => "Select each choice only once.".to_owned(),
            Self::AbstainedAndChose => {
                "Select either your choices or \u{201c}I abstain\u{201d}, not both.".to_owned()
            }
            Self::TooFew { min } => format!("Select at least {min}."),
            Self::TooMany { max } => format!("Select {max} at most."),
        }
    }
}

impl Selection {
    /// Reads the values of the form's field `choice`.
    ///
    /// # Errors
    /// A [`Fault`] that can be seen without knowing the poll.
    pub fn parse(values: &[String]) -> Result<Self, Fault> {
        let abstained = values.iter().any(|value| value == ABSTAIN);
        match (abstained, values.len()) {
            (_, 0) => return Err(Fault::Nothing),
            (true, 1) => return Ok(Self::Abstention),
            (true, _) => return Err(Fault::AbstainedAndChose),
            (false, _) => {}
        }
        let mut chosen = BTreeSet::new();
        for value in values {
            let id = value.parse().map_err(|_| Fault::NotAChoice)?;
            if !chosen.insert(ChoiceId(id)) {
                return Err(Fault::Repeated);
            }
        }
        Ok(Self::Choices(chosen))
    }

    /// Holds the selection against the ballot paper.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, poll: &Poll, paper: &[Choice]) -> Result<(), Fault> {
        let chosen = match self {
            Self::Abstention if poll.allow_abstain => return Ok(()),
            Self::Abstention => return Err(Fault::NotAChoice),
            Self::Choices(chosen) => chosen,
        };
        let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
        let on_paper = |id: &ChoiceId| paper.iter().any(|choice| choice.id == *id);
        if !chosen.iter().all(on_paper) {
            Err(Fault::NotAChoice)
        } else if count == 0 {
            Err(Fault::Nothing)
        } else if count < poll.min_choices {
            let min = poll.min_choices;
            Err(Fault::TooFew { min })
        } else if count > poll.max_choices {
            let max = poll.max_choices;
            Err(Fault::TooMany { max })
        } else {
            Ok(())
        }
    }

    /// Whether `id` is among what was ticked.
    #[must_use]
    pub fn includes(&self, id: ChoiceId) -> bool {
        matches!(self, Self::Choices(chosen) if chosen.contains(&id))
    }

    /// Whether the voter abstained.
    #[must_use]
    pub fn is_abstention(&self) -> bool {
        matches!(self, Self::Abstention)
    }
}
