//! How backups stand, in the console's words.

use crate::{
    backup::{Overview, Status},
    clock::Timestamp,
    language::Message,
    moment::Moment,
    system::{ago, size_in_words},
};

/// A line: what it is about, and what is so.
pub struct Fact {
    /// The id of a message.
    pub label: &'static str,
    /// What is so.
    pub text: Message,
}

impl Fact {
    const fn new(label: &'static str, text: Message) -> Self {
        Self { label, text }
    }
}

/// Everything that is known, for the page on the system.
#[must_use]
pub fn facts(status: &Status, zone: &str, now: Timestamp) -> Vec<Fact> {
    let Status::On(overview) = status else {
        return vec![Fact::new("backups", summary(status, now))];
    };
    let mut facts = vec![Fact::new("backup-last", summary(status, now))];
    if overview.last.is_some() {
        let kept = Message::new("count-backups").with("count", overview.count);
        facts.push(Fact::new("backups-kept", kept));
    }
    let next = overview.next.map_or_else(
        || Message::new("backup-unscheduled"),
        |at| Message::new("backup-due").with("time", Moment::new(at, zone)),
    );
    facts.push(Fact::new("backup-next", next));
    if let Some(free) = overview.free {
        let free = size_in_words(i64::try_from(free).unwrap_or(i64::MAX));
        facts.push(Fact::new("disk-space-left", free));
    }
    facts
}

/// The most important of it in one line, for the overview.
#[must_use]
pub fn summary(status: &Status, now: Timestamp) -> Message {
    match status {
        Status::Elsewhere => Message::new("backups-elsewhere"),
        Status::Off => Message::new("backups-off"),
        Status::On(overview) => last(overview, now),
    }
}

/// What to do about it.
#[must_use]
pub fn hint() -> Message {
    Message::new("backups-hint").with("setting", "ROLECALL_BACKUP_DIR")
}

/// Whether somebody has to look after it.
#[must_use]
pub const fn is_amiss(status: &Status) -> bool {
    match status {
        Status::Elsewhere => false,
        Status::Off => true,
        Status::On(overview) => overview.failure.is_some() || overview.is_late,
    }
}

fn last(overview: &Overview, now: Timestamp) -> Message {
    let made = match &overview.last {
        Some(last) => Message::new("backup-made")
            .with("ago", ago(last.at, now))
            .with(
                "size",
                size_in_words(i64::try_from(last.size).unwrap_or(i64::MAX)),
            ),
        None => Message::new("backup-never"),
    };
    let but = match &overview.failure {
        Some(failure) => Message::new("backup-failed")
            .with("ago", ago(failure.at, now))
            .with("why", &failure.why),
        None if overview.is_late => Message::new("backup-late"),
        None => return made,
    };
    Message::new("backup-but")
        .with("made", made)
        .with("but", but)
}
