//! Much of what is harmless one by one: connections that say nothing, bodies without end. What it
//! costs the program is read off /proc.

use std::{fs, net::SocketAddr, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

const PATIENCE: Duration = Duration::from_mins(1);

/// Connections that say nothing; fewer where this process may not have so many.
const IDLE: u64 = 9_500;
/// Descriptors that the other tests in this process may need.
const OTHERS: u64 = 2_000;

/// A program on an empty database.
async fn program() -> (TestApp, Program, SocketAddr) {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let address = free_address();
    let program = Program::start(address, &program::settings(&app)).await;
    (app, program, address)
}

/// Memory that the process has in use (proc(5), `RssAnon`: without the pages of its own file, which
/// are read in when they are first needed), in MiB.
fn memory(process: u32) -> i64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    kib.expect("a number") / 1024
}

/// How many connections this process can have beside what the other tests need.
fn connections() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let maximum = limit.maximum.unwrap_or(u64::MAX);
    let wanted = (IDLE + OTHERS).min(maximum);
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            ..limit
        };
        setrlimit(Resource::Nofile, raised).expect("more descriptors");
    }
    IDLE.min(maximum.saturating_sub(OTHERS))
}

/// FT-17.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_idle_connections_cost_little_and_hinder_nobody() {
    let (_app, program, address) = program().await;
    let healthz = format!("{}/healthz", program.base_url);
    let browser = http_client();
    browser.get(&healthz).send().await.expect("an answer");
    let before = memory(program.id());
    let mut idle = Vec::new();
    for _ in 0..connections() {
        idle.push(TcpStream::connect(address).await.expect("a connection"));
    }
    for _ in 0..50 {
        let answer = http_client().get(&healthz).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let grown = memory(program.id()) - before;
    println!("{} idle connections: {grown} MiB", idle.len());
    assert!(grown <= 60, "{grown} MiB");
}

/// SEC-61.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_a_gibibyte_is_not_kept() {
    let (_app, program, address) = program().await;
    // The first round also fills what is kept for every later request: threads, arenas, connections.
    flood(address).await;
    let before = memory(program.id());
    flood(address).await;
    let grown = memory(program.id()) - before;
    assert!(grown <= 4, "{grown} MiB");
}

/// One body without end for each kind of form; none is read whole.
async fn flood(address: SocketAddr) {
    for path in [
        "/oidc/backchannel-logout/",
        "/polls/1/vote/",
        "/oidc/logout/",
    ] {
        let stream = TcpStream::connect(address).await.expect("a connection");
        let sent = timeout(PATIENCE, send_a_gibibyte(stream, path)).await;
        let (sent, answer) = sent.expect("an end in time");
        assert!(sent < 64 << 20, "{path}: {sent} bytes were read");
        let refused = ["HTTP/1.1 413", "HTTP/1.1 40", "HTTP/1.1 30"];
        let is_refused = refused.iter().any(|start| answer.starts_with(start));
        assert!(is_refused || answer.is_empty(), "{path}: {answer}");
    }
}

/// In chunks of 64 KiB, until nobody takes any more; how many bytes, and the answer.
async fn send_a_gibibyte(mut stream: TcpStream, path: &str) -> (usize, String) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let chunk = [b"10000\r\n", &vec![b'a'; 0x10000][..], b"\r\n"].concat();
    let (mut reader, mut writer) = stream.split();
    let mut answer = Vec::new();
    let reading = async {
        // A reset is an end as well.
        reader.read_to_end(&mut answer).await.ok();
    };
    let mut sent = 0;
    let writing = async {
        while sent < 1 << 30 && writer.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
    };
    tokio::join!(
        async {
            tokio::select! {
                () = writing => {}
                () = tokio::time::sleep(PATIENCE / 2) => {}
            }
        },
        reading
    );
    (sent, String::from_utf8_lossy(&answer).into_owned())
}
