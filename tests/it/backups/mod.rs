//! Copies of the database, and the ways back: backups while people vote, on schedule and before
//! the schema changes; restoring them; moving to PostgreSQL.

mod faults;
mod full_disk;
mod moving;
mod restoring;
mod schedule;
mod upgrades;
mod voting;

use std::{
    fs,
    path::{Path, PathBuf},
};

use rolecall::{
    backup::{Verification, snapshot, verify},
    db::Db,
    random::hex,
};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{app::TestApp, database};

/// The file of the application's database.
fn file_of(app: &TestApp) -> PathBuf {
    let url = app.config.database.url.expose();
    url.strip_prefix("sqlite:").expect("SQLite").into()
}

/// A backup of the application's database.
async fn backup_of(app: &TestApp) -> PathBuf {
    let target = database::new_file("db");
    let made = snapshot::make(&file_of(app), &target, app.clock.now()).await;
    made.expect("a backup");
    target
}

/// What verifying finds. Nothing is changed by it, and nothing left beside the file.
async fn found_in(app: &TestApp, file: &Path) -> Verification {
    let before = sha256(file);
    let found = verify(file, app.clock.now())
        .await
        .expect("a readable file");
    assert_eq!(sha256(file), before, "the file is as it was");
    assert_alone(file);
    found
}

fn assert_alone(file: &Path) {
    for suffix in ["-wal", "-shm", "-journal", ".lock"] {
        let beside = PathBuf::from(format!("{}{suffix}", file.display()));
        assert!(!beside.exists(), "{} is left", beside.display());
    }
}

fn sha256(file: &Path) -> String {
    hex(&Sha256::digest(fs::read(file).expect("a readable file")))
}

/// Statements on a file, past the program and with none of its precautions.
async fn tamper(file: &Path, statements: &'static str) {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(false);
    let mut conn = SqliteConnection::connect_with(&options)
        .await
        .expect("it opens");
    conn.execute(statements).await.expect("the statements run");
    conn.close().await.expect("a clean goodbye");
}

/// One number out of a file that is only read.
async fn number_in(file: &Path, sql: &'static str) -> i64 {
    let db = Db::read_only(file).await.expect("it opens");
    let number = crate::support::app::number(&db, sql).await;
    db.close().await;
    number
}
