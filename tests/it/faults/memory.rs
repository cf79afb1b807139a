//! What the program needs at most, while people vote, read and send too much: read off /proc.

use std::fs;

use http::header;
use rolecall::{paths, polls::Secrecy};
use tokio::{net::TcpStream, task::JoinSet};

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

/// A container or a small machine may have no more.
const CAP: i64 = 128;
const VOTERS: usize = 200;
const IDLE: usize = 300;

/// Memory in use that is the program's own (proc(5), `RssAnon`), in MiB.
fn memory(program: &Program) -> i64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    kib.expect("a number") / 1024
}

/// FT-19: a third of that, although this is built without optimisation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_needs_far_less_than_128_mebibytes() {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, VOTERS).await;
    let address = free_address().await;
    let program = Program::start(address, &program::settings(&hall.app)).await;
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        idle.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let mut most = memory(&program);
    let mut crowd = JoinSet::new();
    let choice = hall.paper[0].id;
    let path = paths::with_id(paths::VOTE, hall.poll);
    for person in &hall.people {
        let (cookie, base_url, path) = (person.cookie(), program.base_url.clone(), path.clone());
        crowd.spawn(async move {
            let browser = http_client();
            let get = browser
                .get(format!("{base_url}/polls/"))
                .header(header::COOKIE, &cookie);
            let page = get.timeout(PATIENCE).send().await.expect("an answer");
            assert_eq!(page.status(), 200);
            let post = || {
                let post = browser
                    .post(format!("{base_url}{path}"))
                    .header(header::COOKIE, &cookie);
                post.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .timeout(PATIENCE)
            };
            let vote = post()
                .body(Member::form(choice))
                .send()
                .await
                .expect("an answer");
            assert_eq!(vote.status(), 303);
            // Far more than a form may hold; the answer may come before it is sent.
            let body = vec![b'a'; 4 << 20];
            post().body(body).send().await.ok();
        });
    }
    while let Some(done) = crowd.join_next().await {
        done.expect("no panic");
        most = most.max(memory(&program));
    }
    println!("{VOTERS} voters and {IDLE} idle connections: {most} MiB at most");
    assert!(most < CAP, "{most} MiB");
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success() && !log.contains("panicked"), "{log}");
    hall.acknowledged = hall.people.iter().map(|somebody| somebody.user).collect();
    hall.nothing_is_lost().await;
}
