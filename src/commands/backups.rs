//! `rolecall backup`, `verify` and `restore`: copies of a SQLite database, and the way back.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

use super::Failure;
use crate::{
    backup::{self, Folder, Restore, Restored, Verification, snapshot},
    clock::Clock,
    config::{BackupConfig, DatabaseConfig},
    db,
    error::Error,
    language::Locale,
    system::size_in_words,
};

/// What operators of PostgreSQL are told.
const ELSEWHERE: &str = "The database is PostgreSQL, which has tools of its own: pg_dump and pg_restore, or the \
     backups of whoever runs the server. docs/backup.md says how.";

/// Arguments of `rolecall backup`.
#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// Where to put it; by default into `ROLECALL_BACKUP_DIR`, under a name that tells the time
    file: Option<PathBuf>,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Arguments of `rolecall verify`.
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    /// The backup
    file: PathBuf,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Arguments of `rolecall restore`.
#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Leave sessions and tokens as they were when the backup was made, sign-outs since then
    /// undone; for a backup of a moment ago
    #[arg(long)]
    keep_sign_ins: bool,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Does what `rolecall backup` asks for; returns what it says.
///
/// # Errors
/// When there is no SQLite database, or the backup cannot be made.
pub async fn back_up(
    args: BackupArgs,
    database: &DatabaseConfig,
    config: &BackupConfig,
    clock: &Clock,
) -> Result<String, Failure> {
    let database = file_of(database)?;
    if !database.exists() {
        let database = database.display();
        return Err(Failure::Refused(format!(
            "There is no database {database}."
        )));
    }
    let now = clock.now();
    let made = match (args.file, &config.dir) {
        (Some(file), _) => snapshot::make(&database, &file, now).await?,
        (None, Some(dir)) => {
            let folder = Folder::new(dir, &database);
            let made = snapshot::make(&database, &folder.name(now), now).await?;
            folder
                .tidy(config.keep.get(), now)
                .map_err(Error::unavailable)?;
            made
        }
        (None, None) => {
            return Err(Failure::Refused(
                "Where to? Name a file, or set ROLECALL_BACKUP_DIR.".to_owned(),
            ));
        }
    };
    said(args.json, &made, || {
        format!("Made and verified. {}", holding(&made))
    })
}

/// Does what `rolecall verify` asks for; returns what it says, and whether the backup holds.
///
/// # Errors
/// When the file cannot be read.
pub async fn verify(args: &VerifyArgs, clock: &Clock) -> Result<(String, bool), Failure> {
    let found = backup::verify(&args.file, clock.now()).await?;
    let text = said(args.json, &found, || {
        if found.is_sound() {
            format!("It holds. {}", holding(&found))
        } else {
            failing(&found)
        }
    })?;
    Ok((text, found.is_sound()))
}

/// Does what `rolecall restore` asks for; returns what it says.
///
/// # Errors
/// When the backup does not hold, the database is in use, or a file cannot be written. The
/// database is then as it was.
pub async fn restore(
    args: &RestoreArgs,
    database: &DatabaseConfig,
    clock: &Clock,
) -> Result<String, Failure> {
    let database = file_of(database)?;
    let restored = backup::restore(&args.file, &database, args.keep_sign_ins, clock.now()).await?;
    match restored {
        Restore::Done(restored) => said(args.json, &restored, || in_words(&restored)),
        Restore::InUse => Err(in_use(&database)),
        Restore::Unfit(found) => Err(Failure::Refused(format!(
            "{}\nNothing was restored; {} is as it was.",
            failing(&found),
            database.display()
        ))),
    }
}

/// The file of the database.
fn file_of(database: &DatabaseConfig) -> Result<PathBuf, Failure> {
    let file = db::sqlite_file(database.url.expose());
    file.ok_or_else(|| Failure::Refused(ELSEWHERE.to_owned()))
}

/// What is said when somebody else works with a file that has to be left alone.
pub(super) fn in_use(database: &Path) -> Failure {
    Failure::Refused(format!(
        "{} is in use. Stop the server, and whatever else works with it, then try again.",
        database.display()
    ))
}

/// The same for people and for programs.
pub(super) fn said(
    as_json: bool,
    document: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<String, Failure> {
    if as_json {
        let document = serde_json::to_string_pretty(document);
        return Ok(document.map_err(Error::internal)?);
    }
    Ok(text())
}

fn holding(found: &Verification) -> String {
    let size = i64::try_from(found.size).unwrap_or(i64::MAX);
    let mut text = format!(
        "{file}: {size}; schema {schema}; people: {people}, polls: {polls}, ballots: {ballots}, seals: {seals}.",
        file = found.file.display(),
        size = Locale::default().t(size_in_words(size)).plain(),
        schema = found.schema.unwrap_or_default(),
        people = found.people,
        polls = found.polls,
        ballots = found.ballots,
        seals = found.seals,
    );
    for note in &found.notes {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{note}");
    }
    text
}

fn failing(found: &Verification) -> String {
    let file = found.file.display();
    format!("{file} does not hold:\n  {}", found.problems.join("\n  "))
}

/// Where a path leads from here, so that nobody takes it for another.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn in_words(restored: &Restored) -> String {
    let mut lines = vec![format!(
        "{} is the database now: {}, with {} ballots.",
        restored.file.display(),
        absolute(&restored.database).display(),
        restored.ballots
    )];
    if let Some(kept) = &restored.kept {
        let held = restored.ballots_before.map_or_else(
            || "It could not be read.".to_owned(),
            |ballots| format!("It holds {ballots} ballots."),
        );
        lines.push(format!(
            "The one before it is kept: {}. {held}",
            kept.display()
        ));
    } else {
        lines.push("There was no database there before.".to_owned());
    }
    lines.push(if restored.keeps_sign_ins {
        "Sessions and tokens are as they were in the backup: whoever has signed out since is signed \
         in again."
            .to_owned()
    } else {
        format!(
            "Sessions ended: {}, personal access tokens ended: {}. Everybody signs in anew.",
            restored.sessions_ended, restored.tokens_ended
        )
    });
    lines.push(
        "What was done after the backup was made is undone: people who were deactivated since, for \
         instance, have to be deactivated again."
            .to_owned(),
    );
    lines.join("\n")
}
