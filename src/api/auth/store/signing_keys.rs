//! Signing keys in the database, sealed.

use crate::{
    clock::Timestamp,
    db::{Db, execute, on, transaction},
    error::Result,
};

/// A key, sealed.
#[derive(Debug, sqlx::FromRow)]
pub struct SealedKey {
    /// Its place in the row of keys; the highest number signs.
    pub number: i64,
    /// The private key, sealed.
    pub private_key: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The keys, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Db) -> Result<Vec<SealedKey>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT number, private_key, created_at FROM signing_keys ORDER BY number DESC LIMIT 9",
        )
        .fetch_all(pool)
        .await
    })?)
}

/// Stores a key under `number`; `false` when another process was faster.
///
/// # Errors
/// When the database does not answer.
pub async fn add(
    db: &Db,
    number: i64,
    kid: String,
    private_key: String,
    now: Timestamp,
) -> Result<bool> {
    transaction!(db, |tx| {
        let inserted = execute!(
            tx,
            sqlx::query(
                "INSERT INTO signing_keys (number, kid, private_key, created_at)
                 VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING",
            )
            .bind(number)
            .bind(kid)
            .bind(private_key)
            .bind(now)
        )?;
        inserted == 1
    })
}

/// Removes those that were followed by another at `before` or earlier; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    transaction!(db, |tx| execute!(
        tx,
        sqlx::query(
            "DELETE FROM signing_keys WHERE number IN (
                 SELECT next.number - 1 FROM signing_keys AS next WHERE next.created_at <= $1)",
        )
        .bind(before)
    )?)
}
