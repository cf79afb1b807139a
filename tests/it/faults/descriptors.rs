//! More connections than the process may have file descriptors for.

use http::header;
use rolecall::polls::Secrecy;
use tokio::{io::AsyncReadExt as _, net::TcpStream, time::timeout};

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

/// Of these, a hundred are not for connections.
const DESCRIPTORS: &str = "--nofile=160:160";
const CROWD: usize = 200;

/// FT-18.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_descriptors_run_out_votes_are_written_all_the_same() {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, 2).await;
    let address = free_address().await;
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
