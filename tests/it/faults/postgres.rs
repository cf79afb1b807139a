//! PostgreSQL goes away for a while: connections are ended, refused, cut off, or hang.

use std::time::Duration;

use rolecall::{config::Secret, polls::Secrecy};
use sqlx::Executor as _;
use tokio::time::timeout;
use url::Url;

use super::{Hall, PATIENCE, is_outage};
use crate::support::{
    app::TestApp,
    database::Engine,
    person::Reply,
    postgres::{administer, by_way_of, direct, socket},
    proxy::{Backend, Network, Proxy},
};

/// Longer than a connection is believed to be there without being asked.
const QUIET: Duration = Duration::from_millis(150);

/// Somebody who waits for a lock.
const WAITING: &str = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'ballots'::regclass";

/// An application with a network between it and its database.
async fn behind_a_network(people: usize) -> (Hall, Proxy) {
    let proxy = Proxy::before(vec![Backend::Unix(socket())]).await;
    let app = TestApp::start_with(Engine::Postgres, |config| {
        let url = by_way_of(config.database.url.expose(), proxy.address);
        config.database.url = Secret::new(url);
    });
    (Hall::of(app.await, Secrecy::Named, people).await, proxy)
}

impl Hall {
    /// The name of its database.
    fn database(&self) -> String {
        let url = Url::parse(self.app.config.database.url.expose()).expect("a URL");
        url.path().trim_start_matches('/').to_owned()
    }

    async fn connections_are_ended(&self) {
        administer(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.database()
        ))
        .await;
    }

    /// Waits until the server has let go of all of them.
    async fn nobody_is_connected(&self) {
        let mut beside = direct("postgres").await;
        let connected = "SELECT 1 FROM pg_stat_activity WHERE datname = $1 LIMIT 1";
        let gone = async {
            let database = self.database();
            let mut find = async || {
                let found = sqlx::query(connected).bind(&database);
                found.fetch_optional(&mut beside).await.expect("an answer")
            };
            while find().await.is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, gone).await.expect("nobody is connected");
    }

    /// Somebody's page, which is never shown while it cannot be known who they are.
    async fn is_nobody(&self, who: usize) {
        let answer = self.app.send(self.people[who].page("/user")).await;
        is_outage(&Reply::read(answer).await);
    }

    /// As it has to be once the database is back (I5).
    async fn votes_again(&mut self, who: usize) {
        let voted = async { while self.vote(who).await.status != 303 {} };
        timeout(PATIENCE, voted)
            .await
            .expect("a vote after the return");
    }
}

/// FT-23.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_ends_are_replaced() {
    let mut hall = Hall::new(Engine::Postgres, Secrecy::Named, 10).await;
    for who in 0..10 {
        hall.connections_are_ended().await;
        hall.votes_again(who).await;
    }
    hall.nothing_is_lost().await;
}

/// FT-23: whoever was not used for a moment is asked first whether anybody is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_after_a_quiet_moment_does_not_notice_that_connections_were_ended() {
    let mut hall = Hall::new(Engine::Postgres, Secrecy::Named, 5).await;
    for who in 0..5 {
        hall.connections_are_ended().await;
        hall.nobody_is_connected().await;
        // A connection that was used just now is believed.
        tokio::time::sleep(QUIET).await;
        hall.votes(who).await;
    }
    hall.nothing_is_lost().await;
}

/// FT-23, SEC-49.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_no_connections_is_an_outage_and_not_a_stranger() {
    let mut hall = Hall::new(Engine::Postgres, Secrecy::Named, 2).await;
    let database = hall.database();
    administer(format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false")).await;
    hall.connections_are_ended().await;
    is_outage(&hall.vote(0).await);
    hall.is_nobody(0).await;
    administer(format!("ALTER DATABASE {database} ALLOW_CONNECTIONS true")).await;
    hall.votes_again(0).await;
    hall.votes(1).await;
    hall.nothing_is_lost().await;
}

/// FT-23, SEC-49.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_is_cut_is_an_outage_until_it_is_mended() {
    let (mut hall, proxy) = behind_a_network(2).await;
    hall.votes(0).await;
    proxy.set(Network::Cut);
    is_outage(&hall.vote(1).await);
    hall.is_nobody(1).await;
    proxy.set(Network::Up);
    hall.votes_again(1).await;
    hall.nothing_is_lost().await;
}

/// FT-23: what hangs in the middle of a transaction holds nobody up for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_hangs_is_given_up_in_time() {
    let (mut hall, proxy) = behind_a_network(3).await;
    hall.votes(0).await;
    let mut holder = direct(&hall.database()).await;
    for statement in ["BEGIN", "LOCK TABLE ballots IN SHARE MODE"] {
        holder.execute(statement).await.expect("locked");
    }
    let vote = hall.people[1].ballot(hall.poll, hall.paper[0].id);
    let vote = hall.app.send(vote);
    let cut = async {
        while sqlx::query(WAITING)
            .fetch_optional(&mut holder)
            .await
            .expect("an answer")
            .is_none()
        {
            tokio::task::yield_now().await;
        }
        proxy.set(Network::Hung);
        holder.execute("ROLLBACK").await.expect("released");
    };
    // The network hangs for as long as this takes.
    let (answer, ()) = timeout(PATIENCE, async { tokio::join!(vote, cut) })
        .await
        .expect("an answer");
    let reply = Reply::read(answer).await;
    is_outage(&reply);
    assert!(
        reply
            .text
            .contains("We cannot say whether your vote was recorded.")
    );
    proxy.set(Network::Up);
    hall.votes_again(1).await;
    hall.votes(2).await;
    hall.nothing_is_lost().await;
}
