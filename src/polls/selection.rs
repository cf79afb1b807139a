//! What a voter ticked or ranked, read from the form and held against the ballot paper.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Choice, ChoiceId, Method, Poll};
use crate::language::Message;

/// The value of `choice` that stands for "I abstain".
pub const ABSTAIN: &str = "abstain";

/// What a voter put on the ballot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selection {
    /// These, each once.
    Choices(BTreeSet<ChoiceId>),
    /// These, each once, the most preferred first.
    Ranking(Vec<ChoiceId>),
    /// "I abstain".
    Abstention,
}

/// Why a selection is not a ballot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nothing was ticked or ranked, or nothing that could be a choice.
    Nothing,
    /// A choice that is not on this ballot paper.
    NotAChoice,
    /// It was chosen on another ballot paper: this one was corrected meanwhile.
    OtherPaper,
    /// The same choice twice, which no form of ours sends.
    Repeated,
    /// "I abstain" together with a choice.
    AbstainedAndChose,
    /// Something that is no rank, which no form of ours sends.
    NotARank,
    /// One rank for several choices.
    SameRank {
        /// The rank, from 1.
        rank: usize,
    },
    /// A rank that nothing has, before one that something has.
    RankLeftOut {
        /// The rank, from 1.
        rank: usize,
    },
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
    /// What to tell the voter on a ballot paper of this method.
    #[must_use]
    pub fn message(self, method: Method) -> Message {
        let is_ranked = method == Method::Ranked;
        let either = |ranked, ticked| Message::new(if is_ranked { ranked } else { ticked });
        match self {
            Self::Nothing => either("fault-nothing-ranked", "fault-nothing"),
            Self::NotAChoice => either("fault-not-a-choice-ranked", "fault-not-a-choice"),
            Self::OtherPaper => Message::new("fault-other-paper"),
            Self::Repeated => either("fault-repeated-ranked", "fault-repeated"),
            Self::AbstainedAndChose => either("fault-abstained-ranked", "fault-abstained"),
            Self::NotARank => Message::new("fault-not-a-rank"),
            Self::SameRank { rank } => Message::new("fault-same-rank").with("rank", rank),
            Self::RankLeftOut { rank } => Message::new("fault-rank-left-out").with("rank", rank),
            Self::TooFew { min } => {
                either("fault-too-few-ranked", "fault-too-few").with("min", min)
            }
            Self::TooMany { max } => {
                either("fault-too-many-ranked", "fault-too-many").with("max", max)
            }
        }
    }
}

impl Poll {
    /// What to tell the voter beforehand.
    #[must_use]
    pub fn instruction(&self) -> Message {
        let (min, max) = (self.min_choices, self.max_choices);
        let is_ranked = self.method == Method::Ranked;
        let id = match (is_ranked, min == max) {
            (true, true) => "rank-exactly",
            (true, false) if min == 1 => "rank-up-to",
            (true, false) => "rank-between",
            (false, true) => "select-exactly",
            (false, false) => "select-between",
        };
        Message::new(id).with("min", min).with("max", max)
    }
}

impl Selection {
    /// Reads the form's fields `choice` and, where choices are ranked, `rank`: one for each
    /// choice in the same order, empty where it is not ranked.
    ///
    /// # Errors
    /// A [`Fault`] that can be seen without knowing the poll.
    pub fn parse(choices: &[String], ranks: &[String]) -> Result<Self, Fault> {
        let abstains = |value: &&String| *value == ABSTAIN;
        let abstained = choices.iter().filter(abstains).count();
        let named: Vec<&String> = choices.iter().filter(|value| !abstains(value)).collect();
        let chose = match ranks {
            [] => !named.is_empty(),
            _ => ranks.iter().any(|rank| !rank.is_empty()),
        };
        match (abstained, chose) {
            (0, false) => Err(Fault::Nothing),
            (0, true) if ranks.is_empty() => each_once(&named).map(Self::Choices),
            (0, true) => in_order(&named, ranks).map(Self::Ranking),
            (1, false) => Ok(Self::Abstention),
            _ => Err(Fault::AbstainedAndChose),
        }
    }

    /// What a program chooses in `poll`: these, in order of preference where they are ranked, or
    /// an abstention.
    ///
    /// # Errors
    /// A [`Fault`] that can be seen without knowing the ballot paper.
    pub fn of(poll: &Poll, choices: Vec<ChoiceId>, abstains: bool) -> Result<Self, Fault> {
        let count = choices.len();
        match (abstains, choices.is_empty()) {
            (true, true) => Ok(Self::Abstention),
            (true, false) => Err(Fault::AbstainedAndChose),
            (false, true) => Err(Fault::Nothing),
            (false, false) if poll.is_ranked() => Ok(Self::Ranking(choices)),
            (false, false) => {
                let chosen: BTreeSet<_> = choices.into_iter().collect();
                let is_distinct = chosen.len() == count;
                is_distinct
                    .then_some(Self::Choices(chosen))
                    .ok_or(Fault::Repeated)
            }
        }
    }

    /// Holds the selection against the ballot paper.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, poll: &Poll, paper: &[Choice]) -> Result<(), Fault> {
        let (chosen, is_ranked) = match self {
            Self::Abstention if poll.allow_abstain => return Ok(()),
            Self::Abstention => return Err(Fault::NotAChoice),
            Self::Choices(chosen) => (chosen.iter().collect::<Vec<_>>(), false),
            Self::Ranking(order) => (order.iter().collect(), true),
        };
        let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
        let on_paper = |id: &&ChoiceId| paper.iter().any(|choice| choice.id == **id);
        let distinct: BTreeSet<_> = chosen.iter().collect();
        if !chosen.iter().all(on_paper) {
            Err(Fault::NotAChoice)
        } else if distinct.len() < chosen.len() {
            Err(Fault::Repeated)
        } else if count == 0 || is_ranked != poll.is_ranked() {
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

    /// What stands on the ballot: each choice with its value, which is its rank or else 1.
    #[must_use]
    pub fn values(&self) -> Vec<(ChoiceId, i64)> {
        match self {
            Self::Choices(chosen) => chosen.iter().map(|id| (*id, 1)).collect(),
            Self::Ranking(order) => order.iter().copied().zip(1..).collect(),
            Self::Abstention => Vec::new(),
        }
    }

    /// Whether the voter abstained.
    #[must_use]
    pub fn is_abstention(&self) -> bool {
        matches!(self, Self::Abstention)
    }
}

/// One value for each choice: not "+7", not "007".
fn key(value: &str) -> Result<ChoiceId, Fault> {
    let id = value
        .parse()
        .ok()
        .filter(|id: &i64| id.to_string() == value);
    id.map(ChoiceId).ok_or(Fault::Nothing)
}

fn each_once(values: &[&String]) -> Result<BTreeSet<ChoiceId>, Fault> {
    let mut chosen = BTreeSet::new();
    for value in values {
        if !chosen.insert(key(value)?) {
            return Err(Fault::Repeated);
        }
    }
    Ok(chosen)
}

/// The ranked choices, the first first. Their ranks are 1, 2, 3 and so on.
fn in_order(values: &[&String], ranks: &[String]) -> Result<Vec<ChoiceId>, Fault> {
    if values.len() != ranks.len() {
        return Err(Fault::Nothing);
    }
    let mut order = Vec::new();
    for (value, rank) in values.iter().zip(ranks) {
        if !rank.is_empty() {
            let number: usize = rank.parse().map_err(|_| Fault::NotARank)?;
            order.push((number, key(value)?));
        }
    }
    order.sort_unstable();
    for (&(rank, _), due) in order.iter().zip(1..) {
        match rank.cmp(&due) {
            Ordering::Equal => {}
            Ordering::Greater => return Err(Fault::RankLeftOut { rank: due }),
            Ordering::Less if rank == 0 => return Err(Fault::NotARank),
            Ordering::Less => return Err(Fault::SameRank { rank }),
        }
    }
    Ok(order.into_iter().map(|(_, id)| id).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{language::Locale, polls::sample};

    fn parsed(values: &[&str]) -> Result<Selection, Fault> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Selection::parse(&values, &[])
    }

    /// Choices with the keys 1, 2, 3, … and the ranks that were given to them.
    fn ranked(ranks: &[&str]) -> Result<Selection, Fault> {
        let choices: Vec<String> = (1..=ranks.len()).map(|id| id.to_string()).collect();
        let ranks: Vec<String> = ranks.iter().map(|rank| (*rank).to_owned()).collect();
        Selection::parse(&choices, &ranks)
    }

    fn order(ids: impl IntoIterator<Item = i64>) -> Selection {
        Selection::Ranking(ids.into_iter().map(ChoiceId).collect())
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
    fn a_ranking_may_be_partial_and_has_neither_gaps_nor_ties() {
        assert_eq!(ranked(&["2", "", "1"]), Ok(order([3, 1])));
        assert_eq!(ranked(&["", "", ""]), Err(Fault::Nothing));
        assert_eq!(ranked(&["1", "1", "2"]), Err(Fault::SameRank { rank: 1 }));
        assert_eq!(
            ranked(&["1", "3", "3"]),
            Err(Fault::RankLeftOut { rank: 2 })
        );
        assert_eq!(ranked(&["2", "", ""]), Err(Fault::RankLeftOut { rank: 1 }));
        for garbage in ["0", "x", "-1", "1.5", " ", "99999999999999999999999"] {
            assert_eq!(ranked(&[garbage]), Err(Fault::NotARank), "{garbage}");
        }
    }

    #[test]
    fn a_ranking_of_choices_and_ranks_that_do_not_pair_up_is_refused() {
        let both = |choices: &[&str], ranks: &[&str]| {
            let own = |texts: &[&str]| -> Vec<String> {
                texts.iter().map(|text| (*text).to_owned()).collect()
            };
            Selection::parse(&own(choices), &own(ranks))
        };
        assert_eq!(both(&["1"], &["1", "2"]), Err(Fault::Nothing));
        assert_eq!(both(&["1", "2"], &["1"]), Err(Fault::Nothing));
        assert_eq!(both(&["1", "abstain"], &[""]), Ok(Selection::Abstention));
        assert_eq!(
            both(&["1", "abstain"], &["1"]),
            Err(Fault::AbstainedAndChose)
        );
        let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(3));
        (poll.method, poll.max_choices) = (Method::Ranked, 3);
        let twice = both(&["1", "1"], &["1", "2"]).unwrap();
        assert_eq!(twice.check(&poll, &paper), Err(Fault::Repeated));
    }

    #[test]
    fn ticks_are_no_ranking_and_a_ranking_is_no_tick() {
        let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(3));
        assert_eq!(order([1]).check(&poll, &paper), Err(Fault::Nothing));
        (poll.method, poll.max_choices) = (Method::Ranked, 3);
        assert_eq!(chosen([1]).check(&poll, &paper), Err(Fault::Nothing));
        assert_eq!(order([2, 1]).check(&poll, &paper), Ok(()));
        assert_eq!(order([2, 1]).values(), [(ChoiceId(2), 1), (ChoiceId(1), 2)]);
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
        let too_many = Fault::TooMany { max: 3 };
        let said = |method| Locale::default().t(too_many.message(method)).plain();
        assert_eq!(said(Method::Multiple), "Select 3 at most.");
        assert_eq!(said(Method::Ranked), "Rank 3 at most.");
    }

    proptest! {
        /// Whatever is ranked stands on the ballot in that order, and nothing else.
        #[test]
        fn a_ranking_that_passes_is_the_order_that_was_typed(
            ranks in prop::collection::vec("[0-9]{0,2}", 0..7),
        ) {
            let ranks: Vec<&str> = ranks.iter().map(String::as_str).collect();
            if let Ok(Selection::Ranking(order)) = ranked(&ranks) {
                for (id, rank) in Selection::Ranking(order.clone()).values() {
                    let place = usize::try_from(id.0 - 1).unwrap();
                    prop_assert_eq!(ranks[place].parse::<i64>(), Ok(rank));
                }
                let typed = ranks.iter().filter(|rank| !rank.is_empty()).count();
                prop_assert_eq!(order.len(), typed);
            }
        }

        #[test]
        fn whatever_passes_is_within_the_limits_and_on_the_paper(
            values in prop::collection::vec("[0-9]{1,2}|abstain|\\PC{0,3}", 0..6),
            min in 1i64..3,
            more in 0i64..3,
        ) {
            let (mut poll, paper) = (sample::open_between(0, 1), sample::paper(9));
            (poll.min_choices, poll.max_choices) = (min, min + more);
            if let Ok(Selection::Choices(chosen)) = Selection::parse(&values, &[]) {
                let selection = Selection::Choices(chosen.clone());
                let count = i64::try_from(chosen.len()).unwrap();
                let fits = (min..=min + more).contains(&count)
                    && chosen.iter().all(|id| (1..=9).contains(&id.0));
                prop_assert_eq!(selection.check(&poll, &paper).is_ok(), fits);
            }
        }
    }
}
