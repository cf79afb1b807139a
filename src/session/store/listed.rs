//! Sessions in lists, for their owner, for admins and for operators, and how they end there.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::{Sessions, hash};
use crate::{
    clock::Timestamp,
    db::{Tx, execute, on, transaction},
    error::Result,
    session::Session,
};

/// How many bytes of the hash name a session among those of one person.
const HANDLE: usize = 9;

/// A live session as lists show it.
#[derive(Clone, Debug)]
pub struct ListedSession {
    /// Its name in forms, among those of its owner; opens nothing.
    pub handle: String,
    /// Whose it is.
    pub user: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// What its browser or program calls itself.
    pub user_agent: Option<String>,
    /// Whether it is a program's.
    pub is_program: bool,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id_hash: Vec<u8>,
    user_id: i64,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    user_agent: Option<String>,
    client: Option<String>,
}

impl Row {
    fn listed(self, current: &[u8]) -> ListedSession {
        ListedSession {
            handle: handle(&self.id_hash),
            user: self.user_id,
            started_at: self.created_at,
            last_seen_at: self.last_seen_at,
            user_agent: self.user_agent,
            is_program: self.client.is_some(),
            is_current: self.id_hash == current,
        }
    }
}

/// The name of a session in forms, out of the hash of its id.
pub(super) fn handle(id_hash: &[u8]) -> String {
    BASE64.encode(id_hash.get(..HANDLE).unwrap_or_default())
}

/// The first bytes of the hash that a handle stands for.
pub(super) fn start(handle: &str) -> Option<Vec<u8>> {
    let start = BASE64.decode(handle).ok()?;
    (start.len() == HANDLE).then_some(start)
}

/// The hash of a session's id; nothing, which is no session's, when there is none.
pub(super) fn hash_of(session: Option<&Session>) -> Vec<u8> {
    let id = session.and_then(|session| session.0.id());
    id.map(|id| hash(&id)).unwrap_or_default()
}

impl Sessions {
    /// The live sessions of `user`: `current` first, then those that were used last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_of(
        &self,
        user: i64,
        current: Option<&Session>,
    ) -> Result<Vec<ListedSession>> {
        let current = hash_of(current);
        let rows: Vec<Row> = on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT id_hash, user_id, created_at, last_seen_at, user_agent, client FROM sessions
                 WHERE user_id = $1 AND expires_at > $2
                   AND last_seen_at > CASE WHEN client IS NULL THEN $3 ELSE $5 END
                 ORDER BY CASE WHEN id_hash = $4 THEN 0 ELSE 1 END, last_seen_at DESC, id_hash",
            )
            .bind(user)
            .bind(self.0.clock.now())
            .bind(self.idle_since())
            .bind(&current)
            .bind(self.program_idle_since())
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(|row| row.listed(&current)).collect())
    }

    /// Everybody's live sessions, those that were used last first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self) -> Result<Vec<ListedSession>> {
        let rows: Vec<Row> = on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT id_hash, user_id, created_at, last_seen_at, user_agent, client FROM sessions
                 WHERE user_id IS NOT NULL AND expires_at > $1
                   AND last_seen_at > CASE WHEN client IS NULL THEN $2 ELSE $3 END
                 ORDER BY last_seen_at DESC, id_hash",
            )
            .bind(self.0.clock.now())
            .bind(self.idle_since())
            .bind(self.program_idle_since())
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(|row| row.listed(&[])).collect())
    }

    /// How many live sessions people have, and how many people have one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self) -> Result<(i64, i64)> {
        Ok(on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT COUNT(*), COUNT(DISTINCT user_id) FROM sessions
                 WHERE user_id IS NOT NULL AND expires_at > $1
                   AND last_seen_at > CASE WHEN client IS NULL THEN $2 ELSE $3 END",
            )
            .bind(self.0.clock.now())
            .bind(self.idle_since())
            .bind(self.program_idle_since())
            .fetch_one(pool)
            .await
        })?)
    }

    /// How many live sessions each of these people has, without `current`; those without any are
    /// left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_of(&self, users: &[i64], current: &Session) -> Result<HashMap<i64, i64>> {
        let rows: Vec<(i64, i64)> = on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT user_id, COUNT(*) FROM sessions
                 WHERE user_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))
                   AND id_hash <> $2 AND expires_at > $3
                   AND last_seen_at > CASE WHEN client IS NULL THEN $4 ELSE $5 END
                 GROUP BY user_id",
            )
            .bind(serde_json::json!(users).to_string())
            .bind(hash_of(Some(current)))
            .bind(self.0.clock.now())
            .bind(self.idle_since())
            .bind(self.program_idle_since())
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Ends the session of `user` with this handle; whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_one_of(&self, user: i64, handle: &str) -> Result<bool> {
        let handle = handle.to_owned();
        let ended = transaction!(self.0.db, |tx| end_one_of(tx, user, &handle, None).await?)?;
        Ok(ended > 0)
    }

    /// Ends the sessions of `user` but for `current`; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_others_of(&self, user: i64, current: &Session) -> Result<u64> {
        let current = current.clone();
        transaction!(self.0.db, |tx| end_others_of(tx, user, Some(&current))
            .await?)
    }
}

/// Ends the session of `user` with this handle, unless it is `kept`; returns how many that were.
///
/// # Errors
/// When the database does not answer.
pub async fn end_one_of(
    tx: &mut Tx,
    user: i64,
    handle: &str,
    kept: Option<&Session>,
) -> Result<u64> {
    let Some(start) = start(handle) else {
        return Ok(0);
    };
    Ok(execute!(
        tx,
        sqlx::query(
            "DELETE FROM sessions
             WHERE user_id = $1 AND substr(id_hash, 1, length($2)) = $2 AND id_hash <> $3",
        )
        .bind(user)
        .bind(start)
        .bind(hash_of(kept))
    )?)
}

/// Ends the sessions of `user` but for `kept`; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn end_others_of(tx: &mut Tx, user: i64, kept: Option<&Session>) -> Result<u64> {
    let delete = "DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2";
    let kept = hash_of(kept);
    Ok(execute!(tx, sqlx::query(delete).bind(user).bind(kept))?)
}

/// Ends everybody's sessions but for `kept`; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn end_all_but(tx: &mut Tx, kept: Option<&Session>) -> Result<u64> {
    let delete = "DELETE FROM sessions WHERE id_hash <> $1";
    Ok(execute!(tx, sqlx::query(delete).bind(hash_of(kept)))?)
}
