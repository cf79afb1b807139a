//! Sessions of programs. No cookie opens one: whoever calls here has looked at a token first.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::Sessions;
use crate::{
    clock::Timestamp,
    db::{Tx, execute, on, transaction, within},
    error::Result,
    random::{self, Random},
    session::Session,
};

/// How long a program may go without a new access token.
pub const PROGRAM_IDLE: Duration = Duration::from_hours(7 * 24);

/// The most programs that one person has signed in in one way; the one used longest ago makes room.
const PER_PERSON: i64 = 50;

/// What the database knows a session by; opens nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionKey(pub(super) Vec<u8>);

impl SessionKey {
    /// As text, for the `sid` of an access token.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// What [`SessionKey::to_text`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hash = BASE64.decode(text).ok()?;
        (hash.len() == 32).then_some(Self(hash))
    }

    /// The hash as it stands in the database.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SessionKey {
    fn from(hash: Vec<u8>) -> Self {
        Self(hash)
    }
}

impl Session {
    /// What the database knows it by, when it is stored.
    #[must_use]
    pub fn key(&self) -> Option<SessionKey> {
        self.0.id().map(|id| SessionKey(super::hash(&id)))
    }
}

/// A program that a person has signed in.
#[derive(Clone, Debug)]
pub struct NewProgramSession {
    /// The local user.
    pub user: i64,
    /// `iss` of the ID token.
    pub issuer: String,
    /// `sub` of the ID token.
    pub subject: String,
    /// `sid` of the ID token (OpenID Connect Back-Channel Logout 1.0, 2.1), if it had one.
    pub sid: Option<String>,
    /// How the program signed in.
    pub client: &'static str,
    /// What its tokens may do at most.
    pub scope: Option<String>,
    /// Sealed tokens of the provider; opened only by [`crate::oidc`].
    pub tokens: Option<String>,
    /// What the program calls itself.
    pub user_agent: Option<String>,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
}

/// A program's session that lives.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProgramSession {
    /// The local user.
    pub user_id: i64,
    /// What its tokens may do at most.
    pub scope: Option<String>,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Sessions {
    /// The program's session with this key, while it lives.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_program(&self, key: &SessionKey) -> Result<Option<ProgramSession>> {
        Ok(on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT user_id, scope, expires_at FROM sessions
                 WHERE id_hash = $1 AND client IS NOT NULL AND user_id IS NOT NULL
                   AND expires_at > $2 AND last_seen_at > $3",
            )
            .bind(&key.0)
            .bind(self.0.clock.now())
            .bind(self.program_idle_since())
            .fetch_optional(pool)
            .await
        })?)
    }

    /// The sealed tokens of the sign-in that began the session with this key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens_of(&self, key: &SessionKey) -> Result<Option<String>> {
        let sealed: Option<(Option<String>,)> = on!(&self.0.db, |pool| {
            sqlx::query_as("SELECT tokens FROM sessions WHERE id_hash = $1")
                .bind(&key.0)
                .fetch_optional(pool)
                .await
        })?;
        Ok(sealed.and_then(|(sealed,)| sealed))
    }

    /// Replaces the sealed tokens after a refresh, at once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn replace_tokens_of(&self, key: &SessionKey, sealed: String) -> Result<()> {
        let hash = key.0.clone();
        transaction!(self.0.db, |tx| {
            let update = "UPDATE sessions SET tokens = $2 WHERE id_hash = $1";
            execute!(tx, sqlx::query(update).bind(hash).bind(sealed))?;
        })
    }

    /// Lets the session with this key end at `end`, unless it ends before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_at_latest(&self, key: &SessionKey, end: Timestamp) -> Result<()> {
        let hash = key.0.clone();
        transaction!(self.0.db, |tx| {
            let update = "UPDATE sessions SET expires_at = $2
                 WHERE id_hash = $1 AND expires_at > $2";
            execute!(tx, sqlx::query(update).bind(hash).bind(end))?;
        })
    }

    /// Ends the programs that were let in with the same sign-in at the provider as `session`;
    /// returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_programs_beside(&self, session: &Session) -> Result<u64> {
        let Some(SessionKey(hash)) = session.key() else {
            return Ok(0);
        };
        transaction!(self.0.db, |tx| execute!(
            tx,
            sqlx::query(
                "DELETE FROM sessions WHERE client IS NOT NULL AND EXISTS (
                     SELECT 1 FROM sessions AS own WHERE own.id_hash = $1
                       AND own.issuer = sessions.issuer AND own.sid = sessions.sid)",
            )
            .bind(hash)
        )?)
    }

    pub(super) fn program_idle_since(&self) -> Timestamp {
        self.0.clock.now().minus(PROGRAM_IDLE)
    }
}

/// Begins a program's session, inside the transaction that stores its first token or code.
///
/// # Errors
/// When the database does not answer, or there is no randomness.
pub async fn begin_program(
    tx: &mut Tx,
    new: NewProgramSession,
    random: &Random,
    now: Timestamp,
) -> Result<SessionKey> {
    let key = SessionKey(random::digest(&random.token()?));
    execute!(
        tx,
        sqlx::query(
            "DELETE FROM sessions WHERE id_hash IN (
                 SELECT id_hash FROM sessions WHERE user_id = $1 AND client = $2
                 ORDER BY last_seen_at DESC, id_hash LIMIT 1000 OFFSET $3)",
        )
        .bind(new.user)
        .bind(new.client)
        .bind(PER_PERSON - 1)
    )?;
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO sessions (id_hash, user_id, issuer, subject, sid, client, scope,
                                   user_agent, data, tokens, created_at, last_seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '{}', $9, $10, $10, $11)",
        )
        .bind(&key.0)
        .bind(new.user)
        .bind(new.issuer)
        .bind(new.subject)
        .bind(new.sid)
        .bind(new.client)
        .bind(new.scope)
        .bind(new.user_agent)
        .bind(new.tokens)
        .bind(now)
        .bind(new.ends_at)
    )?;
    Ok(key)
}

/// Notes that a program's session is used, and lets it end at `ends_at` from now on, if that is
/// given. Whether it lives still.
///
/// # Errors
/// When the database does not answer.
pub async fn touch_program(
    tx: &mut Tx,
    key: &SessionKey,
    ends_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE sessions SET last_seen_at = $2, expires_at = COALESCE($3, expires_at)
             WHERE id_hash = $1 AND client IS NOT NULL AND expires_at > $2",
        )
        .bind(&key.0)
        .bind(now)
        .bind(ends_at)
    )?;
    Ok(touched == 1)
}

/// The provider's sealed tokens of an ended session, and whose they were.
#[derive(Debug, sqlx::FromRow)]
pub struct EndedProgram {
    /// The key of its user.
    pub user_id: i64,
    /// `iss` of its ID token.
    pub issuer: String,
    /// `sub` of its ID token.
    pub subject: String,
    /// The sealed tokens.
    pub tokens: Option<String>,
}

/// Ends a program's session, and with it all its tokens; what is left of it.
///
/// # Errors
/// When the database does not answer.
pub async fn end_program(tx: &mut Tx, key: &SessionKey) -> Result<Option<EndedProgram>> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(
            "DELETE FROM sessions WHERE id_hash = $1 AND client IS NOT NULL
             RETURNING user_id, issuer, subject, tokens",
        )
        .bind(&key.0)
        .fetch_optional(conn)
        .await
    })?)
}
