//! Unsent forms in the database: few, for a short time, and sealed.

use super::LIFE;
use crate::{
    clock::Clock,
    db::{Db, Tx, execute, transaction, within},
    error::Result,
    random::{self, Random},
    vault::Vault,
};

/// What the vault seals them for.
const PURPOSE: &str = "unsent_form";

/// How many there may be in all, because anybody can send a form without being signed in. The
/// oldest make room.
const IN_ALL: i64 = 256;

/// The unsent forms of this installation.
#[derive(Clone, Debug)]
pub struct UnsentForms {
    db: Db,
    vault: Vault,
    clock: Clock,
    random: Random,
}

impl UnsentForms {
    /// The unsent forms in `db`.
    #[must_use]
    pub fn new(db: Db, vault: Vault, clock: Clock, random: Random) -> Self {
        Self {
            db,
            vault,
            clock,
            random,
        }
    }

    /// Keeps the fields that were sent to `action` by the browser that has `token`; the token
    /// that it is to have from now on.
    ///
    /// # Errors
    /// When the database does not answer or there is no randomness.
    pub(super) async fn keep(
        &self,
        token: Option<String>,
        action: String,
        fields: &str,
    ) -> Result<String> {
        let token = token.map_or_else(|| self.random.token(), Ok)?;
        let (browser, now) = (random::digest(&token), self.clock.now());
        let sealed = self.vault.seal(PURPOSE, fields)?;
        transaction!(self.db, |tx| {
            let insert = "INSERT INTO unsent_forms (browser_hash, action, fields, created_at)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (browser_hash, action) DO UPDATE SET
                     fields = excluded.fields, created_at = excluded.created_at";
            execute!(
                tx,
                sqlx::query(insert)
                    .bind(browser)
                    .bind(action)
                    .bind(sealed)
                    .bind(now)
            )?;
            make_room(tx).await?;
        })?;
        Ok(token)
    }

    /// Takes the fields that the browser with `token` sent to `action`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn take(&self, token: &str, action: &str) -> Result<Option<String>> {
        let (browser, action) = (random::digest(token), action.to_owned());
        let since = self.clock.now().minus(LIFE);
        let sealed: Option<(String,)> = transaction!(self.db, |tx| {
            within!(tx, |conn| {
                sqlx::query_as(
                    "DELETE FROM unsent_forms
                     WHERE browser_hash = $1 AND action = $2 AND created_at > $3
                     RETURNING fields",
                )
                .bind(browser)
                .bind(action)
                .bind(since)
                .fetch_optional(conn)
                .await
            })?
        })?;
        Ok(sealed.and_then(|(sealed,)| self.vault.open(PURPOSE, &sealed)))
    }

    /// Removes those that nobody came back for; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        let since = self.clock.now().minus(LIFE);
        transaction!(self.db, |tx| {
            let old = "DELETE FROM unsent_forms WHERE created_at <= $1";
            execute!(tx, sqlx::query(old).bind(since))?
        })
    }
}

/// Removes the oldest beyond [`IN_ALL`].
async fn make_room(tx: &mut Tx) -> Result<()> {
    let oldest = "DELETE FROM unsent_forms WHERE (browser_hash, action) IN (
                      SELECT browser_hash, action FROM unsent_forms
                      ORDER BY created_at DESC, browser_hash LIMIT $1 OFFSET $1)";
    execute!(tx, sqlx::query(oldest).bind(IN_ALL))?;
    Ok(())
}
