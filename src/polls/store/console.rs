//! What the console reads: every poll in whatever state, and whom a step concerns.

use super::{Listed, Polls, select_listed};
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{Poll, PollId, editing::Blocker},
    search::Words,
    users::UserId,
};

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
    /// Everybody on the poll's list; without one, active people with one of its roles.
    pub eligible: i64,
    /// Those of the list who have not signed in yet.
    pub invited: i64,
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

    /// What keeps the poll from opening at `now`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn blockers(&self, poll: &Poll, now: Timestamp) -> Result<Vec<Blocker>> {
        let paper = self.choices(poll.id).await?;
        let listed = self.count_voters(poll.id, &Words::default()).await?;
        Ok(poll.blockers(&paper, listed.all(), now))
    }

    /// How many people the poll concerns.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn electorate(&self, id: PollId) -> Result<Electorate> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT CASE roll_mode
                    WHEN 'list' THEN (SELECT COUNT(*) FROM voter_roll WHERE poll_id = polls.id)
                                     + invites.pending
                    ELSE (SELECT COUNT(*) FROM users WHERE is_active AND role IN (
                              SELECT role FROM poll_roles WHERE poll_id = polls.id)) END AS eligible,
                    CASE roll_mode
                    WHEN 'list' THEN (SELECT COUNT(*) FROM voter_roll
                                      WHERE poll_id = polls.id AND NOT has_voted) + invites.pending
                    ELSE (SELECT COUNT(*) FROM users WHERE is_active AND role IN (
                              SELECT role FROM poll_roles WHERE poll_id = polls.id)
                          AND NOT EXISTS (SELECT 1 FROM voter_roll
                                          WHERE poll_id = polls.id AND user_id = users.id
                                            AND has_voted)) END AS waiting,
                    invites.pending AS invited, poll_counts.ballots
                 FROM polls JOIN poll_counts ON poll_counts.poll_id = polls.id
                 JOIN (SELECT COUNT(*) AS pending FROM roll_invites
                       WHERE poll_id = $1) AS invites ON TRUE
                 WHERE polls.id = $1",
            )
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }
}
