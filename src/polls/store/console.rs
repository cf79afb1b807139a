//! Whom a step of a poll's life concerns.

use super::Polls;
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{Poll, PollId, editing::Blocker},
};

/// How many are on the list of a row of `polls`: `$and` narrows the entries in `voter_roll`.
/// Somebody who stands on it under two identities that were merged, and has not voted under the
/// one that was given up, is one person.
macro_rules! listed {
    ($and:literal) => {
        concat!(
            "((SELECT COUNT(*) FROM voter_roll WHERE poll_id = polls.id ",
            $and,
            ") - (SELECT COUNT(*) FROM users
                  JOIN voter_roll AS own ON own.poll_id = polls.id AND own.user_id = users.merged_into
                  JOIN voter_roll AS other ON other.poll_id = polls.id AND other.user_id = users.id
                  WHERE users.merged_into IS NOT NULL AND NOT other.has_voted)
              + (SELECT COUNT(*) FROM roll_invites WHERE poll_id = polls.id))"
        )
    };
}
pub(super) use listed;

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

impl Polls {
    /// What keeps the poll from opening at `now`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn blockers(&self, poll: &Poll, now: Timestamp) -> Result<Vec<Blocker>> {
        let paper = self.choices(poll.id).await?;
        let listed = self.count_voters(poll.id).await?;
        Ok(poll.blockers(&paper, listed.all(), now))
    }

    /// How many people the poll concerns.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn electorate(&self, id: PollId) -> Result<Electorate> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(concat!(
                "SELECT CASE roll_mode WHEN 'list' THEN ",
                listed!(""),
                " ELSE (SELECT COUNT(*) FROM users WHERE is_active AND role IN (
                              SELECT role FROM poll_roles WHERE poll_id = polls.id)) END AS eligible,
                    CASE roll_mode WHEN 'list' THEN ",
                listed!("AND NOT has_voted"),
                " ELSE (SELECT COUNT(*) FROM users WHERE is_active AND role IN (
                              SELECT role FROM poll_roles WHERE poll_id = polls.id)
                          AND NOT EXISTS (SELECT 1 FROM voter_roll
                                          WHERE poll_id = polls.id AND user_id = users.id
                                            AND has_voted)) END AS waiting,
                    invites.pending AS invited, poll_counts.ballots
                 FROM polls JOIN poll_counts ON poll_counts.poll_id = polls.id
                 JOIN (SELECT COUNT(*) AS pending FROM roll_invites
                       WHERE poll_id = $1) AS invites ON TRUE
                 WHERE polls.id = $1"
            ))
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }
}
