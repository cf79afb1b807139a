//! Polls: the question, who may vote on it and when, the ballots, and what they add up to.
//!
//! - this file: the nouns; [`rules`]: the words that the database keeps of them;
//! - [`standing`] decides in what state a poll is and what a person may do with it: page, form
//!   and casting all ask there; [`card`] says so in a list;
//! - [`vote_form`] is what a voter filled in, [`selection`] what it says; [`ballots`] casts it, and
//!   [`receipt`] is what the voter keeps of it, [`idempotency`] knows one that is sent again;
//! - [`tally`] adds ballots up, [`count`] counts rankings, [`outcome`] says who has won; [`seal`] fixes
//!   the numbers once the poll has closed, [`check`] tries them against the ballots, [`report`] is
//!   what programs read of them, [`participation`] who has voted, and [`sheets`] all of it in
//!   tables; [`reader`] decides who sees what;
//! - [`roll`] is the list of voters of a poll that is not open to roles;
//! - [`editing`] holds what an admin may write and when, [`amendment`] what still may change later,
//!   [`bulk`] what is done to several polls at once;
//!   `store` the SQL; [`routes`] the pages.
//!
//! The domain files know no HTTP, no templates and no SQL.

pub mod amendment;
pub mod ballots;
mod batch;
pub mod bulk;
pub mod card;
pub mod check;
pub mod count;
pub mod editing;
pub mod idempotency;
mod order;
pub mod outcome;
pub mod participation;
pub mod reader;
pub mod receipt;
mod refusal;
pub mod report;
pub mod roll;
pub mod routes;
pub mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod seal;
pub mod selection;
pub mod sheets;
pub mod standing;
mod store;
pub mod tally;
pub mod vote_form;
mod written;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use ballots::{Cast, Sent};
pub use card::Card;
pub use check::Check;
pub use reader::Reader;
pub use receipt::Receipt;
pub use report::Report;
pub use rules::{
    MajorityRule, Method, RankedRule, Receipts, ResultsRule, RollMode, RollSource, Secrecy,
    VoterResults,
};
pub use seal::Seal;
pub use selection::{Fault, Selection};
pub use standing::{ResultsView, Standing, State, Voter};
pub use store::{After, Electorate, EntryFilter, Filter, Listed, Part, Polls, Results};
pub use tally::Tally;
pub use vote_form::VoteForm;

use crate::{
    clock::Timestamp,
    language::{Message, Value},
    search::fold,
    users::Role,
};

/// A number that is a key in the database.
macro_rules! key {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, sqlx::Type,
            utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

key! {
    /// A poll's key.
    PollId
}
key! {
    /// A choice's key.
    ChoiceId
}

/// The roles that may vote; stored as rows, read as `staff,user`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Every role there is.
    #[must_use]
    pub fn all() -> Self {
        Role::ALL.iter().copied().collect()
    }

    /// Whether somebody with `role` may vote.
    #[must_use]
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether nobody may vote.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles, weakest first.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// The roles as the console names them: `Voter, Staff`, or `All`.
    #[must_use]
    pub fn message(&self) -> Message {
        if *self == Self::all() {
            return Message::new("all-roles");
        }
        let roles = self.iter().map(|role| Value::Message(role.message()));
        Message::of(Value::Series(roles.collect()))
    }

    /// The roles in words: `user, staff or admin`.
    #[must_use]
    pub fn words(&self) -> Value {
        Value::Any(self.iter().map(|role| Value::from(role.as_str())).collect())
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

impl TryFrom<String> for Roles {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        let words = words.split(',').filter(|word| !word.is_empty());
        words
            .map(|word| Role::from_word(word).ok_or_else(|| format!("unknown role: {word}")))
            .collect()
    }
}

/// A question, its rules and its times.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as in the schema"
)]
pub struct Poll {
    /// Key.
    pub id: PollId,
    /// The question, 1 to 200 characters.
    pub question: String,
    /// Plain text below the question, or empty.
    pub description: String,
    /// The time zone that the times are shown in, by its IANA name.
    pub zone: String,
    /// How a ballot is filled in.
    pub method: Method,
    /// How rankings are counted; absent unless the method is [`Method::Ranked`].
    pub ranked_rule: Option<RankedRule>,
    /// Fewest choices on a ballot.
    pub min_choices: i64,
    /// Most choices on a ballot.
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
    /// When staff may read the numbers.
    pub results: ResultsRule,
    /// When voters may read them.
    pub voter_results: VoterResults,
    /// The fewest ballots of a secret poll whose numbers are shown: fewer would tell who voted how.
    pub min_show: i64,
    /// The share of the electorate that has to vote, in hundredths of a percent.
    pub quorum_bp: Option<i64>,
    /// What the most votes have to reach.
    pub majority_rule: MajorityRule,
    /// Who is on the roll.
    pub roll_mode: RollMode,
    /// Whether voters get a receipt.
    pub receipts: Receipts,
    /// The roles that may vote, when the roll goes by role.
    #[sqlx(try_from = "String")]
    pub roles: Roles,
    /// From when on people may know of the poll.
    pub published_at: Option<Timestamp>,
    /// From when on ballots are taken; absent: from the publication on.
    pub opens_at: Option<Timestamp>,
    /// The first moment at which no ballot is taken any more; absent: until closed by hand.
    pub closes_at: Option<Timestamp>,
    /// When it was first to close, if that was moved.
    pub extended_from: Option<Timestamp>,
    /// Since when the ballot paper cannot be edited.
    pub frozen_at: Option<Timestamp>,
    /// When an admin closed the poll.
    pub closed_at: Option<Timestamp>,
    /// Why the admin closed it, in the admin's words.
    pub closed_reason: Option<String>,
    /// When an admin released the results.
    pub released_at: Option<Timestamp>,
    /// When an admin put the poll away.
    pub archived_at: Option<Timestamp>,
    /// When the poll was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with every change; whoever saves an older one is told so.
    pub version: i64,
}

impl Poll {
    /// Whether a ballot can hold more than one choice, without an order among them.
    #[must_use]
    pub fn takes_several(&self) -> bool {
        self.method == Method::Multiple && self.max_choices > 1
    }

    /// Whether a ballot puts choices in order.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.method == Method::Ranked
    }

    /// Whether staff can see who voted for what.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.secrecy == Secrecy::Named
    }

    /// Whether a vote is shown to its voter once more before it is cast: what nobody can find
    /// again, nobody can correct.
    #[must_use]
    pub fn asks_for_review(&self) -> bool {
        self.review && !self.is_named()
    }

    /// Whether a ballot comes with a receipt.
    #[must_use]
    pub fn has_receipts(&self) -> bool {
        self.receipts == Receipts::Counted
    }
}

/// One line of the ballot paper.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, sqlx::FromRow)]
pub struct Choice {
    /// Key.
    pub id: ChoiceId,
    /// The poll it belongs to.
    pub poll_id: PollId,
    /// The text, 1 to 200 characters.
    pub text: String,
}

/// A recorded vote in a named poll.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ballot {
    /// What was chosen.
    pub selection: Selection,
    /// When it was cast.
    pub cast_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;

    #[test]
    fn roles_are_read_in_any_order_and_said_in_one() {
        let roles = Roles::try_from("admin,user,staff".to_owned()).unwrap();
        let words = Locale::default().t(Message::of(roles.words()));
        assert_eq!(words.plain(), "user, staff or admin");
        assert_eq!(roles, Roles::all());
    }

    #[test]
    fn an_unknown_role_is_an_error_and_not_left_out() {
        assert!(Roles::try_from("user,owner".to_owned()).is_err());
        assert!(Roles::try_from(String::new()).unwrap().is_empty());
    }
}
