//! What the ballots add up to: counts, shares with their base, who leads, turnout.
//! Pure arithmetic on whole numbers.

use super::list;

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
    /// Active people who have signed in and whose role may vote.
    pub eligible: u64,
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
        let (votes, base) = (u128::from(count.votes), u128::from(self.choosing()));
        let tenths = (votes * 2000 + base).checked_div(2 * base).unwrap_or(0);
        format!("{}.{}", tenths / 10, tenths % 10)
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

    /// The outcome in one sentence.
    #[must_use]
    pub fn outcome(&self, is_final: bool) -> String {
        let base = self.choosing();
        match self.lead() {
            Lead::One(count) => {
                let verb = if is_final {
                    "has the most votes:"
                } else {
                    "leads with"
                };
                format!("{} {verb} {} of {base}.", count.text, count.votes)
            }
            Lead::Tie(ahead) => {
                let names: Vec<&str> = ahead.iter().map(|count| count.text.as_str()).collect();
                let votes = ahead.first().map_or(0, |count| count.votes);
                let each = if votes == 1 {
                    "1 vote"
                } else {
                    &format!("{votes} votes")
                };
                format!("Tie between {}, with {each} each.", list(&names, "and"))
            }
            Lead::Nobody if self.ballots > 0 => "Everybody who voted abstained.".to_owned(),
            Lead::Nobody if is_final => "No votes were cast.".to_owned(),
            Lead::Nobody => "No votes yet.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(votes: &[u64], abstained: u64) -> Tally {
        let counts = votes.iter().zip('A'..).map(|(&votes, name)| Count {
            text: name.to_string(),
            votes,
        });
        Tally {
            counts: counts.collect(),
            ballots: votes.iter().sum::<u64>() + abstained,
            abstained,
            eligible: 60,
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
        assert_eq!(tally.outcome(false), "A leads with 22 of 41.");
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
        assert_eq!(
            tally(&[2, 2, 1], 0).outcome(true),
            "Tie between A and B, with 2 votes each."
        );
        let all = tally(&[1, 1, 1], 0);
        assert_eq!(
            all.outcome(true),
            "Tie between A, B and C, with 1 vote each."
        );
        assert!(matches!(all.lead(), Lead::Tie(ahead) if ahead.len() == 3));
    }

    #[test]
    fn a_poll_without_votes_says_so_and_divides_by_nothing() {
        let none = tally(&[0, 0], 0);
        assert_eq!(percents(&none), ["0.0", "0.0"]);
        assert_eq!(none.outcome(false), "No votes yet.");
        assert_eq!(none.outcome(true), "No votes were cast.");
        assert_eq!(
            tally(&[0, 0], 4).outcome(true),
            "Everybody who voted abstained."
        );
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
