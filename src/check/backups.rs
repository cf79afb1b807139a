//! Whether there is a way back: backups of a SQLite database.

use std::path::Path;

use super::Finding;
use crate::{
    backup::{Backup, Folder},
    clock::Timestamp,
    config::{BackupConfig, Config},
    db,
    language::Locale,
    system::{self, ago, size_in_words},
};

const CHECK: &str = "backup";

/// Of the backups that are configured; nothing for PostgreSQL.
pub fn findings(config: &Config, now: Timestamp) -> Vec<Finding> {
    let database = db::sqlite_file(config.database.url.expose());
    let database = database.map(|file| finding(&file, &config.backup, now));
    database.into_iter().collect()
}

fn finding(database: &Path, config: &BackupConfig, now: Timestamp) -> Finding {
    let Some(dir) = &config.dir else {
        return Finding::warn(
            CHECK,
            "No backups are made.",
            "Set ROLECALL_BACKUP_DIR to a folder on another disk, or call `rolecall backup` on a schedule.",
        );
    };
    let shown = dir.display();
    if let Err(error) = tempfile::tempfile_in(dir) {
        return Finding::fail(
            CHECK,
            format!("Nothing can be written into {shown}: {error}."),
            "Make the folder, and give this program the right to write to it.",
        );
    }
    let backups = Folder::new(dir, database).list().unwrap_or_default();
    let free = system::free_space(dir);
    let Some(last) = backups.iter().find(|backup| backup.at <= now) else {
        return match config.every {
            Some(_) => Finding::ok(
                CHECK,
                format!("The server will make the first one in {shown}."),
            ),
            None => Finding::warn(
                CHECK,
                format!("There is none in {shown}, and none are scheduled."),
                "Call `rolecall backup` on a schedule, or set ROLECALL_BACKUP_EVERY.",
            ),
        };
    };
    let said = said(last, backups.len(), free, now);
    let late = config
        .every
        .map(|every| last.at.plus(every.saturating_mul(2)));
    if late.is_some_and(|late| late < now) {
        return Finding::warn(
            CHECK,
            said,
            "It is older than two of them should be: does the server run? Its log says what went wrong.",
        );
    }
    Finding::ok(CHECK, said)
}

fn said(last: &Backup, count: usize, free: Option<u64>, now: Timestamp) -> String {
    let locale = Locale::default();
    let size = |bytes| {
        locale
            .t(size_in_words(i64::try_from(bytes).unwrap_or(i64::MAX)))
            .plain()
    };
    let free = free.map(|free| format!(", {} free", size(free)));
    format!(
        "The last one, {}, was made {} ({}; {count} kept{}).",
        last.path.display(),
        locale.t(ago(last.at, now)).plain(),
        size(last.size),
        free.unwrap_or_default()
    )
}
