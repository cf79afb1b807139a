//! What the console reads: every poll in whatever state, and whom a step concerns.

use super::{Listed, Polls, select_listed};
use crate::{clock::Timestamp, db::on, error::Result, polls::PollId, search::Words, users::UserId};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in the question or a choice.
    pub words: Words,
    /// The state, by the class of its tag ([`crate::polls::State::class`]); `None` is any.
    pub state: Option<&'static str>,
}

/// How many people a poll concerns.
#[derive(Clone, Copy, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Electorate {
    /// Active people with one of the poll's roles.
    pub eligible: i64,
    /// Those of them who have not voted.
    pub waiting: i64,
    /// Ballots in the box.
    pub ballots: i64,
}

/// Hands the macro `$select` the condition for the [`Filter`] in `$2` (words), `$3` (state) and
/// `$4` (now). The states are those of [`crate::polls::Poll::state`].
macro_rules! filtered {
    ($select:ident, $rest:literal) => {
        $select!(
            "WHERE NOT EXISTS (
                 SELECT 1 FROM json_each($2) AS word
                 WHERE NOT (polls.search_key LIKE (word.value->>'like') ESCAPE '\\'
                     OR EXISTS (SELECT 1 FROM choices
                                WHERE choices.poll_id = polls.id
                                  AND choices.text_key LIKE (word.value->>'like') ESCAPE '\\')))
               AND ($3 IS NULL OR $3 = CASE
                 WHEN archived_at IS NOT NULL THEN 'archived'
                 WHEN frozen_at IS NULL OR published_at IS NULL THEN 'draft'
                 WHEN published_at > $4 OR opens_at > $4 THEN 'scheduled'
                 WHEN closes_at <= $4 OR closed_at <= $4 THEN 'closed'
                 ELSE 'open' END) ",
            $rest
        )
    };
}

macro_rules! select_count {
    ($($rest:literal),+) => { concat!("SELECT COUNT(*) FROM polls ", $($rest),+) };
}

impl Polls {
    /// How many polls there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, filter: &Filter, now: Timestamp) -> Result<i64> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(filtered!(select_count, ""))
                .bind(None::<UserId>)
                .bind(filter.words.as_json())
                .bind(filter.state)
                .bind(now)
                .fetch_one(pool)
                .await
        })?)
    }

    /// Polls, archived ones as well, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(
        &self,
        filter: &Filter,
        offset: i64,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Listed>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(filtered!(
                select_listed,
                "ORDER BY created_at DESC, polls.id DESC LIMIT $5 OFFSET $6"
            ))
            .bind(None::<UserId>)
            .bind(filter.words.as_json())
            .bind(filter.state)
            .bind(now)
            .bind(limit)
            .bind(offset)
            .fetch_all(pool)
            .await
        })?)
    }

    /// How many people the poll concerns.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn electorate(&self, id: PollId) -> Result<Electorate> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT COUNT(users.id) AS eligible,
                        COUNT(CASE WHEN voter_roll.has_voted THEN NULL ELSE users.id END) AS waiting,
                        poll_counts.ballots
                 FROM poll_counts
                 LEFT JOIN poll_roles ON poll_roles.poll_id = poll_counts.poll_id
                 LEFT JOIN users ON users.role = poll_roles.role AND users.is_active
                 LEFT JOIN voter_roll ON voter_roll.poll_id = poll_counts.poll_id
                                     AND voter_roll.user_id = users.id
                 WHERE poll_counts.poll_id = $1
                 GROUP BY poll_counts.ballots",
            )
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }
}
