//! What the authorization server stores: hashes of what programs hold, and sealed what the
//! provider gave.

pub mod authorization_codes;
pub mod device_codes;
pub mod refresh_tokens;
pub mod signing_keys;

use crate::{
    clock::Timestamp,
    db::{Db, execute, transaction},
    error::Result,
};

/// Removes what has expired; returns how much. A refresh token stays as long as its session, so
/// that it is known when it comes again.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64> {
    transaction!(db, |tx| {
        let codes = "DELETE FROM authorization_codes WHERE expires_at <= $1 AND used_at IS NULL";
        let codes = execute!(tx, sqlx::query(codes).bind(now))?;
        let devices = "DELETE FROM device_codes WHERE expires_at <= $1";
        codes + execute!(tx, sqlx::query(devices).bind(now))?
    })
}
