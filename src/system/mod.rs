//! The state of this installation, for whoever has to keep it running: versions, schema, sizes.
//! Knows no feature.

mod store;

use crate::{
    audit,
    clock::Timestamp,
    db::Db,
    error::Result,
    history::{self, Chain},
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
pub fn size_in_words(bytes: i64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    let unit = units.into_iter().find(|(size, _)| bytes >= *size);
    match unit {
        Some((size, unit)) => {
            let tenths = bytes.saturating_mul(10) / size;
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

/// How long ago something was, in words: `3 minutes ago`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(at).as_secs();
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_with_one_digit_after_the_point() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_449_000, "1.4 MB"),
            (23_000_000_000, "23.0 GB"),
        ] {
            assert_eq!(size_in_words(bytes), said);
        }
    }

    #[test]
    fn what_was_a_while_ago_is_said_in_the_largest_unit_that_fits() {
        let now = Timestamp::from_millis(1_000_000_000);
        for (seconds, said) in [
            (0, "0 seconds ago"),
            (1, "1 second ago"),
            (119, "1 minute ago"),
            (7200, "2 hours ago"),
            (200_000, "2 days ago"),
        ] {
            let at = now.minus(std::time::Duration::from_secs(seconds));
            assert_eq!(ago(at, now), said);
        }
    }
}
