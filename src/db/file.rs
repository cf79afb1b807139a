//! The file of a SQLite database: made for its owner's eyes only, looked through before it is
//! served, and what an operator is told when it cannot be used.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use rustix::fs::{Access, access};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use crate::error::{Error, Result};

/// The file of a `sqlite:` address.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let is_sqlite = url.starts_with("sqlite:");
    let options = is_sqlite.then(|| SqliteConnectOptions::from_str(url).ok())?;
    options.map(|options| options.get_filename().to_owned())
}

/// Whether a file that is missing is made.
pub(super) fn may_create(url: &str) -> bool {
    !url.contains("mode=rw") || url.contains("mode=rwc")
}

/// Creates the file for its owner's eyes only; the log files beside it take over its mode.
pub(super) fn create_private(file: &Path, url: &str) -> Result<()> {
    let opened = OpenOptions::new()
        .append(true)
        .create(may_create(url))
        .mode(0o600)
        .open(file);
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // The write-ahead log comes to stand beside it.
    let opened = opened.and_then(|_| Ok(access(folder, Access::WRITE_OK)?));
    opened.map_err(|error| {
        let file = file.display();
        let advice = match error.kind() {
            ErrorKind::NotFound if may_create(url) => {
                "its folder is not there. Make the folder, or correct DATABASE_URL.".to_owned()
            }
            ErrorKind::NotFound => {
                "it is not there, and mode=rw makes no new one. Bring it back, or correct \
                 DATABASE_URL."
                    .to_owned()
            }
            ErrorKind::IsADirectory => {
                format!("it is a folder. Name a file in it: DATABASE_URL=sqlite:{file}/rolecall.db")
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => NOT_WRITABLE.to_owned(),
            _ => error.to_string(),
        };
        Error::unavailable(format!("cannot open {file}: {advice}"))
    })
}

const NOT_WRITABLE: &str = "this user may not write to it or to its folder. Give both to the user \
                            that runs rolecall, or correct DATABASE_URL.";

/// What SQLite says when it cannot open the file, with the file's name.
pub(super) fn unusable(file: &Path, error: &sqlx::Error) -> Error {
    match primary_code(error) {
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => damaged(file, &error.to_string()),
        Some(SQLITE_READONLY | SQLITE_CANTOPEN) => {
            Error::unavailable(format!("cannot open {}: {NOT_WRITABLE}", file.display()))
        }
        _ => Error::unavailable(format!("cannot open {}: {error}", file.display())),
    }
}

const SQLITE_READONLY: u32 = 8;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_NOTADB: u32 = 26;

/// The primary result code of SQLite.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Looks through the file of a `sqlite:` address for damage (SQLite, "PRAGMA `quick_check`") and
/// writes nothing, not even what stands in its write-ahead log. What is not there is not damaged.
///
/// # Errors
/// When the file is damaged.
pub async fn require_undamaged(url: &str) -> Result<()> {
    let Some(file) = sqlite_file(url) else {
        return Ok(());
    };
    let is_empty = std::fs::metadata(&file).map_or(true, |found| found.len() == 0);
    if is_empty || !file.is_file() {
        return Ok(());
    }
    let reader = SqliteConnectOptions::new()
        .filename(&file)
        .read_only(true)
        .log_statements(log::LevelFilter::Trace);
    let found = match reader.connect().await {
        Ok(mut reader) => {
            let found: Result<String, _> = sqlx::query_scalar("PRAGMA quick_check(1)")
                .fetch_one(&mut reader)
                .await;
            // What could not be read to its end need not be closed in order.
            reader.close().await.ok();
            found
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(word) if word == "ok" => Ok(()),
        Ok(damage) => Err(damaged(&file, &damage)),
        Err(error) => Err(unusable(&file, &error)),
    }
}

fn damaged(file: &Path, how: &str) -> Error {
    let (file, how) = (file.display(), how.replace('\n', " "));
    Error::unavailable(format!(
        "{file} is damaged and was left as it is ({how}). Keep a copy of it and of {file}-wal, then \
         bring back the latest backup: rolecall restore FILE"
    ))
}
