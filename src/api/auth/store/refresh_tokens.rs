//! Refresh tokens in the database: hashes, each of which works once.

use crate::{
    clock::Timestamp,
    db::{Db, Tx, execute, on},
    error::Result,
    session::SessionKey,
};

/// What is known of a refresh token.
#[derive(Debug, sqlx::FromRow)]
pub struct RefreshToken {
    session_hash: Vec<u8>,
    /// When it ends, unused.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The token that it was traded for, sealed, until that is used.
    pub successor: Option<String>,
}

impl RefreshToken {
    /// The session that it keeps going.
    #[must_use]
    pub fn session(&self) -> SessionKey {
        self.session_hash.clone().into()
    }
}

/// The refresh token with this hash.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, hash: &[u8]) -> Result<Option<RefreshToken>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT session_hash, expires_at, used_at, successor FROM refresh_tokens
             WHERE token_hash = $1",
        )
        .bind(hash)
        .fetch_optional(pool)
        .await
    })?)
}

/// Stores a new one of `session`.
///
/// # Errors
/// When the database does not answer, or the session has ended.
pub async fn add(
    tx: &mut Tx,
    hash: &[u8],
    session: &SessionKey,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO refresh_tokens (token_hash, session_hash, created_at, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(hash)
        .bind(session.as_bytes())
        .bind(now)
        .bind(expires_at)
    )?;
    Ok(())
}

/// Uses one up, for the sealed `successor`; `false` when it was used before. Of those before it
/// the successor is forgotten: nobody can be waiting for it any more.
///
/// # Errors
/// When the database does not answer.
pub async fn spend(
    tx: &mut Tx,
    hash: &[u8],
    session: &SessionKey,
    successor: &str,
    now: Timestamp,
) -> Result<bool> {
    let spent = execute!(
        tx,
        sqlx::query(
            "UPDATE refresh_tokens SET used_at = $2, successor = $3
             WHERE token_hash = $1 AND used_at IS NULL",
        )
        .bind(hash)
        .bind(now)
        .bind(successor)
    )?;
    execute!(
        tx,
        sqlx::query(
            "UPDATE refresh_tokens SET successor = NULL
             WHERE session_hash = $1 AND token_hash <> $2 AND successor IS NOT NULL",
        )
        .bind(session.as_bytes())
        .bind(hash)
    )?;
    Ok(spent == 1)
}
