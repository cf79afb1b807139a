//! Commands that are killed at chosen system calls: while they change the schema, make a backup,
//! close a poll. Each file has the next thing written to it, or not; the next start finds it sound
//! and does what was not done.

use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use rolecall::db::Db;
use sqlx::{ConnectOptions as _, Connection as _, migrate::Migrator, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::support::{
    app::number,
    command::{rolecall, rolecall_under, run},
    times,
    trace::{changes, strace},
};

/// How often each command is killed.
const KILLS: usize = 5;

/// A command in a folder with a database.
struct Deed {
    folder: TempDir,
    arguments: Vec<String>,
}

impl Deed {
    fn new(folder: TempDir, arguments: &str) -> Self {
        let arguments = arguments.split(' ').map(str::to_owned).collect();
        Self { folder, arguments }
    }

    /// Does it in a copy of the folder, where `fault` happens; the copy, what was said, the exit
    /// status, and what the system was asked for.
    async fn done(&self, fault: Option<&str>) -> (TempDir, String, i32, Vec<Call>) {
        let (copy, logs) = (copy(&self.folder), folder());
        let log = logs.path().join("calls");
        let above = strace(log.to_str().expect("text"), fault.as_slice());
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        let command = rolecall_under(&above, copy.path(), &arguments);
        let (said, status) = run(command).await;
        (copy, said, status, changes(&log))
    }

    /// Kills it at calls from its first to its last, and looks each time at what is left.
    async fn killed(&self, holds: impl AsyncFn(&Path)) {
        let (copy, said, status, calls) = self.done(None).await;
        assert_eq!(status, 0, "{said}");
        holds(copy.path()).await;
        let (turns, mut killed) = (KILLS * times(), 0);
        for turn in 0..turns {
            let (call, number) = calls[turn * calls.len() / turns];
            let fault = format!("{call}:signal=KILL:when={number}");
            let (copy, _, status, _) = self.done(Some(&fault)).await;
            killed += usize::from(status == -1);
            holds(copy.path()).await;
        }
        println!("killed at {killed} of {} calls", calls.len());
        assert!(killed > 0, "it was killed");
    }
}

/// A system call by name and number.
type Call = (&'static str, usize);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn copy(folder: &TempDir) -> TempDir {
    let copy = self::folder();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    copy
}

/// What a command says that has to work.
async fn works(folder: &Path, arguments: &[&str]) -> String {
    let (said, status) = run(rolecall(folder, arguments)).await;
    assert_eq!(status, 0, "{arguments:?}: {said}");
    said
}

/// The database is whole, down to marks and ballots, history and seals: a backup is held against
/// all of that. Whatever has the name of a backup already is one.
async fn is_sound(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("text");
        let is_backup = Path::new(name).extension().is_some_and(|end| end == "db");
        if is_backup && name != "rolecall.db" {
            works(folder, &["verify", name]).await;
        }
    }
    works(folder, &["backup", "is-sound.db"]).await;
}

fn url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("rolecall.db").display())
}

async fn number_in(folder: &Path, sql: &'static str) -> i64 {
    let db = Db::connect(&url(folder)).await.expect("the database");
    let number = number(&db, sql).await;
    db.close().await;
    number
}

/// A folder as the first version left it, with votes.
async fn with_the_first_schema() -> TempDir {
    const VOTES: &str = "
        INSERT INTO users (issuer, subject, username, display_name, sort_key, search_key, role,
                           role_checked_at, first_seen_at)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        SELECT 'https://op.example', i, i, i, i, i, 'user', 1, 1 FROM n;
        INSERT INTO polls (id, question, search_key, published_at, created_at, updated_at)
        VALUES (1, 'Tea?', 'tea?', 1, 1, 1);
        INSERT INTO choices (id, poll_id, position, text, text_key)
        VALUES (1, 1, 1, 'Yes', 'yes'), (2, 1, 2, 'No', 'no');
        INSERT INTO poll_roles (poll_id, role) VALUES (1, 'user');
        UPDATE polls SET frozen_at = 1;
        BEGIN;
        INSERT INTO voter_roll (poll_id, user_id, has_voted, source) SELECT 1, id, TRUE, 'role' FROM users;
        INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
        SELECT 1, unhex(printf('%032x', id)), 1 + id % 2 FROM users;
        INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
        SELECT 1, unhex(printf('%032x', id)), 'named', id, 2 FROM users;
        COMMIT;";
    let folder = folder();
    let options = SqliteConnectOptions::from_str(&url(folder.path())).expect("an address");
    let mut conn = options
        .create_if_missing(true)
        .connect()
        .await
        .expect("a file");
    let migrations = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let migrator = Migrator::new(migrations).await.expect("migrations");
    migrator
        .run_to(2, &mut conn)
        .await
        .expect("the first schema");
    let voted = sqlx::raw_sql(VOTES).execute(&mut conn).await;
    voted.expect("votes");
    conn.close().await.expect("a clean goodbye");
    folder
}

/// A folder with the sample polls.
async fn with_samples() -> TempDir {
    let folder = folder();
    works(folder.path(), &["seed"]).await;
    folder
}

const BALLOTS: &str = "SELECT COUNT(*) FROM ballots";

/// FT-02, FT-24, I4: with the backup that is made before it.
#[tokio::test]
async fn a_change_of_the_schema_that_is_killed_is_made_by_the_next_start() {
    let deed = Deed::new(with_the_first_schema().await, "migrate");
    let holds = async |folder: &Path| {
        works(folder, &["migrate"]).await;
        let newest = "SELECT MAX(version) FROM _sqlx_migrations";
        assert_eq!(
            number_in(folder, newest).await,
            rolecall::db::newest_known()
        );
        assert_eq!(number_in(folder, BALLOTS).await, 100);
        is_sound(folder).await;
    };
    deed.killed(holds).await;
}

/// FT-02, FT-25.
#[tokio::test]
async fn a_backup_that_is_killed_leaves_the_database_whole_and_nothing_that_is_called_a_backup() {
    let deed = Deed::new(with_samples().await, "backup copy.db");
    let ballots = number_in(deed.folder.path(), BALLOTS).await;
    let holds = async |folder: &Path| {
        is_sound(folder).await;
        assert_eq!(number_in(folder, BALLOTS).await, ballots);
    };
    deed.killed(holds).await;
}

/// FT-02.
#[tokio::test]
async fn a_poll_whose_closing_is_killed_is_closed_with_its_history_or_not_at_all() {
    /// Polls that were closed by hand and not as often as the history tells.
    const DIFFERING: &str = "
        SELECT COUNT(*) FROM polls WHERE (closed_at IS NOT NULL) <> EXISTS (
            SELECT 1 FROM audit_log
            WHERE action = 'poll_closed' AND object_id = CAST(polls.id AS TEXT))";
    let folder = with_samples().await;
    let open = "SELECT MAX(id) FROM open_polls WHERE secrecy = 'named'";
    let id = number_in(folder.path(), open).await.to_string();
    let closed = "SELECT COUNT(*) FROM polls WHERE closed_at IS NOT NULL";
    let before = number_in(folder.path(), closed).await;
    let deed = Deed::new(folder, &format!("poll close {id} --reason Over"));
    let holds = async |folder: &Path| {
        assert_eq!(number_in(folder, DIFFERING).await, 0);
        if number_in(folder, closed).await == before {
            works(folder, &["poll", "close", &id, "--reason", "Over"]).await;
        }
        assert_eq!(number_in(folder, closed).await, before + 1);
        is_sound(folder).await;
    };
    deed.killed(holds).await;
}
