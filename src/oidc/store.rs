//! Pending logins in the database, found by the SHA-256 of their `state`. A row that was used
//! stays for a while: it remembers where a replayed callback was meant to lead.

use std::time::Duration;

use super::query::Prompt;
use crate::{
    clock::Timestamp,
    db::{Db, PORTION, Tx, execute, in_portions, on, transaction, within},
    error::Result,
    paths::ReturnPath,
};

/// How long a person may take at the provider.
pub const LIFE: Duration = Duration::from_mins(10);

/// How long after its beginning the target of a used or expired one is remembered.
pub(super) const MEMORY: Duration = Duration::from_mins(20);

/// How many a browser may have; the oldest makes room.
const PER_BROWSER: i64 = 20;

/// How many there may be in all, so that nobody fills the disk by beginning sign-ins: with
/// indexes they take less than 1.2 KiB each. The oldest make room.
const IN_ALL: i64 = 4096;

/// One login in so many sees to [`IN_ALL`], which costs a walk through an index.
const ROUND: u8 = 64;

/// How many one round removes at most.
const PER_ROUND: i64 = 1024;

/// The pending logins of this installation.
#[derive(Clone, Debug)]
pub struct PendingLogins {
    db: Db,
}

/// A login that begins.
pub struct NewLogin {
    /// SHA-256 of `state`.
    pub state_hash: Vec<u8>,
    /// SHA-256 of the cookie that binds it to the browser.
    pub browser_hash: Vec<u8>,
    /// The issuer it was sent to.
    pub provider: String,
    /// `nonce`
    pub nonce: String,
    /// The sealed `code_verifier` (RFC 7636, 4.1).
    pub code_verifier: String,
    /// Where to go afterwards.
    pub return_path: ReturnPath,
    /// The `prompt` that was asked for.
    pub prompt: Option<Prompt>,
}

/// A login whose callback has come, once.
#[derive(sqlx::FromRow)]
pub struct Pending {
    /// The issuer it was sent to.
    pub provider: String,
    /// `nonce`
    pub nonce: String,
    code_verifier: Vec<u8>,
    return_path: String,
    /// The `prompt` that was asked for.
    pub prompt: Option<Prompt>,
    /// When it began.
    pub created_at: Timestamp,
}

impl Pending {
    /// The sealed `code_verifier`.
    #[must_use]
    pub fn code_verifier(&self) -> String {
        String::from_utf8_lossy(&self.code_verifier).into_owned()
    }

    /// Where to go afterwards.
    #[must_use]
    pub fn return_path(&self) -> ReturnPath {
        ReturnPath::parse(&self.return_path)
    }
}

/// What became of a claim to a pending login.
pub enum Claim {
    /// It is the caller's, and nobody else's from now on.
    Granted(Pending),
    /// Nothing is known of this `state`.
    Unknown,
    /// It was begun in another browser.
    OtherBrowser(Trace),
    /// It took too long.
    Expired(Trace),
    /// It was claimed before.
    Used(Trace),
}

/// What is left of a login that cannot be claimed.
#[derive(sqlx::FromRow)]
pub struct Trace {
    /// The issuer it was sent to.
    pub provider: String,
    browser_hash: Vec<u8>,
    return_path: String,
    used_at: Option<Timestamp>,
}

impl Trace {
    /// Where it would have led.
    #[must_use]
    pub fn return_path(&self) -> ReturnPath {
        ReturnPath::parse(&self.return_path)
    }
}

impl PendingLogins {
    /// The pending logins in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Remembers a login; the oldest of the same browser make room when there are many, and now
    /// and then the oldest of all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add(&self, login: NewLogin, now: Timestamp) -> Result<()> {
        // A hash of randomness: as good as a die.
        let die = login.state_hash.first();
        let is_turn = die.is_some_and(|byte| byte % ROUND == 0);
        transaction!(self.db, |tx| {
            execute!(
                tx,
                sqlx::query(
                    "DELETE FROM pending_logins WHERE browser_hash = $1 AND state_hash NOT IN (
                         SELECT state_hash FROM pending_logins WHERE browser_hash = $1
                         ORDER BY created_at DESC, state_hash LIMIT $2)",
                )
                .bind(&login.browser_hash)
                .bind(PER_BROWSER - 1)
            )?;
            if is_turn {
                make_room(tx).await?;
            }
            insert(tx, login, now).await?;
        })
    }

    /// Claims the login with this `state` for the browser that began it: once, in time, and
    /// without effect on it when the browser is another.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim(&self, state: Vec<u8>, browser: Vec<u8>, now: Timestamp) -> Result<Claim> {
        let granted = self.grant(state.clone(), browser.clone(), now).await?;
        if let Some(pending) = granted {
            return Ok(Claim::Granted(pending));
        }
        let trace: Option<Trace> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT provider, browser_hash, return_path, used_at FROM pending_logins
                 WHERE state_hash = $1",
            )
            .bind(state)
            .fetch_optional(pool)
            .await
        })?;
        Ok(match trace {
            None => Claim::Unknown,
            Some(trace) if trace.browser_hash != browser => Claim::OtherBrowser(trace),
            Some(trace) if trace.used_at.is_some() => Claim::Used(trace),
            Some(trace) => Claim::Expired(trace),
        })
    }

    async fn grant(
        &self,
        state: Vec<u8>,
        browser: Vec<u8>,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        transaction!(self.db, |tx| within!(tx, |conn| {
            sqlx::query_as(
                "UPDATE pending_logins SET used_at = $3
                 WHERE state_hash = $1 AND browser_hash = $2 AND used_at IS NULL
                   AND created_at > $4
                 RETURNING provider, nonce, code_verifier, return_path, prompt, created_at",
            )
            .bind(state)
            .bind(browser)
            .bind(now)
            .bind(now.minus(LIFE))
            .fetch_optional(conn)
            .await
        })?)
    }

    /// Removes those whose target need not be remembered any more; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let delete = "DELETE FROM pending_logins WHERE state_hash IN (
                          SELECT state_hash FROM pending_logins WHERE created_at <= $1 LIMIT $2)";
        let before = now.minus(MEMORY);
        Ok(in_portions!(
            self.db,
            sqlx::query(delete).bind(before).bind(PORTION)
        ))
    }
}

async fn insert(tx: &mut Tx, login: NewLogin, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO pending_logins (state_hash, browser_hash, provider, nonce,
                                         code_verifier, return_path, prompt, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(login.state_hash)
        .bind(login.browser_hash)
        .bind(login.provider)
        .bind(login.nonce)
        .bind(login.code_verifier.into_bytes())
        .bind(login.return_path.as_str())
        .bind(login.prompt)
        .bind(now)
    )?;
    Ok(())
}

/// Removes the oldest logins beyond [`IN_ALL`].
async fn make_room(tx: &mut Tx) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "DELETE FROM pending_logins WHERE state_hash IN (
                 SELECT state_hash FROM pending_logins ORDER BY created_at DESC
                 LIMIT $1 OFFSET $2)",
        )
        .bind(PER_ROUND)
        .bind(IN_ALL)
    )?;
    Ok(())
}
