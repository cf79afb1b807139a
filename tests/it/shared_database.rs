//! What instances keep in memory of a PostgreSQL database that they share: whatever was committed
//! before a request arrives, at whatever instance, the request sees.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{PollId, editing::Step},
    users::UserId,
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use crate::support::{
    app::{TestApp, execute},
    database::Engine,
    person::Person,
    polls::{draft, open, paper, take},
};

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_mins(1);

async fn two_instances() -> (TestApp, TestApp) {
    let one = TestApp::start_on(Engine::Postgres).await;
    let other = one.another_instance(|_| ()).await;
    (one, other)
}

/// The same browser before another instance, which has seen it already.
async fn known_at<'b>(person: &Person<'_>, app: &'b TestApp) -> Person<'b> {
    let mut there = person.at(app);
    assert!(there.is_signed_in().await);
    there
}

/// Past the program, as an operator at the database.
async fn connect(app: &TestApp) -> PgConnection {
    let connected = PgConnection::connect(app.config.database.url.expose()).await;
    connected.expect("a connection")
}

async fn name_of_uma(app: &TestApp) -> String {
    let uma = app.state.users.find(UserId(1)).await.expect("an answer");
    uma.expect("Uma").name().to_owned()
}

/// PF-12, SEC-36.
#[tokio::test]
async fn who_signs_out_at_one_instance_is_signed_out_at_the_next_request_to_the_other() {
    let (one, other) = two_instances().await;
    let mut uma = one.uma().await;
    let mut there = known_at(&uma, &other).await;
    uma.post(paths::LOGOUT, &[]).await;
    assert!(!there.is_signed_in().await);
}

/// PF-12, SEC-36.
#[tokio::test]
async fn a_role_that_is_taken_away_past_the_program_is_gone_at_the_next_request_everywhere() {
    let (one, other) = two_instances().await;
    let stan = one.stan().await;
    let (mut here, mut there) = (known_at(&stan, &one).await, known_at(&stan, &other).await);
    assert_eq!((here.results().await, there.results().await), (404, 404));
    let mut operator = connect(&one).await;
    let demote = operator.execute("UPDATE users SET role = 'user'");
    demote.await.expect("a change");
    assert_eq!((here.results().await, there.results().await), (403, 403));
}

/// PF-12.
#[tokio::test]
async fn what_is_kept_is_read_again_only_when_the_revision_moves() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let _uma = app.uma().await;
    assert_eq!(name_of_uma(&app).await, "Uma Umbach");
    let mut operator = connect(&app).await;
    let unseen = "SET session_replication_role = replica; UPDATE users SET display_name = 'Vera'";
    let done = operator.execute(unseen).await;
    done.expect("a change of which no trigger knows");
    assert_eq!(name_of_uma(&app).await, "Uma Umbach", "out of memory");
    let seen = "SET session_replication_role = origin; UPDATE users SET display_name = 'Wilma'";
    operator.execute(seen).await.expect("a change");
    assert_eq!(name_of_uma(&app).await, "Wilma");
}

/// PF-12.
#[tokio::test]
async fn a_poll_that_is_closed_at_one_instance_takes_no_vote_and_shows_none_at_the_other() {
    let (one, other) = two_instances().await;
    let now = one.clock.now();
    let poll = open(&one.state.polls, draft("Tea?", &["Yes", "No"]), now).await;
    let mut there = other.uma().await;
    let page = there.get(&paths::poll(poll)).await;
    assert_eq!(page.texts("input[name=choice]").len(), 2, "a ballot paper");
    let listed = there.get("/polls/").await.text;
    take(&one.state.polls, Step::Close, poll, now).await;
    let page = there.get(&paths::poll(poll)).await;
    assert!(page.texts("input[name=choice]").is_empty(), "{}", page.text);
    assert_ne!(there.get("/polls/").await.text, listed);
}

async fn has_voted(app: &TestApp, poll: PollId) -> Option<bool> {
    let found = app.state.polls.find_for(poll, UserId(1)).await;
    found.expect("an answer").expect("the poll").has_voted
}

/// PF-12, SEC-46.
#[tokio::test]
async fn a_vote_at_one_instance_is_seen_at_the_other_and_moves_no_revision() {
    let (one, other) = two_instances().await;
    let now = one.clock.now();
    let poll = open(&one.state.polls, draft("Tea?", &["Yes", "No"]), now).await;
    let choice = paper(&one.state.polls, poll).await[0].id.to_string();
    let mut uma = one.uma().await;
    uma.get(&paths::poll(poll)).await;
    assert_eq!(has_voted(&other, poll).await, None);
    let before = other.state.db.revision().await;
    assert!(before.is_some());
    let vote = paths::with_id(paths::VOTE, poll);
    let cast = uma.post(&vote, &[("choice", choice.as_str())]).await;
    assert_eq!(cast.location(), paths::with_id(paths::VOTED, poll));
    assert_eq!(has_voted(&other, poll).await, Some(true));
    assert_eq!(other.state.db.revision().await, before);
}

/// PF-12, SEC-49.
#[tokio::test]
async fn when_the_connection_that_asks_is_ended_nothing_old_is_shown_and_it_heals() {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%FROM revisions'";
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut uma = app.uma().await;
    assert!(uma.is_signed_in().await);
    let mut operator = connect(&app).await;
    let ended = operator.execute(END).await.expect("an answer");
    assert_eq!(ended.rows_affected(), 1, "one connection asks");
    let deactivate = operator.execute("UPDATE users SET deactivated_at = 1");
    deactivate.await.expect("a change");
    assert!(!uma.is_signed_in().await);
    assert!(app.state.db.revision().await.is_some(), "it has healed");
}

/// PF-12, SEC-49.
#[tokio::test]
async fn nothing_is_believed_while_the_revision_cannot_be_asked_for() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut uma = app.uma().await;
    assert!(uma.is_signed_in().await);
    execute(&app.state.db, "ALTER TABLE revisions RENAME TO away").await;
    assert_eq!(app.state.db.revision().await, None);
    let mut operator = connect(&app).await;
    let unseen = "SET session_replication_role = replica; UPDATE users SET deactivated_at = 1";
    operator.execute(unseen).await.expect("a change");
    assert!(!uma.is_signed_in().await);
    execute(&app.state.db, "ALTER TABLE away RENAME TO revisions").await;
    assert!(app.state.db.revision().await.is_some());
}

/// SEC-31, SEC-36: the requests that the other instance has noted count here as well.
#[tokio::test]
async fn who_is_active_at_one_instance_does_not_become_idle_at_the_other() {
    let (one, other) = two_instances().await;
    let uma = one.uma().await;
    let (mut here, mut there) = (known_at(&uma, &one).await, known_at(&uma, &other).await);
    let step = one.config.sessions.idle * 2 / 3;
    for _ in 0..3 {
        one.advance(step).await;
        assert!(here.is_signed_in().await);
    }
    assert!(there.is_signed_in().await);
}

async fn revision(operator: &mut PgConnection) -> i64 {
    let sum = "SELECT COALESCE(SUM(number), 0)::BIGINT FROM revisions";
    let sum = sqlx::query_scalar(sum).fetch_one(operator).await;
    sum.expect("a sum")
}

/// Whatever changes what is kept: an UPDATE names columns that are written one by one.
const CHANGES: [&str; 12] = [
    "UPDATE users SET role = role",
    "UPDATE sessions SET data = data",
    "UPDATE sessions SET expires_at = expires_at",
    "UPDATE sessions SET id_hash = id_hash",
    "DELETE FROM sessions",
    "UPDATE polls SET version = version + 1",
    "INSERT INTO poll_roles (poll_id, role) VALUES (1, 'user')",
    "DELETE FROM poll_roles WHERE role = 'user'",
    "UPDATE choices SET text = text",
    "INSERT INTO voter_roll (poll_id, user_id, source) VALUES (1, 1, 'list')",
    "DELETE FROM voter_roll",
    "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
     VALUES (1, 'email', '', 'v@example.org', 'list')",
];

/// What happens all the time, and changes nothing that is kept.
const OTHERS: [&str; 4] = [
    "UPDATE sessions SET last_seen_at = last_seen_at + 1",
    "UPDATE sessions SET tokens = 'sealed'",
    "INSERT INTO voter_roll (poll_id, user_id, source) VALUES (2, 1, 'role')",
    "UPDATE voter_roll SET weight = weight",
];

/// PF-12.
#[tokio::test]
async fn every_change_of_what_is_kept_moves_the_revision_and_no_vote_or_request_does() {
    const LISTED: &str = "
        INSERT INTO polls (question, search_key, roll_mode, created_at, updated_at)
        VALUES ('By list?', 'by list?', 'list', 1, 1), ('By role?', 'by role?', 'role', 1, 1)";
    let app = TestApp::start_on(Engine::Postgres).await;
    let _uma = app.uma().await;
    let mut operator = connect(&app).await;
    operator.execute(LISTED).await.expect("polls");
    for other in OTHERS {
        let before = revision(&mut operator).await;
        let done = operator.execute(other).await;
        assert!(done.expect(other).rows_affected() > 0, "{other}");
        assert_eq!(revision(&mut operator).await, before, "{other}");
    }
    for change in CHANGES {
        let before = revision(&mut operator).await;
        operator.execute(change).await.expect(change);
        assert!(revision(&mut operator).await > before, "{change}");
    }
}

/// PF-12: the number moves with the commit, and nobody waits for a row of numbers.
#[tokio::test]
async fn changes_that_overlap_wait_for_nothing_and_move_the_revision_when_they_are_committed() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let (_ada, _uma) = (app.ada().await, app.uma().await);
    let (mut first, mut second) = (connect(&app).await, connect(&app).await);
    let before = revision(&mut second).await;
    let overlapping = async {
        for statement in ["BEGIN", "UPDATE users SET version = 9 WHERE id = 1"] {
            first.execute(statement).await.expect("a change");
        }
        assert_eq!(revision(&mut second).await, before, "not committed");
        for statement in [
            "BEGIN",
            "UPDATE users SET version = 9 WHERE id = 2",
            "COMMIT",
        ] {
            second.execute(statement).await.expect("another change");
        }
        assert_eq!(revision(&mut second).await, before + 1);
        first.execute("COMMIT").await.expect("a commit");
    };
    timeout(PATIENCE, overlapping).await.expect("nobody waits");
    assert_eq!(revision(&mut second).await, before + 2);
}

/// PF-12: in a poll with many voters each of them would pay for all others.
#[tokio::test]
async fn a_mark_on_the_roll_is_made_without_reading_all_voters_or_all_people() {
    const PEOPLE: &str = "
        INSERT INTO users (issuer, subject, username, display_name, sort_key, search_key, role,
                           role_checked_at, first_seen_at)
        SELECT 'https://op.example', n, n, n, n, n, 'user', 1, 1 FROM generate_series(1, 500) AS n;
        INSERT INTO polls (question, search_key, created_at, updated_at) VALUES ('Tea?', 'tea?', 1, 1);
        BEGIN;
        INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
        SELECT 1, id, TRUE, 'role' FROM users WHERE id > 1";
    const READ: &str = "SELECT SUM(seq_tup_read)::BIGINT FROM pg_stat_xact_user_tables
        WHERE relname IN ('users', 'voter_roll')";
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut operator = connect(&app).await;
    operator.execute(PEOPLE).await.expect("voters");
    let mut read = async || -> i64 {
        let read = sqlx::query_scalar(READ).fetch_one(&mut operator).await;
        let mark = "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (1, 1, TRUE, 'role')
            ON CONFLICT DO NOTHING";
        operator.execute(mark).await.expect("a mark");
        read.expect("a number")
    };
    let before = read().await;
    assert_eq!(read().await, before);
}

/// PF-12: a question that nobody waits for any more is answered all the same.
#[tokio::test]
async fn clients_that_go_away_while_the_server_is_asked_break_nothing() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut uma = app.uma().await;
    for _ in 0..50 {
        let mut gone = uma.clone();
        let asking = async {
            gone.is_signed_in().await;
        };
        let moment = Duration::from_micros(200);
        timeout(moment, asking).await.ok();
    }
    assert!(
        timeout(PATIENCE, uma.is_signed_in())
            .await
            .expect("an answer")
    );
}
