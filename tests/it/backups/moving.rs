//! From a SQLite file to a PostgreSQL server.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use rolecall::{
    config::Secret,
    db::Db,
    polls::{Cast, editing::Step},
    seed,
    transfer::{Move, Moved, migrate_to},
    users::Role,
};

use super::{backup_of, file_of, sha256, tamper};
use crate::support::{
    app::{TestApp, number},
    command::{rolecall, run},
    database::{self, Engine},
    polls::{draft, open, paper, pick, take, voter},
};

/// The view that tests put a table in the place of.
const OWN_CLOCK: &str = "DROP TABLE clock;
    CREATE VIEW clock AS SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS now";

/// Rows for the tables that the samples leave empty, with what is easily lost on the way.
const THE_REST: &str = r"
    INSERT INTO settings VALUES ('odd', 'tab' || char(9) || 'line' || char(10) || 'back\N' || char(13) || 'ä€😀'),
                                ('', '');
    INSERT INTO pending_logins (state_hash, browser_hash, provider, nonce, code_verifier, return_path, created_at)
        VALUES (zeroblob(32), randomblob(32), 'default', 'n', x'00ff5c', '/', 1);
    INSERT INTO revoked_logout_tokens (issuer, jti, expires_at) VALUES ('https://op.example', 'j', 9);
    INSERT INTO unsent_forms VALUES (randomblob(32), '/polls/1/vote/', 1, 'sealed', 1);
    INSERT INTO tokens_to_revoke (issuer, tokens) VALUES ('https://op.example', 'sealed');
    INSERT INTO roll_uploads VALUES (1, 1, 1, 'a@example.org');
    INSERT INTO personal_access_tokens (user_id, name, token_hash, role, created_at, expires_at)
        VALUES (1, 'Reader', randomblob(32), 'user', 1, 2);
    INSERT INTO refresh_tokens (token_hash, session_hash, created_at, expires_at)
        SELECT randomblob(32), id_hash, 1, 2 FROM sessions LIMIT 1;
    INSERT INTO authorization_codes (code_hash, session_hash, redirect_uri, code_challenge, session_ends_at, expires_at)
        SELECT randomblob(32), id_hash, 'http://127.0.0.1:1/', 'c', 1, 2 FROM sessions LIMIT 1;
    INSERT INTO device_codes (code_hash, issuer, device_code, interval_seconds, next_poll_at, created_at, expires_at)
        VALUES (randomblob(32), 'https://op.example', 'sealed', 5, 1, 1, 2);
    INSERT INTO signing_keys VALUES (7, 'kid', 'sealed', 1);
    INSERT INTO idempotency_keys VALUES (1, randomblob(32));
    UPDATE users SET merged_into = 3 WHERE id = 2";

/// A site with data in every table, stopped: its file, and the application that it is a copy of.
async fn full() -> (TestApp, PathBuf) {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    seed::seed(polls, &app.state.users, now)
        .await
        .expect("samples");
    let gone = open(polls, draft("Gone?", &["Yes", "No"]), now).await;
    take(polls, Step::Close, gone, now).await;
    let file = backup_of(&app).await;
    (app, file)
}

async fn moved(app: &TestApp, file: &Path, url: &str) -> Vec<Moved> {
    match migrate_to(file, url, app.clock.now()).await {
        Ok(Move::Done(moved)) => moved,
        refused => panic!("{refused:?}"),
    }
}

/// The tables that a new database has.
async fn tables() -> BTreeSet<String> {
    let Db::Postgres { pool, .. } = database::postgres().await else {
        panic!("PostgreSQL was asked for");
    };
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables
         WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .expect("tables");
    names.into_iter().collect()
}

async fn is_empty(url: &str) -> bool {
    let db = Db::connect(url).await.expect("the server answers");
    let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()";
    number(&db, tables).await == 0
}

/// OP-07, T9.
#[tokio::test]
async fn every_row_of_every_table_goes_over_and_the_file_is_not_touched() {
    let (app, _) = full().await;
    let (_uma, _ada) = (app.uma().await, app.ada().await);
    let file = backup_of(&app).await;
    tamper(&file, OWN_CLOCK).await;
    tamper(&file, THE_REST).await;
    let (url, before) = (database::new_url(Engine::Postgres).await, sha256(&file));
    let moved = moved(&app, &file, &url).await;
    assert_eq!(sha256(&file), before, "the file is as it was");
    let names: BTreeSet<_> = moved.iter().map(|moved| moved.table.clone()).collect();
    assert_eq!(names, tables().await, "no table is forgotten");
    // SQLite needs no rows in it.
    let has_none = |moved: &&Moved| moved.rows == 0 && moved.table != "revisions";
    let empty: Vec<_> = moved.iter().filter(has_none).collect();
    assert!(empty.is_empty(), "the test has no row in {empty:?}");
    let db = Db::connect(&url).await.expect("the server answers");
    let odd = "SELECT COUNT(*) FROM settings
               WHERE value = E'tab\\tline\\nback\\\\N\\rä€😀' OR (key = '' AND value = '')";
    assert_eq!(number(&db, odd).await, 2);
    let asleep = "SELECT COUNT(*) FROM pg_trigger
                  WHERE NOT tgisinternal AND tgenabled <> 'O'";
    assert_eq!(number(&db, asleep).await, 0, "every trigger is awake");

    let again = migrate_to(&file, &url, app.clock.now()).await;
    let Ok(Move::Refused(why)) = again else {
        panic!("{again:?}");
    };
    assert!(why.contains("is not empty"), "{why}");
}

/// OP-07.
#[tokio::test]
async fn the_moved_site_shows_the_same_pages_and_goes_on() {
    let (app, _) = full().await;
    let (mut uma, mut ada) = (app.uma().await, app.ada().await);
    let file = backup_of(&app).await;
    tamper(&file, OWN_CLOCK).await;
    let url = database::new_url(Engine::Postgres).await;
    moved(&app, &file, &url).await;
    let over = app
        .another_instance(|config| config.database.url = Secret::new(url))
        .await;
    let (mut uma_over, mut ada_over) = (uma.at(&over), ada.at(&over));
    for path in ["/", "/polls/", "/polls/3/", "/polls/1/check/", "/user"] {
        let (here, there) = (uma.get(path).await, uma_over.get(path).await);
        assert_eq!(there.status, here.status, "{path}");
        assert_eq!(there.texts("main"), here.texts("main"), "{path}");
    }
    for path in [
        "/polls/1/results/",
        "/admin/polls/",
        "/admin/users/",
        "/admin/audit/verify/",
    ] {
        let (here, there) = (ada.get(path).await, ada_over.get(path).await);
        assert_eq!(
            (here.status, there.status),
            (here.status, here.status),
            "{path}"
        );
        assert_eq!(there.texts("main"), here.texts("main"), "{path}");
    }
    // Numbers go on where they were, and the triggers count again.
    let (polls, now) = (&over.state.polls, over.clock.now());
    let most = app.number("SELECT MAX(id) FROM polls").await;
    let poll = open(polls, draft("Tea?", &["Yes", "No"]), now).await;
    assert_eq!(poll.0, most + 1);
    let someone = voter(&over.state.users, "new", Role::User, now).await;
    let selection = pick(&paper(polls, poll).await, &[0]);
    let cast = polls.cast(poll, someone, selection, now).await;
    assert_eq!(cast.expect("an outcome"), Cast::Recorded);
}

/// OP-07.
#[tokio::test]
async fn what_cannot_go_over_leaves_nothing_there() {
    let (app, file) = full().await;
    let url = database::new_url(Engine::Postgres).await;
    let stranger = migrate_to(&file, &url, app.clock.now()).await;
    let Ok(Move::Refused(why)) = stranger else {
        panic!("{stranger:?}");
    };
    assert!(why.contains("The table clock is not one of"), "{why}");
    assert!(is_empty(&url).await);
    tamper(&file, OWN_CLOCK).await;
    // PostgreSQL has no such character.
    tamper(&file, "INSERT INTO settings VALUES ('nul', char(0))").await;
    let failed = migrate_to(&file, &url, app.clock.now()).await;
    assert!(failed.is_err(), "{failed:?}");
    assert!(is_empty(&url).await);
    let in_use = migrate_to(&file_of(&app), &url, app.clock.now()).await;
    assert!(matches!(in_use, Ok(Move::InUse)), "{in_use:?}");
    assert!(is_empty(&url).await);
}

/// OP-07, OP-13, SEC-74.
#[tokio::test]
async fn the_password_of_the_new_address_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &["migrate"])).await;
    assert_eq!(status, 0, "{said}");
    let to = folder.path().join("to");
    std::fs::write(&to, "postgres://polls:SECRET-xyz@nowhere.invalid/polls\n").expect("a file");
    let mut from_file = rolecall(folder.path(), &["migrate-to"]);
    from_file.env("ROLECALL_MIGRATE_TO_FILE", &to);
    let (said, status) = run(from_file).await;
    assert_eq!(status, 1, "{said}");
    assert!(!said.is_empty() && !said.contains("SECRET"), "{said}");
    let (said, status) = run(rolecall(folder.path(), &["migrate-to"])).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("ROLECALL_MIGRATE_TO"), "{said}");
}

/// OP-07.
#[tokio::test]
async fn the_command_moves_a_site_and_says_what_comes_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &["seed"])).await;
    assert_eq!(status, 0, "{said}");
    let url = database::new_url(Engine::Postgres).await;
    let mut command = rolecall(folder.path(), &["migrate-to"]);
    command.env("ROLECALL_MIGRATE_TO", &url);
    let (said, status) = run(command).await;
    assert_eq!(status, 0, "{said}");
    let rows = said.lines().find(|line| line.starts_with("ballots "));
    assert!(rows.is_some_and(|row| row.ends_with(" 50")), "{said}");
    assert!(said.contains("Now set DATABASE_URL"), "{said}");
    assert!(said.contains("ROLECALL_KEY_FILE=rolecall.key"), "{said}");
}
