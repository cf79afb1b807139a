//! More connections than the process may have file descriptors for.

use std::time::Duration;

use http::header;
use rolecall::polls::Secrecy;
use tempfile::TempDir;
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    time::{Instant, timeout},
};

use super::{Hall, PATIENCE};
use crate::support::{
    app::TestApp,
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

/// Of these, a hundred are not for connections.
const DESCRIPTORS: &str = "--nofile=160:160";
const CROWD: usize = 200;
/// From one attempt to accept a connection to the next.
const PAUSE: Duration = Duration::from_millis(100);

/// FT-18.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_descriptors_run_out_votes_are_written_all_the_same() {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, 2).await;
    let address = free_address();
    let settings = program::settings(&hall.app);
    let program = Program::start_under(&["prlimit", DESCRIPTORS], address, &settings).await;
    let url = format!("{}/polls/{}/vote/", program.base_url, hall.poll);
    let browser = http_client();
    let healthz = format!("{}/healthz", program.base_url);
    let vote = |who: usize| {
        let request = browser
            .post(&url)
            .header(header::COOKIE, hall.people[who].cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Member::form(hall.paper[who].id)).send()
    };
    // A connection that is there before the crowd and stays.
    let before = browser.get(&healthz).send().await.expect("an answer");
    assert!(!before.text().await.expect("a text").is_empty());

    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let mut told = String::new();
    let last = crowd.last_mut().expect("somebody");
    let read = timeout(PATIENCE, last.read_to_string(&mut told)).await;
    read.expect("an answer in time").expect("an answer");
    assert!(told.starts_with("HTTP/1.1 503"), "{told}");
    assert_eq!(vote(0).await.expect("an answer").status(), 303);

    drop(crowd);
    let fresh = http_client();
    let back = async {
        while !fresh
            .get(&healthz)
            .send()
            .await
            .is_ok_and(|answer| answer.status() == 200)
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, back).await.expect("it is back");
    assert_eq!(vote(1).await.expect("an answer").status(), 303);
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success() && !log.contains("panicked"), "{log}");
    hall.acknowledged = hall.people.iter().map(|somebody| somebody.user).collect();
    hall.nothing_is_lost().await;
}

/// How often a connection cannot be accepted before it can.
const REFUSALS: u32 = 12;

/// FT-18: no busy loop. The system says again and again that there are no descriptors, and the
/// program asks at most ten times a second: the next answer can only come after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_there_are_no_descriptors_the_program_does_not_spin() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let folder = TempDir::new().expect("a folder");
    let log = folder.path().join("calls").display().to_string();
    let refused = format!("accept4:error=EMFILE:when=1..{REFUSALS}");
    let strace = [
        "strace",
        "--quiet=all",
        "--follow-forks",
        "--seccomp-bpf",
        "--output",
        &log,
        "--trace",
        "accept4",
        "--inject",
        &refused,
        "setpriv",
        "--pdeathsig",
        "KILL",
        "--",
    ];
    let settings = program::settings(&app);
    let program = Program::start_under(&strace, free_address(), &settings).await;
    let begun = Instant::now();
    let healthz = format!("{}/healthz", program.base_url);
    let answer = http_client().get(&healthz).timeout(PATIENCE).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    let waited = begun.elapsed();
    assert!(waited >= PAUSE * (REFUSALS - 2), "{waited:?}");
    program.terminate();
    let (status, said) = program.ended().await;
    assert!(status.success(), "{said}");
    let lines = said.matches("cannot accept a connection").count();
    assert!(
        lines >= 1 && lines <= 1 + usize::try_from(waited.as_secs()).expect("a number"),
        "{said}"
    );
}
