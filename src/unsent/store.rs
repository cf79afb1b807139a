//! Unsent forms in the database: few, for a short time, and sealed.

use super::LIFE;
use crate::{
    clock::Clock,
    db::{Db, PORTION, Tx, execute, in_portions, transaction, within},
    error::Result,
    random::{self, Random},
    session::csrf,
    users::UserId,
    vault::Vault,
};

/// What the vault seals them for.
const PURPOSE: &str = "unsent_form";

/// How many one person may have, because sending a form takes no session. The oldest make room.
const EACH: i64 = 8;

/// How many there may be in all.
const IN_ALL: i64 = 1024;

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

    /// In whose session the form with this CSRF token was served; nobody's when we did not make
    /// the token.
    pub(super) fn author(&self, csrf_token: &str) -> Option<UserId> {
        csrf::user_of(csrf_token, &self.vault).map(UserId)
    }

    /// Keeps the fields that `user` sent to `action` from the browser that has `token`; the token
    /// that it is to have from now on.
    ///
    /// # Errors
    /// When the database does not answer or there is no randomness.
    pub(super) async fn keep(
        &self,
        token: Option<String>,
        user: UserId,
        action: String,
        fields: &str,
    ) -> Result<String> {
        let token = token.map_or_else(|| self.random.token(), Ok)?;
        let (browser, now) = (random::digest(&token), self.clock.now());
        let sealed = self.vault.seal(PURPOSE, fields)?;
        transaction!(self.db, |tx| {
            let insert =
                "INSERT INTO unsent_forms (browser_hash, action, user_id, fields, created_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (browser_hash, action) DO UPDATE SET user_id = excluded.user_id,
                     fields = excluded.fields, created_at = excluded.created_at";
            execute!(
                tx,
                sqlx::query(insert)
                    .bind(browser)
                    .bind(action)
                    .bind(user)
                    .bind(sealed)
                    .bind(now)
            )?;
            make_room(tx, user).await?;
        })?;
        Ok(token)
    }

    /// Takes the fields that were sent to `action` from the browser with `token`; they are `user`'s
    /// or lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn take(
        &self,
        token: &str,
        user: UserId,
        action: &str,
    ) -> Result<Option<String>> {
        let (browser, action) = (random::digest(token), action.to_owned());
        let since = self.clock.now().minus(LIFE);
        let taken: Option<(UserId, String)> = transaction!(self.db, |tx| {
            within!(tx, |conn| {
                sqlx::query_as(
                    "DELETE FROM unsent_forms
                     WHERE browser_hash = $1 AND action = $2 AND created_at > $3
                     RETURNING user_id, fields",
                )
                .bind(browser)
                .bind(action)
                .bind(since)
                .fetch_optional(conn)
                .await
            })?
        })?;
        let sealed = taken.filter(|(author, _)| *author == user);
        Ok(sealed.and_then(|(_, sealed)| self.vault.open(PURPOSE, &sealed)))
    }

    /// Forgets what was sent from the browser with `token` by anybody but `user`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn forget_all_but(&self, token: &str, user: Option<UserId>) -> Result<()> {
        let browser = random::digest(token);
        transaction!(self.db, |tx| {
            let delete = "DELETE FROM unsent_forms
                 WHERE browser_hash = $1 AND ($2 IS NULL OR user_id <> $2)";
            execute!(tx, sqlx::query(delete).bind(browser).bind(user))?;
        })
    }

    /// Removes those that nobody came back for; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        let since = self.clock.now().minus(LIFE);
        let old = "DELETE FROM unsent_forms WHERE (browser_hash, action) IN (
                       SELECT browser_hash, action FROM unsent_forms
                       WHERE created_at <= $1 LIMIT $2)";
        Ok(in_portions!(
            self.db,
            sqlx::query(old).bind(since).bind(PORTION)
        ))
    }
}

/// Removes the oldest of `user` beyond [`EACH`], and of everybody beyond [`IN_ALL`].
async fn make_room(tx: &mut Tx, user: UserId) -> Result<()> {
    let oldest_of_user = "DELETE FROM unsent_forms WHERE (browser_hash, action) IN (
                      SELECT browser_hash, action FROM unsent_forms WHERE user_id = $1
                      ORDER BY created_at DESC, browser_hash, action LIMIT $2 OFFSET $3)";
    let oldest = "DELETE FROM unsent_forms WHERE (browser_hash, action) IN (
                      SELECT browser_hash, action FROM unsent_forms
                      ORDER BY created_at DESC, browser_hash, action LIMIT $1 OFFSET $1)";
    execute!(
        tx,
        sqlx::query(oldest_of_user)
            .bind(user)
            .bind(IN_ALL)
            .bind(EACH)
    )?;
    execute!(tx, sqlx::query(oldest).bind(IN_ALL))?;
    Ok(())
}
