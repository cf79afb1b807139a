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
    /// Nothing was ticked, or nothing that could be a choice.
    Nothing,
    /// A choice that is not on this ballot paper.
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

impl Poll {
    /// What to tell the voter beforehand.
    #[must_use]
    pub fn instruction(&self) -> String {
        match (self.min_choices, self.max_choices) {
            (_, 1) => "Select one.".to_owned(),
            (min, max) if min == max => format!("Select {min}."),
            (min, max) => format!("Select {min} to {max}."),
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
            // One value for each choice: not "+7", not "007".
            let id = value
                .parse()
                .ok()
                .filter(|id: &i64| id.to_string() == *value);
            if !chosen.insert(ChoiceId(id.ok_or(Fault::Nothing)?)) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::polls::sample;

    fn parsed(values: &[&str]) -> Result<Selection, Fault> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Selection::parse(&values)
    }

    fn chosen(ids: impl IntoIterator<Item = i64>) -> Selection {
        Selection::Choices(ids.into_iter().map(ChoiceId).collect())
    }

    #[test]
    fn what_no_form_of_ours_sends_is_a_fault() {
        assert_eq!(parsed(&[]), Err(Fault::Nothing));
        assert_eq!(parsed(&["1", "1"]), Err(Fault::Repeated));
        assert_eq!(parsed(&["1", "abstain"]), Err(Fault::AbstainedAndChose));
        for garbage in [
            "",
            "x",
            "1.5",
            "0x1",
            "99999999999999999999",
            "1 OR 1=1",
            "ABSTAIN",
            "+1",
            "01",
            " 1",
            "-0",
        ] {
            assert_eq!(parsed(&[garbage]), Err(Fault::Nothing), "{garbage}");
        }
    }

    #[test]
    fn choices_and_abstention_are_read() {
        assert_eq!(parsed(&["3", "1"]), Ok(chosen([1, 3])));
        assert_eq!(parsed(&["abstain"]), Ok(Selection::Abstention));
    }

    #[test]
    fn a_choice_of_another_poll_is_refused() {
        let (poll, paper) = (sample::open_between(0, 1), sample::paper(3));
        assert_eq!(chosen([4]).check(&poll, &paper), Err(Fault::NotAChoice));
        assert_eq!(chosen([1, 4]).check(&poll, &paper), Err(Fault::NotAChoice));
        assert_eq!(chosen([2]).check(&poll, &paper), Ok(()));
    }

    #[test]
    fn abstaining_needs_a_poll_that_offers_it() {
        let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(3));
        assert_eq!(
            Selection::Abstention.check(&poll, &paper),
            Err(Fault::NotAChoice)
        );
        poll.allow_abstain = true;
        assert_eq!(Selection::Abstention.check(&poll, &paper), Ok(()));
    }

    #[test]
    fn the_limits_are_named_when_they_are_missed() {
        let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(5));
        (poll.min_choices, poll.max_choices) = (2, 3);
        assert_eq!(
            chosen([1]).check(&poll, &paper),
            Err(Fault::TooFew { min: 2 })
        );
        assert_eq!(
            chosen([1, 2, 3, 4]).check(&poll, &paper),
            Err(Fault::TooMany { max: 3 })
        );
        assert_eq!(chosen([1, 2, 3]).check(&poll, &paper), Ok(()));
        assert_eq!(Fault::TooMany { max: 3 }.message(), "Select 3 at most.");
    }

    proptest! {
        #[test]
        fn whatever_passes_is_within_the_limits_and_on_the_paper(
            values in prop::collection::vec("[0-9]{1,2}|abstain|\\PC{0,3}", 0..6),
            min in 1i64..3,
            more in 0i64..3,
        ) {
            let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(9));
            (poll.min_choices, poll.max_choices) = (min, min + more);
            if let Ok(Selection::Choices(chosen)) = Selection::parse(&values) {
                let selection = Selection::Choices(chosen.clone());
                let count = i64::try_from(chosen.len()).unwrap();
                let fits = (min..=min + more).contains(&count)
                    && chosen.iter().all(|id| (1..=9).contains(&id.0));
                prop_assert_eq!(selection.check(&poll, &paper).is_ok(), fits);
            }
        }
    }
}
