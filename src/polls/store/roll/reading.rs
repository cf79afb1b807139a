//! Who is on a list.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    db::on,
    error::Result,
    polls::{
        PollId, Polls,
        roll::{
            Enrolled, Invited, RollCount,
            download::{Line, table},
        },
    },
    search::Words,
    spreadsheet::Sheet,
    users::UserId,
};

impl Polls {
    /// How many on the poll's list match.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_voters(&self, id: PollId, words: &Words) -> Result<RollCount> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM voter_roll
                         WHERE poll_id = $1 AND source <> 'role' AND ($2 = '[]' OR EXISTS (
                             SELECT 1 FROM users WHERE users.id = voter_roll.user_id AND NOT EXISTS (
                                 SELECT 1 FROM json_each($2) AS word
                                 WHERE users.search_key NOT LIKE (word.value->>'like') ESCAPE '\\')))) AS enrolled,
                        (SELECT COUNT(*) FROM roll_invites
                         WHERE poll_id = $1 AND NOT EXISTS (
                             SELECT 1 FROM json_each($3) AS word
                             WHERE LOWER(roll_invites.value) NOT LIKE (word.value->>'like') ESCAPE '\\')) AS invited",
            )
            .bind(id)
            .bind(words.as_json())
            .bind(words.loose().as_json())
            .fetch_one(pool)
            .await
        })?)
    }

    /// People on the poll's list who have signed in and match, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enrolled(
        &self,
        id: PollId,
        words: &Words,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Enrolled>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT voter_roll.user_id, users.display_name AS name, users.email, users.issuer,
                        users.subject, voter_roll.source, voter_roll.has_voted
                 FROM voter_roll JOIN users ON users.id = voter_roll.user_id
                 WHERE voter_roll.poll_id = $1 AND voter_roll.source <> 'role' AND NOT EXISTS (
                     SELECT 1 FROM json_each($2) AS word
                     WHERE users.search_key NOT LIKE (word.value->>'like') ESCAPE '\\')
                 ORDER BY users.sort_key, users.id LIMIT $3 OFFSET $4",
            )
            .bind(id)
            .bind(words.as_json())
            .bind(limit)
            .bind(offset)
            .fetch_all(pool)
            .await
        })?)
    }

    /// Invitations on the poll's list that match.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invited(
        &self,
        id: PollId,
        words: &Words,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Invited>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT kind, issuer, value, source FROM roll_invites
                 WHERE poll_id = $1 AND NOT EXISTS (
                     SELECT 1 FROM json_each($2) AS word
                     WHERE LOWER(roll_invites.value) NOT LIKE (word.value->>'like') ESCAPE '\\')
                 ORDER BY kind, issuer, value LIMIT $3 OFFSET $4",
            )
            .bind(id)
            .bind(words.loose().as_json())
            .bind(limit)
            .bind(offset)
            .fetch_all(pool)
            .await
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
