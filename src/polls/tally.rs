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
