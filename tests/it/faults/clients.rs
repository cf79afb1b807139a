//! Clients that vanish before their answer.

use std::time::Duration;

use rolecall::{
    db::Db,
    polls::Secrecy,
    server::{self, Limits, Phase},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

use super::{Hall, PATIENCE};
use crate::support::{crowd::Member, database::Engine};

const PEOPLE: usize = 120;

impl Hall {
    /// The bytes of somebody's vote.
    fn bytes(&self, who: usize) -> String {
        let form = Member::form(self.paper[who % 2].id);
        format!(
            "POST /polls/{}/vote/ HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{form}",
            self.poll,
            self.people[who].cookie(),
            form.len(),
        )
    }

    /// Connections go back into the pool in a task of their own.
    async fn all_connections_are_idle(&self) {
        let idle = async {
            loop {
                let is_idle = match &self.app.state.db {
                    Db::Sqlite {
                        writer, readers, ..
                    } => writer.num_idle() == 1 && readers.num_idle() == readers.size() as usize,
                    Db::Postgres { pool, .. } => pool.num_idle() == pool.size() as usize,
                };
                if is_idle {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, idle)
            .await
            .expect("the pool is as before");
    }
}

/// Sends a vote and stays for the answer, goes away at once, or goes away half way through.
async fn send(address: std::net::SocketAddr, bytes: String, manner: usize) -> bool {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let half = &bytes.as_bytes()[..bytes.len() - 5];
    match manner {
        0 => stream.write_all(half).await.expect("sent"),
        _ => stream.write_all(bytes.as_bytes()).await.expect("sent"),
    }
    if manner < 2 {
        // Not in order: with a reset.
        stream.set_zero_linger().expect("an option");
        return false;
    }
    let mut answer = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
    read.expect("an answer in time").expect("an answer");
    answer.starts_with("HTTP/1.1 303") && answer.contains("/voted/")
}

async fn half_of_them_vanish(engine: Engine) {
    let mut hall = Hall::new(engine, Secrecy::Named, PEOPLE + 1).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (_phase, followed) = watch::channel(Phase::Serving);
    let router = hall.app.state.clone().router();
    tokio::spawn(server::listen(
        listener,
        router,
        Limits::default(),
        followed,
    ));

    let votes: Vec<_> = (0..PEOPLE)
        .map(|who| tokio::spawn(send(address, hall.bytes(who), who % 4)))
        .collect();
    for (who, vote) in votes.into_iter().enumerate() {
        let is_acknowledged = vote.await.expect("no panic");
        assert_eq!(is_acknowledged, who % 4 >= 2, "{who}");
        if is_acknowledged {
            let user = hall.people[who].user;
            hall.acknowledged.insert(user);
        }
    }
    hall.all_connections_are_idle().await;
    if engine == Engine::Postgres {
        let idle = "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        assert_eq!(hall.app.number(idle).await, 0);
    }
    hall.votes(PEOPLE).await;
    hall.nothing_is_lost().await;
}

/// FT-11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_vanish_leave_nothing_half_done_on_sqlite() {
    half_of_them_vanish(Engine::Sqlite).await;
}

/// FT-11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_vanish_leave_nothing_half_done_on_postgres() {
    half_of_them_vanish(Engine::Postgres).await;
}
