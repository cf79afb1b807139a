//! Polls in the database: what voters and staff read. What programs list is in
//! [`published`], what the console lists in [`listing`],
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
mod published;
mod roll;
mod sealing;
mod unlinking;

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
    found: Kept<PollId, Option<Poll>>,
    papers: Kept<PollId, Vec<Choice>>,
    public: Kept<i64, Public>,
}

/// Polls that are kept in memory, with the texts of their choices.
const MANY: u64 = 1_000;

/// Pages of the public list that are kept.
const MANY_PAGES: i64 = 16;

/// A page of the published polls as somebody sees it who is not signed in.
#[derive(Clone, Debug)]
struct Public {
    slice: Slice,
    from: Timestamp,
    /// When a poll is published, opens or closes next, and the list is another.
    until: Option<Timestamp>,
}

impl Public {
    fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// A poll in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// The poll.
    #[sqlx(flatten)]
    pub poll: Poll,
    /// The person's mark on its roll: `None` when there is none, else whether they have voted.
    pub has_voted: Option<bool>,
    /// Ballots in the box; in the public list, when that was read. Not for voters' eyes.
    pub ballots: i64,
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

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Slice {
    /// What is on it.
    pub polls: Vec<Listed>,
    /// Its number, from 1; the last page when a later one was asked for.
    pub page: i64,
    /// Number of the last page.
    pub last: i64,
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
    pub async fn find(&self, id: PollId) -> Result<Option<Poll>> {
        let read = async {
            Ok(on!(&self.db, |pool| {
                sqlx::query_as(select_poll!("WHERE polls.id = $1"))
                    .bind(id)
                    .fetch_optional(pool)
                    .await
            })?)
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
    pub async fn choices(&self, id: PollId) -> Result<Vec<Choice>> {
        let read = async {
            Ok(on!(&self.db, |pool| {
                sqlx::query_as(
                    "SELECT id, poll_id, text FROM choices WHERE poll_id = $1 ORDER BY position",
                )
                .bind(id)
                .fetch_all(pool)
                .await
            })?)
        };
        self.papers.get_or(&self.db, id, read).await
    }

    /// A page of the published polls: open ones first, then scheduled, then closed, the newest
    /// first within each. `user` is whose marks to look up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_public(
        &self,
        user: Option<UserId>,
        page: i64,
        now: Timestamp,
    ) -> Result<Slice> {
        let mut slice = self.public_slice(page, now).await?;
        if let Some(user) = user {
            let marks = self.marks(user).await?;
            for listed in &mut slice.polls {
                listed.has_voted = marks.get(&listed.poll.id).copied();
            }
        }
        Ok(slice)
    }

    /// The same without marks, which is the same for everybody.
    async fn public_slice(&self, page: i64, now: Timestamp) -> Result<Slice> {
        // Anybody may ask for any number: only the first pages are kept.
        if !(1..=MANY_PAGES).contains(&page) {
            return self.read_public(page, now).await;
        }
        let read = async {
            Ok(Public {
                slice: self.read_public(page, now).await?,
                from: now,
                until: self.next_turn(now).await?,
            })
        };
        let public = self.public.get_or(&self.db, page, read).await?;
        if public.holds_at(now) {
            return Ok(public.slice);
        }
        self.public.forget(&page);
        self.read_public(page, now).await
    }

    /// When the state of any poll changes next by the clock alone.
    async fn next_turn(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT MIN(at) FROM (
                     SELECT MIN(published_at) AS at FROM polls WHERE published_at > $1
                     UNION ALL SELECT MIN(opens_at) FROM polls WHERE opens_at > $1
                     UNION ALL SELECT MIN(closes_at) FROM polls WHERE closes_at > $1
                     UNION ALL SELECT MIN(closed_at) FROM polls WHERE closed_at > $1
                 ) AS turns",
            )
            .bind(now)
            .fetch_one(pool)
            .await
        })?)
    }

    async fn read_public(&self, page: i64, now: Timestamp) -> Result<Slice> {
        let total: i64 = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM polls
                 WHERE published_at <= $1 AND frozen_at IS NOT NULL AND archived_at IS NULL",
            )
            .bind(now)
            .fetch_one(pool)
            .await
        })?;
        let (page, last) = within_pages(page, total);
        let polls = on!(&self.db, |pool| {
            sqlx::query_as(select_listed!(
                "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
                 ORDER BY CASE WHEN opens_at > $2 THEN 1
                               WHEN closes_at <= $2 OR closed_at <= $2 THEN 2
                               ELSE 0 END,
                          published_at DESC, polls.id DESC
                 LIMIT $3 OFFSET $4"
            ))
            .bind(None::<UserId>)
            .bind(now)
            .bind(PAGE_SIZE)
            .bind((page - 1) * PAGE_SIZE)
            .fetch_all(pool)
            .await
        })?;
        Ok(Slice { polls, page, last })
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

/// The page asked for, brought within the pages there are, and the last one.
fn within_pages(page: i64, total: i64) -> (i64, i64) {
    let last = (total.saturating_add(PAGE_SIZE - 1) / PAGE_SIZE).max(1);
    (page.clamp(1, last), last)
}
