//! The results of a poll as facts, for programs: what the page says, and nothing that it does not.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    MajorityRule, Method, Poll, PollId, RankedRule, Results, RollMode, Seal, Secrecy, Tally,
    tally::Ranked,
};
use crate::{audit::Head, clock::Timestamp, language::Locale, random::hex};

/// The results. Times are RFC 3339 in UTC; `poll.zone` is the zone that the poll names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Report {
    /// The question and its rules.
    pub poll: PollFacts,
    /// When the numbers were read.
    #[schema(format = DateTime)]
    pub read_at: String,
    /// Whether they can still move.
    pub is_final: bool,
    /// How many voted, of how many.
    pub turnout: Turnout,
    /// The numbers; absent where so few ballots would tell who voted how.
    pub numbers: Option<Numbers>,
    /// The fewest ballots of which numbers are shown, where they are withheld.
    pub withheld_below: Option<i64>,
    /// The seal, once the poll has closed.
    pub seal: Option<SealFacts>,
}

/// The question and its rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PollFacts {
    /// Key.
    pub id: PollId,
    /// The question.
    pub question: String,
    /// How a ballot is filled in.
    pub method: Method,
    /// How rankings are counted.
    pub ranked_rule: Option<RankedRule>,
    /// Fewest choices on a ballot.
    pub min_choices: i64,
    /// Most choices on a ballot.
    pub max_choices: i64,
    /// What the most votes have to reach.
    pub majority_rule: MajorityRule,
    /// The share of the electorate that has to vote, in hundredths of a percent.
    pub quorum_bp: Option<i64>,
    /// Whether names stand on ballots.
    pub secrecy: Secrecy,
    /// Who is on the roll.
    pub roll_mode: RollMode,
    /// The zone of the poll's times, by its IANA name.
    pub zone: String,
    /// From when on ballots were taken.
    #[schema(format = DateTime)]
    pub opened_at: Option<String>,
    /// From when on none was.
    #[schema(format = DateTime)]
    pub closed_at: Option<String>,
}

/// How many voted, of how many.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Turnout {
    /// Ballots cast, abstentions among them.
    pub ballots: u64,
    /// Those on the list; without one, the people with a voting role who have signed in.
    pub eligible: u64,
}

/// The numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Numbers {
    /// What they decide, in a sentence.
    pub outcome: String,
    /// Ballots that say "I abstain".
    pub abstentions: u64,
    /// Ballots that chose something: the base of the shares.
    pub choosing: u64,
    /// In the order of the ballot paper; of rankings the first preferences.
    pub choices: Vec<ChoiceFacts>,
    /// An instant run-off, round by round.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<RoundFacts>,
    /// The Schulze method: for each choice how many ballots prefer it to each other one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferred: Vec<Vec<u64>>,
    /// The Schulze method: for each choice its place, from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<usize>,
}

/// One choice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChoiceFacts {
    /// The text.
    pub text: String,
    /// Ballots that hold it.
    pub votes: u64,
    /// Their share of the choosing ballots, in percent with one digit.
    pub percent: String,
}

/// One round of an instant run-off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoundFacts {
    /// The votes of each choice; null once it is out.
    pub votes: Vec<Option<u64>>,
    /// Ballots that name no choice that is still in.
    pub exhausted: u64,
    /// The place of the choice that goes out, from 0.
    pub excluded: Option<usize>,
}

/// A seal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SealFacts {
    /// 1; a named poll that was reopened is sealed again.
    pub number: i64,
    /// SHA-256 of the document in canonical form (RFC 8785), as hexadecimal digits.
    pub sha256: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub made_at: String,
    /// The number of the entry of the history that tells of it.
    pub audit_seq: i64,
    /// The hash of that entry, which stands for the whole history until then.
    pub audit_hash: Option<String>,
    /// What was sealed; absent where the numbers are withheld.
    pub document: Option<Value>,
}

impl Report {
    /// The report of `poll`, read at `now`. `history` is where the seal stands in the history,
    /// `document` what was sealed.
    #[must_use]
    pub fn new(
        poll: &Poll,
        results: &Results,
        history: Option<&Head>,
        document: Option<&str>,
        now: Timestamp,
    ) -> Self {
        let tally = &results.tally;
        let is_shown = poll.may_show(tally.ballots);
        let is_final = results.seal.is_some();
        let seal = results.seal.as_ref().map(|seal| SealFacts {
            document: document
                .filter(|_| is_shown)
                .and_then(|text| serde_json::from_str(text).ok()),
            audit_hash: history.map(|head| hex(&head.hash)),
            ..SealFacts::new(seal)
        });
        Self {
            poll: PollFacts::new(poll),
            read_at: now.rfc3339(),
            is_final,
            turnout: Turnout {
                ballots: tally.ballots,
                eligible: tally.eligible,
            },
            numbers: is_shown.then(|| Numbers::new(poll, tally, is_final)),
            withheld_below: (!is_shown).then_some(poll.min_show),
            seal,
        }
    }
}

impl PollFacts {
    fn new(poll: &Poll) -> Self {
        Self {
            id: poll.id,
            question: poll.question.clone(),
            method: poll.method,
            ranked_rule: poll.ranked_rule,
            min_choices: poll.min_choices,
            max_choices: poll.max_choices,
            majority_rule: poll.majority_rule,
            quorum_bp: poll.quorum_bp,
            secrecy: poll.secrecy,
            roll_mode: poll.roll_mode,
            zone: poll.zone.clone(),
            opened_at: poll.opening().map(Timestamp::rfc3339),
            closed_at: poll.closing().map(Timestamp::rfc3339),
        }
    }
}

impl Numbers {
    fn new(poll: &Poll, tally: &Tally, is_final: bool) -> Self {
        let choices = tally.counts.iter().map(|count| ChoiceFacts {
            text: count.text.clone(),
            votes: count.votes,
            percent: tally.percent(count),
        });
        let mut numbers = Self {
            outcome: Locale::default().t(poll.outcome(tally, is_final)).plain(),
            abstentions: tally.abstained,
            choosing: tally.choosing(),
            choices: choices.collect(),
            rounds: Vec::new(),
            preferred: Vec::new(),
            places: Vec::new(),
        };
        match &tally.ranked {
            Some(Ranked::InstantRunoff(count)) => {
                let rounds = count.rounds.iter().map(|round| RoundFacts {
                    votes: round.ballots.clone(),
                    exhausted: round.exhausted,
                    excluded: round.excluded.map(|excluded| excluded.choice),
                });
                numbers.rounds = rounds.collect();
            }
            Some(Ranked::Schulze(count)) => {
                numbers.preferred.clone_from(&count.preferred);
                numbers.places.clone_from(&count.places);
            }
            None => {}
        }
        numbers
    }
}

impl SealFacts {
    fn new(seal: &Seal) -> Self {
        Self {
            number: seal.number,
            sha256: seal.digest(),
            made_at: seal.made_at.rfc3339(),
            audit_seq: seal.audit_seq,
            audit_hash: None,
            document: None,
        }
    }
}
