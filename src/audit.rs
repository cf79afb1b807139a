//! The history: what was changed, by whom, from what to what. Append-only, each entry carrying
//! the hash of the one before it. Never a ballot's content, never a secret.
//!
//! An entry is written inside the transaction of the change that it tells of.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    db::{Db, Tx, on, transaction, within},
    error::{Error, Result},
    telemetry::origin,
};

/// Who made a change.
#[derive(Clone, Debug)]
pub enum Actor {
    /// The program itself, on what the provider or the clock said.
    System,
    /// Somebody with a shell on the server, by one of the program's commands.
    CommandLine,
    /// A person; name and role as they were then, because the history outlives accounts.
    Person {
        /// Key of the user.
        id: i64,
        /// Name at the time.
        name: String,
        /// Role at the time.
        role: &'static str,
        /// The request in the log; empty when it is not known.
        request_id: String,
        /// Their name in the log, which holds no other, if there is one.
        sub_hash: Option<String>,
    },
}

impl Actor {
    /// Whether the actor is the user with this key.
    #[must_use]
    pub const fn is_user(&self, user: i64) -> bool {
        matches!(self, Self::Person { id, .. } if *id == user)
    }

    /// Who it is in the log, which holds no names: the key of a user, the role and the hash.
    fn logged(&self) -> (String, Option<&'static str>, Option<String>) {
        match self {
            Self::System => ("rolecall".to_owned(), None, None),
            Self::CommandLine => ("command line".to_owned(), None, None),
            Self::Person {
                id, role, sub_hash, ..
            } => (id.to_string(), Some(role), sub_hash.clone()),
        }
    }
}

/// One change to one thing.
#[derive(Clone, Debug)]
pub struct Change {
    action: &'static str,
    object_type: &'static str,
    object_id: String,
    object_label: String,
    fields: Map<String, Value>,
}

impl Change {
    /// `action` happened to the thing named by type, key and label.
    #[must_use]
    pub fn new(
        action: &'static str,
        object_type: &'static str,
        object_id: impl std::fmt::Display,
        object_label: &str,
    ) -> Self {
        Self {
            action,
            object_type,
            object_id: object_id.to_string(),
            object_label: object_label.to_owned(),
            fields: Map::new(),
        }
    }

    /// Adds a field's old and new value; equal values are left out.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "values are mostly made for the call"
    )]
    #[must_use]
    pub fn field<T>(mut self, name: &str, old: T, new: T) -> Self
    where
        T: serde::Serialize + PartialEq,
    {
        if old != new {
            self.fields
                .insert(name.to_owned(), json!({ "old": old, "new": new }));
        }
        self
    }
}

impl Change {
    /// Adds why it was made, in the words of whoever made it; empty words are left out.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
        self.field("reason", None, reason)
    }
}

/// One entry as it is stored and hashed.
#[derive(sqlx::FromRow)]
struct Entry {
    seq: i64,
    at: Timestamp,
    actor_id: Option<i64>,
    actor_label: String,
    actor_role: Option<String>,
    request_id: Option<String>,
    action: String,
    object_type: String,
    object_id: Option<String>,
    object_label: String,
    changes: String,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl Entry {
    fn new((seq, prev_hash): (i64, Vec<u8>), actor: &Actor, change: Change, at: Timestamp) -> Self {
        let (actor_id, actor_label, actor_role, request_id) = match actor {
            Actor::System => (None, "rolecall".to_owned(), None, None),
            Actor::CommandLine => (None, "command line".to_owned(), None, None),
            Actor::Person {
                id,
                name,
                role,
                request_id,
                ..
            } => (
                Some(*id),
                name.clone(),
                Some((*role).to_owned()),
                Some(request_id.clone()).filter(|id| !id.is_empty()),
            ),
        };
        let mut entry = Self {
            seq: seq.saturating_add(1),
            at,
            actor_id,
            actor_label,
            actor_role,
            request_id,
            action: change.action.to_owned(),
            object_type: change.object_type.to_owned(),
            object_id: Some(change.object_id),
            object_label: change.object_label,
            changes: Value::Object(change.fields).to_string(),
            prev_hash,
            hash: Vec::new(),
        };
        entry.hash = entry.computed_hash();
        entry
    }

    /// SHA-256 over the predecessor's hash and the entry as a JSON array.
    fn computed_hash(&self) -> Vec<u8> {
        let text = json!([
            self.seq,
            self.at,
            self.actor_id,
            self.actor_label,
            self.actor_role,
            self.request_id,
            self.action,
            self.object_type,
            self.object_id,
            self.object_label,
            self.changes,
        ]);
        Sha256::new()
            .chain_update(&self.prev_hash)
            .chain_update(text.to_string())
            .finalize()
            .to_vec()
    }
}

/// A place in the chain: the number of an entry, and the hash that stands for it and all before.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Head {
    /// The number.
    pub seq: i64,
    /// Its SHA-256.
    pub hash: Vec<u8>,
}

/// Adds an entry inside the transaction of the change, and once that is committed says so in the log,
/// without names. The end of the chain is then where it says.
///
/// # Errors
/// When the database does not answer.
pub async fn append(tx: &mut Tx, actor: &Actor, change: Change, at: Timestamp) -> Result<Head> {
    let (action, object) = (change.action, change.object_type);
    let id = change.object_id.clone();
    let head = chain(tx, actor, change, at).await?;
    let seq = head.seq;
    let (actor, role, sub_hash) = actor.logged();
    tx.once_committed(move || {
        let ip = origin::ip();
        tracing::info!(
            audit.seq = seq,
            actor,
            role,
            sub_hash,
            ip,
            action,
            object,
            id,
            "noted in the history"
        );
    });
    Ok(head)
}

/// The same without a line in the log.
///
/// # Errors
/// When the database does not answer.
pub async fn chain(tx: &mut Tx, actor: &Actor, change: Change, at: Timestamp) -> Result<Head> {
    // The update makes other writers wait until this entry is committed.
    let head: (i64, Vec<u8>) = within!(tx, |conn| {
        sqlx::query_as("UPDATE audit_head SET seq = seq RETURNING seq, hash")
            .fetch_one(conn)
            .await
    })?;
    let entry = Entry::new(head, actor, change, at);
    let head = Head {
        seq: entry.seq,
        hash: entry.hash.clone(),
    };
    within!(tx, |conn| {
        sqlx::query(
            "INSERT INTO audit_log (seq, at, actor_id, actor_label, actor_role, request_id, action,
                                    object_type, object_id, object_label, changes, prev_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(entry.seq)
        .bind(entry.at)
        .bind(entry.actor_id)
        .bind(entry.actor_label)
        .bind(entry.actor_role)
        .bind(entry.request_id)
        .bind(entry.action)
        .bind(entry.object_type)
        .bind(entry.object_id)
        .bind(entry.object_label)
        .bind(entry.changes)
        .bind(entry.prev_hash)
        .bind(entry.hash)
        .execute(conn)
        .await
        .map(|_| ())
    })?;
    Ok(head)
}

/// The place of the entry with this number.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, seq: i64) -> Result<Option<Head>> {
    Ok(on!(db, |pool| {
        sqlx::query_as("SELECT seq, hash FROM audit_log WHERE seq = $1")
            .bind(seq)
            .fetch_optional(pool)
            .await
    })?)
}

/// Whether the entry with this number tells of `change`, whoever made it.
///
/// # Errors
/// When the database does not answer.
pub async fn tells_of(db: &Db, seq: i64, change: Change) -> Result<bool> {
    let changes = Value::Object(change.fields).to_string();
    let found: Option<i64> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT seq FROM audit_log
             WHERE seq = $1 AND action = $2 AND object_type = $3 AND object_id = $4
               AND changes = $5",
        )
        .bind(seq)
        .bind(change.action)
        .bind(change.object_type)
        .bind(&change.object_id)
        .bind(&changes)
        .fetch_optional(pool)
        .await
    })?;
    Ok(found.is_some())
}

/// Adds an entry unless the same person was noted for the same since `since`: for what people
/// look at, page by page.
///
/// # Errors
/// When the database does not answer.
pub async fn append_once(
    db: &Db,
    actor: Actor,
    change: Change,
    at: Timestamp,
    since: Timestamp,
) -> Result<()> {
    let Actor::Person { id, .. } = actor else {
        return Err(Error::internal("only people look at things"));
    };
    let known: Option<i64> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT seq FROM audit_log
             WHERE actor_id = $1 AND action = $2 AND object_type = $3 AND object_id = $4
               AND at > $5
             LIMIT 1",
        )
        .bind(id)
        .bind(change.action)
        .bind(change.object_type)
        .bind(&change.object_id)
        .bind(since)
        .fetch_optional(pool)
        .await
    })?;
    if known.is_some() {
        return Ok(());
    }
    transaction!(db, |tx| {
        append(tx, &actor, change, at).await?;
    })
}

/// An entry as a list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Who, by the name at the time.
    pub actor_label: String,
    /// What was done, `poll_opened` for instance.
    pub action: String,
    /// The kind of thing that was changed.
    pub object_type: String,
    /// Its key.
    pub object_id: Option<String>,
    /// Its name at the time.
    pub object_label: String,
}

/// The newest `limit` entries, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn recent(db: &Db, limit: i64) -> Result<Vec<Line>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT at, actor_label, action, object_type, object_id, object_label
             FROM audit_log ORDER BY seq DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(pool)
        .await
    })?)
}

/// Entries that are read at once.
const BATCH: i64 = 1000;

/// Recomputes the chain; the number of the first entry that does not fit, or of the one after
/// the last when the end is missing.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(db: &Db) -> Result<Option<i64>> {
    verify_after(db, 0).await
}

/// The same for the part of the chain after the entry with this number, whose hash is believed.
///
/// # Errors
/// When the database does not answer.
pub async fn verify_after(db: &Db, seq: i64) -> Result<Option<i64>> {
    let head: (i64, Vec<u8>) = on!(db, |pool| {
        sqlx::query_as("SELECT seq, hash FROM audit_head")
            .fetch_one(pool)
            .await
    })?;
    let start = find(db, seq).await?.map(|start| start.hash);
    let mut end = (seq, start.unwrap_or_else(|| vec![0; 32]));
    loop {
        let entries = after(db, end.0, head.0).await?;
        if entries.is_empty() {
            return Ok((end != head).then_some(end.0.saturating_add(1)));
        }
        for entry in entries {
            if entry.prev_hash != end.1 || entry.computed_hash() != entry.hash {
                return Ok(Some(entry.seq));
            }
            end = (entry.seq, entry.hash);
        }
    }
}

/// The entries that come next after `seq`, up to `last`.
async fn after(db: &Db, seq: i64, last: i64) -> Result<Vec<Entry>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT seq, at, actor_id, actor_label, actor_role, request_id, action, object_type,
                    object_id, object_label, changes, prev_hash, hash
             FROM audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
        )
        .bind(seq)
        .bind(last)
        .bind(BATCH)
        .fetch_all(pool)
        .await
    })?)
}
