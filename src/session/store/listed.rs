//! The sessions of one person, for their own eyes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::{Sessions, hash};
use crate::{
    clock::Timestamp,
    db::{execute, on, transaction},
    error::Result,
    session::Session,
};

/// How many bytes of the hash name a session among those of one person.
const HANDLE: usize = 9;

/// A live session as its owner sees it.
#[derive(Clone, Debug)]
pub struct ListedSession {
    /// Its name in forms: good for its owner only, and opens nothing.
    pub handle: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// What its browser calls itself.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id_hash: Vec<u8>,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    user_agent: Option<String>,
}

impl Sessions {
    /// The live sessions of `user`: `current` first, then those that were used last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_of(&self, user: i64, current: &Session) -> Result<Vec<ListedSession>> {
        let current = current.0.id().map(|id| hash(&id)).unwrap_or_default();
        let rows: Vec<Row> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT id_hash, created_at, last_seen_at, user_agent FROM sessions
                 WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3
                 ORDER BY CASE WHEN id_hash = $4 THEN 0 ELSE 1 END, last_seen_at DESC, id_hash",
            )
            .bind(user)
            .bind(self.clock.now())
            .bind(self.idle_since())
            .bind(&current)
            .fetch_all(pool)
            .await
        })?;
        let listed = rows.into_iter().map(|row| ListedSession {
            handle: BASE64.encode(row.id_hash.get(..HANDLE).unwrap_or_default()),
            started_at: row.created_at,
            last_seen_at: row.last_seen_at,
            user_agent: row.user_agent,
            is_current: row.id_hash == current,
        });
        Ok(listed.collect())
    }

    /// Ends the session of `user` with this handle; whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_one_of(&self, user: i64, handle: &str) -> Result<bool> {
        let Some(start) = BASE64
            .decode(handle)
            .ok()
            .filter(|start| start.len() == HANDLE)
        else {
            return Ok(false);
        };
        let ended = transaction!(self.db, |tx| execute!(
            tx,
            sqlx::query(
                "DELETE FROM sessions WHERE user_id = $1 AND substr(id_hash, 1, length($2)) = $2"
            )
            .bind(user)
            .bind(start)
        )?)?;
        Ok(ended > 0)
    }

    /// Ends the sessions of `user` but for `current`; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_others_of(&self, user: i64, current: &Session) -> Result<u64> {
        let current = current.0.id().map(|id| hash(&id)).unwrap_or_default();
        transaction!(self.db, |tx| execute!(
            tx,
            sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2")
                .bind(user)
                .bind(current)
        )?)
    }
}
