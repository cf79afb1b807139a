//! Somebody else keeps the database from being written to.

use std::time::Duration;

use rolecall::{
    db::{Db, Tx},
    polls::Secrecy,
};
use tokio::time::timeout;

use super::{Hall, PATIENCE};
use crate::support::{database::Engine, person::Reply};

/// If each waited for the lock, as a vote does for five seconds, that would take longer than
/// [`PATIENCE`].
const READERS: usize = 15;

/// What another process does: the lock is held until this is dropped.
async fn lock(hall: &Hall) -> Tx {
    let elsewhere = Db::connect(hall.app.config.database.url.expose()).await;
    let lock = elsewhere.expect("a connection").begin().await;
    lock.expect("the lock")
}

/// FT-08: whatever is answered before the lock is released did not wait for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_process_holds_the_lock_votes_are_refused_and_the_next_is_taken_after_it() {
    let mut hall = Hall::new(Engine::Sqlite, Secrecy::Named, 2).await;
    let lock = lock(&hall).await;
    let refused = timeout(PATIENCE, hall.is_turned_away(0)).await;
    refused.expect("an answer while the lock is held");

    let Db::Sqlite { writer, .. } = &hall.app.state.db else {
        unreachable!("asked for SQLite")
    };
    let request = hall.people[1].ballot(hall.poll, hall.paper[1].id);
    let released = async {
        while writer.num_idle() > 0 {
            tokio::task::yield_now().await;
        }
        // The vote waits now.
        drop(lock);
    };
    let voted = async { tokio::join!(hall.app.send(request), released).0 };
    let voted = timeout(PATIENCE, voted).await.expect("an answer");
    assert_eq!(voted.status(), 303);
    hall.votes(0).await;
    hall.nothing_is_lost().await;
}

/// FT-08.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_process_holds_the_lock_pages_are_read() {
    let hall = Hall::new(Engine::Sqlite, Secrecy::Named, READERS).await;
    let _lock = lock(&hall).await;
    // Their last requests are due to be noted, and cannot be.
    hall.app.clock.advance(Duration::from_mins(5));
    let reading = async {
        for somebody in &hall.people {
            let page = Reply::read(hall.app.send(somebody.page("/polls/")).await).await;
            assert_eq!(page.status, 200);
        }
    };
    let read = timeout(PATIENCE, reading).await;
    read.expect("no page waits for the lock");
}
