//! Polls in the database: what voters and staff read. The list that everybody sees is in
//! [`public`], what programs list in [`published`], what the console lists in [`listing`],
//! whom a step concerns in [`console`], what an admin writes in [`drafts`], [`changes`] and
//! [`amending`], to several polls at once in [`bulk`]; who may vote by a list is in [`roll`], what
//! a voter writes in [`casting`], what a voter finds again in [`ballots`]; [`unlinking`] keeps
//! secret polls secret, [`sealing`] fixes the numbers of closed polls, [`checking`] tries them
//! against the ballots, [`participation`] lists who has voted, and [`idempotency`] knows votes that
//! programs send again.

mod amending;
mod ballots;
mod bulk;
pub(super) mod casting;
mod changes;
mod checking;
mod console;
mod counting;
mod drafts;
mod idempotency;
mod listing;
pub(super) mod marks;
mod participation;
mod public;
mod published;
mod roll;
mod sealing;
mod unlinking;

use std::sync::Arc;

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::{Choice, Poll, PollId, Voter, ballots::Writer};
use crate::{
    clock::Timestamp,
    db::{Db, Kept, on},
    error::Result,
    random::Random,
    users::{User, UserId},
};

pub use console::Electorate;
pub use listing::Filter;
use marks::Boxes;
use public::{MANY_PAGES, Public};
pub use published::{After, Part};
pub use roll::entries::EntryFilter;
pub use sealing::Results;

/// Polls on one page of a list.
pub const PAGE_SIZE: i64 = 20;

/// The polls, and the writer through which every ballot goes.
#[derive(Clone, Debug)]
pub struct Polls {
    db: Db,
    pub(super) writer: Writer,
    random: Random,
    boxes: Boxes,
    counted: counting::Counted,
    electorates: Kept<PollId, u64>,
    found: Kept<PollId, Option<Arc<Poll>>>,
    papers: Kept<PollId, Arc<[Choice]>>,
    public: Kept<i64, Public>,
}

/// Polls that are kept in memory, with the texts of their choices.
const MANY: u64 = 1_000;

/// A poll in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The poll.
    pub poll: Arc<Poll>,
    /// The person's mark on its roll: `None` when there is none, else whether they have voted.
    pub has_voted: Option<bool>,
    /// Ballots in the box; in the public list, when that was read. Not for voters' eyes.
    pub ballots: i64,
}

impl<'r, R: Row> FromRow<'r, R> for Listed
where
    Poll: FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    Option<bool>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            poll: Arc::new(Poll::from_row(row)?),
            has_voted: row.try_get("has_voted")?,
            ballots: row.try_get("ballots")?,
        })
    }
}

impl Listed {
    /// What matters about `user` here.
    #[must_use]
    pub fn voter(&self, user: &User) -> Voter {
        Voter {
            role: user.role,
            is_active: user.is_active(),
            has_voted: self.has_voted,
        }
    }
}

/// Every column of a [`Poll`], followed by the rest of the statement.
macro_rules! select_poll {
    ($more:literal, $($rest:literal),+) => {
        concat!(
            "SELECT polls.id, question, description, zone, method, ranked_rule, min_choices,
                    max_choices, allow_abstain, randomise, secrecy, allow_change, review, results,
                    voter_results, min_show, quorum_bp, majority_rule, roll_mode, receipts, published_at, opens_at, closes_at,
                    extended_from, frozen_at, closed_at, closed_reason, released_at, archived_at, created_at, updated_at, version,
                    COALESCE((SELECT string_agg(poll_roles.role, ',') FROM poll_roles
                              WHERE poll_roles.poll_id = polls.id), '') AS roles",
            $more,
            " FROM polls ",
            $($rest),+
        )
    };
    ($rest:literal) => {
        $crate::polls::store::select_poll!("", $rest)
    };
}
pub(super) use select_poll;

/// A [`Listed`] poll with the marks of the person `$1`.
macro_rules! select_listed {
    ($($rest:literal),+) => {
        $crate::polls::store::select_poll!(
            ", voter_roll.has_voted, poll_counts.ballots",
            "JOIN poll_counts ON poll_counts.poll_id = polls.id
             LEFT JOIN voter_roll ON voter_roll.poll_id = polls.id AND voter_roll.user_id = $1 ",
            $($rest),+
        )
    };
}
use select_listed;

/// How many polls there are, with the marks of the person `$1` at hand.
macro_rules! select_number {
    ($($rest:literal),+) => {
        concat!(
            "SELECT COUNT(*) FROM polls
             LEFT JOIN voter_roll ON voter_roll.poll_id = polls.id AND voter_roll.user_id = $1 ",
            $($rest),+
        )
    };
}

/// The polls that wait at `$2` for the vote of `$1`, whose role is `$3`: those with
/// `Standing::CanVote`.
macro_rules! waiting {
    ($select:ident, $rest:literal) => {
        $select!(
            "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
               AND COALESCE(opens_at, published_at) <= $2
               AND (closes_at IS NULL OR closes_at > $2)
               AND (closed_at IS NULL OR closed_at > $2)
               AND voter_roll.has_voted IS NOT TRUE
               AND CASE roll_mode
                   WHEN 'list' THEN voter_roll.has_voted IS NOT NULL
                   ELSE EXISTS (SELECT 1 FROM poll_roles
                                WHERE poll_roles.poll_id = polls.id AND poll_roles.role = $3) END ",
            $rest
        )
    };
}

impl Polls {
    /// The polls in `db`. Starts the writer, so that a runtime must be there.
    #[must_use]
    pub fn new(db: Db, random: Random) -> Self {
        let boxes = Boxes::default();
        let writer = Writer::start(db.clone(), random.clone(), boxes.clone());
        Self {
            db,
            writer,
            random,
            boxes,
            counted: counting::Counted::default(),
            electorates: Kept::with_room_for(MANY),
            found: Kept::with_room_for(MANY),
            papers: Kept::with_room_for(MANY),
            public: Kept::with_room_for(MANY_PAGES.unsigned_abs()),
        }
    }

    /// The poll with this key, in whatever state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, id: PollId) -> Result<Option<Arc<Poll>>> {
        let read = async {
            let poll: Option<Poll> = on!(&self.db, |pool| {
                sqlx::query_as(select_poll!("WHERE polls.id = $1"))
                    .bind(id)
                    .fetch_optional(pool)
                    .await
            })?;
            Ok(poll.map(Arc::new))
        };
        self.found.get_or(&self.db, id, read).await
    }

    /// The poll with this key and the person's mark on its roll.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_for(&self, id: PollId, user: UserId) -> Result<Option<Listed>> {
        let Some(poll) = self.find(id).await? else {
            return Ok(None);
        };
        let has_voted = self.marks(user).await?.get(&id).copied();
        Ok(Some(Listed {
            poll,
            has_voted,
            ballots: self.filled(id).await?.ballots,
        }))
    }

    /// The ballot paper, in the order of the choices.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn choices(&self, id: PollId) -> Result<Arc<[Choice]>> {
        let read = async {
            let choices: Vec<Choice> = on!(&self.db, |pool| {
                sqlx::query_as(
                    "SELECT id, poll_id, text FROM choices WHERE poll_id = $1 ORDER BY position",
                )
                .bind(id)
                .fetch_all(pool)
                .await
            })?;
            Ok(choices.into())
        };
        self.papers.get_or(&self.db, id, read).await
    }

    /// The newest `limit` published polls, whatever their state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_latest(&self, limit: i64, now: Timestamp) -> Result<Vec<Listed>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(select_listed!(
                "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
                 ORDER BY published_at DESC, polls.id DESC LIMIT $3"
            ))
            .bind(None::<UserId>)
            .bind(now)
            .bind(limit)
            .fetch_all(pool)
            .await
        })?)
    }

    /// The first `limit` open polls that `user`, who is active, can vote in and has not; the next
    /// to close first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_waiting(
        &self,
        user: &User,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Listed>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(waiting!(
                select_listed,
                "ORDER BY closes_at IS NULL, closes_at, polls.id LIMIT $4"
            ))
            .bind(user.id)
            .bind(now)
            .bind(user.role)
            .bind(limit)
            .fetch_all(pool)
            .await
        })?)
    }

    /// How many polls wait for `user`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_waiting(&self, user: &User, now: Timestamp) -> Result<i64> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(waiting!(select_number, ""))
                .bind(user.id)
                .bind(now)
                .bind(user.role)
                .fetch_one(pool)
                .await
        })?)
    }

    /// The `limit` polls that closed last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_closed(
        &self,
        user: UserId,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Listed>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(select_listed!(
                "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
                   AND (closes_at <= $2 OR closed_at <= $2)
                 ORDER BY CASE WHEN closed_at < closes_at OR closes_at IS NULL
                               THEN closed_at ELSE closes_at END DESC, polls.id DESC
                 LIMIT $3"
            ))
            .bind(user)
            .bind(now)
            .bind(limit)
            .fetch_all(pool)
            .await
        })?)
    }
}
