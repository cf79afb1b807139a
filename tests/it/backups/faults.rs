//! What verifying finds in files that do not hold, and that restoring leaves the database alone.

use std::{fs, path::Path};

use rolecall::{
    audit::Actor,
    backup::{Restore, restore},
    polls::{
        RollMode, Secrecy,
        editing::{Edit, PollDraft, Step},
    },
    users::Role,
};

use super::{backup_of, found_in, sha256, tamper};
use crate::support::{
    app::TestApp,
    database::{self, Engine},
    polls::{cast_all, create, draft, open, take, voter},
};

/// An application with a poll that has closed and is sealed.
async fn with_a_result() -> TestApp {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let id = open(polls, secret, now).await;
    cast_all(&app.state, id, &[&[0], &[1], &[1]]).await;
    take(polls, Step::Close, id, now).await;
    app
}

/// An application with a poll of two people on a list.
async fn with_a_list() -> TestApp {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let listed = PollDraft {
        roll_mode: RollMode::List,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let poll = create(&app.state.polls, listed, app.clock.now()).await;
    let mut voters = Vec::new();
    for name in ["uma", "stan"] {
        voters.push(voter(&app.state.users, name, Role::User, app.clock.now()).await);
    }
    let (polls, now) = (&app.state.polls, app.clock.now());
    let added = polls.add_voters(poll, voters, Actor::CommandLine, now);
    assert_eq!(added.await.expect("an answer"), Edit::Done(poll));
    app
}

/// A file that is the database of nobody else.
async fn someone_elses(app: &TestApp) -> std::path::PathBuf {
    let database = database::new_file("db");
    let backup = backup_of(app).await;
    fs::rename(backup, &database).expect("a file");
    database
}

/// Refused with these words by `verify` and by `restore`, and the database is the same to the byte.
async fn is_refused(app: &TestApp, file: &Path, why: &str) {
    let found = found_in(app, file).await;
    assert!(
        found.problems.iter().any(|problem| problem.contains(why)),
        "{why}: {found:?}"
    );
    let current = someone_elses(app).await;
    let before = sha256(&current);
    let outcome = restore(file, &current, false, app.clock.now()).await;
    assert!(matches!(outcome, Ok(Restore::Unfit(_))), "{outcome:?}");
    assert_eq!(sha256(&current), before, "{why}");
}

/// FT-25, OP-07.
#[tokio::test]
async fn a_file_that_is_no_whole_database_is_refused_and_the_database_stays_as_it_is() {
    let app = with_a_result().await;
    let file = backup_of(&app).await;
    let whole = fs::read(&file).expect("a backup");
    fs::write(&file, &whole[..whole.len() / 2]).expect("half of it");
    is_refused(&app, &file, "malformed").await;
    let mut broken = whole.clone();
    let page = whole.len() / 4096 / 2 * 4096;
    broken[page..page + 3 * 4096].fill(0x5a);
    fs::write(&file, &broken).expect("three pages of noise");
    is_refused(&app, &file, "").await;
    fs::write(&file, "-- a dump\nCREATE TABLE polls;").expect("text");
    is_refused(&app, &file, "not a SQLite database").await;
    fs::write(&file, "").expect("nothing");
    is_refused(&app, &file, "not a SQLite database").await;
}

/// FT-25, OP-07, T9.
#[tokio::test]
async fn a_backup_whose_votes_seals_or_history_were_changed_is_refused() {
    let app = with_a_result().await;
    for (change, why) in [
        (
            "DROP TRIGGER voter_roll_kept; UPDATE voter_roll SET has_voted = 0 WHERE user_id = 1",
            "Poll 1: 2 marks on the roll, 3 ballots in the box",
        ),
        (
            "DROP TRIGGER ballots_delete; DELETE FROM ballots WHERE id = (SELECT MIN(id) FROM ballots)",
            "refer to rows that are not there",
        ),
        (
            "DROP TRIGGER ballot_choices_update; UPDATE ballot_choices SET choice_id = 1",
            "Poll 1: its ballots come to something else than was sealed",
        ),
        (
            "DROP TRIGGER audit_log_update; UPDATE audit_log SET object_label = 'x' WHERE seq = 2",
            "The history is broken at entry 2",
        ),
        ("DROP TABLE _sqlx_migrations", "holds no polls"),
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'later', 1, x'00', 0)",
            "Its schema (9999) is newer than this program",
        ),
    ] {
        let file = backup_of(&app).await;
        tamper(&file, change).await;
        is_refused(&app, &file, why).await;
    }
}

/// FT-25, OP-07. The order of names is kept by triggers; without it people vanish from the list that
/// the console shows, or stand on it although they may not vote.
#[tokio::test]
async fn a_list_of_voters_whose_order_of_names_is_another_is_refused() {
    let app = with_a_list().await;
    for change in [
        "DELETE FROM roll_names WHERE user_id = (SELECT MIN(user_id) FROM roll_names)",
        "INSERT INTO roll_names SELECT poll_id, 'nobody', 4711 FROM roll_names LIMIT 1",
        "DROP TRIGGER roll_names_rename; UPDATE users SET sort_key = 'zoe' WHERE id = (SELECT MIN(user_id) FROM roll_names)",
    ] {
        let file = backup_of(&app).await;
        tamper(&file, change).await;
        is_refused(&app, &file, "Poll 1: its list of voters and the order").await;
    }
}

/// OP-07. A backup from before there was such an order holds.
#[tokio::test]
async fn a_backup_of_an_earlier_schema_is_not_asked_for_the_order_of_names() {
    let app = with_a_list().await;
    let file = backup_of(&app).await;
    tamper(
        &file,
        "DROP TRIGGER roll_names_insert; DROP TRIGGER roll_names_delete;
         DROP TRIGGER roll_names_rename; DROP TABLE roll_names;
         DELETE FROM _sqlx_migrations WHERE version >= 18",
    )
    .await;
    let found = found_in(&app, &file).await;
    assert!(found.is_sound(), "{found:?}");
    assert!(found.notes[0].contains("behind this program"), "{found:?}");
}

/// FT-25.
#[tokio::test]
async fn a_database_in_use_is_no_backup() {
    let app = with_a_result().await;
    let file = super::file_of(&app);
    let found = rolecall::backup::verify(&file, app.clock.now()).await;
    let found = found.expect("a readable file");
    assert!(found.problems[0].contains("a database in use"), "{found:?}");
}
