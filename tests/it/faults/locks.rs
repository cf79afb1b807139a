//! Somebody else keeps the database from being written to.

use std::time::Duration;

use rolecall::{db::Db, polls::Secrecy};
use tokio::time::{Instant, sleep_until};

use super::Hall;
use crate::support::{database::Engine, person::Reply};

/// Longer than the program waits for its turn, which is five seconds.
const LOCKED: Duration = Duration::from_secs(8);

/// FT-08.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_process_holds_the_lock_votes_are_refused_in_time_and_pages_read() {
    let mut hall = Hall::new(Engine::Sqlite, Secrecy::Named, 4).await;
    let elsewhere = Db::connect(hall.app.config.database.url.expose()).await;
    let lock = elsewhere
        .expect("a connection")
        .begin()
        .await
        .expect("the lock");
    let locked = Instant::now();

    hall.is_turned_away(0).await;
    assert!(
        locked.elapsed() < Duration::from_millis(6500),
        "{:?}",
        locked.elapsed()
    );

    // Their last requests are due to be noted, and cannot be.
    hall.app.clock.advance(Duration::from_mins(5));
    let reading = Instant::now();
    for somebody in &hall.people {
        let page = Reply::read(hall.app.send(somebody.page("/polls/")).await).await;
        assert_eq!(page.status, 200);
    }
    assert!(
        reading.elapsed() < Duration::from_secs(2),
        "{:?}",
        reading.elapsed()
    );

    let request = hall.people[1].ballot(hall.poll, hall.paper[1].id);
    let (voted, released) = tokio::join!(hall.app.send(request), async {
        sleep_until(locked + LOCKED).await;
        drop(lock);
        Instant::now()
    });
    assert_eq!(voted.status(), 303);
    assert!(
        released.elapsed() < Duration::from_secs(2),
        "{:?}",
        released.elapsed()
    );
    hall.votes(0).await;
    hall.nothing_is_lost().await;
}
