//! Files that are damaged: nothing is served from them, and nothing is changed in them.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use rolecall::db::Db;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::start::{configure, refuses};
use crate::support::command::{rolecall, run};

/// A folder with a database in use: sample polls, and a write-ahead log that was not folded in.
struct Site {
    folder: TempDir,
    /// Keeps the log where it is.
    db: Option<Db>,
}

impl Site {
    async fn with(note: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (said, status) = run(rolecall(folder.path(), &["seed"])).await;
        assert_eq!(status, 0, "{said}");
        let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
        let db = Db::connect(&url).await.expect("the database");
        let Db::Sqlite { writer, .. } = &db else {
            unreachable!("asked for SQLite")
        };
        let written = sqlx::raw_sql(note).execute(writer).await;
        written.expect("written");
        Self {
            folder,
            db: Some(db),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A copy of the files as a crash leaves them.
    async fn crashed(mut self) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["rolecall.db", "rolecall.db-wal"] {
            fs::copy(self.file(name), folder.path().join(name)).expect("a copy");
        }
        self.db.take().expect("open").close().await;
        Self { folder, db: None }
    }

    fn hashes(&self) -> BTreeMap<&'static str, Vec<u8>> {
        let names = ["rolecall.db", "rolecall.db-wal"];
        let hash = |name: &'static str| {
            let bytes = fs::read(self.file(name)).unwrap_or_default();
            // An empty log is none.
            (!bytes.is_empty()).then(|| (name, Sha256::digest(bytes).to_vec()))
        };
        names.into_iter().filter_map(hash).collect()
    }

    /// The program refuses it, names the way back, and leaves it as it is.
    async fn is_refused(&self) {
        let before = self.hashes();
        let mut serve = rolecall(self.folder.path(), &["serve"]);
        configure(&mut serve, "sqlite:rolecall.db");
        refuses(serve, &["rolecall.db is damaged", "rolecall restore FILE"]).await;
        assert_eq!(self.hashes(), before);
    }
}

const NOTE: &str = "INSERT INTO settings (key, value) VALUES ('note', 'in the log')";

fn overwrite(file: &Path, at: u64, bytes: &[u8]) {
    let opened = fs::OpenOptions::new().write(true).open(file);
    opened
        .expect("the file")
        .write_all_at(bytes, at)
        .expect("written");
}

/// FT-10.
#[tokio::test]
async fn a_file_whose_beginning_is_something_else_is_refused() {
    let site = Site::with(NOTE).await.crashed().await;
    fs::remove_file(site.file("rolecall.db-wal")).expect("gone");
    overwrite(&site.file("rolecall.db"), 0, &[0x5a; 100]);
    site.is_refused().await;
}

/// FT-10.
#[tokio::test]
async fn a_file_with_damaged_pages_in_the_middle_is_refused() {
    let site = Site::with(NOTE).await.crashed().await;
    let pages = fs::metadata(site.file("rolecall.db"))
        .expect("a file")
        .len()
        / 4096;
    for page in [pages / 4, pages / 2, pages * 3 / 4] {
        overwrite(&site.file("rolecall.db"), page * 4096, &[0x5a; 4096]);
    }
    site.is_refused().await;
}

/// FT-10.
#[tokio::test]
async fn a_file_that_was_cut_off_is_refused() {
    let site = Site::with(NOTE).await.crashed().await;
    fs::remove_file(site.file("rolecall.db-wal")).expect("gone");
    let file = fs::OpenOptions::new()
        .write(true)
        .open(site.file("rolecall.db"));
    let file = file.expect("the file");
    let length = file.metadata().expect("a length").len();
    file.set_len(length / 2).expect("shorter");
    site.is_refused().await;
}

/// FT-10.
#[tokio::test]
async fn the_write_ahead_log_of_another_database_is_refused() {
    let site = Site::with(NOTE).await.crashed().await;
    let other = "
        CREATE TABLE other AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < 2000) SELECT i, hex(randomblob(20)) AS text FROM n;
        PRAGMA wal_checkpoint(TRUNCATE);
        UPDATE other SET text = 'changed' WHERE i % 100 = 0;
        INSERT INTO other SELECT i, text FROM other";
    let other = Site::with(other).await.crashed().await;
    fs::copy(other.file("rolecall.db-wal"), site.file("rolecall.db-wal")).expect("a copy");
    site.is_refused().await;
}

/// FT-10: as it is after a power cut in front of the first commit.
#[tokio::test]
async fn a_write_ahead_log_of_zeros_holds_no_commit_and_hinders_nothing() {
    let site = Site::with(NOTE).await.crashed().await;
    let length = fs::metadata(site.file("rolecall.db-wal"))
        .expect("a log")
        .len();
    let zeros = vec![0; usize::try_from(length).expect("a length")];
    fs::write(site.file("rolecall.db-wal"), zeros).expect("zeros");
    let url = format!("sqlite:{}", site.file("rolecall.db").display());
    rolecall::db::require_undamaged(&url)
        .await
        .expect("no damage");
    let (said, status) = run(rolecall(site.folder.path(), &["poll", "list"])).await;
    assert_eq!(status, 0, "{said}");
}

/// FT-10: what a crash leaves is no damage, and stays until the program itself folds it in.
#[tokio::test]
async fn a_look_for_damage_finds_what_stands_in_the_log_and_leaves_it_there() {
    let site = Site::with(NOTE).await.crashed().await;
    let before = site.hashes();
    let url = format!("sqlite:{}", site.file("rolecall.db").display());
    rolecall::db::require_undamaged(&url)
        .await
        .expect("no damage");
    assert_eq!(site.hashes(), before);
    let db = Db::connect(&url).await.expect("the database");
    let notes = "SELECT COUNT(*) FROM settings WHERE key = 'note'";
    assert_eq!(crate::support::app::number(&db, notes).await, 1);
}

/// FT-10.
#[tokio::test]
async fn the_look_for_damage_is_on_or_off() {
    let site = Site::with(NOTE).await.crashed().await;
    let mut check = rolecall(site.folder.path(), &["config", "check"]);
    configure(&mut check, "sqlite:rolecall.db");
    check.env("ROLECALL_QUICK_CHECK", "perhaps");
    let (said, status) = run(check).await;
    assert_eq!(status, 2, "{said}");
    assert!(
        said.contains("ROLECALL_QUICK_CHECK: is neither on nor off"),
        "{said}"
    );
}
