//! Backups on schedule. When the next one is due is read off the folder, so that a restart changes
//! nothing, and of several processes that share a database one makes it.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{task::spawn_blocking, time::MissedTickBehavior};

use super::{
    folder::{Backup, Folder},
    snapshot,
};
use crate::{
    clock::{Clock, Timestamp},
    config::{BackupConfig, DatabaseConfig},
    db,
    error::{Error, Result},
    system,
};

/// How often the server looks whether one is due.
const ROUND: Duration = Duration::from_mins(1);

/// How long after a failure the next attempt comes.
const PAUSE: Duration = Duration::from_mins(15);

/// The backups of this installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Backups(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    clock: Clock,
    config: BackupConfig,
    /// The file of a SQLite database.
    database: Option<PathBuf>,
    failure: Mutex<Option<Failure>>,
}

/// Why there is no backup where there should be one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// When it was tried.
    pub at: Timestamp,
    /// What went wrong, for operators.
    pub why: String,
}

/// How backups stand.
#[derive(Clone, Debug)]
pub enum Status {
    /// PostgreSQL has tools of its own.
    Elsewhere,
    /// None are made.
    Off,
    /// They are made into a folder.
    On(Overview),
}

/// The backups in the folder.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The last one; it was verified.
    pub last: Option<Backup>,
    /// How many there are.
    pub count: usize,
    /// When the next one is due; `None` without a schedule.
    pub next: Option<Timestamp>,
    /// Room left on the disk, in bytes.
    pub free: Option<u64>,
    /// What went wrong when one was last tried; `None` when nothing did.
    pub failure: Option<Failure>,
    /// Whether the last one is older than two of them should be.
    pub is_late: bool,
}

impl Backups {
    /// The backups of `database`.
    #[must_use]
    pub fn new(database: &DatabaseConfig, config: &BackupConfig, clock: Clock) -> Self {
        Self(Arc::new(Parts {
            clock,
            config: config.clone(),
            database: db::sqlite_file(database.url.expose()),
            failure: Mutex::default(),
        }))
    }

    /// Makes backups for as long as it is polled.
    pub async fn keep(self) {
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            // What went wrong is in the log and in the overview.
            self.make_due().await.ok();
        }
    }

    /// Makes the backup that is due, if one is, and removes those that are too old.
    ///
    /// # Errors
    /// When it cannot be made. The next attempt comes a quarter of an hour later.
    pub async fn make_due(&self) -> Result<Option<PathBuf>> {
        let parts = &*self.0;
        let now = parts.clock.now();
        let paused = self
            .failure()
            .is_some_and(|failure| now < failure.at.plus(PAUSE));
        let (Some(folder), Some(every)) = (self.folder(), parts.config.every) else {
            return Ok(None);
        };
        if paused {
            return Ok(None);
        }
        let made = self.make(&folder, every, now).await;
        let failure = made.as_ref().err().map(|error| Failure {
            at: now,
            why: error.explained(),
        });
        if let Some(Failure { why, .. }) = &failure {
            tracing::error!(error = why, "the backup that is due could not be made");
        }
        *self
            .0
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = failure;
        made
    }

    async fn make(
        &self,
        folder: &Folder,
        every: Duration,
        now: Timestamp,
    ) -> Result<Option<PathBuf>> {
        let Parts {
            config,
            database: Some(database),
            ..
        } = &*self.0
        else {
            return Ok(None);
        };
        let unusable = |error: io::Error| {
            let folder = folder.path().display();
            Error::unavailable(format!("cannot use the folder {folder}: {error}"))
        };
        let looked = folder.clone();
        let looking = spawn_blocking(move || Ok((looked.lock()?, looked.list()?)));
        // Whoever else has the lock makes the backup.
        let (Some(_lock), backups) = looking.await.map_err(Error::internal)?.map_err(unusable)?
        else {
            return Ok(None);
        };
        let last = newest(&backups, now);
        if last.is_some_and(|last| now < last.at.plus(every)) {
            return Ok(None);
        }
        let target = folder.name(now);
        let made = snapshot::make(database, &target, now).await?;
        tracing::info!(file = %target.display(), size = made.size, "a backup was made and verified");
        let (tidied, keep) = (folder.clone(), config.keep.get());
        let tidying = spawn_blocking(move || tidied.tidy(keep, now));
        if let Err(error) = tidying.await.map_err(Error::internal)? {
            tracing::error!(%error, "the backup was made, and an older one is in the way");
        }
        Ok(Some(target))
    }

    /// How they stand. The folder may be on a disk that does not answer: nobody else waits for it.
    pub async fn status(&self) -> Status {
        let backups = self.clone();
        let looking = spawn_blocking(move || backups.look());
        looking.await.unwrap_or(Status::Off)
    }

    fn look(&self) -> Status {
        if self.0.database.is_none() {
            return Status::Elsewhere;
        }
        self.folder()
            .map_or(Status::Off, |folder| Status::On(self.overview(&folder)))
    }

    fn overview(&self, folder: &Folder) -> Overview {
        let (now, every) = (self.0.clock.now(), self.0.config.every);
        let (backups, failure) = match folder.list() {
            Ok(backups) => (backups, self.failure()),
            Err(error) => {
                let why = error.to_string();
                let noted = self.failure();
                (Vec::new(), noted.or(Some(Failure { at: now, why })))
            }
        };
        let last = newest(&backups, now);
        let due = |every| last.as_ref().map_or(now, |last| last.at.plus(every));
        let is_late = |every: Duration| now > due(every.saturating_mul(2));
        Overview {
            count: backups.len(),
            next: every.map(due),
            free: system::free_space(folder.path()),
            failure,
            is_late: every.is_some_and(is_late),
            last,
        }
    }

    fn folder(&self) -> Option<Folder> {
        let database = self.0.database.as_ref()?;
        let dir = self.0.config.dir.as_ref()?;
        Some(Folder::new(dir, database))
    }

    fn failure(&self) -> Option<Failure> {
        let failure = self.0.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The last one before `now`: a name from the future, left by a clock that was wrong, does not
/// keep others from being made.
fn newest(backups: &[Backup], now: Timestamp) -> Option<Backup> {
    backups.iter().find(|backup| backup.at <= now).cloned()
}
