//! A schema goes forward, after a backup, and never back.

use std::{fs, path::Path};

use sqlx::{migrate::Migrator, sqlite::SqlitePoolOptions};
use tempfile::TempDir;

use super::{number_in, sha256, tamper};
use crate::support::command::{rolecall, run};

const NEWEST: &str = "SELECT MAX(version) FROM _sqlx_migrations";

/// A folder with a database as an earlier version of the program left it.
async fn earlier() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!(
        "sqlite:{}?mode=rwc",
        folder.path().join("rolecall.db").display()
    );
    let pool = SqlitePoolOptions::new()
        .connect(&url)
        .await
        .expect("it opens");
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let migrator = Migrator::new(migrations).await.expect("migrations");
    migrator.run_to(13, &pool).await.expect("an earlier schema");
    pool.close().await;
    folder
}

/// Names that begin so.
fn named(folder: &Path, start: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(start)).collect()
}

async fn migrate(folder: &Path, settings: &[(&str, &str)]) -> (String, i32) {
    let mut command = rolecall(folder, &["migrate"]);
    command.envs(settings.iter().copied());
    run(command).await
}

/// OP-10, FT-24.
#[tokio::test]
async fn a_backup_is_made_before_the_schema_is_changed() {
    let folder = earlier().await;
    let (said, status) = migrate(folder.path(), &[]).await;
    assert_eq!(status, 0, "{said}");
    let database = folder.path().join("rolecall.db");
    assert!(number_in(&database, NEWEST).await > 13);
    let made = named(folder.path(), "rolecall-before-migration-");
    assert_eq!(made.len(), 1, "{made:?}");
    let backup = folder.path().join(&made[0]);
    assert_eq!(number_in(&backup, NEWEST).await, 13);
    let (said, status) = run(rolecall(folder.path(), &["verify", &made[0]])).await;
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("behind this program"), "{said}");

    let (_, status) = migrate(folder.path(), &[]).await;
    assert_eq!(status, 0);
    assert_eq!(
        named(folder.path(), "rolecall-before").len(),
        1,
        "nothing to change"
    );
    let (said, status) = run(rolecall(folder.path(), &["restore", &made[0]])).await;
    assert_eq!(status, 0, "{said}");
    assert!(
        number_in(&database, NEWEST).await > 13,
        "it is brought up to date"
    );
}

/// OP-10.
#[tokio::test]
async fn without_a_backup_the_schema_stays_unless_that_is_wanted() {
    let folder = earlier().await;
    let database = folder.path().join("rolecall.db");
    let (said, status) = migrate(folder.path(), &[("ROLECALL_BACKUP_DIR", "not mounted")]).await;
    assert_eq!(status, 1, "{said}");
    for piece in [
        "the schema was left as it is",
        "not mounted",
        "ROLECALL_BACKUP_BEFORE_MIGRATION=off",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert_eq!(number_in(&database, NEWEST).await, 13);
    let off = [("ROLECALL_BACKUP_BEFORE_MIGRATION", "off")];
    let (said, status) = migrate(folder.path(), &off).await;
    assert_eq!(status, 0, "{said}");
    assert!(number_in(&database, NEWEST).await > 13);
    assert_eq!(named(folder.path(), "rolecall-"), [""; 0]);
}

/// OP-10, FT-24, FT-09.
#[tokio::test]
async fn an_older_program_leaves_a_newer_schema_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = migrate(folder.path(), &[]).await;
    assert_eq!(status, 0, "{said}");
    let database = folder.path().join("rolecall.db");
    tamper(
        &database,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', 1, x'00', 0)",
    )
    .await;
    let before = sha256(&database);
    let (said, status) = migrate(folder.path(), &[]).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("newer than this program"), "{said}");
    assert!(
        said.contains("9999") && !said.contains("panicked"),
        "{said}"
    );
    assert_eq!(sha256(&database), before);
    assert_eq!(named(folder.path(), "rolecall-"), [""; 0]);
}
