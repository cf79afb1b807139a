//! A backup takes the place of the database.

use std::{fs, path::PathBuf};

use rolecall::{
    backup::{Restore, Restored, restore},
    config::Secret,
    db::{DatabaseLock, Db},
};

use super::{assert_alone, backup_of, file_of, number_in, sha256, tamper};
use crate::support::{
    app::TestApp,
    command::{rolecall, run},
    database::{self, Engine},
    person::Person,
    polls::{cast_all, draft, open},
};

/// Another installation, which holds nothing and is stopped.
async fn stopped() -> PathBuf {
    let file = database::new_file("db");
    let db = Db::connect(&format!("sqlite:{}", file.display())).await;
    let db = db.expect("it opens");
    db.migrate().await.expect("the schema fits");
    db.close().await;
    file
}

async fn restored(app: &TestApp, file: &std::path::Path, database: &std::path::Path) -> Restored {
    match restore(file, database, false, app.clock.now()).await {
        Ok(Restore::Done(restored)) => restored,
        refused => panic!("{refused:?}"),
    }
}

/// Whether a page for those who are signed in is not refused. There is no such poll.
async fn is_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/4711/").await.status == 404
}

/// OP-07, SEC-35.
#[tokio::test]
async fn a_restored_site_holds_the_votes_and_nobody_is_signed_in() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.uma().await;
    uma.post(
        "/user/tokens/make/",
        &[("name", "Reader"), ("role", "user"), ("days", "30")],
    )
    .await;
    let poll = open(
        &app.state.polls,
        draft("Tea?", &["Yes", "No"]),
        app.clock.now(),
    )
    .await;
    cast_all(&app.state, poll, &[&[0], &[1]]).await;
    let (backup, database) = (backup_of(&app).await, stopped().await);
    let (before, former) = (sha256(&backup), sha256(&database));
    let done = restored(&app, &backup, &database).await;
    assert_eq!((done.ballots, done.ballots_before), (2, Some(0)));
    assert_eq!((done.sessions_ended, done.tokens_ended), (1, 1));
    assert_eq!(sha256(&backup), before, "the backup is as it was");
    let kept = done.kept.expect("the former database");
    assert_alone(&kept);
    assert_eq!(number_in(&kept, "SELECT COUNT(*) FROM polls").await, 0);
    assert_ne!(sha256(&database), former);

    let again = app
        .another_instance(|config| {
            config.database.url = Secret::new(format!("sqlite:{}", database.display()));
        })
        .await;
    assert!(is_in(&mut uma).await, "where nothing was restored");
    assert!(!is_in(&mut uma.at(&again)).await);
    let mut ada = again.ada().await;
    let history = ada.get("/admin/audit/").await.text_of("main");
    assert!(history.contains("Restored the backup"), "{history}");
    assert_eq!(again.number("SELECT COUNT(*) FROM ballots").await, 2);
    assert_eq!(
        again
            .number("SELECT COUNT(*) FROM personal_access_tokens")
            .await,
        0
    );
}

/// OP-07, FT-25.
#[tokio::test]
async fn nothing_is_restored_beside_a_running_server() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let backup = backup_of(&app).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = backup.display().to_string();
    let mut command = rolecall(folder.path(), &["restore", &backup]);
    command.env("DATABASE_URL", app.config.database.url.expose());
    let (said, status) = run(command).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("is in use. Stop the server"), "{said}");
    let mut uma = app.uma().await;
    assert!(is_in(&mut uma).await, "the server goes on");
}

/// OP-07.
#[tokio::test]
async fn nobody_starts_while_a_database_is_being_restored() {
    let database = stopped().await;
    let restoring = DatabaseLock::exclusive(&database).expect("a lock");
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = rolecall(folder.path(), &["migrate"]);
    command.env("DATABASE_URL", format!("sqlite:{}", database.display()));
    let (said, status) = run(command).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("is being restored or moved"), "{said}");
    drop(restoring);
}

/// OP-07.
#[tokio::test]
async fn a_write_ahead_log_of_the_former_database_is_not_taken_for_that_of_the_backup() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let (backup, database) = (backup_of(&app).await, stopped().await);
    // As after a power cut: what was committed last stands in the log alone.
    let copy = database::new_file("db");
    let db = Db::connect(&format!("sqlite:{}", database.display())).await;
    let db = db.expect("it opens");
    crate::support::app::execute(&db, "INSERT INTO settings VALUES ('committed', 'last')").await;
    let beside = |file: &std::path::Path, suffix: &str| format!("{}{suffix}", file.display());
    for suffix in ["", "-wal"] {
        fs::copy(beside(&database, suffix), beside(&copy, suffix)).expect("a copy");
    }
    db.close().await;
    assert!(fs::metadata(beside(&copy, "-wal")).expect("a log").len() > 0);

    let done = restored(&app, &backup, &copy).await;
    assert!(
        !PathBuf::from(beside(&copy, "-wal")).exists(),
        "the log is gone"
    );
    assert_eq!(number_in(&copy, "SELECT COUNT(*) FROM settings").await, 0);
    let kept = done.kept.expect("the former database");
    assert_eq!(
        number_in(&kept, "SELECT COUNT(*) FROM settings").await,
        1,
        "it is folded in"
    );
}

/// OP-07, FT-10.
#[tokio::test]
async fn a_database_that_nobody_can_read_any_more_gives_way_and_is_kept() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let backup = backup_of(&app).await;
    let database = database::new_file("db");
    fs::write(&database, "not a database at all").expect("a file");
    fs::write(format!("{}-wal", database.display()), "nor a log").expect("a file");
    let done = restored(&app, &backup, &database).await;
    assert_eq!(done.ballots_before, None);
    let kept = done.kept.expect("the former database");
    assert_eq!(fs::read(&kept).expect("a file"), b"not a database at all");
    assert_eq!(number_in(&database, "SELECT COUNT(*) FROM polls").await, 0);
    let log = format!("{}-wal", kept.display());
    assert_eq!(fs::read(log).expect("a file"), b"nor a log");
}

/// OP-07. As when somebody has moved away a database that could not be opened any more.
#[tokio::test]
async fn the_log_of_a_database_that_was_taken_away_does_not_come_into_the_restored_one() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let poll = draft("Tea?", &["Yes", "No"]);
    open(&app.state.polls, poll, app.clock.now()).await;
    let (backup, database) = (backup_of(&app).await, stopped().await);
    fs::remove_file(&database).expect("taken away");
    let of = |suffix: &str| PathBuf::from(format!("{}{suffix}", database.display()));
    for suffix in ["-wal", "-shm", "-journal"] {
        fs::write(of(suffix), "another's").expect("written");
    }
    let done = restored(&app, &backup, &database).await;
    assert_eq!(done.kept, None);
    for suffix in ["-wal", "-shm", "-journal"] {
        assert!(!of(suffix).exists(), "{suffix} is left");
    }
    assert_eq!(number_in(&database, "SELECT COUNT(*) FROM polls").await, 1);
}

/// OP-07, SC-12. The whole way by hand, as the guide's drill goes.
#[tokio::test]
async fn what_the_commands_make_they_verify_and_restore() {
    let folder = tempfile::tempdir().expect("a folder");
    let say = async |arguments: &[&str]| {
        let (said, status) = run(rolecall(folder.path(), arguments)).await;
        assert_eq!(status, 0, "{arguments:?}: {said}");
        said
    };
    say(&["seed"]).await;
    let made = say(&["backup", "drill.db"]).await;
    assert!(made.contains("Made and verified. drill.db: "), "{made}");
    let held = say(&["verify", "drill.db", "--json"]).await;
    let held: serde_json::Value = serde_json::from_str(&held).expect("JSON");
    assert_eq!((&held["polls"], &held["ballots"]), (&10.into(), &50.into()));
    assert_eq!(held["problems"], serde_json::json!([]));
    tamper(&folder.path().join("rolecall.db"), "DELETE FROM settings").await;
    let restored = say(&["restore", "drill.db"]).await;
    assert!(
        restored.contains("drill.db is the database now: "),
        "{restored}"
    );
    assert!(restored.contains("Everybody signs in anew."), "{restored}");
    for entry in fs::read_dir(folder.path()).expect("a folder") {
        use std::os::unix::fs::PermissionsExt as _;
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
    }
    // There is no table of ours in a file of theirs.
    fs::write(folder.path().join("drill.db"), "torn").expect("a file");
    let (said, status) = run(rolecall(folder.path(), &["verify", "drill.db"])).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("drill.db does not hold"), "{said}");
}

/// OP-07.
#[tokio::test]
async fn of_postgresql_the_commands_say_which_tools_do_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [["backup", "a.db"], ["restore", "a.db"]] {
        let mut command = rolecall(folder.path(), &arguments);
        command.env("DATABASE_URL", "postgres://polls:SECRET@127.0.0.1:1/polls");
        let (said, status) = run(command).await;
        assert_eq!(status, 1, "{said}");
        assert!(
            said.contains("pg_dump") && !said.contains("SECRET"),
            "{said}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

/// The file of a running application is told apart from its backup by who uses it.
#[tokio::test]
async fn the_lock_is_held_for_as_long_as_somebody_works_with_the_file() {
    let database = stopped().await;
    assert!(!DatabaseLock::is_held(&database));
    let db = Db::connect(&format!("sqlite:{}", database.display())).await;
    let db = db.expect("it opens");
    assert!(DatabaseLock::is_held(&database));
    assert!(
        DatabaseLock::exclusive(&database)
            .expect("an answer")
            .is_none()
    );
    db.close().await;
    drop(db);
    assert!(
        DatabaseLock::exclusive(&database)
            .expect("an answer")
            .is_some()
    );
    let app = TestApp::start_on(Engine::Sqlite).await;
    assert!(DatabaseLock::is_held(&file_of(&app)));
}
