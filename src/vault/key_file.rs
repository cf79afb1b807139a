//! The file that holds the vault's keys: made once, read at each start, and given a new key by
//! `rolecall key rotate`. Never written in place, so that it is whole at any moment.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use super::keys::Keys;
use crate::{
    error::{Error, Result},
    random::Random,
};

/// The keys in `path`, which is made with one key and mode 0600 when it is not there. Of two
/// processes that start together one makes it, the other reads it.
///
/// # Errors
/// When the file cannot be read or made, or holds something else.
pub fn read_or_create(path: &Path, random: &Random) -> Result<Keys> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, random),
        text => parse(path, text),
    }
}

/// Puts a new key in front of those in `path`, which stay, so that what they sealed still opens.
/// Returns how many there are now. Mode and owner stay as they are.
///
/// # Errors
/// When there is no such file yet, or it cannot be read or replaced.
pub fn rotate(path: &Path, random: &Random) -> Result<usize> {
    let keys = parse(path, fs::read_to_string(path))?;
    let keys = keys.behind(Keys::generate(random)?);
    let draft = draft(path, &keys, random)?;
    let replaced = keep_owner(path, &draft).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = replaced {
        fs::remove_file(&draft).ok();
        return Err(unusable(path, &error));
    }
    Ok(keys.count())
}

fn create(path: &Path, random: &Random) -> Result<Keys> {
    let keys = Keys::generate(random)?;
    let draft = draft(path, &keys, random)?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(|error| unusable(&draft, &error))?;
    match linked {
        Ok(()) => Ok(keys),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            parse(path, fs::read_to_string(path))
        }
        Err(error) => Err(unusable(path, &error)),
    }
}

/// A file beside `path` that holds `keys`, safe on the disk.
fn draft(path: &Path, keys: &Keys, random: &Random) -> Result<PathBuf> {
    let suffix = u64::from_be_bytes(random.bytes()?);
    let draft = path.with_extension(format!("{suffix:016x}.tmp"));
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft);
    let written = opened.and_then(|mut file: File| {
        file.write_all(keys.to_text().as_bytes())?;
        file.sync_all()
    });
    written
        .map(|()| draft.clone())
        .map_err(|error| unusable(&draft, &error))
}

/// Whoever runs the command need not be whoever runs the site.
fn keep_owner(path: &Path, draft: &Path) -> io::Result<()> {
    let (old, new) = (fs::metadata(path)?, fs::metadata(draft)?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        chown(draft, Some(old.uid()), Some(old.gid()))?;
    }
    fs::set_permissions(draft, old.permissions())
}

fn parse(path: &Path, text: io::Result<String>) -> Result<Keys> {
    let text = text.map_err(|error| unusable(path, &error))?;
    Keys::parse(&text).ok_or_else(|| unusable(path, &"does not hold keys of 32 bytes in Base64"))
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::unavailable(format!("key file {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        let first = read_or_create(&path, &Random::System).unwrap();
        assert_eq!(mode(&path), 0o600);
        let second = read_or_create(&path, &Random::System).unwrap();
        assert_eq!(first, second);
    }

    #[test]
    fn a_new_key_comes_first_and_leaves_no_other_file_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        let before = read_or_create(&path, &Random::System).unwrap();
        assert_eq!(rotate(&path, &Random::System).unwrap(), 2);
        let after = read_or_create(&path, &Random::System).unwrap();
        let text = after.to_text();
        let (first, rest) = text.split_at(44);
        assert_ne!(first, before.to_text());
        assert_eq!(rest, before.to_text());
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_missing_or_holds_no_key_is_not_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        assert!(rotate(&path, &Random::System).is_err());
        fs::write(&path, "not a key").unwrap();
        assert!(rotate(&path, &Random::System).is_err());
        assert!(read_or_create(&path, &Random::System).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key");
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }
}
