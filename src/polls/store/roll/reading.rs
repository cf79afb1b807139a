//! Who is on a list.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    db::on,
    error::Result,
    polls::{
        PollId, Polls,
        roll::{
            RollCount,
            download::{Line, table},
        },
    },
    spreadsheet::Sheet,
    users::UserId,
};

/// How many are on the poll's list.
pub(super) const COUNTS: &str = "
    SELECT (SELECT COUNT(*) FROM roll_names WHERE poll_id = $1) AS enrolled,
           (SELECT COUNT(*) FROM roll_invites WHERE poll_id = $1) AS invited";

impl Polls {
    /// How many are on the poll's list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_voters(&self, id: PollId) -> Result<RollCount> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(COUNTS).bind(id).fetch_one(pool).await
        })?)
    }

    /// Which of these people are on the poll's list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn on_roll(&self, id: PollId, people: &[UserId]) -> Result<HashSet<UserId>> {
        let people: Value = people.iter().map(|id| json!({ "id": id })).collect();
        let found: Vec<UserId> = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT user_id FROM voter_roll WHERE poll_id = $1 AND user_id IN (
                     SELECT CAST(line.value->>'id' AS BIGINT) FROM json_each($2) AS line)",
            )
            .bind(id)
            .bind(people.to_string())
            .fetch_all(pool)
            .await
        })?;
        Ok(found.into_iter().collect())
    }

    /// The poll's list as a file; `tells_votes` adds who has voted. One statement reads it, so that
    /// nobody falls out who signs in meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn download_roll(&self, id: PollId, tells_votes: bool) -> Result<Sheet> {
        let lines: Vec<Line> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT users.display_name AS name, COALESCE(users.email, '') AS email,
                        users.subject, users.issuer, voter_roll.source, TRUE AS has_signed_in,
                        voter_roll.has_voted, users.sort_key AS place
                 FROM voter_roll JOIN users ON users.id = voter_roll.user_id
                 WHERE voter_roll.poll_id = $1 AND voter_roll.source <> 'role'
                 UNION ALL
                 SELECT '', CASE kind WHEN 'email' THEN value ELSE '' END,
                        CASE kind WHEN 'subject' THEN value ELSE '' END, issuer, source, FALSE,
                        FALSE, value
                 FROM roll_invites WHERE poll_id = $1
                 ORDER BY has_signed_in DESC, place, subject",
            )
            .bind(id)
            .fetch_all(pool)
            .await
        })?;
        table(&lines, tells_votes)
    }
}
