//! The published polls in parts, each going on where the one before has ended: for programs.

use super::{Listed, Polls, select_listed};
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{PollId, State},
    users::UserId,
};

/// Where a part of the list begins: after this poll, the newest being the first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct After {
    /// By which the list is sorted: when that was published, or in the console's list made.
    pub at: Timestamp,
    /// Its key.
    pub id: PollId,
}

/// A part of the list.
#[derive(Clone, Debug)]
pub struct Part {
    /// The polls.
    pub polls: Vec<Listed>,
    /// Where the next part begins, if there is one.
    pub next: Option<After>,
}

impl After {
    /// Before the first poll.
    pub const START: Self = Self {
        at: Timestamp::from_millis(i64::MAX),
        id: PollId(i64::MAX),
    };
}

impl Polls {
    /// The first `limit` published polls after `after`, the newest first, in the state if one is
    /// given, with the marks of `user`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_after(
        &self,
        user: UserId,
        state: Option<State>,
        (after, limit): (After, i64),
        now: Timestamp,
    ) -> Result<Part> {
        let mut polls: Vec<Listed> = on!(&self.db, |pool| {
            sqlx::query_as(select_listed!(
                "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
                   AND (published_at < $3 OR published_at = $3 AND polls.id < $4)
                   AND $5 IN ('', CASE
                       WHEN opens_at > $2 THEN 'scheduled'
                       WHEN (closes_at <= $2 OR closed_at <= $2) AND released_at <= $2
                           THEN 'released'
                       WHEN closes_at <= $2 OR closed_at <= $2 THEN 'closed'
                       ELSE 'open' END)
                 ORDER BY published_at DESC, polls.id DESC LIMIT $6"
            ))
            .bind(user)
            .bind(now)
            .bind(after.at)
            .bind(after.id)
            .bind(state.map_or("", State::as_str))
            .bind(limit.saturating_add(1))
            .fetch_all(pool)
            .await
        })?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = polls.len() > wanted;
        polls.truncate(wanted);
        let last = polls.last().filter(|_| has_more);
        let next = last.and_then(|Listed { poll, .. }| {
            let (at, id) = (poll.published_at?, poll.id);
            Some(After { at, id })
        });
        Ok(Part { polls, next })
    }
}
