//! Device codes in the database: of ours the hash, of the provider's what the vault has sealed.

use std::time::Duration;

use crate::{
    clock::Timestamp,
    db::{Db, Tx, execute, on, transaction, within},
    error::Result,
};

/// How much longer a program waits that was told to slow down, in seconds (RFC 8628, 3.5).
const SLOWER: i64 = 5;

/// A program that begins to wait for its person.
pub struct NewDeviceCode {
    /// SHA-256 of our code.
    pub hash: Vec<u8>,
    /// The provider that was asked.
    pub issuer: String,
    /// Its code, sealed.
    pub sealed: String,
    /// What the tokens may do at most.
    pub scope: Option<String>,
    /// What the program calls itself.
    pub user_agent: Option<String>,
    /// The least time between two questions.
    pub interval: Duration,
    /// When both codes end.
    pub expires_at: Timestamp,
}

/// A program whose turn to ask it is.
#[derive(Debug, sqlx::FromRow)]
pub struct DeviceCode {
    /// The provider that was asked.
    pub issuer: String,
    /// Its code, sealed.
    pub sealed: String,
    /// What the tokens may do at most.
    pub scope: Option<String>,
    /// What the program calls itself.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
}

/// What becomes of a program that asks.
pub enum Turn {
    /// It may ask the provider.
    Granted(DeviceCode),
    /// It asks too often, and waits longer from now on.
    TooEarly,
    /// Its code has ended.
    Expired,
    /// There is no such code, or not any more.
    Unknown,
}

/// Stores a new one.
///
/// # Errors
/// When the database does not answer.
pub async fn add(db: &Db, new: NewDeviceCode, now: Timestamp) -> Result<()> {
    transaction!(db, |tx| {
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO device_codes (code_hash, issuer, device_code, scope, user_agent,
                                           interval_seconds, next_poll_at, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
            )
            .bind(new.hash)
            .bind(new.issuer)
            .bind(new.sealed)
            .bind(new.scope)
            .bind(new.user_agent)
            .bind(i64::try_from(new.interval.as_secs()).unwrap_or(SLOWER))
            .bind(now)
            .bind(new.expires_at)
        )?;
    })
}

/// Gives the program with this code its turn, of which there is one per interval whoever asks.
///
/// # Errors
/// When the database does not answer.
pub async fn take_turn(db: &Db, hash: Vec<u8>, now: Timestamp) -> Result<Turn> {
    transaction!(db, |tx| {
        let granted = within!(tx, |conn| {
            sqlx::query_as(
                "UPDATE device_codes SET next_poll_at = $2 + interval_seconds * 1000
                 WHERE code_hash = $1 AND next_poll_at <= $2 AND expires_at > $2
                 RETURNING issuer, device_code AS sealed, scope, user_agent, created_at",
            )
            .bind(&hash)
            .bind(now)
            .fetch_optional(conn)
            .await
        })?;
        match granted {
            Some(code) => Turn::Granted(code),
            None => refused(tx, hash, now).await?,
        }
    })
}

async fn refused(tx: &mut Tx, hash: Vec<u8>, now: Timestamp) -> Result<Turn> {
    let expires_at: Option<(Timestamp,)> = within!(tx, |conn| {
        sqlx::query_as(
            "UPDATE device_codes SET interval_seconds = interval_seconds + $2,
                                     next_poll_at = $3 + (interval_seconds + $2) * 1000
             WHERE code_hash = $1 RETURNING expires_at",
        )
        .bind(hash)
        .bind(SLOWER)
        .bind(now)
        .fetch_optional(conn)
        .await
    })?;
    Ok(match expires_at {
        None => Turn::Unknown,
        Some((end,)) if end <= now => Turn::Expired,
        Some(_) => Turn::TooEarly,
    })
}

/// Lets the program wait longer, as the provider wants it.
///
/// # Errors
/// When the database does not answer.
pub async fn slow_down(db: &Db, hash: Vec<u8>, now: Timestamp) -> Result<()> {
    transaction!(db, |tx| {
        refused(tx, hash, now).await?;
    })
}

/// Removes one that has come to its end; `false` when it is gone already.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(tx: &mut Tx, hash: &[u8]) -> Result<bool> {
    let delete = "DELETE FROM device_codes WHERE code_hash = $1";
    Ok(execute!(tx, sqlx::query(delete).bind(hash))? == 1)
}

/// How many wait at `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn count(db: &Db, now: Timestamp) -> Result<i64> {
    Ok(on!(db, |pool| {
        sqlx::query_scalar("SELECT COUNT(*) FROM device_codes WHERE expires_at > $1")
            .bind(now)
            .fetch_one(pool)
            .await
    })?)
}
