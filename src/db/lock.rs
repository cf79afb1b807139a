//! Who works with a SQLite file: told to other processes of this program by a lock on a file
//! beside it, which the system gives up when the process ends, however it ends.
//!
//! SQLite's own locks do not tell: they are taken and left with every transaction, and follow a
//! file that is replaced to wherever it went.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// A lock on a SQLite file, for as long as it lives.
#[derive(Debug)]
pub struct DatabaseLock {
    _file: File,
}

impl DatabaseLock {
    /// One of several that work with the file.
    ///
    /// # Errors
    /// When somebody has it for themselves.
    pub fn shared(database: &Path) -> Result<Self> {
        let path = beside(database);
        let file = open(database, &path).map_err(|error| unusable(&path, &error))?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::unavailable(format!(
                "{} is being restored or moved; try again when that has ended",
                database.display()
            ))),
            Err(TryLockError::Error(error)) => Err(unusable(&path, &error)),
        }
    }

    /// The only one that works with the file; `None` while others do.
    ///
    /// # Errors
    /// When the lock cannot be asked for.
    pub fn exclusive(database: &Path) -> Result<Option<Self>> {
        let path = beside(database);
        let file = open(database, &path).map_err(|error| unusable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(unusable(&path, &error)),
        }
    }

    /// Whether somebody works with the file at this moment; leaves nothing behind.
    #[must_use]
    pub fn is_held(database: &Path) -> bool {
        let lock = File::open(beside(database));
        lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

/// Of a link the target counts, which others may know by another name.
fn beside(database: &Path) -> PathBuf {
    let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    database.with_added_extension("lock")
}

/// It is never removed: somebody might wait for the lock on a file that is not there any more.
fn open(database: &Path, path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).mode(0o600).open(path)?;
    // Whoever types a command need not be whoever runs the site.
    // Where there is no database yet, it will belong to whom the folder belongs to.
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let owner = fs::metadata(database);
    if let Ok(owner) = owner.or_else(|_| fs::metadata(folder.unwrap_or(Path::new(".")))) {
        let lock = file.metadata()?;
        if (owner.uid(), owner.gid()) != (lock.uid(), lock.gid()) {
            chown(path, Some(owner.uid()), Some(owner.gid())).ok();
        }
    }
    Ok(file)
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    Error::unavailable(format!("cannot open {}: {error}", path.display()))
}
