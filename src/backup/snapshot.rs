//! Makes a backup beside a running server: all of the database at one moment, in a file that has
//! its name only once it is safe on the disk and verified.
//!
//! `VACUUM INTO` writes the rows in the order of their keys: neither what was deleted is in the
//! copy, nor the order in which ballots and marks came.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{folder::DRAFT, store, verification};
use crate::{
    backup::Verification,
    clock::Timestamp,
    error::{Error, Result},
};

/// Writes a backup of `database` to `target`, where nothing may be yet.
///
/// # Errors
/// When there is a file already, nothing can be written, or what was written does not hold; then
/// there is no file of that name.
pub async fn make(database: &Path, target: &Path, now: Timestamp) -> Result<Verification> {
    if target.exists() {
        return Err(unwritable(target, &io::ErrorKind::AlreadyExists.into()));
    }
    let draft = draft(target).map_err(|error| unwritable(target, &error))?;
    store::copy(database, draft.path()).await?;
    let mut verified = verification::verify(draft.path(), now).await?;
    target.clone_into(&mut verified.file);
    if !verified.is_sound() {
        let problems = verified.problems.join("; ");
        let file = target.display();
        return Err(Error::unavailable(format!(
            "{file} was not made, because the copy did not hold: {problems}"
        )));
    }
    let place = target.to_owned();
    let kept = tokio::task::spawn_blocking(move || keep(draft, &place)).await;
    kept.map_err(Error::internal)?
        .map_err(|error| unwritable(target, &error))?;
    Ok(verified)
}

/// A file for its owner's eyes only, in the folder of `target`; removed unless it is kept.
pub(super) fn draft(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(DRAFT).suffix(".tmp");
    builder.tempfile_in(folder_of(target))
}

/// Safe on the disk first, then under its name, and the name safe as well.
fn keep(draft: NamedTempFile, target: &Path) -> io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist_noclobber(target)?;
    sync_folder(target)
}

/// Makes sure that a power cut does not bring back what stood under the name of `path` before.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// The folder that a file is in.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new(".")).to_owned()
}

fn unwritable(target: &Path, error: &io::Error) -> Error {
    let file = target.display();
    Error::unavailable(match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{file} is there already, and a backup never replaces a file")
        }
        _ => format!("cannot write {file}: {error}"),
    })
}
