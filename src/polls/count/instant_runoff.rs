//! Instant run-off (the alternative vote): each ballot counts for the highest choice on it that
//! is still in; while none has more than half of the ballots that still count, the choice with
//! the fewest goes out.
//!
//! Who goes out among choices with equally few is settled by a rule that is fixed beforehand:
//! the one that had fewer in the latest earlier round in which they differed; if they never
//! differed, the one that stands lower on the ballot paper. When all that are left are equal,
//! nobody goes out: it is a tie.

use super::{Ranking, Winner};

/// The count, round by round.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Count {
    /// From the first round to the last.
    pub rounds: Vec<Round>,
    /// Who is left.
    pub winner: Winner,
}

/// One round.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Round {
    /// For each choice of the paper its ballots; `None` when it went out before.
    pub ballots: Vec<Option<u64>>,
    /// Ballots that name no choice that is still in.
    pub exhausted: u64,
    /// Who goes out, if somebody does.
    pub excluded: Option<Exclusion>,
}

/// A choice that goes out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Exclusion {
    /// The choice.
    pub choice: usize,
    /// What settled it.
    pub reason: Reason,
}

/// Why it is this choice that goes out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// It has the fewest ballots.
    Fewest,
    /// Others have as few, but had more in this earlier round, counted from 1.
    EarlierRound(usize),
    /// Others have as few and always had, but stand higher on the ballot paper.
    BallotPaper,
}

impl Round {
    /// Ballots that count for some choice in this round.
    #[must_use]
    pub fn continuing(&self) -> u64 {
        self.ballots.iter().flatten().sum()
    }

    /// The choices that are in, with their ballots.
    fn standing(&self) -> impl Iterator<Item = (usize, u64)> {
        let choices = self.ballots.iter().enumerate();
        choices.filter_map(|(choice, ballots)| ballots.map(|ballots| (choice, ballots)))
    }

    fn of(&self, choice: usize) -> u64 {
        self.ballots.get(choice).copied().flatten().unwrap_or(0)
    }

    /// The winner, once there is one or a tie.
    fn winner(&self) -> Option<Winner> {
        let continuing = self.continuing();
        if continuing == 0 {
            return Some(Winner::Nobody);
        }
        let most = self.standing().map(|(_, ballots)| ballots).max()?;
        let ahead = self.standing().filter(|(_, ballots)| *ballots == most);
        let ahead: Vec<usize> = ahead.map(|(choice, _)| choice).collect();
        let all_equal = ahead.len() == self.standing().count();
        (u128::from(most) * 2 > u128::from(continuing) || all_equal).then(|| ahead.into())
    }
}

/// Counts ballots on a paper with this many choices.
#[must_use]
pub fn count(choices: usize, ballots: &[Ranking]) -> Count {
    let mut standing = vec![true; choices];
    let mut rounds: Vec<Round> = Vec::new();
    loop {
        let mut round = assign(&standing, ballots);
        if let Some(winner) = round.winner() {
            rounds.push(round);
            return Count { rounds, winner };
        }
        round.excluded = exclusion(&round, &rounds);
        let excluded = round.excluded;
        rounds.push(round);
        match excluded.and_then(|excluded| standing.get_mut(excluded.choice)) {
            Some(standing) => *standing = false,
            // There is a choice with the fewest ballots wherever there is no winner.
            None => {
                return Count {
                    rounds,
                    winner: Winner::Nobody,
                };
            }
        }
    }
}

/// Gives each ballot to the highest choice on it that is still in.
fn assign(standing: &[bool], ballots: &[Ranking]) -> Round {
    let mut round = Round {
        ballots: standing
            .iter()
            .map(|standing| standing.then_some(0))
            .collect(),
        exhausted: 0,
        excluded: None,
    };
    for ranking in ballots {
        let mut order = ranking.order.iter();
        let choice = order.find(|choice| standing.get(**choice) == Some(&true));
        match choice.and_then(|choice| round.ballots.get_mut(*choice)) {
            Some(Some(count)) => *count += ranking.ballots,
            _ => round.exhausted += ranking.ballots,
        }
    }
    round
}

/// Who goes out after `round`, which none of `earlier` settled.
fn exclusion(round: &Round, earlier: &[Round]) -> Option<Exclusion> {
    let choices: Vec<usize> = round.standing().map(|(choice, _)| choice).collect();
    let mut fewest = with_fewest(round, &choices);
    let mut reason = Reason::Fewest;
    for (number, before) in earlier.iter().enumerate().rev() {
        if fewest.len() == 1 {
            break;
        }
        let fewer = with_fewest(before, &fewest);
        if fewer.len() < fewest.len() {
            reason = Reason::EarlierRound(number + 1);
            fewest = fewer;
        }
    }
    if fewest.len() > 1 {
        reason = Reason::BallotPaper;
    }
    let choice = fewest.into_iter().max()?;
    Some(Exclusion { choice, reason })
}

/// Those of `choices` that have the fewest ballots in `round`.
fn with_fewest(round: &Round, choices: &[usize]) -> Vec<usize> {
    let fewest = choices.iter().map(|choice| round.of(*choice)).min();
    let choices = choices.iter().copied();
    choices
        .filter(|choice| Some(round.of(*choice)) == fewest)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::polls::count::tests::{any_ballots, ballots};

    fn counted(choices: usize, text: &str) -> Count {
        count(choices, &ballots(text))
    }

    #[test]
    fn more_than_half_of_the_first_choices_wins_at_once() {
        let count = counted(3, "6 abc, 3 bca, 2 cab");
        assert_eq!(count.winner, Winner::One(0));
        assert_eq!(count.rounds.len(), 1);
    }

    #[test]
    fn ballots_move_on_to_their_next_choice() {
        // a leads, but c's voters prefer b.
        let count = counted(3, "4 a, 3 b, 2 cb");
        let [first, second] = count.rounds.as_slice() else {
            panic!("two rounds");
        };
        assert_eq!(first.ballots, [Some(4), Some(3), Some(2)]);
        assert_eq!(
            first.excluded,
            Some(Exclusion {
                choice: 2,
                reason: Reason::Fewest
            })
        );
        assert_eq!(second.ballots, [Some(4), Some(5), None]);
        assert_eq!(count.winner, Winner::One(1));
    }

    #[test]
    fn a_ballot_without_a_choice_that_is_in_counts_for_nobody() {
        let count = counted(3, "4 a, 3 b, 2 c");
        let last = count.rounds.last().unwrap();
        assert_eq!((last.exhausted, last.continuing()), (2, 7));
        assert_eq!(count.winner, Winner::One(0), "4 of 7 is more than half");
    }

    #[test]
    fn the_last_two_with_equal_ballots_are_tied() {
        assert_eq!(counted(2, "5 a, 5 b").winner, Winner::Tie(vec![0, 1]));
        assert_eq!(counted(3, "5 a, 3 b, 2 cb").winner, Winner::Tie(vec![0, 1]));
    }

    #[test]
    fn equally_few_ballots_are_told_apart_by_an_earlier_round() {
        // After d has gone, b and c have three each; b had fewer before.
        let count = counted(4, "4 a, 2 bc, 3 ca, 1 db");
        let second = count.rounds.get(1).unwrap();
        assert_eq!(second.ballots, [Some(4), Some(3), Some(3), None]);
        assert_eq!(
            second.excluded,
            Some(Exclusion {
                choice: 1,
                reason: Reason::EarlierRound(1)
            })
        );
    }

    #[test]
    fn choices_that_never_differed_go_out_from_the_end_of_the_paper() {
        let count = counted(3, "3 a, 2 b, 2 c");
        assert_eq!(
            count.rounds.first().unwrap().excluded,
            Some(Exclusion {
                choice: 2,
                reason: Reason::BallotPaper
            })
        );
    }

    #[test]
    fn without_ballots_nobody_wins() {
        assert_eq!(counted(3, "").winner, Winner::Nobody);
        assert_eq!(counted(3, "4 ").winner, Winner::Nobody, "blank ballots");
        assert_eq!(count(0, &[]).winner, Winner::Nobody);
    }

    proptest! {
        #[test]
        fn every_round_holds_every_ballot_and_ends_with_one_choice_less(
            ballots in any_ballots(5),
        ) {
            let total: u64 = ballots.iter().map(|ranking| ranking.ballots).sum();
            let count = count(5, &ballots);
            for (round, number) in count.rounds.iter().zip(0..) {
                prop_assert_eq!(round.continuing() + round.exhausted, total);
                prop_assert_eq!(round.ballots.iter().flatten().count(), 5 - number);
            }
            let last = count.rounds.last().unwrap();
            prop_assert_eq!(last.excluded, None);
        }
    }
}
