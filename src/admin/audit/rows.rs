//! Entries of the history as rows.

use super::fields;
use crate::{admin::words, history::Entry, language::Message, moment::Moment, paths, users::Role};

/// An entry in a list.
pub struct Row {
    /// Its page.
    pub href: String,
    /// When.
    pub when: Moment,
    /// Who, with the role at the time.
    pub who: Message,
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
    pub field: Message,
    /// What it was.
    pub old: Message,
    /// What it is.
    pub new: Message,
}

impl Row {
    /// A row with its times in the zone of this name.
    #[must_use]
    pub fn new(entry: &Entry, zone: &str) -> Self {
        let changes = entry.changes().into_iter().map(|change| Changed {
            field: fields::name(&change.field),
            old: fields::value(&change.field, &change.old, zone),
            new: fields::value(&change.field, &change.new, zone),
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

fn who(entry: &Entry) -> Message {
    let name = Message::verbatim(&entry.actor_label);
    match &entry.actor_role {
        Some(role) => {
            let known = Role::from_word(role).map(Role::message);
            let role = known.unwrap_or_else(|| Message::verbatim(role));
            Message::new("somebody-as")
                .with("name", name)
                .with("role", role)
        }
        None => name,
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
