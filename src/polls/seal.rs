//! The seal of a poll: what the ballots came to, fixed once the poll has closed.
//!
//! What is sealed is a [`Document`]: JSON in canonical form (RFC 8785: names in order, no blanks),
//! of which the seal is the SHA-256. It holds a salt: a tally has so few possible values that
//! its bare hash would tell it to anybody who tries them all, also where numbers are withheld.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    Choice, ChoiceId, MajorityRule, Method, Poll, PollId, RankedRule, RollMode, Secrecy, Tally,
    tally::Ranked,
};
use crate::{
    clock::Timestamp,
    error::{Error, Result},
    random::hex,
};

/// Votes of each choice in each round; rounds are counted from 1, choices by their place on the
/// ballot paper from 0. A choice that is out has none.
pub type Rounds = BTreeMap<(usize, usize), u64>;

/// A seal as it is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seal {
    /// 1; a named poll that was reopened is sealed again.
    pub number: i64,
    /// Ballots in the box, abstentions among them.
    pub ballots: u64,
    /// Ballots that say "I abstain".
    pub abstained: u64,
    /// The electorate when the poll was sealed, as in [`Tally::eligible`].
    pub eligible: u64,
    /// The votes, round by round; one round where nobody goes out.
    pub rounds: Rounds,
    /// SHA-256 of the document.
    pub sha256: Vec<u8>,
    /// The entry of the history that tells of it.
    pub audit_seq: i64,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Seal {
    /// The hash as people compare it: 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&self.sha256)
    }

    /// Whether the ballots, counted now, come to what was sealed.
    #[must_use]
    pub fn fits(&self, tally: &Tally) -> bool {
        (self.ballots, self.abstained) == (tally.ballots, tally.abstained)
            && self.rounds == tally.rounds()
    }
}

impl Tally {
    /// The votes round by round: those of an instant run-off, else the one round there is.
    #[must_use]
    pub fn rounds(&self) -> Rounds {
        if let Some(Ranked::InstantRunoff(count)) = &self.ranked
            && !count.rounds.is_empty()
        {
            let rounds = (1..).zip(&count.rounds).flat_map(|(number, round)| {
                let votes = round.ballots.iter().enumerate();
                votes.filter_map(move |(place, votes)| Some(((number, place), (*votes)?)))
            });
            return rounds.collect();
        }
        let votes = self.counts.iter().enumerate();
        votes
            .map(|(place, count)| ((1, place), count.votes))
            .collect()
    }
}

/// What is sealed. Fields stand in the order of their names, as RFC 8785 asks.
#[derive(Serialize)]
pub struct Document<'d> {
    abstentions: u64,
    ballots: u64,
    choices: Vec<SealedChoice<'d>>,
    eligible: u64,
    poll: SealedPoll<'d>,
    /// The Schulze method: ballots that prefer the choice of the row to that of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred: Option<&'d [Vec<u64>]>,
    /// The hashes of the receipts, in order.
    receipts: &'d [String],
    /// Instant run-off: the votes of each choice, round by round; null once it is out.
    #[serde(skip_serializing_if = "Option::is_none")]
    rounds: Option<Vec<&'d [Option<u64>]>>,
    salt: &'d str,
    seal: i64,
}

#[derive(Serialize)]
struct SealedChoice<'d> {
    id: ChoiceId,
    text: &'d str,
    votes: u64,
}

/// What was fixed when the poll opened.
#[derive(Serialize)]
struct SealedPoll<'d> {
    allow_abstain: bool,
    closed_at: Option<String>,
    id: PollId,
    majority_rule: MajorityRule,
    max_choices: i64,
    method: Method,
    min_choices: i64,
    opened_at: Option<String>,
    question: &'d str,
    quorum_bp: Option<i64>,
    ranked_rule: Option<RankedRule>,
    roll_mode: RollMode,
    secrecy: Secrecy,
}

/// What a document is made of beside the poll and its count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Particulars {
    /// The number of the seal.
    pub number: i64,
    /// 128 random bits as hexadecimal digits.
    pub salt: String,
    /// The hashes of the receipts as hexadecimal digits, in order.
    pub receipts: Vec<String>,
}

impl<'d> Document<'d> {
    /// The document of a closed poll with this paper and this count.
    #[must_use]
    pub fn new(
        poll: &'d Poll,
        paper: &'d [Choice],
        tally: &'d Tally,
        particulars: &'d Particulars,
    ) -> Self {
        let choices = paper.iter().zip(&tally.counts);
        let (rounds, preferred) = match &tally.ranked {
            Some(Ranked::InstantRunoff(count)) => {
                let rounds = count.rounds.iter().map(|round| round.ballots.as_slice());
                (Some(rounds.collect()), None)
            }
            Some(Ranked::Schulze(count)) => (None, Some(count.preferred.as_slice())),
            None => (None, None),
        };
        Self {
            abstentions: tally.abstained,
            ballots: tally.ballots,
            choices: choices
                .map(|(choice, count)| SealedChoice {
                    id: choice.id,
                    text: &choice.text,
                    votes: count.votes,
                })
                .collect(),
            eligible: tally.eligible,
            poll: SealedPoll::new(poll),
            preferred,
            receipts: &particulars.receipts,
            rounds,
            salt: &particulars.salt,
            seal: particulars.number,
        }
    }

    /// The canonical text.
    ///
    /// # Errors
    /// Never, as nothing in it is unfit for JSON.
    pub fn canonical(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }
}

impl<'d> SealedPoll<'d> {
    fn new(poll: &'d Poll) -> Self {
        Self {
            allow_abstain: poll.allow_abstain,
            closed_at: poll.closing().map(Timestamp::rfc3339),
            id: poll.id,
            majority_rule: poll.majority_rule,
            max_choices: poll.max_choices,
            method: poll.method,
            min_choices: poll.min_choices,
            opened_at: poll.opening().map(Timestamp::rfc3339),
            question: &poll.question,
            quorum_bp: poll.quorum_bp,
            ranked_rule: poll.ranked_rule,
            roll_mode: poll.roll_mode,
            secrecy: poll.secrecy,
        }
    }
}

/// The salt of a canonical text; empty when there is none.
#[must_use]
pub fn salt_of(canonical: &str) -> String {
    #[derive(Deserialize)]
    struct Salted {
        salt: String,
    }
    serde_json::from_str(canonical).map_or_else(|_| String::new(), |found: Salted| found.salt)
}

/// SHA-256 of a canonical text.
#[must_use]
pub fn sha256(canonical: &str) -> Vec<u8> {
    Sha256::digest(canonical).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::{count::instant_runoff, sample, tally::tests::tally};

    fn particulars() -> Particulars {
        Particulars {
            number: 1,
            salt: "00ff".to_owned(),
            receipts: vec!["aa".to_owned(), "bb".to_owned()],
        }
    }

    /// T4: names in order at every depth, no blanks, letters as they are.
    #[test]
    fn a_document_is_canonical_json() {
        let mut poll = sample::open_between(1000, 2000);
        poll.question = "Tee \"oder\" Kaffee \u{1f375}?".to_owned();
        let (paper, particulars) = (sample::paper(2), particulars());
        let text = Document::new(&poll, &paper, &tally(&[3, 1], 1), &particulars)
            .canonical()
            .unwrap();
        let sorted: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(sorted.to_string(), text, "a map of serde_json is in order");
        assert!(text.starts_with(r#"{"abstentions":1,"ballots":5,"choices":[{"id":1,"#));
        assert!(
            text.contains("Tee \\\"oder\\\" Kaffee \u{1f375}?"),
            "{text}"
        );
        assert_eq!(salt_of(&text), "00ff");
    }

    #[test]
    fn a_seal_fits_the_count_that_it_was_made_of_and_no_other() {
        let sealed = tally(&[3, 1], 1);
        let seal = Seal {
            number: 1,
            ballots: sealed.ballots,
            abstained: sealed.abstained,
            eligible: 60,
            rounds: sealed.rounds(),
            sha256: Vec::new(),
            audit_seq: 1,
            made_at: Timestamp::from_millis(0),
        };
        assert!(seal.fits(&sealed));
        for other in [&[1, 3][..], &[3, 2], &[3, 1, 0]] {
            assert!(!seal.fits(&tally(other, 1)), "{other:?}");
        }
        assert!(!seal.fits(&tally(&[3, 0], 2)));
    }

    #[test]
    fn rounds_leave_out_who_is_out() {
        let ballots = crate::polls::count::tests::ballots("3 ab, 2 ba, 1 cb");
        let ranked = Tally {
            ranked: Some(Ranked::InstantRunoff(instant_runoff::count(3, &ballots))),
            ..tally(&[3, 2, 1], 0)
        };
        let rounds = ranked.rounds();
        assert_eq!(rounds.get(&(1, 2)), Some(&1));
        assert_eq!(rounds.get(&(2, 2)), None);
        assert_eq!(rounds.get(&(2, 1)), Some(&3));
    }
}
