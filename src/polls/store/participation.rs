//! Who has voted, and the ballots of named polls with their names.

use super::Polls;
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{
        PollId, Secrecy,
        participation::{NamedVote, Participant, Participation},
    },
    search::Words,
    users::UserId,
};

/// Stands between texts in one value; no text holds it, as control characters are taken out.
const BETWEEN: &str = "\u{1f}";

#[derive(sqlx::FromRow)]
struct OwnRow {
    poll: PollId,
    question: String,
    secrecy: Secrecy,
    has_voted: bool,
    cast_at: Option<Timestamp>,
    chosen: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    chosen: Option<String>,
    cast_at: Timestamp,
}

/// Whom the poll `$1` asks or has asked, by the words in `$2` and by whether they have voted (`$3`).
macro_rules! participants {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM polls CROSS JOIN users
             LEFT JOIN voter_roll ON voter_roll.poll_id = polls.id AND voter_roll.user_id = users.id
             WHERE polls.id = $1
               AND (voter_roll.user_id IS NOT NULL
                    OR polls.roll_mode = 'role' AND users.is_active AND EXISTS (
                        SELECT 1 FROM poll_roles
                        WHERE poll_roles.poll_id = polls.id AND poll_roles.role = users.role))
               AND NOT EXISTS (
                   SELECT 1 FROM json_each($2) AS word
                   WHERE users.search_key NOT LIKE (word.value->>'like') ESCAPE '\\')
               AND ($3 IS NULL OR COALESCE(voter_roll.has_voted, FALSE) = $3) ",
            $rest
        )
    };
}

/// The named ballots of the poll `$1` in whose voter or choices each of the words in `$2` occurs.
macro_rules! named_votes {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM ballots JOIN users ON users.id = ballots.user_id
             WHERE ballots.poll_id = $1
               AND NOT EXISTS (
                   SELECT 1 FROM json_each($2) AS word
                   WHERE users.search_key NOT LIKE (word.value->>'like') ESCAPE '\\'
                     AND NOT EXISTS (
                         SELECT 1 FROM ballot_choices
                         JOIN choices ON choices.id = ballot_choices.choice_id
                         WHERE ballot_choices.poll_id = ballots.poll_id
                           AND ballot_choices.ballot_id = ballots.id
                           AND choices.text_key LIKE (word.value->>'like') ESCAPE '\\')) ",
            $rest
        )
    };
}

impl Polls {
    /// How many people the poll asks or has asked; `has_voted` narrows it to those who have, or
    /// have not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_participants(
        &self,
        id: PollId,
        words: &Words,
        has_voted: Option<bool>,
    ) -> Result<i64> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(participants!("COUNT(*)", ""))
                .bind(id)
                .bind(words.as_json())
                .bind(has_voted)
                .fetch_one(pool)
                .await
        })?)
    }

    /// The people whom the poll asks or has asked, by name. Not for anybody's eyes before
    /// [`Poll::tells_participation`](crate::polls::Poll::tells_participation) agrees.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_participants(
        &self,
        id: PollId,
        words: &Words,
        has_voted: Option<bool>,
        (offset, limit): (i64, i64),
    ) -> Result<Vec<Participant>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(participants!(
                "users.display_name AS name, COALESCE(voter_roll.has_voted, FALSE) AS has_voted",
                "ORDER BY users.sort_key, users.id LIMIT $4 OFFSET $5"
            ))
            .bind(id)
            .bind(words.as_json())
            .bind(has_voted)
            .bind(limit)
            .bind(offset)
            .fetch_all(pool)
            .await
        })?)
    }

    /// How many named ballots match the words.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_named_votes(&self, id: PollId, words: &Words) -> Result<i64> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(named_votes!("COUNT(*)", ""))
                .bind(id)
                .bind(words.as_json())
                .fetch_one(pool)
                .await
        })?)
    }

    /// The ballots of a named poll with their voters, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_named_votes(
        &self,
        id: PollId,
        words: &Words,
        (offset, limit): (i64, i64),
    ) -> Result<Vec<NamedVote>> {
        let rows: Vec<Row> = on!(&self.db, |pool| {
            sqlx::query_as(named_votes!(
                "users.display_name AS name, ballots.cast_at,
                 (SELECT string_agg(choices.text, $3 ORDER BY value, position)
                  FROM ballot_choices JOIN choices ON choices.id = ballot_choices.choice_id
                  WHERE ballot_choices.poll_id = ballots.poll_id
                    AND ballot_choices.ballot_id = ballots.id) AS chosen",
                "ORDER BY users.sort_key, users.id LIMIT $4 OFFSET $5"
            ))
            .bind(id)
            .bind(words.as_json())
            .bind(BETWEEN)
            .bind(limit)
            .bind(offset)
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(NamedVote::from).collect())
    }

    /// The published polls on whose roll `user` stands, and their ballots in named ones; for their
    /// own eyes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn participations_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<Participation>> {
        let rows: Vec<OwnRow> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT polls.id AS poll, polls.question, polls.secrecy, voter_roll.has_voted,
                        ballots.cast_at,
                        (SELECT string_agg(choices.text, $3 ORDER BY value, position)
                         FROM ballot_choices JOIN choices ON choices.id = ballot_choices.choice_id
                         WHERE ballot_choices.poll_id = ballots.poll_id
                           AND ballot_choices.ballot_id = ballots.id) AS chosen
                 FROM voter_roll JOIN polls ON polls.id = voter_roll.poll_id
                 LEFT JOIN ballots ON ballots.poll_id = polls.id
                                  AND ballots.user_id = voter_roll.user_id
                 WHERE voter_roll.user_id = $1 AND polls.published_at <= $2
                 ORDER BY polls.id",
            )
            .bind(user)
            .bind(now)
            .bind(BETWEEN)
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(Participation::from).collect())
    }
}

/// The texts in one value.
fn texts(chosen: Option<String>) -> Vec<String> {
    let chosen = chosen.unwrap_or_default();
    let chosen = chosen.split(BETWEEN).filter(|text| !text.is_empty());
    chosen.map(str::to_owned).collect()
}

impl From<OwnRow> for Participation {
    fn from(row: OwnRow) -> Self {
        Self {
            poll: row.poll,
            question: row.question,
            secrecy: row.secrecy,
            has_voted: row.has_voted,
            cast_at: row.cast_at,
            chosen: texts(row.chosen),
        }
    }
}

impl From<Row> for NamedVote {
    fn from(row: Row) -> Self {
        Self {
            chosen: texts(row.chosen),
            name: row.name,
            cast_at: row.cast_at,
        }
    }
}
