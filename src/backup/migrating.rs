//! A schema never goes back, so a copy is made before it goes forward.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{folder::Folder, snapshot};
use crate::{
    clock::Clock,
    config::{BackupConfig, DatabaseConfig},
    db::{self, Db},
    error::{Error, Result},
};

/// Brings the schema up to date. Before that changes a SQLite database that is in use, a backup is
/// made, unless it is not wanted: in the folder of backups, else beside the database.
///
/// # Errors
/// When no backup could be made, and then nothing was changed; when a migration fails, or the
/// schema is newer than this program.
pub async fn migrate(
    db: &Db,
    database: &DatabaseConfig,
    config: &BackupConfig,
    clock: &Clock,
) -> Result<()> {
    let file = db::sqlite_file(database.url.expose());
    if let Some(file) = &file {
        let beside = Folder::new(snapshot::folder_of(file), file);
        // What cannot be cleared away is in nobody's way.
        beside.clear_drafts(clock.now()).ok();
    }
    let mut made = None;
    if let Some(file) = file.filter(|_| config.before_migration)
        && is_behind(db).await?
    {
        let copy = back_up(&file, config, clock).await;
        made = copy.map_err(|error| {
            Error::unavailable(format!(
                "the schema was left as it is, because no backup could be made before changing it: \
                 {}. ROLECALL_BACKUP_BEFORE_MIGRATION=off does without one",
                error.explained()
            ))
        })?;
    }
    let before = db.newest_migration().await?;
    let migrated = db.migrate().await;
    if let (Err(_), Some(copy)) = (&migrated, made)
        && db.newest_migration().await.is_ok_and(|now| now == before)
    {
        // Nothing was changed, and the next attempt makes its own: a program that is started again
        // and again would fill the disk.
        fs::remove_file(copy).ok();
    }
    migrated
}

/// Whether there is a schema already, and migrations that it lacks.
async fn is_behind(db: &Db) -> Result<bool> {
    let gap = db.schema_gap().await;
    let lacks_some = gap.missing > 0 && gap.newer == 0;
    Ok(lacks_some && db.newest_migration().await?.is_some())
}

/// The backup, if it is this process that made it.
async fn back_up(file: &Path, config: &BackupConfig, clock: &Clock) -> Result<Option<PathBuf>> {
    let beside = || snapshot::folder_of(file);
    let folder = Folder::new(config.dir.clone().unwrap_or_else(beside), file);
    let now = clock.now();
    let target = folder.name_before_migration(now);
    // Another process that starts in the same second has made the same backup.
    if target.exists() {
        return Ok(None);
    }
    snapshot::make(file, &target, now).await?;
    tracing::info!(file = %target.display(), "a backup was made before the schema is changed");
    Ok(Some(target))
}
