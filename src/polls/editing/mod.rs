//! What an admin may write, and the steps of a poll's life.
//!
//! A draft is checked when it is saved ([`Flaw`]) and again, more strictly, when it is opened
//! ([`Blocker`]); from then on the ballot paper is frozen. The steps themselves are in `step`.

mod step;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use step::{Details, Step};

use super::{
    Choice, ChoiceId, MajorityRule, Method, Poll, PollId, RankedRule, Receipts, ResultsRule, Roles,
    RollMode, Secrecy, State, VoterResults, fold,
};
use crate::{
    clock::{Timestamp, optional_rfc3339},
    search::without_controls,
};

/// Longest question and choice, in characters.
pub const LONGEST_LINE: usize = 200;
/// Longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 20_000;

/// Most choices that are put in order: the ballot paper offers each choice each rank, and the
/// results compare each choice with each.
pub const MOST_RANKED: usize = 50;

/// The least `min_show`: with fewer ballots each voter could work out the others'.
pub const FEWEST_SHOWN: i64 = 3;

/// Everything about a poll that can be written before it opens. What programs leave out is as in a
/// new poll of the console.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as in the schema"
)]
pub struct PollDraft {
    /// The question.
    pub question: String,
    /// Plain text below it, or empty.
    pub description: String,
    /// IANA name of the time zone.
    pub zone: String,
    /// How a ballot is filled in.
    pub method: Method,
    /// How rankings are counted; absent unless the method is [`Method::Ranked`].
    pub ranked_rule: Option<RankedRule>,
    /// Fewest choices on a ballot; 1 for [`Method::Single`].
    pub min_choices: i64,
    /// Most choices on a ballot; 1 for [`Method::Single`].
    pub max_choices: i64,
    /// Whether "I abstain" is offered.
    pub allow_abstain: bool,
    /// Whether each voter sees the choices in an order of their own.
    pub randomise: bool,
    /// Whether names stand on ballots.
    pub secrecy: Secrecy,
    /// Whether a ballot may be replaced while the poll is open.
    pub allow_change: bool,
    /// Whether a secret vote is shown to its voter once more before it is cast.
    pub review: bool,
    /// Whether voters get a receipt.
    pub receipts: Receipts,
    /// The fewest ballots of a secret poll whose numbers are shown, at least 3.
    pub min_show: i64,
    /// The share of the electorate that has to vote, in hundredths of a percent.
    pub quorum_bp: Option<i64>,
    /// What the most votes have to reach; [`MajorityRule::Plurality`] for rankings.
    pub majority_rule: MajorityRule,
    /// When staff may read the numbers.
    pub results: ResultsRule,
    /// When voters may read them.
    pub voter_results: VoterResults,
    /// Who is on the roll.
    pub roll_mode: RollMode,
    /// The roles that may vote.
    pub roles: Roles,
    /// When it opens; absent: when it is published.
    #[serde(with = "optional_rfc3339")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Timestamp>,
    /// When it closes; absent: by hand.
    #[serde(with = "optional_rfc3339")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
    /// The ballot paper, in order.
    pub choices: Vec<DraftChoice>,
}

/// A line of the ballot paper that is being written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftChoice {
    /// The stored choice whose text this is; absent for a new one.
    #[serde(default)]
    pub id: Option<ChoiceId>,
    /// The text.
    pub text: String,
}

impl Default for PollDraft {
    /// A named single-choice poll for everybody, results after the closing for staff.
    fn default() -> Self {
        Self {
            question: String::new(),
            description: String::new(),
            zone: "UTC".to_owned(),
            method: Method::Single,
            ranked_rule: None,
            min_choices: 1,
            max_choices: 1,
            allow_abstain: false,
            randomise: false,
            secrecy: Secrecy::Named,
            allow_change: false,
            review: true,
            receipts: Receipts::Off,
            min_show: 5,
            quorum_bp: None,
            majority_rule: MajorityRule::Plurality,
            results: ResultsRule::AfterClose,
            voter_results: VoterResults::Never,
            roll_mode: RollMode::Role,
            roles: Roles::all(),
            opens_at: None,
            closes_at: None,
            choices: Vec::new(),
        }
    }
}

/// Why a draft cannot be saved as it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flaw {
    /// No question.
    NoQuestion,
    /// The question is longer than [`LONGEST_LINE`].
    LongQuestion,
    /// The description is longer than [`LONGEST_DESCRIPTION`].
    LongDescription,
    /// The choice with this place, from 0, is longer than [`LONGEST_LINE`].
    LongChoice(usize),
    /// The choice with this place, from 0, says the same as one before it.
    SameChoice(usize),
    /// Least and most do not fit together or the method.
    Limits,
    /// Nobody may vote.
    NoRoles,
    /// No such time zone.
    UnknownZone,
    /// It would close before it opens.
    ClosesBeforeOpening,
    /// It would close earlier than voters were told, or at once.
    ShortensVoting,
    /// The closing time of a poll that has closed.
    VotingHasEnded,
    /// More people would see results, or earlier, than voters were told.
    LoosensResults,
    /// A secret vote that could be changed: there is no way to find it again.
    SecretChange,
    /// Numbers of a secret poll while it is open: watched, they show who voted how.
    SecretLive,
    /// Numbers of a secret poll would be shown of too few ballots.
    ShowsTooFew,
    /// A quorum that is no share of anything.
    Quorum,
    /// More choices to put in order than [`MOST_RANKED`].
    TooManyToRank,
    /// A majority of rankings, which are counted in their own way.
    RankedMajority,
    /// A reopened poll would be closed already.
    ClosesInThePast,
    /// Voters are owed a reason and got none.
    NoReason,
    /// The reason is longer than [`LONGEST_LINE`].
    LongReason,
    /// Something else that this version cannot do yet.
    NotOffered,
}

/// Why a poll cannot be opened yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Blocker {
    /// Too few choices to choose from.
    TooFewChoices {
        /// The fewest that will do.
        needed: i64,
    },
    /// It would be closed already.
    ClosesInThePast,
    /// Nobody may vote.
    NoRoles,
    /// Nobody is on the list of voters.
    EmptyList,
    /// Something that this version cannot do yet.
    NotOffered,
}

/// How an admin's change ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Edit {
    /// Done.
    Done(PollId),
    /// Not done: the draft cannot be saved as it is.
    Flawed(Vec<Flaw>),
    /// Not done: the poll cannot be opened yet.
    Blocked(Vec<Blocker>),
    /// Not done: the poll is in a state that does not allow it.
    NotNow(State),
    /// Not done: somebody else has changed the poll meanwhile.
    Stale,
    /// Not done: there is no such poll.
    NotFound,
}

pub(super) fn one_line(text: &str) -> String {
    let text = without_controls(text).replace('\n', " ");
    text.trim().to_owned()
}

impl PollDraft {
    /// The poll as it would be written anew.
    #[must_use]
    pub fn of(poll: &Poll, paper: &[Choice]) -> Self {
        let line = |choice: &Choice| DraftChoice {
            id: Some(choice.id),
            text: choice.text.clone(),
        };
        Self {
            question: poll.question.clone(),
            description: poll.description.clone(),
            zone: poll.zone.clone(),
            method: poll.method,
            ranked_rule: poll.ranked_rule,
            min_choices: poll.min_choices,
            max_choices: poll.max_choices,
            allow_abstain: poll.allow_abstain,
            randomise: poll.randomise,
            secrecy: poll.secrecy,
            allow_change: poll.allow_change,
            review: poll.review,
            receipts: poll.receipts,
            min_show: poll.min_show,
            quorum_bp: poll.quorum_bp,
            majority_rule: poll.majority_rule,
            results: poll.results,
            voter_results: poll.voter_results,
            roll_mode: poll.roll_mode,
            roles: poll.roles.clone(),
            opens_at: poll.opens_at,
            closes_at: poll.closes_at,
            choices: paper.iter().map(line).collect(),
        }
    }

    /// A new poll like another one: its question, choices and rules, without its dates.
    #[must_use]
    pub fn copy_of(poll: &Poll, paper: &[Choice]) -> Self {
        let mut copy = Self::of(poll, paper).as_new();
        (copy.opens_at, copy.closes_at) = (None, None);
        copy
    }

    /// Whether a poll and its ballot paper say what this says.
    #[must_use]
    pub fn is_stored(&self, poll: &Poll, paper: &[Choice]) -> bool {
        self.clone().tidy().as_new() == Self::of(poll, paper).as_new()
    }

    /// The same with choices of its own.
    #[must_use]
    pub fn as_new(mut self) -> Self {
        for choice in &mut self.choices {
            choice.id = None;
        }
        self
    }

    /// The draft without blanks around texts and without empty choices.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.question = one_line(&self.question);
        let description = without_controls(&self.description);
        description.trim().clone_into(&mut self.description);
        for choice in &mut self.choices {
            choice.text = one_line(&choice.text);
        }
        self.choices.retain(|choice| !choice.text.is_empty());
        if self.method == Method::Single {
            (self.min_choices, self.max_choices) = (1, 1);
        }
        self.ranked_rule = match self.method {
            Method::Ranked => self.ranked_rule.or(Some(RankedRule::InstantRunoff)),
            _ => None,
        };
        self
    }

    /// Whether a poll that was published then, and opens with it, would have closed before.
    #[must_use]
    pub fn ends_before(&self, published_at: Option<Timestamp>) -> bool {
        let opens_at = self.opens_at.or(published_at);
        matches!((opens_at, self.closes_at), (Some(from), Some(to)) if to <= from)
    }

    /// What is wrong with a tidy draft.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let is_long = |text: &str| text.chars().count() > LONGEST_LINE;
        let is_secret = self.secrecy == Secrecy::Secret;
        let rules = [
            (self.question.is_empty(), Flaw::NoQuestion),
            (is_long(&self.question), Flaw::LongQuestion),
            (
                self.description.chars().count() > LONGEST_DESCRIPTION,
                Flaw::LongDescription,
            ),
            (
                self.min_choices < 1 || self.max_choices < self.min_choices,
                Flaw::Limits,
            ),
            (
                self.roll_mode == RollMode::Role && self.roles.is_empty(),
                Flaw::NoRoles,
            ),
            (
                jiff::tz::TimeZone::get(&self.zone).is_err(),
                Flaw::UnknownZone,
            ),
            (self.ends_before(None), Flaw::ClosesBeforeOpening),
            (self.method == Method::Score, Flaw::NotOffered),
            (is_secret && self.allow_change, Flaw::SecretChange),
            (
                is_secret && self.results == ResultsRule::Live,
                Flaw::SecretLive,
            ),
            (self.min_show < FEWEST_SHOWN, Flaw::ShowsTooFew),
            (
                self.quorum_bp
                    .is_some_and(|share| !(0..=10_000).contains(&share)),
                Flaw::Quorum,
            ),
            (
                self.method == Method::Ranked && self.choices.len() > MOST_RANKED,
                Flaw::TooManyToRank,
            ),
            (
                self.method == Method::Ranked && self.majority_rule != MajorityRule::Plurality,
                Flaw::RankedMajority,
            ),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        let mut flaws: Vec<Flaw> = broken.map(|(_, flaw)| flaw).collect();
        let mut seen = HashSet::new();
        for (place, choice) in self.choices.iter().enumerate() {
            if is_long(&choice.text) {
                flaws.push(Flaw::LongChoice(place));
            } else if !seen.insert(fold(&choice.text)) {
                flaws.push(Flaw::SameChoice(place));
            }
        }
        flaws
    }
}

impl Poll {
    /// What keeps a draft with this ballot paper and so many people on its list from opening at
    /// `now`.
    #[must_use]
    pub fn blockers(&self, paper: &[Choice], listed: i64, now: Timestamp) -> Vec<Blocker> {
        let needed = self.max_choices.max(2 - i64::from(self.allow_abstain));
        let choices = i64::try_from(paper.len()).unwrap_or(i64::MAX);
        let ends_at_once = self
            .closes_at
            .is_some_and(|closes| closes <= self.opens_at.unwrap_or(now).max(now));
        let rules = [
            (choices < needed, Blocker::TooFewChoices { needed }),
            (ends_at_once, Blocker::ClosesInThePast),
            (
                self.roll_mode == RollMode::Role && self.roles.is_empty(),
                Blocker::NoRoles,
            ),
            (
                self.roll_mode == RollMode::List && listed == 0,
                Blocker::EmptyList,
            ),
            (self.method == Method::Score, Blocker::NotOffered),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        broken.map(|(_, blocker)| blocker).collect()
    }
}

#[cfg(test)]
mod tests;
