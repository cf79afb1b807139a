//! Who is on a list.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    db::on,
    error::Result,
    polls::{
        PollId, Polls,
        roll::{Enrolled, Invited, RollCount, download::Download},
    },
    search::Words,
    spreadsheet::Sheet,
    users::UserId,
};

/// Rows that are read at once for a file.
const BATCH: i64 = 5_000;

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
                             SELECT 1 FROM json_each($2) AS word
                             WHERE roll_invites.value NOT LIKE (word.value->>'like') ESCAPE '\\')) AS invited",
            )
            .bind(id)
            .bind(words.as_json())
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
                     WHERE roll_invites.value NOT LIKE (word.value->>'like') ESCAPE '\\')
                 ORDER BY kind, issuer, value LIMIT $3 OFFSET $4",
            )
            .bind(id)
            .bind(words.as_json())
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

    /// The poll's list as a file; `tells_votes` adds who has voted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn download_roll(&self, id: PollId, tells_votes: bool) -> Result<Sheet> {
        let (mut download, all) = (Download::new(tells_votes)?, Words::default());
        for offset in (0..).step_by(usize::try_from(BATCH).unwrap_or(1)) {
            let batch = self.enrolled(id, &all, offset, BATCH).await?;
            let is_last = i64::try_from(batch.len()).is_ok_and(|read| read < BATCH);
            batch
                .into_iter()
                .try_for_each(|voter| download.enrolled(&voter))?;
            if is_last {
                break;
            }
        }
        for offset in (0..).step_by(usize::try_from(BATCH).unwrap_or(1)) {
            let batch = self.invited(id, &all, offset, BATCH).await?;
            let is_last = i64::try_from(batch.len()).is_ok_and(|read| read < BATCH);
            batch
                .iter()
                .try_for_each(|invited| download.invited(invited))?;
            if is_last {
                break;
            }
        }
        Ok(download.sheet)
    }
}
