//! Files of this machine: the key, `.env`, and what a SQLite database stands on.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use super::Finding;
use crate::{
    config::{Config, DatabaseConfig, Environment, others_may_read},
    db,
    random::Random,
    system,
    vault::Vault,
};

/// How often the disk is asked to write through.
const WRITES: u32 = 8;

/// A vote waits for the disk about twice; more than this is felt.
const SLOW: Duration = Duration::from_millis(50);

const MIB: u64 = 1024 * 1024;

/// Free space that a database may soon fill.
const LITTLE: u64 = 1024 * MIB;

/// Free space that is not worth starting with.
const TOO_LITTLE: u64 = 64 * MIB;

/// Of the files that are configured.
pub fn findings(env: &Environment, config: &Config) -> Vec<Finding> {
    let mut findings = vec![key_file(&config.database)];
    findings.extend(env_file(Path::new(".env")));
    for provider in &config.oidc.providers {
        let names = ["OIDC_RP_PRIVATE_KEY_FILE", "OIDC_RP_CLIENT_SECRET_FILE"];
        let paths = names.map(|name| env.get(&provider.variable(name)));
        findings.extend(paths.into_iter().flatten().filter_map(secret_file));
    }
    if let Some(file) = db::sqlite_file(config.database.url.expose()) {
        let folder = folder_of(&file);
        findings.extend(database_file(&file));
        findings.push(disk_speed(&folder));
        findings.push(disk_space(&folder));
    }
    findings
}

/// The folder that a file is in.
pub fn folder_of(file: &Path) -> PathBuf {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

fn key_file(config: &DatabaseConfig) -> Finding {
    const CHECK: &str = "key_file";
    if config.keys.is_some() {
        return Finding::ok(CHECK, "The keys stand in ROLECALL_KEY.");
    }
    let path = config.key_file.as_path();
    let shown = path.display();
    if !path.exists() {
        return if folder_of(path).is_dir() {
            Finding::ok(CHECK, format!("{shown} will be made by the first start."))
        } else {
            Finding::fail(
                CHECK,
                format!("{shown} cannot be made: its folder does not exist."),
                "Make the folder, or correct ROLECALL_KEY_FILE.",
            )
        };
    }
    match Vault::configured(config, Random::System) {
        Err(error) => Finding::fail(
            CHECK,
            format!("{}.", error.explained()),
            "Put the old key file back. A new one is made when there is none, and sign-ins begin anew.",
        ),
        Ok(_) if others_may_read(path) => Finding::warn(
            CHECK,
            format!("Others on this machine may read {shown}."),
            format!("Run: chmod 600 {shown}"),
        ),
        Ok(_) => Finding::ok(CHECK, format!("{shown} is readable for its owner only.")),
    }
}

fn env_file(path: &Path) -> Option<Finding> {
    const CHECK: &str = "env_file";
    path.exists().then(|| {
        if others_may_read(path) {
            Finding::warn(
                CHECK,
                "Others on this machine may read .env, which may hold secrets.",
                "Run: chmod 600 .env",
            )
        } else {
            Finding::ok(CHECK, ".env is readable for its owner only.")
        }
    })
}

/// Nothing is said of one that is as it should be: whether it can be used, the provider shows.
fn secret_file(path: &str) -> Option<Finding> {
    others_may_read(Path::new(path)).then(|| {
        Finding::warn(
            "secret_file",
            format!("Others on this machine may read {path}."),
            format!("Run: chmod 600 {path}"),
        )
    })
}

/// Votes, names and addresses are in it.
fn database_file(file: &Path) -> Option<Finding> {
    let shown = file.display();
    others_may_read(file).then(|| {
        Finding::warn(
            "database_file",
            format!("Others on this machine may read {shown}."),
            format!("Run: chmod 600 {shown}"),
        )
    })
}

fn disk_speed(folder: &Path) -> Finding {
    const CHECK: &str = "disk_speed";
    match time_to_disk(folder) {
        Err(error) => Finding::fail(
            CHECK,
            format!("Nothing can be written into {}: {error}.", folder.display()),
            "Give this program a folder that it may write to.",
        ),
        Ok(time) if time > SLOW => Finding::warn(
            CHECK,
            format!("Writing through to the disk takes {} ms.", time.as_millis()),
            "Every vote waits for it: put the database on a faster disk, not on a network drive.",
        ),
        Ok(time) => Finding::ok(
            CHECK,
            format!(
                "Writing through to the disk takes {:.1} ms.",
                time.as_secs_f64() * 1000.0
            ),
        ),
    }
}

/// What one durable write takes; the file it writes to has no name.
fn time_to_disk(folder: &Path) -> io::Result<Duration> {
    let mut file = tempfile::tempfile_in(folder)?;
    let begun = Instant::now();
    for _ in 0..WRITES {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
    }
    Ok(begun.elapsed() / WRITES)
}

fn disk_space(folder: &Path) -> Finding {
    const CHECK: &str = "disk_space";
    let Some(free) = system::free_space(folder) else {
        return Finding::warn(
            CHECK,
            format!("The free space in {} is not known.", folder.display()),
            "Look at it yourself: df -h",
        );
    };
    let message = format!("{} MiB are free for the database.", free / MIB);
    if free < TOO_LITTLE {
        Finding::fail(CHECK, message, "Make room: without it no vote can be kept.")
    } else if free < LITTLE {
        Finding::warn(CHECK, message, "Make room before it runs out.")
    } else {
        Finding::ok(CHECK, message)
    }
}
