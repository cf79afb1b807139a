//! Puts a backup in the place of the database: verified first, at once and as a whole, while
//! nobody uses it. The database that was there is kept.
//!
//! A backup knows nothing of what came after it: who signed out, which token was ended. So nobody
//! is signed in afterwards unless that is asked for.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
};

use serde::Serialize;
use tempfile::{NamedTempFile, TempPath};

use super::{
    folder::Folder,
    snapshot,
    store::{self, Folded},
    verification::{self, Verification},
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{DatabaseLock, Db, transaction},
    error::{Error, Result},
};

/// How a restore ended.
#[derive(Debug)]
pub enum Restore {
    /// The backup is the database now.
    Done(Restored),
    /// Not restored: the file does not hold.
    Unfit(Verification),
    /// Not restored: a server, a command or another program uses the database.
    InUse,
}

/// What was put where.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Restored {
    /// The backup.
    pub file: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// Where the former database is; `None` when there was none.
    pub kept: Option<PathBuf>,
    /// How many ballots there are now.
    pub ballots: i64,
    /// How many there were; `None` when that cannot be read.
    pub ballots_before: Option<i64>,
    /// How many sessions were ended.
    pub sessions_ended: u64,
    /// How many personal access tokens were ended.
    pub tokens_ended: u64,
    /// Whether they were left as the backup has them.
    pub keeps_sign_ins: bool,
}

/// Puts the backup in `file` in the place of `database`. Unless `keeps_sign_ins`, every session
/// and every token in it ends.
///
/// # Errors
/// When a file cannot be read or written. Until the very last step the database is untouched.
pub async fn restore(
    file: &Path,
    database: &Path,
    keeps_sign_ins: bool,
    now: Timestamp,
) -> Result<Restore> {
    // Of a link the target is replaced.
    let database = &fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let Some(_lock) = DatabaseLock::exclusive(database)? else {
        return Ok(Restore::InUse);
    };
    let verified = verification::verify(file, now).await?;
    if !verified.is_sound() {
        return Ok(Restore::Unfit(verified));
    }
    let mut restored = Restored {
        file: file.to_owned(),
        database: database.clone(),
        ballots: verified.ballots,
        keeps_sign_ins,
        ..Restored::default()
    };
    let draft = copy(file, database).map_err(|error| failed(database, &error))?;
    prepare(&draft, keeps_sign_ins, &mut restored, now).await?;
    let kept = Folder::new(snapshot::folder_of(database), database).name_before_restore(now);
    if database.exists() {
        match fold(database, &mut restored).await {
            Folded::InUse => return Ok(Restore::InUse),
            Folded::Whole => set_aside(database, &kept),
            Folded::Broken => set_aside(database, &kept).and_then(|()| move_log(database, &kept)),
        }
        .map_err(|error| failed(database, &error))?;
        restored.kept = Some(kept);
    } else {
        // A log outlives a database that somebody took away.
        move_log(database, &kept).map_err(|error| failed(database, &error))?;
    }
    put_in_place(draft, database).map_err(|error| failed(database, &error))?;
    Ok(Restore::Done(restored))
}

/// A copy beside the database, which belongs to the database's owner.
fn copy(file: &Path, database: &Path) -> io::Result<TempPath> {
    let mut draft = snapshot::draft(database)?;
    io::copy(&mut File::open(file)?, &mut draft)?;
    keep_owner(database, &draft)?;
    Ok(draft.into_temp_path())
}

/// Whoever runs the command need not be whoever runs the site.
fn keep_owner(database: &Path, draft: &NamedTempFile) -> io::Result<()> {
    let Ok(old) = fs::metadata(database) else {
        // It will belong to whom the folder belongs to.
        if let Ok(folder) = fs::metadata(snapshot::folder_of(database)) {
            chown(draft.path(), Some(folder.uid()), Some(folder.gid())).ok();
        }
        return Ok(());
    };
    let new = draft.as_file().metadata()?;
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        chown(draft.path(), Some(old.uid()), Some(old.gid()))?;
    }
    Ok(())
}

/// Brings the copy up to date, ends what nobody may come back with, and notes it in its history.
async fn prepare(
    draft: &Path,
    keeps_sign_ins: bool,
    restored: &mut Restored,
    now: Timestamp,
) -> Result<()> {
    let db = Db::connect_alone(draft).await?;
    db.migrate().await?;
    let name = restored.file.file_name().unwrap_or_default();
    let change = Change::new("backup_restored", "database", 1, &name.to_string_lossy());
    let ended: Result<_> = transaction!(db, |tx| {
        audit::append(tx, &Actor::CommandLine, change, now).await?;
        if keeps_sign_ins {
            (0, 0)
        } else {
            store::end_sign_ins(tx).await?
        }
    });
    db.close().await;
    (restored.sessions_ended, restored.tokens_ended) = ended?;
    // All of it has to be in the one file that is put in place, and safe there.
    if !matches!(store::fold(draft).await, Folded::Whole) {
        return Err(Error::unavailable(
            "the copy could not be finished; is the disk full?",
        ));
    }
    let synced = File::open(draft).and_then(|file| file.sync_all());
    synced.map_err(|error| failed(&restored.database, &error))
}

/// SQLite is not shown a file that is none of its own: it would remove the log beside it.
async fn fold(database: &Path, restored: &mut Restored) -> Folded {
    if !verification::is_sqlite(database) {
        return Folded::Broken;
    }
    restored.ballots_before = count_ballots(database).await;
    store::fold(database).await
}

async fn count_ballots(database: &Path) -> Option<i64> {
    let db = Db::read_only(database).await.ok()?;
    let contents = store::contents(&db).await;
    db.close().await;
    contents.ok().map(|contents| contents.ballots)
}

/// A second name for the database, so that there is one under its own name at any moment.
fn set_aside(database: &Path, kept: &Path) -> io::Result<()> {
    fs::hard_link(database, kept)?;
    snapshot::sync_folder(database)
}

/// A log that could not be folded into its file goes with it: beside another file it would be
/// taken for that one's.
fn move_log(database: &Path, kept: &Path) -> io::Result<()> {
    for suffix in ["-wal", "-shm", "-journal"] {
        let of = |file: &Path| {
            let mut name = file.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        match fs::rename(of(database), of(kept)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    snapshot::sync_folder(database)
}

fn put_in_place(draft: TempPath, database: &Path) -> io::Result<()> {
    draft.persist(database)?;
    snapshot::sync_folder(database)
}

fn failed(database: &Path, error: &io::Error) -> Error {
    let database = database.display();
    Error::unavailable(format!("cannot restore {database}: {error}"))
}
