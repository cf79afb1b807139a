//! The program is asked to stop while people vote.

use std::{cell::Cell, collections::BTreeSet};

use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use rolecall::polls::Secrecy;
use rustix::process::Signal;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};

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

/// What the log says when the program stops before its clients do.
const CUT_OFF: &str = "some requests had not ended";

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
    let program = Program::start(free_address(), &program::settings(&hall.app)).await;
    let url = format!("{}/polls/{}/vote/", program.base_url, hall.poll);
    let browser = http_client();
    // Everybody votes again and again, which changes nothing, until somebody comes too late.
    let is_over = Cell::new(false);
    let people = hall.people.iter().enumerate().cycle();
    let people = people.take_while(|_| !is_over.get());
    let votes = people.map(|(who, somebody)| {
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
    let (mut acknowledged, mut is_asked) = (BTreeSet::new(), false);
    while let Some(answer) = timeout(PATIENCE, answers.next()).await.expect("an answer") {
        match answer {
            Some(user) => acknowledged.insert(user),
            None => is_over.replace(true),
        };
        if acknowledged.len() >= ENOUGH && !is_asked {
            program.terminate();
            is_asked = true;
        }
    }
    drop(answers);
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    assert!(!log.contains(CUT_OFF), "{log}");
    hall.acknowledged = acknowledged;
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
    let (one, other) = (free_address(), free_address());
    let (patient, impatient) = tokio::join!(
        Program::start(one, &settings),
        Program::start(other, &settings)
    );
    let _stuck = (stuck(one).await, stuck(other).await);
    patient.terminate();
    impatient.terminate();
    // Two signals that come together are one.
    let listens = async { while TcpStream::connect(other).await.is_ok() {} };
    timeout(PATIENCE, listens)
        .await
        .expect("it listens no more");
    program::signal(impatient.id(), Signal::TERM);
    let (status, log) = impatient.ended().await;
    assert!(status.success(), "{log}");
    assert!(!log.contains(CUT_OFF), "{log}");
    // The stuck clients never let go; the deadline does.
    let (status, log) = patient.ended().await;
    assert!(status.success(), "{log}");
    assert!(log.contains(CUT_OFF), "{log}");
}
