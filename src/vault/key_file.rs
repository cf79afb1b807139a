//! The file that holds the vault's keys: made once, read at each start, and given a new key by
//! `rolecall key rotate`. Never written in place, so that it is whole at any moment.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown},
    path::Path,
};

use super::keys::Keys;
use crate::{
    error::{Error, Result},
    random::Random,
};

/// What is said when there is nothing to rotate.
const NOT_YET: &str = "is not there yet. The first start of the site makes it, with its first key; \
                       there is nothing to rotate before. Is ROLECALL_KEY_FILE right, and is this \
                       the folder that the site is started in?";

/// What stands in the way of a second rotation.
const UNDER_WAY: &str = "is there already. Another rotation is under way, or one was cut off; \
                         then remove this file and try again";

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
/// Of two rotations at the same time one is refused: the later one would undo the earlier. What
/// makes sure of that is the draft, which has one name and is there for as long as it takes.
///
/// # Errors
/// When there is no such file yet, or it cannot be read or replaced.
pub fn rotate(path: &Path, random: &Random) -> Result<usize> {
    // Of a link the target is replaced, which others may read by another name.
    let path = &fs::canonicalize(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => unusable(path, &NOT_YET),
        _ => unusable(path, &error),
    })?;
    let draft = path.with_added_extension("new");
    let file = open_new(&draft).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => unusable(&draft, &UNDER_WAY),
        _ => unusable(&draft, &error),
    })?;
    match replace(path, &draft, file, random) {
        Ok(count) => keep_entry(path)
            .map(|()| count)
            .map_err(|error| unusable(path, &error)),
        Err(error) => {
            fs::remove_file(&draft).ok();
            Err(error)
        }
    }
}

/// Writes the keys of `path` and a new one into `draft`, and puts that in its place.
fn replace(path: &Path, draft: &Path, file: File, random: &Random) -> Result<usize> {
    let keys = parse(path, fs::read_to_string(path))?.behind(Keys::generate(random)?);
    let replaced = write(file, &keys)
        .and_then(|()| keep_owner(path, draft))
        .and_then(|()| fs::rename(draft, path));
    replaced.map_err(|error| unusable(path, &error))?;
    Ok(keys.count())
}

fn create(path: &Path, random: &Random) -> Result<Keys> {
    let keys = Keys::generate(random)?;
    let suffix = u64::from_be_bytes(random.bytes()?);
    let draft = path.with_extension(format!("{suffix:016x}.tmp"));
    let written = open_new(&draft).and_then(|file| write(file, &keys));
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft).ok();
    match linked.and_then(|()| keep_entry(path)) {
        Ok(()) => Ok(keys),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            parse(path, fs::read_to_string(path))
        }
        Err(error) => Err(unusable(path, &error)),
    }
}

/// A file that was not there before, for its owner only.
fn open_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// Writes `keys`, safe on the disk.
fn write(mut file: File, keys: &Keys) -> io::Result<()> {
    file.write_all(keys.to_text().as_bytes())?;
    file.sync_all()
}

/// Makes sure that a power cut does not bring back what stood under the name of `path` before:
/// what is sealed from now on would never open again.
fn keep_entry(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
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

    /// OP-09.
    #[test]
    fn of_two_rotations_at_a_time_one_is_refused_and_undoes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        read_or_create(&path, &Random::System).unwrap();
        let rotate_often = || (0..20).filter(|_| rotate(&path, &Random::System).is_ok());
        let done: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| rotate_often().count()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });
        let keys = read_or_create(&path, &Random::System).unwrap();
        assert_eq!(keys.count(), 1 + done);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// OP-09.
    #[test]
    fn a_rotation_that_was_cut_off_is_told_by_the_name_of_what_it_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        read_or_create(&path, &Random::System).unwrap();
        fs::write(folder.path().join("rolecall.key.new"), "").unwrap();
        let refused = rotate(&path, &Random::System).unwrap_err().to_string();
        assert!(refused.contains("rolecall.key.new"), "{refused}");
        assert_eq!(read_or_create(&path, &Random::System).unwrap().count(), 1);
    }

    #[test]
    fn of_a_link_the_target_gets_the_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (
            folder.path().join("rolecall.key"),
            folder.path().join("link"),
        );
        read_or_create(&path, &Random::System).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        rotate(&link, &Random::System).unwrap();
        assert_eq!(read_or_create(&path, &Random::System).unwrap().count(), 2);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
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
