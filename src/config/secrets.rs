//! Secrets that stand in files, so that no process listing and no `.env` shows them: a file named
//! by `…_FILE`, or one that the service manager hands over (`CREDENTIALS_DIRECTORY`,
//! systemd.exec(5)), called like the setting.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::environment::{Entry, Source};

/// Largest secret taken from a file, in bytes.
const LARGEST: u64 = 16 * 1024;

/// Where systemd puts what `LoadCredential=` names.
const DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// What holds the keys itself; the file of keys is another setting, and not only read.
const KEY: &str = "ROLECALL_KEY";

/// Whether a setting holds a secret; further providers have their name in front.
pub(super) fn is_secret(name: &str) -> bool {
    ["DATABASE_URL", "ROLECALL_MIGRATE_TO", KEY].contains(&name)
        || name.ends_with("OIDC_RP_CLIENT_SECRET")
        || name.ends_with("OIDC_API_CLIENT_SECRET")
}

/// The setting whose file `name` names.
pub(super) fn setting_of(name: &str) -> Option<&str> {
    let setting = name.strip_suffix("_FILE")?;
    (is_secret(setting) && setting != KEY).then_some(setting)
}

/// Adds the secrets that stand in files; returns what is wrong with them, one line each.
pub(super) fn read_files(values: &mut BTreeMap<String, Entry>) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, path) in named(values) {
        let Some(setting) = setting_of(&name) else {
            continue;
        };
        if values.get(setting).is_some_and(|entry| !entry.is_blank()) {
            problems.push(format!("{name}: {setting} is given as well; one is enough"));
            continue;
        }
        match read(Path::new(&path)) {
            Ok(text) => {
                let file = Entry::new(text, Source::File);
                values.insert(setting.to_owned(), file);
            }
            Err(error) => problems.push(format!("{name}: the file cannot be read: {error}")),
        }
    }
    let directory = values.get(DIRECTORY).map(|entry| entry.text.clone());
    problems.extend(directory.and_then(|path| hand_over(values, Path::new(&path))));
    problems
}

fn named(values: &BTreeMap<String, Entry>) -> Vec<(String, String)> {
    let files = values
        .iter()
        .filter(|(name, entry)| setting_of(name).is_some() && !entry.is_blank());
    files
        .map(|(name, entry)| (name.clone(), entry.text.trim().to_owned()))
        .collect()
}

/// What is set elsewhere stays; files of other names belong to others.
fn hand_over(values: &mut BTreeMap<String, Entry>, directory: &Path) -> Option<String> {
    let complaint = |error: io::Error| format!("{DIRECTORY}: cannot be read: {error}");
    let files = match fs::read_dir(directory) {
        Ok(files) => files,
        Err(error) => return Some(complaint(error)),
    };
    for file in files.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_set = values.get(&name).is_some_and(|entry| !entry.is_blank());
        if is_set || !is_secret(&name) {
            continue;
        }
        match read(&file.path()) {
            Ok(text) => values.insert(name, Entry::new(text, Source::Credentials)),
            Err(error) => return Some(complaint(error)),
        };
    }
    None
}

/// Without the line end that editors add.
fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::Error::other("it is too large for a secret"));
    }
    let text = fs::read_to_string(path)?;
    if text.trim().is_empty() {
        return Err(io::Error::other("it is empty"));
    }
    Ok(text.trim().to_owned())
}
