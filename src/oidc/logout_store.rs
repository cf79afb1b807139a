//! Logout tokens in the database: those that were received, and what they ended.

use std::time::Duration;

use super::{logout_token::LogoutToken, store::MEMORY};
use crate::{
    clock::Timestamp,
    db::{Db, PORTION, Tx, execute, in_portions, transaction, within},
    error::Result,
    session,
    users::Identity,
};

/// How long after its end a token is remembered; its own `exp` is believed with some leeway.
const AFTER_EXPIRY: Duration = Duration::from_mins(5);

/// The logout tokens of this installation.
#[derive(Clone, Debug)]
pub struct LogoutTokens {
    db: Db,
}

impl LogoutTokens {
    /// The logout tokens in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Ends the sessions that `token` means and remembers it, both or neither: what could not be
    /// done is done when the provider tries again. Returns how many have ended, or nothing when
    /// the token was received before: then it means nobody who has signed in since.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn receive(&self, token: LogoutToken, now: Timestamp) -> Result<Option<u64>> {
        transaction!(self.db, |tx| {
            take_turn(tx).await?;
            if !remember(tx, &token, now).await? {
                return Ok(None);
            }
            let (sid, subject) = (token.sid.as_deref(), token.subject.as_deref());
            Some(session::end_signed_in(tx, &token.issuer, sid, subject).await?)
        })
    }

    /// Whether a sign-in that began here at `begun_at` was ended by the provider while it was on
    /// its way. A `sid` that has ended does not come back; a subject may sign in again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_ended(
        &self,
        who: Identity,
        sid: Option<String>,
        begun_at: Timestamp,
    ) -> Result<bool> {
        transaction!(self.db, |tx| {
            take_turn(tx).await?;
            let ended: i64 = within!(tx, |conn| {
                sqlx::query_scalar(
                    "SELECT COUNT(*) FROM revoked_logout_tokens WHERE issuer = $1
                       AND (sid = $2 OR (subject = $3 AND (sid IS NULL OR $2 IS NULL)
                                         AND received_at >= $4))",
                )
                .bind(who.issuer)
                .bind(sid)
                .bind(who.subject)
                .bind(begun_at)
                .fetch_one(conn)
                .await
            })?;
            ended > 0
        })
    }

    /// Removes those that need not be remembered any more; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let delete = "DELETE FROM revoked_logout_tokens WHERE (issuer, jti) IN (
                          SELECT issuer, jti FROM revoked_logout_tokens
                          WHERE expires_at <= $1 LIMIT $2)";
        Ok(in_portions!(
            self.db,
            sqlx::query(delete).bind(now).bind(PORTION)
        ))
    }
}

/// Lets tokens that arrive and sign-ins that finish pass one after the other, so that of two at
/// the same time one sees what the other has written.
async fn take_turn(tx: &mut Tx) -> Result<()> {
    execute!(tx, sqlx::query("UPDATE logout_turn SET id = id"))?;
    Ok(())
}

/// Whether the token is new. It is remembered until it has expired and every sign-in that it
/// could meet has come to an end.
async fn remember(tx: &mut Tx, token: &LogoutToken, now: Timestamp) -> Result<bool> {
    let until = token.expires_at.plus(AFTER_EXPIRY).max(now.plus(MEMORY));
    let inserted = execute!(
        tx,
        sqlx::query(
            "INSERT INTO revoked_logout_tokens (issuer, jti, expires_at, subject, sid, received_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (issuer, jti) DO NOTHING",
        )
        .bind(&token.issuer)
        .bind(&token.jti)
        .bind(until)
        .bind(&token.subject)
        .bind(&token.sid)
        .bind(now)
    )?;
    Ok(inserted == 1)
}
