//! Authorization codes in the database: hashes, each of which works once.

use crate::{
    clock::Timestamp,
    db::{Db, Tx, execute, on},
    error::Result,
    session::SessionKey,
};

/// A code that was handed to a program.
#[derive(Debug, sqlx::FromRow)]
pub struct AuthorizationCode {
    session_hash: Vec<u8>,
    /// Where it was sent.
    pub redirect_uri: String,
    /// `code_challenge` (RFC 7636, 4.2), of the method `S256`.
    pub code_challenge: String,
    /// When the session ends, once the code is redeemed.
    pub session_ends_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A code that is about to be handed out.
pub struct NewAuthorizationCode {
    /// SHA-256 of it.
    pub hash: Vec<u8>,
    /// Where it goes.
    pub redirect_uri: String,
    /// `code_challenge`
    pub code_challenge: String,
    /// When the session ends, once it is redeemed.
    pub session_ends_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl AuthorizationCode {
    /// The session that begins with it.
    #[must_use]
    pub fn session(&self) -> SessionKey {
        self.session_hash.clone().into()
    }
}

/// The code with this hash.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, hash: &[u8]) -> Result<Option<AuthorizationCode>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT session_hash, redirect_uri, code_challenge, session_ends_at, expires_at, used_at
             FROM authorization_codes WHERE code_hash = $1",
        )
        .bind(hash)
        .fetch_optional(pool)
        .await
    })?)
}

/// Stores a new one of `session`.
///
/// # Errors
/// When the database does not answer.
pub async fn add(tx: &mut Tx, new: NewAuthorizationCode, session: &SessionKey) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO authorization_codes (code_hash, session_hash, redirect_uri,
                                              code_challenge, session_ends_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.hash)
        .bind(session.as_bytes())
        .bind(new.redirect_uri)
        .bind(new.code_challenge)
        .bind(new.session_ends_at)
        .bind(new.expires_at)
    )?;
    Ok(())
}

/// Uses one up; `false` when it was used before.
///
/// # Errors
/// When the database does not answer.
pub async fn spend(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<bool> {
    let update =
        "UPDATE authorization_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL";
    let spent = execute!(tx, sqlx::query(update).bind(hash).bind(now))?;
    Ok(spent == 1)
}
