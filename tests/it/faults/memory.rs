//! The program may have no more than 128 MiB for its data; what it asks for beyond that it does not
//! get, and Rust ends a program that gets no memory.

use futures_util::{StreamExt as _, stream};
use http::header;
use rolecall::polls::Secrecy;
use tokio::{net::TcpStream, time::timeout};

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

/// In bytes (getrlimit(2), `RLIMIT_DATA`: stacks of threads count as well).
const LIMIT: &str = "--data=134217728";
const PEOPLE: usize = 200;
const CONNECTIONS: usize = 64;
/// Connections that say nothing meanwhile.
const IDLE: usize = 300;

/// FT-19.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_128_mebibytes_everybody_votes_and_reads() {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, PEOPLE).await;
    let (address, settings) = (free_address(), program::settings(&hall.app));
    let program = Program::start_under(&["prlimit", LIMIT], address, &settings).await;
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        idle.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let (browser, base_url) = (http_client(), &program.base_url);
    let ballot = &format!("{base_url}/polls/{}/vote/", hall.poll);
    let paper = &hall.paper;
    let visits = hall.people.iter().enumerate().map(|(who, somebody)| {
        let vote = browser
            .post(ballot)
            .header(header::COOKIE, somebody.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Member::form(paper[who % 2].id));
        let page = browser.get(format!("{base_url}/polls/"));
        let page = page.header(header::COOKIE, somebody.cookie());
        async move {
            assert_eq!(page.send().await.expect("a page").status(), 200);
            assert_eq!(vote.send().await.expect("an answer").status(), 303);
            somebody.user
        }
    });
    let visits = stream::iter(visits).buffer_unordered(CONNECTIONS).collect();
    let acknowledged = timeout(PATIENCE, visits).await.expect("an end");
    drop(idle);
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success() && !log.contains("panicked"), "{log}");
    hall.acknowledged = acknowledged;
    hall.nothing_is_lost().await;
}
