//! Reading the history that [`crate::audit`] writes: lists, one thing's own history, exports, and
//! whether the chain holds.
//!
//! What was changed is in [`FieldChange`]s, old beside new. Knows no feature.

mod store;

use serde_json::{Map, Value, json};

pub use store::{Filter, count, find, head, list, made_in, verify};

use crate::{audit::Head, clock::Timestamp, random::hex};

/// An entry of the history.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    /// Its number: 1, 2, 3, … without a gap.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by key; absent for the program itself and for the command line.
    pub actor_id: Option<i64>,
    /// Who, by the name at the time.
    pub actor_label: String,
    /// Their role at the time.
    pub actor_role: Option<String>,
    /// The request in the log.
    pub request_id: Option<String>,
    /// What was done, `poll_opened` for instance.
    pub action: String,
    /// The kind of thing that was changed.
    pub object_type: String,
    /// Its key.
    pub object_id: Option<String>,
    /// Its name at the time.
    pub object_label: String,
    /// The fields that changed, as JSON.
    changes: String,
    /// The hash of the entry before it.
    prev_hash: Vec<u8>,
    /// Its own.
    hash: Vec<u8>,
}

/// A field that was changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was; [`Value::Null`]: nothing.
    pub old: Value,
    /// What it is.
    pub new: Value,
}

impl Entry {
    /// The fields that changed, by name.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldChange> {
        let fields: Map<String, Value> = serde_json::from_str(&self.changes).unwrap_or_default();
        let part = |change: &Value, name: &str| change.get(name).cloned().unwrap_or_default();
        let change = |(field, change): (String, Value)| FieldChange {
            field,
            old: part(&change, "old"),
            new: part(&change, "new"),
        };
        fields.into_iter().map(change).collect()
    }

    /// Its hash, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&self.hash)
    }

    /// The hash of the entry before it, in hexadecimal digits.
    #[must_use]
    pub fn prev_hash(&self) -> String {
        hex(&self.prev_hash)
    }

    /// The entry for programs; times as RFC 3339.
    #[must_use]
    pub fn document(&self) -> Value {
        let changes: Value = serde_json::from_str(&self.changes).unwrap_or_default();
        json!({
            "seq": self.seq,
            "at": self.at.rfc3339(),
            "actor_id": self.actor_id,
            "actor": self.actor_label,
            "actor_role": self.actor_role,
            "request_id": self.request_id,
            "action": self.action,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "object": self.object_label,
            "changes": changes,
            "prev_hash": self.prev_hash(),
            "hash": self.hash(),
        })
    }

    /// The same as cells of a table, in the order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> Vec<String> {
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        vec![
            self.seq.to_string(),
            self.at.rfc3339(),
            self.actor_id.map_or_else(String::new, |id| id.to_string()),
            self.actor_label.clone(),
            text(self.actor_role.as_ref()),
            text(self.request_id.as_ref()),
            self.action.clone(),
            self.object_type.clone(),
            text(self.object_id.as_ref()),
            self.object_label.clone(),
            self.changes.clone(),
            self.prev_hash(),
            self.hash(),
        ]
    }
}

/// The columns of an export.
pub const COLUMNS: [&str; 13] = [
    "seq",
    "at",
    "actor_id",
    "actor",
    "actor_role",
    "request_id",
    "action",
    "object_type",
    "object_id",
    "object",
    "changes",
    "prev_hash",
    "hash",
];

/// Whether the chain holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Chain {
    /// Each entry fits the one before it, and the end is where it was noted.
    Holds(Head),
    /// The first entry that does not fit, or is missing.
    BrokenAt(i64),
}

impl Chain {
    /// For programs.
    #[must_use]
    pub fn document(&self) -> Value {
        match self {
            Self::Holds(head) => json!({
                "holds": true,
                "seq": head.seq,
                "hash": hex(&head.hash),
            }),
            Self::BrokenAt(seq) => json!({ "holds": false, "broken_at": seq }),
        }
    }
}
