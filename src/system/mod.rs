//! The state of this installation, for whoever has to keep it running: versions, schema, sizes.
//! Knows no feature.

mod store;

use std::path::Path;

use crate::{
    audit,
    clock::Timestamp,
    db::Db,
    error::Result,
    history::{self, Chain},
    language::{Message, Value},
};

/// The newest entries of the history whose hashes are tried for an overview; the page that
/// verifies tries them all.
const TRIED: i64 = 200;

/// What is known of the database.
#[derive(Clone, Debug)]
pub struct Database {
    /// What it is, with its version.
    pub version: String,
    /// The migrations of its schema, the newest first.
    pub migrations: Vec<Migration>,
    /// Its size, in bytes.
    pub size: i64,
    /// The size of the write-ahead log, in bytes; absent where the server keeps it.
    pub log: Option<i64>,
}

/// A migration that has been applied.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub description: String,
}

/// Looks at the database.
///
/// # Errors
/// When it does not answer.
pub async fn database(db: &Db) -> Result<Database> {
    let (size, log) = store::sizes(db).await?;
    Ok(Database {
        version: db.version().await?,
        migrations: store::migrations(db).await?,
        size,
        log,
    })
}

/// The size of the write-ahead log, in bytes; absent where the server keeps it.
///
/// # Errors
/// When the database does not answer.
pub async fn log_size(db: &Db) -> Result<Option<i64>> {
    Ok(store::sizes(db).await?.1)
}

/// Warns when the write-ahead log is as long as `limit`, in bytes. SQLite folds it into the file at
/// four million; while somebody reads an earlier state of the database it cannot.
pub async fn warn_of_long_log(db: &Db, limit: i64) {
    match log_size(db).await {
        Ok(Some(size)) if size >= limit => tracing::warn!(
            size,
            limit,
            "the write-ahead log grows: somebody reads an earlier state of the database, as a shell or \
             a copying program does that was left open; votes go on until the disk is full"
        ),
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "the write-ahead log was not looked at"),
    }
}

/// The room left on the disk that `folder` is on, in bytes; `None` when it is not known.
#[must_use]
pub fn free_space(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether the newest part of the history holds.
///
/// # Errors
/// When the database does not answer.
pub async fn newest_history(db: &Db) -> Result<Chain> {
    let head = history::head(db).await?;
    Ok(
        match audit::verify_after(db, (head.seq - TRIED).max(0)).await? {
            Some(seq) => Chain::BrokenAt(seq),
            None => Chain::Holds(head),
        },
    )
}

/// A size in words: `1.4 MB`, in steps of a thousand.
#[must_use]
pub fn size_in_words(bytes: i64) -> Message {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    let unit = units.into_iter().find(|(size, _)| bytes >= *size);
    match unit {
        Some((size, unit)) => {
            let tenths = bytes.saturating_mul(10) / size;
            let number = Value::decimal(format!("{}.{}", tenths / 10, tenths % 10));
            Message::new("size-in-unit")
                .with("number", number)
                .with("unit", unit)
        }
        None => Message::new("size-in-bytes").with("count", bytes),
    }
}

/// How long ago something was, in words: `3 minutes ago`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> Message {
    let seconds = now.since(at).as_secs();
    let (number, id) = match seconds {
        0..60 => (seconds, "seconds-ago"),
        60..3600 => (seconds / 60, "minutes-ago"),
        3600..86_400 => (seconds / 3600, "hours-ago"),
        _ => (seconds / 86_400, "days-ago"),
    };
    Message::new(id).with("count", number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;

    fn said(message: Message) -> String {
        Locale::default().t(message).plain()
    }

    #[test]
    fn sizes_are_said_with_one_digit_after_the_point() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_449_000, "1.4 MB"),
            (23_000_000_000, "23.0 GB"),
        ] {
            assert_eq!(said(size_in_words(bytes)), words);
        }
    }

    #[test]
    fn what_was_a_while_ago_is_said_in_the_largest_unit_that_fits() {
        let now = Timestamp::from_millis(1_000_000_000);
        for (seconds, words) in [
            (0, "0 seconds ago"),
            (1, "1 second ago"),
            (119, "1 minute ago"),
            (7200, "2 hours ago"),
            (200_000, "2 days ago"),
        ] {
            let at = now.minus(std::time::Duration::from_secs(seconds));
            assert_eq!(said(ago(at, now)), words);
        }
    }
}
