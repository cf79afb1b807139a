//! What polls look like to programs. Times are RFC 3339 in UTC.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    polls::{
        Ballot, Choice, ChoiceId, Listed, MajorityRule, Method, Poll, PollId, RankedRule, RollMode,
        Secrecy, Selection, Standing, State, VoterResults,
    },
    users::Role,
};

/// Part of the published polls, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PollList {
    /// The polls.
    pub polls: Vec<PollSummary>,
    /// What `cursor` has to be for the next part; null when this is the last.
    pub next: Option<String>,
}

/// A poll in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PollSummary {
    /// Key.
    pub id: PollId,
    /// The question.
    pub question: String,
    /// Where the poll is in its life.
    pub state: State,
    /// Whether names stand on ballots.
    pub secrecy: Secrecy,
    /// From when on ballots are taken, as far as that is known.
    #[schema(format = DateTime)]
    pub opens_at: Option<String>,
    /// The first moment at which none is taken any more, as far as that is known.
    #[schema(format = DateTime)]
    pub closes_at: Option<String>,
    /// What the person may do.
    pub standing: StandingWord,
    /// Whether the person has voted.
    pub has_voted: bool,
}

/// A poll with its ballot paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct PollDocument {
    /// What lists say of it.
    #[serde(flatten)]
    pub summary: PollSummary,
    /// Plain text below the question, or empty.
    pub description: String,
    /// The time zone that its pages show times in, by its IANA name.
    pub zone: String,
    /// How a ballot is filled in.
    pub method: Method,
    /// How rankings are counted.
    pub ranked_rule: Option<RankedRule>,
    /// Fewest choices on a ballot.
    pub min_choices: i64,
    /// Most choices on a ballot.
    pub max_choices: i64,
    /// Whether a ballot may abstain.
    pub allow_abstain: bool,
    /// Whether a ballot may be replaced while the poll is open.
    pub allow_change: bool,
    /// Whether a ballot comes with a receipt.
    pub has_receipts: bool,
    /// What the most votes have to reach.
    pub majority_rule: MajorityRule,
    /// The share of the electorate that has to vote, in hundredths of a percent.
    pub quorum_bp: Option<i64>,
    /// When voters may read the numbers.
    pub voter_results: VoterResults,
    /// Who is on the roll.
    pub roll_mode: RollMode,
    /// The roles that may vote, when the roll goes by role.
    pub roles: Vec<Role>,
    /// When it was first to close, if that was moved.
    #[schema(format = DateTime)]
    pub extended_from: Option<String>,
    /// Why an admin closed it, in the admin's words.
    pub closed_reason: Option<String>,
    /// The ballot paper, in the order in which this person sees it.
    pub choices: Vec<ChoiceLine>,
}

/// One line of the ballot paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceLine {
    /// Key.
    pub id: ChoiceId,
    /// The text.
    pub text: String,
}

/// What a person may do with a poll.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingWord {
    /// The poll opens later.
    NotOpenYet,
    /// May cast a ballot.
    CanVote,
    /// Has voted and may replace the ballot.
    MayChange,
    /// Has voted, and that is that.
    Voted,
    /// The poll asks others.
    NotEligible,
    /// The poll takes no more ballots.
    Closed,
}

impl From<Standing> for StandingWord {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::NotOpenYet { .. } => Self::NotOpenYet,
            Standing::CanVote => Self::CanVote,
            Standing::MayChange => Self::MayChange,
            Standing::Voted => Self::Voted,
            Standing::NotEligible => Self::NotEligible,
            Standing::Closed { .. } | Standing::Archived | Standing::Hidden => Self::Closed,
        }
    }
}

impl PollSummary {
    /// The poll as somebody with this standing sees it.
    #[must_use]
    pub fn new(listed: &Listed, standing: Standing, now: Timestamp) -> Self {
        let poll = &listed.poll;
        Self {
            id: poll.id,
            question: poll.question.clone(),
            state: poll.state(now),
            secrecy: poll.secrecy,
            opens_at: poll.opening().map(Timestamp::rfc3339),
            closes_at: poll.closing().map(Timestamp::rfc3339),
            standing: standing.into(),
            has_voted: listed.has_voted == Some(true),
        }
    }
}

impl PollDocument {
    /// The poll with its ballot paper.
    #[must_use]
    pub fn new(summary: PollSummary, poll: &Poll, paper: &[Choice]) -> Self {
        let line = |choice: &Choice| ChoiceLine {
            id: choice.id,
            text: choice.text.clone(),
        };
        Self {
            summary,
            description: poll.description.clone(),
            zone: poll.zone.clone(),
            method: poll.method,
            ranked_rule: poll.ranked_rule,
            min_choices: poll.min_choices,
            max_choices: poll.max_choices,
            allow_abstain: poll.allow_abstain,
            allow_change: poll.allow_change,
            has_receipts: poll.has_receipts(),
            majority_rule: poll.majority_rule,
            quorum_bp: poll.quorum_bp,
            voter_results: poll.voter_results,
            roll_mode: poll.roll_mode,
            roles: poll.roles.iter().collect(),
            extended_from: poll.extended_from.map(Timestamp::rfc3339),
            closed_reason: poll.closed_reason.clone(),
            choices: paper.iter().map(line).collect(),
        }
    }
}

/// What somebody chooses. Either choices or an abstention.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBallot {
    /// The chosen ones; in a ranked poll the most preferred first.
    #[serde(default)]
    pub choices: Vec<ChoiceId>,
    /// Whether it says "I abstain".
    #[serde(default)]
    pub abstain: bool,
    /// The key of a choice on the ballot paper that was read, whatever is chosen. An abstention has
    /// to name one: it does not count when the paper was corrected since.
    #[serde(default)]
    pub paper: Option<ChoiceId>,
}

/// That a ballot is in the box.
#[derive(Debug, Serialize, ToSchema)]
pub struct CastBallot {
    /// How that came about.
    pub outcome: Outcome,
    /// The code of the ballot, in a poll with receipts. Keep it: it is in this answer and nowhere
    /// else, and a vote that is sent again does not get it once more.
    pub receipt: Option<String>,
}

/// How a vote ended that was taken.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The ballot is in the box.
    Recorded,
    /// It has taken the place of the person's earlier one.
    Changed,
    /// It came before under the same key and was taken then; nothing was done now.
    Repeated,
}

/// Whether a person has voted, and in a named poll for what.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnBallot {
    /// What the person may do now.
    pub standing: StandingWord,
    /// Whether the person has voted.
    pub has_voted: bool,
    /// The ballot. Of a secret one nobody can tell whose it is.
    pub ballot: Option<NamedBallot>,
}

/// A ballot of a named poll.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedBallot {
    /// The chosen ones; in a ranked poll the most preferred first.
    pub choices: Vec<ChoiceId>,
    /// Whether it says "I abstain".
    pub abstain: bool,
    /// When it was cast.
    #[schema(format = DateTime)]
    pub cast_at: String,
}

impl From<Ballot> for NamedBallot {
    fn from(ballot: Ballot) -> Self {
        Self {
            abstain: ballot.selection.is_abstention(),
            cast_at: ballot.cast_at.rfc3339(),
            choices: match ballot.selection {
                Selection::Choices(chosen) => chosen.into_iter().collect(),
                Selection::Ranking(order) => order,
                Selection::Abstention => Vec::new(),
            },
        }
    }
}

/// A code to look up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptCode {
    /// The code as it was given or typed.
    #[schema(max_length = 100, example = "7K3M-0Q9X-ZB2H-41FA")]
    pub code: String,
}

/// What became of a ballot.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Counted {
    /// Whether the ballot with the code is in the count.
    pub is_counted: bool,
}
