//! Sessions in the database. The id itself is never stored, only its SHA-256: a stolen backup
//! opens nothing.

mod everybody;
mod listed;
mod programs;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use serde_json::Value;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

use super::{Session, far_away, key};
use crate::{
    clock::{Clock, Timestamp},
    config::SessionConfig,
    db::{Db, Kept, PORTION, Tx, execute, in_portions, on, transaction},
    error::Result,
    outage_log, random,
};

pub use everybody::{Filter, NoKey, OwnedKey, OwnedSession};
pub use listed::{ListedSession, end_all_but, end_one_of, end_others_of};
pub use programs::{
    EndedProgram, NewProgramSession, PROGRAM_IDLE, ProgramSession, SessionKey, begin_program,
    end_program, touch_program,
};

/// Sessions that are over; a statement each, so that each finds them by an index.
const EXPIRED: &str = "DELETE FROM sessions WHERE id_hash IN (
                           SELECT id_hash FROM sessions WHERE expires_at <= $1 LIMIT $2)";
const IDLE: &str = "DELETE FROM sessions WHERE id_hash IN (
                        SELECT id_hash FROM sessions
                        WHERE last_seen_at <= $1 AND client IS NULL LIMIT $2)";
const IDLE_PROGRAM: &str = "DELETE FROM sessions WHERE id_hash IN (
                                SELECT id_hash FROM sessions
                                WHERE last_seen_at <= $1 AND client IS NOT NULL LIMIT $2)";

/// How exactly the last request is remembered; finer would cost a write per request.
const TOUCH: Duration = Duration::from_mins(1);

/// How long a page waits until its request is noted.
const PATIENCE: Duration = Duration::from_millis(100);

/// How far the clocks of instances may be apart.
const SKEW: Duration = Duration::from_mins(1);

/// The sessions of this installation.
#[derive(Clone, Debug)]
pub struct Sessions(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Clock,
    limits: SessionConfig,
    found: Kept<Vec<u8>, Option<Found>>,
}

/// Sessions that are kept in memory, some kilobytes each.
const MANY: u64 = 20_000;

/// A browser's session that may be over by its times.
#[derive(Clone)]
struct Found {
    data: HashMap<String, Value>,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
}

impl Sessions {
    /// Sessions in `db` that end after `limits`.
    #[must_use]
    pub fn new(db: Db, clock: Clock, limits: SessionConfig) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            limits,
            found: Kept::with_room_for(MANY),
        }))
    }

    /// Removes the sessions that are over; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        let mut removed = 0;
        for (over, before) in [
            (EXPIRED, self.0.clock.now()),
            (IDLE, self.idle_since()),
            (IDLE_PROGRAM, self.program_idle_since()),
        ] {
            removed += in_portions!(self.0.db, sqlx::query(over).bind(before).bind(PORTION));
        }
        Ok(removed)
    }

    /// The sealed tokens of the sign-in that began `session`.
    ///
    /// They are not part of the record: a request that saves an old record over a new one must
    /// not bring back a refresh token that was used since.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens(&self, session: &Session) -> Result<Option<String>> {
        match session.key() {
            Some(key) => self.tokens_of(&key).await,
            None => Ok(None),
        }
    }

    /// Takes note that the provider has vouched for the person of `session` once more; its age, its
    /// id and its open forms stay, and it ends at `ends_at` if that is sooner. `false` when it has
    /// ended meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew(
        &self,
        session: &Session,
        sid: Option<String>,
        sealed: String,
        ends_at: Option<Timestamp>,
    ) -> Result<bool> {
        let Some(id) = session.0.id() else {
            return Ok(false);
        };
        session.0.insert(key::SID, &sid).await?;
        let renewed = transaction!(self.0.db, |tx| {
            let update = "UPDATE sessions SET sid = $2, tokens = $3,
                     expires_at = CASE WHEN $4 < expires_at THEN $4 ELSE expires_at END
                 WHERE id_hash = $1";
            execute!(
                tx,
                sqlx::query(update)
                    .bind(hash(&id))
                    .bind(sid)
                    .bind(sealed)
                    .bind(ends_at)
            )?
        })?;
        Ok(renewed == 1)
    }

    /// Lets `session` go on under a fresh id, as the person may do more or less than before; its
    /// age and tokens stay. One that has ended meanwhile stays ended: its row is renamed, not
    /// deleted and written again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_id(&self, session: &Session) -> Result<()> {
        let Some(old) = session.0.id() else {
            return Ok(());
        };
        let fresh = Id::default();
        let (old, new) = (hash(&old), hash(&fresh));
        let renamed = transaction!(self.0.db, |tx| {
            let update = "UPDATE sessions SET id_hash = $2 WHERE id_hash = $1";
            execute!(tx, sqlx::query(update).bind(old).bind(new))?
        })?;
        if renamed == 0 {
            return Ok(());
        }
        session.0.insert(key::FRESH_ID, fresh.to_string()).await?;
        session.0.cycle_id().await?;
        Ok(session.0.save().await?)
    }

    fn idle_since(&self) -> Timestamp {
        self.0.clock.now().minus(self.0.limits.idle)
    }

    /// `Ok(false)` when the id is taken.
    async fn insert(&self, record: &Record) -> Result<bool> {
        let (id, columns) = (hash(&record.id), Columns::of(record)?);
        let now = self.0.clock.now();
        let started_at = columns.started_at.unwrap_or(now);
        let usual_end = started_at.plus(self.0.limits.absolute);
        let end = columns.ends_at.map_or(usual_end, |end| end.min(usual_end));
        let inserted = transaction!(self.0.db, |tx| execute!(
            tx,
            sqlx::query(
                "INSERT INTO sessions (id_hash, user_id, issuer, subject, sid, user_agent, data,
                                       tokens, created_at, last_seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT (id_hash) DO NOTHING",
            )
            .bind(id)
            .bind(columns.user)
            .bind(columns.issuer)
            .bind(columns.subject)
            .bind(columns.sid)
            .bind(columns.user_agent)
            .bind(columns.data)
            .bind(columns.tokens)
            .bind(started_at)
            .bind(now)
            .bind(end)
        )?)?;
        Ok(inserted == 1)
    }

    /// Updates and never inserts: a session ended meanwhile stays ended.
    async fn update(&self, record: &Record) -> Result<()> {
        let (id, data) = (hash(&record.id), Columns::of(record)?.data);
        transaction!(self.0.db, |tx| {
            let update = "UPDATE sessions SET data = $2 WHERE id_hash = $1";
            execute!(tx, sqlx::query(update).bind(id).bind(data))?;
        })
    }

    async fn find(&self, id: &Id) -> Result<Option<Record>> {
        let (hash, now) = (hash(id), self.0.clock.now());
        let mut found = self.read_or_kept(&hash).await?;
        // Another instance may have seen it since, which moves no revision.
        if found.as_ref().is_some_and(|found| self.is_old(found, now)) {
            self.0.found.forget(&hash);
            found = self.read_or_kept(&hash).await?;
        }
        let idle_since = self.idle_since();
        // Begun by a clock that was far ahead, it would live longer than any.
        let latest = now.plus(self.0.limits.absolute + SKEW);
        let is_live = |found: &Found| {
            found.expires_at > now && found.expires_at <= latest && found.last_seen_at > idle_since
        };
        let Some(found) = found.filter(is_live) else {
            return Ok(None);
        };
        if self.is_old(&found, now) {
            // A page that can be read is shown, even while nothing can be written.
            let touching = tokio::spawn(self.clone().touch(hash));
            tokio::time::timeout(PATIENCE, touching).await.ok();
        }
        Ok(Some(Record {
            id: *id,
            data: found.data,
            expiry_date: far_away(),
        }))
    }

    /// Whether its last request is to be noted anew. One in the future: the clock has been set back.
    fn is_old(&self, found: &Found, now: Timestamp) -> bool {
        now.since(found.last_seen_at) >= TOUCH.min(self.0.limits.idle / 4)
            || found.last_seen_at > now
    }

    async fn read_or_kept(&self, hash: &[u8]) -> Result<Option<Found>> {
        let reading = self.read(hash);
        let Inner { found, db, .. } = &*self.0;
        found.get_or(db, hash.to_vec(), reading).await
    }

    async fn read(&self, hash: &[u8]) -> Result<Option<Found>> {
        let row: Option<(String, Timestamp, Timestamp)> = on!(&self.0.db, |pool| {
            sqlx::query_as(
                "SELECT data, last_seen_at, expires_at FROM sessions
                 WHERE id_hash = $1 AND client IS NULL",
            )
            .bind(hash)
            .fetch_optional(pool)
            .await
        })?;
        let Some((data, last_seen_at, expires_at)) = row else {
            return Ok(None);
        };
        Ok(Some(Found {
            data: serde_json::from_str(&data)?,
            last_seen_at,
            expires_at,
        }))
    }

    async fn touch(self, hash: Vec<u8>) {
        if let Err(error) = self.note_request(&hash).await {
            outage_log::warn("a session's last request was not noted", &error.explained());
        }
        // Of all that is kept in memory only this session shows it.
        self.0.found.forget(&hash);
    }

    async fn note_request(&self, hash: &[u8]) -> Result<()> {
        let mut tx = self.0.db.begin().await?;
        let update = "UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1";
        let now = self.0.clock.now();
        execute!(&mut tx, sqlx::query(update).bind(hash).bind(now))?;
        Ok(tx.commit_unkept().await?)
    }

    async fn remove(&self, id: &Id) -> Result<()> {
        let hash = hash(id);
        transaction!(self.0.db, |tx| {
            let delete = "DELETE FROM sessions WHERE id_hash = $1";
            execute!(tx, sqlx::query(delete).bind(hash))?;
        })
    }
}

/// Ends all sessions of a user, inside the transaction that gives the reason.
///
/// # Errors
/// When the database does not answer.
pub async fn end_all_of(tx: &mut Tx, user: i64) -> Result<u64> {
    let delete = "DELETE FROM sessions WHERE user_id = $1";
    Ok(execute!(tx, sqlx::query(delete).bind(user))?)
}

/// Ends the sessions that began with the sign-in `sid` at `issuer` (OpenID Connect Back-Channel
/// Logout 1.0, 2.7); without `sid` all sessions of `subject`. A session of `subject` of which no
/// `sid` is known might be meant, and ends.
///
/// # Errors
/// When the database does not answer.
pub async fn end_signed_in(
    tx: &mut Tx,
    issuer: &str,
    sid: Option<&str>,
    subject: Option<&str>,
) -> Result<u64> {
    Ok(execute!(
        tx,
        sqlx::query(
            "DELETE FROM sessions WHERE issuer = $1
               AND (sid = $2 OR (subject = $3 AND (sid IS NULL OR $2 IS NULL)))",
        )
        .bind(issuer)
        .bind(sid)
        .bind(subject)
    )?)
}

/// What is stored of a record: the whole as JSON but for the tokens, and beside it what sessions
/// are found by.
struct Columns {
    user: Option<i64>,
    issuer: Option<String>,
    subject: Option<String>,
    sid: Option<String>,
    user_agent: Option<String>,
    started_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    data: String,
    tokens: Option<String>,
}

impl Columns {
    fn of(record: &Record) -> Result<Self> {
        let text = |key| {
            record
                .data
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let data: BTreeMap<_, _> = record
            .data
            .iter()
            .filter(|(name, _)| *name != key::TOKENS)
            .collect();
        let time = |key| -> Result<Option<Timestamp>> {
            let value = record.data.get(key).cloned();
            Ok(serde_json::from_value(value.unwrap_or_default())?)
        };
        Ok(Self {
            started_at: time(key::STARTED_AT)?,
            ends_at: time(key::ENDS_AT)?,
            user: record.data.get(key::USER).and_then(Value::as_i64),
            issuer: text(key::ISSUER),
            subject: text(key::SUBJECT),
            sid: text(key::SID),
            user_agent: text(key::USER_AGENT),
            data: serde_json::to_string(&data)?,
            tokens: text(key::TOKENS),
        })
    }
}

fn hash(id: &Id) -> Vec<u8> {
    random::digest(&id.to_string())
}

fn backend(error: &crate::error::Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        if let Some(fresh) = record.data.remove(key::FRESH_ID) {
            let fresh = fresh.as_str().and_then(|id| id.parse().ok());
            record.id = fresh.unwrap_or_default();
            return self.save(record).await;
        }
        while !self.insert(record).await.map_err(|error| backend(&error))? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.update(record).await.map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.find(id).await.map_err(|error| backend(&error))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(|error| backend(&error))
    }
}
