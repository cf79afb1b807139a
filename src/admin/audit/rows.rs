//! Entries of the history as rows, and their values as people read them.

use serde_json::Value;

use crate::{
    admin::words, clock::Timestamp, history::Entry, language::Message, moment::Moment, paths,
};

/// An entry in a list.
pub struct Row {
    /// Its page.
    pub href: String,
    /// When.
    pub when: Moment,
    /// Who, with the role at the time.
    pub who: String,
    /// Who, by key.
    pub actor: Option<i64>,
    /// What was done.
    pub what: Message,
    /// To what.
    pub label: String,
    /// Where that is found.
    pub target: Option<String>,
    /// The fields that changed.
    pub changes: Vec<Changed>,
}

/// A field that was changed, in words.
pub struct Changed {
    /// Its name.
    pub field: String,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
}

impl Row {
    /// A row with its times in the zone of this name.
    #[must_use]
    pub fn new(entry: &Entry, zone: &str) -> Self {
        let changes = entry.changes().into_iter().map(|change| Changed {
            old: in_words(&change.field, &change.old, zone),
            new: in_words(&change.field, &change.new, zone),
            field: words::field(&change.field),
        });
        Self {
            href: paths::with_id(paths::ADMIN_AUDIT_ENTRY, entry.seq),
            when: Moment::new(entry.at, zone),
            who: who(entry),
            actor: entry.actor_id,
            what: words::action(&entry.action),
            label: entry.object_label.clone(),
            target: target(entry),
            changes: changes.collect(),
        }
    }
}

fn who(entry: &Entry) -> String {
    match &entry.actor_role {
        Some(role) => format!("{} ({role})", entry.actor_label),
        None => entry.actor_label.clone(),
    }
}

/// Where the thing is found that was changed; what was deleted is nowhere.
fn target(entry: &Entry) -> Option<String> {
    let page = match entry.object_type.as_str() {
        _ if entry.action == "poll_deleted" => return None,
        "poll" => paths::ADMIN_POLL,
        "user" => paths::ADMIN_USER,
        _ => return None,
    };
    Some(paths::with_id(page, entry.object_id.as_ref()?))
}

/// A value as people read it: a time for a field that holds one.
fn in_words(field: &str, value: &Value, zone: &str) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) if field.ends_with("_at") => {
            let millis = number.as_i64().unwrap_or_default();
            Moment::new(Timestamp::from_millis(millis), zone).text()
        }
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let values = values.iter().map(|value| in_words("", value, zone));
            values.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A20.
    #[test]
    fn values_are_said_as_people_read_them() {
        for (field, value, said) in [
            (
                "closed_at",
                json!(1_773_316_800_000_i64),
                "12 March 2026, 12:00 UTC",
            ),
            ("closed_at", json!(null), "nothing"),
            ("quorum", json!(5), "5"),
            ("review", json!(true), "yes"),
            ("question", json!("Which day?"), "Which day?"),
            ("choices", json!(["a", "b"]), "a; b"),
        ] {
            assert_eq!(in_words(field, &value, "UTC"), said, "{field}");
        }
    }
}
