//! The program is asked to stop while people vote.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use rolecall::polls::Secrecy;
use rustix::process::Signal;
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    time::{Instant, timeout},
};

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
};

const PEOPLE: usize = 400;
const CONNECTIONS: usize = 32;
/// After so many answers the program is asked to stop.
const ENOUGH: usize = 60;

/// A client that never comes to an end.
async fn stuck(address: std::net::SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let half =
        b"POST /oidc/backchannel-logout/ HTTP/1.1\r\nHost: localhost\r\n\
          Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogout_token=";
    stream.write_all(half).await.expect("sent");
    stream
}

/// FT-20, T2.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_were_stored_are_answered_before_the_program_stops() {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, PEOPLE).await;
    let program = Program::start(free_address().await, &program::settings(&hall.app)).await;
    let url = format!("{}/polls/{}/vote/", program.base_url, hall.poll);
    let browser = http_client();
    let votes = hall.people.iter().enumerate().map(|(who, somebody)| {
        let request = browser
            .post(&url)
            .header(header::COOKIE, somebody.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Member::form(hall.paper[who % 2].id));
        async move {
            let answer = request.send().await.ok()?;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
            Some(somebody.user)
        }
    });
    let mut answers = Box::pin(stream::iter(votes).buffer_unordered(CONNECTIONS));
    let (mut acknowledged, mut asked_at) = (std::collections::BTreeSet::new(), None);
    while let Some(answer) = timeout(PATIENCE, answers.next()).await.expect("an answer") {
        acknowledged.extend(answer);
        if acknowledged.len() >= ENOUGH && asked_at.is_none() {
            program.terminate();
            asked_at = Some(Instant::now());
        }
    }
    drop(answers);
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    let took = asked_at.expect("asked").elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    hall.acknowledged = acknowledged;
    assert!(hall.acknowledged.len() < PEOPLE, "some came too late");
    assert_eq!(
        hall.stored().await,
        hall.acknowledged,
        "stored and answered"
    );
    hall.nothing_is_lost().await;
}

/// FT-20.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuck_clients_hold_the_program_up_for_ten_seconds_and_a_second_signal_not_at_all() {
    let hall = Hall::now(Engine::Sqlite, Secrecy::Named, 0).await;
    let settings = program::settings(&hall.app);
    let (one, other) = (free_address().await, free_address().await);
    let (patient, impatient) = tokio::join!(
        Program::start(one, &settings),
        Program::start(other, &settings)
    );
    let _stuck = (stuck(one).await, stuck(other).await);
    patient.terminate();
    impatient.terminate();
    let begun = Instant::now();
    // Two signals that come together are one.
    while TcpStream::connect(other).await.is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it still listens");
    }
    program::signal(impatient.id(), Signal::TERM);
    let (status, log) = impatient.ended().await;
    assert!(status.success(), "{log}");
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    let (status, log) = patient.ended().await;
    assert!(status.success(), "{log}");
    assert!(log.contains("some requests had not ended"), "{log}");
    assert!(
        begun.elapsed() < Duration::from_secs(13),
        "{:?}",
        begun.elapsed()
    );
}
