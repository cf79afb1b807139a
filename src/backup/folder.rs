//! The folder of backups: what they are called, and which of them stay. A file of another name is
//! somebody else's and is left alone.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{civil::DateTime, tz::TimeZone};

use crate::clock::Timestamp;

/// The moment in a name, in UTC: ISO 8601 in its basic form.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// How the name of a file begins that is not a backup yet.
pub(super) const DRAFT: &str = ".rolecall-backup-";

/// How long making a backup can take.
const LONGEST: Duration = Duration::from_hours(24);

/// A backup in the folder. It was verified before it was given its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made, to the second.
    pub at: Timestamp,
    /// Its size in bytes.
    pub size: u64,
}

/// The folder, as far as the backups of one database go.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// The name of the database without its extension.
    stem: String,
}

impl Folder {
    /// The backups of `database` in the folder `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, database: &Path) -> Self {
        let stem = database.file_stem().unwrap_or_default();
        Self {
            path: path.into(),
            stem: stem.to_string_lossy().into_owned(),
        }
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What a backup made at `at` is called: `rolecall-20260302T090000Z.db`.
    #[must_use]
    pub fn name(&self, at: Timestamp) -> PathBuf {
        self.named("", at)
    }

    /// What one is called that is made before the schema is changed. It is never removed.
    #[must_use]
    pub fn name_before_migration(&self, at: Timestamp) -> PathBuf {
        self.named("before-migration-", at)
    }

    /// What a database is called that gave way to a backup.
    #[must_use]
    pub fn name_before_restore(&self, at: Timestamp) -> PathBuf {
        self.named("before-restore-", at)
    }

    fn named(&self, occasion: &str, at: Timestamp) -> PathBuf {
        let moment = at
            .in_zone(TimeZone::UTC)
            .map(|at| at.strftime(MOMENT).to_string());
        let (stem, moment) = (&self.stem, moment.unwrap_or_default());
        self.path.join(format!("{stem}-{occasion}{moment}.db"))
    }

    /// The backups in it, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<Backup>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // A link is not ours; what is gone by now is not there.
            let file = entry.metadata().ok().filter(fs::Metadata::is_file);
            let at = self.moment_of(&entry.path());
            found.extend(file.zip(at).map(|(file, at)| Backup {
                path: entry.path(),
                at,
                size: file.len(),
            }));
        }
        found.sort_by_key(|backup| std::cmp::Reverse(backup.at));
        Ok(found)
    }

    /// When the backup of this name was made; `None` for a name that we do not give.
    fn moment_of(&self, path: &Path) -> Option<Timestamp> {
        let name = path.file_name()?.to_str()?;
        let moment = name.strip_prefix(&self.stem)?.strip_prefix('-')?;
        let moment = DateTime::strptime(MOMENT, moment.strip_suffix(".db")?).ok()?;
        let at = moment.to_zoned(TimeZone::UTC).ok()?.timestamp().into();
        (self.name(at) == path).then_some(at)
    }

    /// Removes all but the newest `keep` backups, and what a power cut has left of one that was
    /// being made. One with a name from the future takes nobody's place and stays.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file cannot be removed.
    pub fn tidy(&self, keep: usize, now: Timestamp) -> io::Result<()> {
        let made = self.list()?.into_iter().filter(|backup| backup.at <= now);
        for old in made.skip(keep) {
            remove(&old.path)?;
        }
        self.clear_drafts(now)
    }

    /// Removes what a power cut has left of copies that were being made: each is a whole copy of the
    /// database.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file cannot be removed.
    pub fn clear_drafts(&self, now: Timestamp) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)?.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            let is_draft = entry.file_name().to_string_lossy().starts_with(DRAFT);
            if is_file && is_draft && is_stale(&entry, now) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// A lock that one process at a time can have, for as long as it lives; `None` while another
    /// has it.
    ///
    /// # Errors
    /// When there is no such folder, or it cannot be opened.
    pub fn lock(&self) -> io::Result<Option<File>> {
        let folder = File::open(&self.path)?;
        match folder.try_lock() {
            Ok(()) => Ok(Some(folder)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// What somebody else has removed is removed.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let why = format!("cannot remove {}: {error}", path.display());
            Err(io::Error::new(error.kind(), why))
        }
        _ => Ok(()),
    }
}

/// Whether nobody can be writing it any more.
fn is_stale(entry: &fs::DirEntry, now: Timestamp) -> bool {
    let written = entry.metadata().and_then(|file| file.modified());
    let written = written.map(jiff::Timestamp::try_from);
    matches!(written, Ok(Ok(written)) if now.since(written.into()) > LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_when_and_other_names_are_not_ours() {
        let folder = Folder::new("b", Path::new("/var/lib/rolecall/rolecall.db"));
        let at = Timestamp::from_millis(1_772_442_000_000);
        let name = Path::new("b/rolecall-20260302T090000Z.db");
        assert_eq!(folder.name(at), name);
        assert_eq!(folder.moment_of(name), Some(at));
        for other in [
            "b/rolecall-20260302T090000Z.db.gz",
            "b/rolecall-2026-03-02T09:00:00Z.db",
            "b/rolecall-20260302T090000.db",
            "b/rolecall-20260302T0900000Z.db",
            "b/rolecall-before-migration-20260302T090000Z.db",
            "b/rolecall-before-restore-20260302T090000Z.db",
            "b/other-20260302T090000Z.db",
            "b/rolecall-20261302T090000Z.db",
            "b/rolecall.db",
        ] {
            assert_eq!(folder.moment_of(Path::new(other)), None, "{other}");
        }
    }
}
