//! What load balancers and containers ask: whether the process lives, and whether it can work.

use std::time::Duration;

use rolecall::db::Db;
use tokio::time::Instant;

use crate::support::{
    app::{TestApp, execute},
    command::{rolecall, run},
    database::Engine,
    program::{self, Program},
};

const FORGET_ALL: &str = "DELETE FROM _sqlx_migrations";

async fn status(app: &TestApp, path: &str) -> u16 {
    app.anonymous().get(path).await.status.as_u16()
}

/// OP-01.
#[tokio::test]
async fn a_provider_that_is_down_is_told_and_takes_nobody_out() {
    let app = TestApp::start().await;
    app.op().set(|k| k.offline = true);
    for path in ["/healthz", "/readyz"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains("unreachable"), "{}", answer.text);
    }
}

/// OP-01.
#[tokio::test]
async fn a_database_without_its_schema_is_not_ready_and_the_process_lives() {
    let app = TestApp::start().await;
    execute(&app.state.db, FORGET_ALL).await;
    assert_eq!(status(&app, "/readyz").await, 503);
    assert_eq!(status(&app, "/healthz").await, 200);
}

/// OP-01.
#[tokio::test]
async fn a_database_that_is_closed_is_not_ready() {
    let app = TestApp::start().await;
    app.state.db.close().await;
    assert_eq!(status(&app, "/readyz").await, 503);
    assert_eq!(status(&app, "/healthz").await, 200);
}

/// OP-01: what an instance finds after its primary has become a standby.
#[tokio::test]
async fn a_database_that_takes_no_changes_is_not_ready() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let Db::Postgres { pool, .. } = &app.state.db else {
        unreachable!("asked for PostgreSQL")
    };
    let setting = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
         default_transaction_read_only = on', current_database()); END $$";
    let mut own = pool.acquire().await.expect("a connection");
    let set = sqlx::query(setting).execute(&mut *own).await;
    set.expect("a setting, for new connections");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ended = sqlx::query(end).execute(&mut *own).await;
    ended.expect("an end of the others");
    own.close().await.expect("an end of this one");
    assert_eq!(status(&app, "/readyz").await, 503);
    assert_eq!(status(&app, "/healthz").await, 200);
}

/// OP-01, SC-11: `rolecall healthcheck` says what the site says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_asks_itself_how_it_is() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let address = program::free_address();
    let mut program = Program::start(address, &program::settings(&app)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let port = address.port();
    // As a container has it: listening everywhere, and asked from within.
    let ask = async |arguments: &[&str]| {
        let mut command = rolecall(folder.path(), arguments);
        command.env("LISTEN_ADDR", format!("0.0.0.0:{port}"));
        run(command).await
    };
    assert_eq!(ask(&["healthcheck"]).await, ("ok\n".to_owned(), 0));
    assert_eq!(
        ask(&["healthcheck", "--ready"]).await,
        ("ok\n".to_owned(), 0)
    );
    execute(&app.state.db, FORGET_ALL).await;
    // The last answer counts for a second.
    let begun = Instant::now();
    let (said, code) = loop {
        let (said, code) = ask(&["healthcheck", "--ready"]).await;
        if code != 0 || begun.elapsed() > Duration::from_mins(1) {
            break (said, code);
        }
    };
    assert!(said.contains("answers with 503") && code == 1, "{said}");
    program.kill().await;
    let (said, code) = ask(&["healthcheck"]).await;
    assert!(said.contains("does not answer") && code == 1, "{said}");
}
