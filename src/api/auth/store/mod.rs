//! What the authorization server stores: hashes of what programs hold, and sealed what the
//! provider gave.

pub mod authorization_codes;
pub mod device_codes;
pub mod refresh_tokens;
pub mod signing_keys;

use crate::{
    clock::Timestamp,
    db::{Db, PORTION, in_portions},
    error::Result,
};

/// Removes what has expired; returns how much. A refresh token stays as long as its session, so
/// that it is known when it comes again.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64> {
    let codes = "DELETE FROM authorization_codes WHERE code_hash IN (
                     SELECT code_hash FROM authorization_codes
                     WHERE expires_at <= $1 AND used_at IS NULL LIMIT $2)";
    let codes = in_portions!(db, sqlx::query(codes).bind(now).bind(PORTION));
    let devices = "DELETE FROM device_codes WHERE code_hash IN (
                       SELECT code_hash FROM device_codes WHERE expires_at <= $1 LIMIT $2)";
    let devices = in_portions!(db, sqlx::query(devices).bind(now).bind(PORTION));
    Ok(codes + devices)
}
