//! The Schulze method: choices are compared two by two. A choice comes before another when its
//! strongest path of victories to the other is stronger than the strongest path back; a path is
//! as strong as its weakest victory, a victory as strong as the number of ballots behind it.

use super::{Ranking, Winner};

/// The count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Count {
    /// Row by row: how many ballots prefer this choice to that one.
    pub preferred: Vec<Vec<u64>>,
    /// Who comes before everybody else.
    pub winner: Winner,
    /// For each choice its place, from 1; choices that are not told apart share one.
    pub places: Vec<usize>,
}

/// Counts ballots on a paper with this many choices.
#[must_use]
pub fn count(choices: usize, ballots: &[Ranking]) -> Count {
    let preferred = compare(choices, ballots);
    let paths = strongest_paths(&preferred);
    let beats = |one: usize, other: usize| cell(&paths, one, other) > cell(&paths, other, one);
    let places: Vec<usize> = (0..choices)
        .map(|choice| 1 + (0..choices).filter(|other| beats(*other, choice)).count())
        .collect();
    let named = ballots.iter().any(|ranking| !ranking.order.is_empty());
    let unbeaten = (0..choices).filter(|choice| named && places.get(*choice) == Some(&1));
    let winner = unbeaten.collect::<Vec<_>>().into();
    Count {
        preferred,
        winner,
        places,
    }
}

/// How many ballots prefer one choice to another, for every pair.
fn compare(choices: usize, ballots: &[Ranking]) -> Vec<Vec<u64>> {
    let mut preferred = vec![vec![0; choices]; choices];
    for ranking in ballots {
        let mut behind = vec![true; choices];
        for choice in &ranking.order {
            let Some(row) = preferred.get_mut(*choice) else {
                continue;
            };
            if let Some(named) = behind.get_mut(*choice) {
                *named = false;
            }
            for (count, behind) in row.iter_mut().zip(&behind) {
                *count += if *behind { ranking.ballots } else { 0 };
            }
        }
    }
    preferred
}

/// The strength of the strongest path between each pair (Floyd–Warshall).
fn strongest_paths(preferred: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let choices = preferred.len();
    let victory = |one, other| {
        let (behind, against) = (cell(preferred, one, other), cell(preferred, other, one));
        if behind > against { behind } else { 0 }
    };
    let mut paths: Vec<Vec<u64>> = (0..choices)
        .map(|one| (0..choices).map(|other| victory(one, other)).collect())
        .collect();
    for via in 0..choices {
        for one in (0..choices).filter(|one| *one != via) {
            let to_via = cell(&paths, one, via);
            for other in (0..choices).filter(|other| *other != via && *other != one) {
                let detour = to_via.min(cell(&paths, via, other));
                if let Some(path) = paths.get_mut(one).and_then(|row| row.get_mut(other)) {
                    *path = detour.max(*path);
                }
            }
        }
    }
    paths
}

fn cell(matrix: &[Vec<u64>], row: usize, column: usize) -> u64 {
    let cell = matrix.get(row).and_then(|row| row.get(column));
    cell.copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::polls::count::tests::{any_ballots, ballots};

    #[test]
    fn the_example_of_the_method_s_author_comes_out_as_published() {
        // Schulze, "A new monotonic, clone-independent, reversal symmetric, and
        // condorcet-consistent single-winner election method", example with 45 voters.
        let count = count(
            5,
            &ballots("5 acbed, 5 adecb, 8 bedac, 3 cabed, 7 caebd, 2 cbade, 7 dceba, 8 ebadc"),
        );
        assert_eq!(count.winner, Winner::One(4));
        // E, A, C, B, D.
        assert_eq!(count.places, [2, 4, 3, 5, 1]);
        assert_eq!(count.preferred.first().unwrap(), &[0, 20, 26, 30, 22]);
    }

    #[test]
    fn choices_that_are_not_named_come_last_and_are_equal() {
        let count = count(3, &ballots("2 a"));
        assert_eq!(count.places, [1, 2, 2]);
    }

    #[test]
    fn a_perfect_circle_is_a_tie() {
        let count = count(3, &ballots("1 abc, 1 bca, 1 cab"));
        assert_eq!(count.winner, Winner::Tie(vec![0, 1, 2]));
        assert_eq!(count.places, [1, 1, 1]);
    }

    #[test]
    fn without_ballots_nobody_wins() {
        assert_eq!(count(3, &[]).winner, Winner::Nobody);
        assert_eq!(count(3, &ballots("4 ")).winner, Winner::Nobody);
        assert_eq!(count(0, &[]).winner, Winner::Nobody);
    }

    proptest! {
        #[test]
        fn whoever_beats_each_of_the_others_wins(ballots in any_ballots(4)) {
            let count = count(4, &ballots);
            let beats_all = |one: &usize| {
                (0..4).all(|other| {
                    *one == other
                        || cell(&count.preferred, *one, other) > cell(&count.preferred, other, *one)
                })
            };
            if let Some(champion) = (0..4).find(beats_all) {
                prop_assert_eq!(&count.winner, &Winner::One(champion));
            }
        }

        #[test]
        fn there_is_a_first_place_whenever_a_ballot_names_somebody(ballots in any_ballots(5)) {
            let named = ballots.iter().any(|ranking| !ranking.order.is_empty());
            prop_assert_eq!(count(5, &ballots).winner != Winner::Nobody, named);
        }
    }
}
