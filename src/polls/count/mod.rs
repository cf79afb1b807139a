//! Counting ballots on which choices stand in order of preference.
//!
//! Pure arithmetic on whole numbers: a choice is its place on the ballot paper, from 0. Neither
//! method knows of people, polls or times, and the same ballots always give the same answer, in
//! whatever order they are counted.

pub mod instant_runoff;
pub mod schulze;

/// Ballots that say the same.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ranking {
    /// The choices in order of preference, the first one first; choices that are not named come
    /// after all that are, and are equal among themselves.
    pub order: Vec<usize>,
    /// How many ballots say so.
    pub ballots: u64,
}

/// Who comes first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Winner {
    /// No ballot names a choice.
    Nobody,
    /// One choice.
    One(usize),
    /// Several, which the ballots do not tell apart; in the order of the ballot paper.
    Tie(Vec<usize>),
}

impl From<Vec<usize>> for Winner {
    fn from(first: Vec<usize>) -> Self {
        match *first {
            [] => Self::Nobody,
            [only] => Self::One(only),
            _ => Self::Tie(first),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `"3 abc, 2 b"`: three ballots a before b before c, two that name b alone.
    pub(in crate::polls) fn ballots(text: &str) -> Vec<Ranking> {
        let lines = text.split(", ").filter(|line| !line.is_empty());
        let ranking = lines.map(|line| {
            let (ballots, order) = line.split_once(' ').unwrap();
            Ranking {
                order: order.bytes().map(|name| usize::from(name - b'a')).collect(),
                ballots: ballots.parse().unwrap(),
            }
        });
        ranking.collect()
    }

    /// Any rankings of `choices` choices.
    pub(super) fn any_ballots(choices: usize) -> impl Strategy<Value = Vec<Ranking>> {
        let paper: Vec<usize> = (0..choices).collect();
        let ranking = (Just(paper).prop_shuffle(), 0..=choices, 1u64..5);
        let ranking = ranking.prop_map(|(mut order, named, ballots)| {
            order.truncate(named);
            Ranking { order, ballots }
        });
        prop::collection::vec(ranking, 0..12)
    }

    proptest! {
        #[test]
        fn a_first_choice_of_more_than_half_wins_by_either_method(
            rest in any_ballots(4),
            favourite in 0usize..4,
        ) {
            let others: u64 = rest.iter().map(|ranking| ranking.ballots).sum();
            let mut ballots = rest;
            ballots.push(Ranking { order: vec![favourite], ballots: others + 1 });
            prop_assert_eq!(instant_runoff::count(4, &ballots).winner, Winner::One(favourite));
            prop_assert_eq!(schulze::count(4, &ballots).winner, Winner::One(favourite));
        }

        #[test]
        fn the_order_in_which_ballots_are_counted_does_not_matter(
            (ballots, shuffled) in any_ballots(5).prop_flat_map(|ballots| {
                (Just(ballots.clone()), Just(ballots).prop_shuffle())
            }),
        ) {
            prop_assert_eq!(instant_runoff::count(5, &ballots), instant_runoff::count(5, &shuffled));
            prop_assert_eq!(schulze::count(5, &ballots), schulze::count(5, &shuffled));
        }
    }
}
