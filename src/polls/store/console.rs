//! Whom a step of a poll's life concerns.

use super::Polls;
use crate::{db::on, error::Result, polls::PollId};

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

impl Polls {
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
