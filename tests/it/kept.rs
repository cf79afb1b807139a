//! What the program keeps in memory of its database: until the database changes, whoever changes
//! it. Every test with an application of its own runs with it; these are about its ends on SQLite,
//! and `shared_database` is about PostgreSQL.

use std::time::Duration;

use rolecall::{db::Db, paths, users::UserId};

use crate::support::{
    app::{TestApp, execute},
    database::{Engine, new_url},
    polls::{draft, open, paper},
};

/// Longer than it takes until a change by another process is seen, on a busy machine too.
const PATIENCE: Duration = Duration::from_mins(1);

/// The revision, once the program has looked: on a busy machine its last look may be too old.
async fn revision(app: &TestApp) -> u64 {
    loop {
        if let Some(revision) = app.state.db.revision().await {
            return revision;
        }
        tokio::task::yield_now().await;
    }
}

async fn uma_is_active(app: &TestApp) -> bool {
    let uma = app.state.users.find(UserId(1)).await.expect("an answer");
    uma.expect("Uma").is_active()
}

/// SEC-36.
#[tokio::test]
async fn what_another_process_changes_is_seen_although_nothing_tells_of_it() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.uma().await;
    assert!(uma_is_active(&app).await);
    let elsewhere = Db::connect(app.config.database.url.expose()).await;
    let elsewhere = elsewhere.expect("the same file");
    execute(&elsewhere, "UPDATE users SET deactivated_at = 1").await;
    let seen = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while uma_is_active(&app).await {
            look.tick().await;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, seen).await;
    assert!(seen.is_ok(), "the change is never seen");
    assert_eq!(uma.get("/polls/1/").await.status, 303, "she is out");
}

#[tokio::test]
async fn what_this_process_changes_is_seen_at_once_and_votes_change_nothing_that_is_kept() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let now = app.clock.now();
    let poll = open(&app.state.polls, draft("Tea?", &["Yes", "No"]), now).await;
    let choice = paper(&app.state.polls, poll).await[0].id.to_string();
    let mut uma = app.uma().await;
    uma.get(&paths::poll(poll)).await;
    let before = revision(&app).await;
    let vote = paths::with_id(paths::VOTE, poll);
    let cast = uma.post(&vote, &[("choice", choice.as_str())]).await;
    assert_eq!(cast.location(), paths::with_id(paths::VOTED, poll));
    assert_eq!(revision(&app).await, before);
    app.execute("UPDATE users SET deactivated_at = $1", 1).await;
    assert_ne!(revision(&app).await, before);
    assert_eq!(uma.get("/polls/1/").await.status, 303, "she is out");
}

#[tokio::test]
async fn while_nobody_looks_for_changes_to_a_file_nothing_of_it_is_kept() {
    let db = Db::connect(&new_url(Engine::Sqlite).await).await;
    assert_eq!(db.expect("a database").revision().await, None);
    let app = TestApp::start_on(Engine::Sqlite).await;
    app.forget_at_once().await;
    assert_eq!(app.state.db.revision().await, None);
    assert!(app.uma().await.get("/polls/").await.text.contains("Uma"));
}
