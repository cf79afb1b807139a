//! A seal and what stands around it: the entry of the history that tells of it, and what an admin
//! does with the poll in the moment in which it is sealed.

use std::{sync::Arc, time::Duration};

use rolecall::{
    audit::Actor,
    db::Db,
    polls::{
        Poll, PollId,
        check::SealCheck,
        editing::{Edit, PollDraft, Step},
    },
};
use sqlx::PgPool;

use crate::support::{
    app::{self, TestApp},
    database::Engine,
    polls::{cast_all, create, draft, open, take},
};

async fn poll(app: &TestApp, id: PollId) -> Poll {
    let found = app.state.polls.find(id).await.expect("an answer");
    Arc::unwrap_or_clone(found.expect("the poll"))
}

async fn seal_of(app: &TestApp, id: PollId) -> SealCheck {
    let checked = app
        .state
        .polls
        .check(&poll(app, id).await, app.clock.now())
        .await;
    checked.expect("an answer").seal
}

/// T4, T7: an entry that merely quotes a seal does not vouch for it.
#[tokio::test]
async fn only_the_entry_that_tells_of_the_sealing_vouches_for_a_seal() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (polls, now) = (&app.state.polls, app.clock.now());
        let id = open(polls, draft("Tea?", &["Yes", "No"]), now).await;
        take(polls, Step::Close, id, now).await;
        assert_eq!(seal_of(&app, id).await, SealCheck::Fits);
        let seal = polls.find_seal(id).await.expect("an answer");
        let digest = seal.expect("a seal").digest();
        let other = create(polls, draft("Coffee?", &["Yes", "No"]), now).await;
        let version = poll(&app, other).await.version;
        let quoting = draft(&digest, &["Yes", "No"]);
        let edited = polls.update(other, version, quoting, Actor::System, now);
        assert_eq!(edited.await.expect("an answer"), Edit::Done(other));
        let drop = match engine {
            Engine::Sqlite => "DROP TRIGGER seals_update",
            Engine::Postgres => "DROP TRIGGER seals_kept ON seals",
        };
        app::execute(&app.state.db, drop).await;
        let point = "UPDATE seals SET audit_seq = (SELECT MAX(seq) FROM audit_log)";
        app::execute(&app.state.db, point).await;
        assert_eq!(seal_of(&app, id).await, SealCheck::NotInHistory);
    }
}

/// Comes back once somebody waits for what `holder` has locked.
async fn until_somebody_waits(pool: &PgPool, holder: i32) {
    let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
    let waited = async {
        loop {
            let waiting = sqlx::query_scalar(waits).bind(holder).fetch_one(pool);
            let waiting: i64 = waiting.await.expect("an answer");
            if waiting > 0 {
                return;
            }
        }
    };
    let limit = Duration::from_mins(1);
    tokio::time::timeout(limit, waited)
        .await
        .expect("somebody waits");
}

/// T4: what is sealed is the poll as it is when it is sealed, not as it was when its ballots were
/// counted.
#[tokio::test]
async fn a_poll_that_changes_between_the_count_and_the_seal_is_sealed_as_it_is_then() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let Db::Postgres { pool, .. } = &app.state.db else {
        unreachable!("a PostgreSQL server was asked for");
    };
    let an_hour = Duration::from_hours(1);
    let closing = PollDraft {
        closes_at: Some(app.clock.now().plus(an_hour)),
        ..draft("Tea?", &["Yes", "No"])
    };
    let id = open(&app.state.polls, closing, app.clock.now()).await;
    cast_all(&app.state, id, &[&[0]]).await;
    app.advance(an_hour).await;
    let mut admin = pool.begin().await.expect("a transaction");
    let holder: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut *admin)
        .await
        .expect("an answer");
    sqlx::query("UPDATE polls SET closed_at = closes_at - 60000, version = version + 1")
        .execute(&mut *admin)
        .await
        .expect("the poll changes");
    let (polls, now) = (app.state.polls.clone(), app.clock.now());
    let sealing = tokio::spawn(async move { polls.seal_closed(now).await });
    until_somebody_waits(pool, holder).await;
    admin.commit().await.expect("the change is there");
    sealing.await.expect("ran").expect("sealed");
    assert_eq!(seal_of(&app, id).await, SealCheck::Fits);
}
