//! What the ballots add up to: counts, shares with their base, who leads, turnout.
//! Pure arithmetic on whole numbers. What they decide is said in [`super::outcome`].

use super::count::{instant_runoff, schulze};

/// How often one choice stands on the ballots.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Count {
    /// The choice.
    pub text: String,
    /// Ballots that hold it.
    pub votes: u64,
}

/// The ballots of a poll, counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// In the order of the ballot paper.
    pub counts: Vec<Count>,
    /// Ballots cast, abstentions among them.
    pub ballots: u64,
    /// Ballots that say "I abstain".
    pub abstained: u64,
    /// Those on the list; without one, the active people who have signed in and whose role may
    /// vote.
    pub eligible: u64,
    /// The count of the rankings, where choices are put in order: the votes above are then first
    /// preferences.
    pub ranked: Option<Ranked>,
}

/// A count of rankings. Choices are places on the ballot paper, as in [`Tally::counts`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ranked {
    /// By instant run-off.
    InstantRunoff(instant_runoff::Count),
    /// By the Schulze method.
    Schulze(schulze::Count),
}

/// Who is ahead.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Lead<'t> {
    /// No ballot chooses anything.
    Nobody,
    /// One choice.
    One(&'t Count),
    /// Several with equal counts.
    Tie(Vec<&'t Count>),
}

impl Tally {
    /// Ballots that chose something: the base of every share.
    #[must_use]
    pub fn choosing(&self) -> u64 {
        self.ballots.saturating_sub(self.abstained)
    }

    /// Choices on all ballots together; with several per ballot more than there are ballots.
    #[must_use]
    pub fn votes(&self) -> u64 {
        self.counts.iter().map(|count| count.votes).sum()
    }

    /// The share of the choosing ballots that hold this choice, in percent with one digit,
    /// rounded half up: `53.7`.
    #[must_use]
    pub fn percent(&self, count: &Count) -> String {
        percent(count.votes, self.choosing())
    }

    /// The share of the electorate that has voted, like [`Tally::percent`].
    #[must_use]
    pub fn turnout(&self) -> String {
        percent(self.ballots, self.eligible)
    }

    /// Who is ahead. Equal counts are a tie and nobody's victory.
    #[must_use]
    pub fn lead(&self) -> Lead<'_> {
        let most = self.counts.iter().map(|count| count.votes).max();
        let Some(most) = most.filter(|most| *most > 0) else {
            return Lead::Nobody;
        };
        let ahead: Vec<&Count> = self
            .counts
            .iter()
            .filter(|count| count.votes == most)
            .collect();
        match ahead.as_slice() {
            [only] => Lead::One(only),
            _ => Lead::Tie(ahead),
        }
    }
}

fn percent(part: u64, base: u64) -> String {
    let (part, base) = (u128::from(part), u128::from(base));
    let tenths = (part * 2000 + base).checked_div(2 * base).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::polls) fn tally(votes: &[u64], abstained: u64) -> Tally {
        let counts = votes.iter().zip('A'..).map(|(&votes, name)| Count {
            text: name.to_string(),
            votes,
        });
        Tally {
            counts: counts.collect(),
            ballots: votes.iter().sum::<u64>() + abstained,
            abstained,
            eligible: 60,
            ranked: None,
        }
    }

    fn percents(tally: &Tally) -> Vec<String> {
        tally
            .counts
            .iter()
            .map(|count| tally.percent(count))
            .collect()
    }

    #[test]
    fn shares_are_of_the_ballots_that_chose_something() {
        let tally = tally(&[22, 14, 5, 0], 3);
        assert_eq!((tally.ballots, tally.choosing()), (44, 41));
        assert_eq!(percents(&tally), ["53.7", "34.1", "12.2", "0.0"]);
    }

    #[test]
    fn with_several_choices_on_a_ballot_no_share_passes_a_hundred() {
        let tally = Tally {
            ballots: 10,
            ..tally(&[10, 8, 3], 0)
        };
        assert_eq!(tally.votes(), 21);
        assert_eq!(percents(&tally), ["100.0", "80.0", "30.0"]);
    }

    #[test]
    fn equal_counts_are_a_tie_and_nobody_wins() {
        let all = tally(&[1, 1, 1], 0);
        assert!(matches!(all.lead(), Lead::Tie(ahead) if ahead.len() == 3));
    }

    #[test]
    fn a_poll_without_votes_divides_by_nothing() {
        let none = tally(&[0, 0], 0);
        assert_eq!(percents(&none), ["0.0", "0.0"]);
        assert_eq!(none.lead(), Lead::Nobody);
    }

    proptest! {
        #[test]
        fn shares_of_single_choices_add_up_but_for_rounding(
            votes in prop::collection::vec(0u64..1_000_000_000, 1..12),
            abstained in 0u64..1000,
        ) {
            let tally = tally(&votes, abstained);
            let tenths: Vec<u64> = percents(&tally)
                .iter()
                .map(|percent| percent.replace('.', "").parse().unwrap())
                .collect();
            prop_assert!(tenths.iter().all(|share| *share <= 1000));
            let sum: u64 = tenths.iter().sum();
            let slack = u64::try_from(votes.len()).unwrap();
            let expected = if tally.votes() == 0 { 0 } else { 1000 };
            prop_assert!(sum.abs_diff(expected) <= slack, "{}", sum);
        }

        #[test]
        fn whoever_leads_has_more_than_everybody_else(
            votes in prop::collection::vec(0u64..5, 1..6),
        ) {
            let tally = tally(&votes, 0);
            let most = votes.iter().max().copied().unwrap();
            let ahead = votes.iter().filter(|count| **count == most).count();
            match tally.lead() {
                Lead::Nobody => prop_assert_eq!(most, 0),
                Lead::One(count) => prop_assert!(count.votes == most && ahead == 1),
                Lead::Tie(tied) => prop_assert!(tied.len() == ahead && ahead > 1),
            }
        }
    }
}
