//! Connections: what one may take, and how they end.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    routing,
};
use http::header;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use rolecall::server::{self, Limits, Phase};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::support::{app::TestApp, person::Reply};

/// Longer than any test should wait; nothing is expected to take this long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request that the server answers and keeps the connection for.
const ASK: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server whose one page, `/slow`, waits until it is told to answer.
struct Server {
    address: std::net::SocketAddr,
    phase: watch::Sender<Phase>,
    ended: JoinHandle<()>,
    /// Says that a request has come to `/slow`.
    arrived: mpsc::Receiver<()>,
    /// Lets it be answered.
    answer: watch::Sender<bool>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (phase, followed) = watch::channel(Phase::Serving);
        let (arrival, arrived) = mpsc::channel(8);
        let (answer, mut answered) = watch::channel(false);
        answered.mark_unchanged();
        let slow = move |_: Request| {
            let (arrival, mut answered) = (arrival.clone(), answered.clone());
            async move {
                arrival.send(()).await.expect("the test listens");
                answered.wait_for(|answer| *answer).await.expect("a word");
                "done"
            }
        };
        let router = Router::new()
            .route("/", routing::get(|| async { "here" }))
            .route("/slow", routing::get(slow));
        let ended = tokio::spawn(server::listen(listener, router, limits, followed));
        Self {
            address,
            phase,
            ended,
            arrived,
            answer,
        }
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await;
        stream.expect("a connection")
    }

    /// Sends text on a connection of its own and returns everything that comes back until the
    /// server closes it.
    async fn send(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        write(&mut stream, text).await;
        rest(&mut stream).await
    }
}

async fn write(stream: &mut TcpStream, text: &str) {
    let written = stream.write_all(text.as_bytes()).await;
    written.expect("the server reads");
}

/// What comes until the connection is closed; a reset is an end as well.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    read.expect("the server closes the connection").ok();
    String::from_utf8_lossy(&all).into_owned()
}

/// What comes, up to this text.
async fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut all = String::new();
    let mut buffer = [0; 1024];
    while !all.contains(text) {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await;
        let length = read.expect("an answer in time").expect("an answer");
        assert!(length > 0, "the connection ended after {all:?}");
        all.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    all
}

fn hasty() -> Limits {
    Limits {
        head: Duration::from_millis(200),
        drain: Duration::from_millis(200),
        ..Limits::default()
    }
}

/// SEC-61, FT-17.
#[tokio::test]
async fn a_connection_that_never_says_what_it_wants_is_closed() {
    let server = Server::start(hasty()).await;
    for begun in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: loc"] {
        let answer = server.send(begun).await;
        assert!(!answer.contains("200 OK"), "{begun:?}: {answer}");
    }
}

/// SEC-61.
#[tokio::test]
async fn two_hundred_half_sent_requests_are_closed_and_others_are_answered_meanwhile() {
    let server = Server::start(Limits {
        // Long enough for a whole head, on a busy machine.
        head: Duration::from_secs(3),
        ..Limits::default()
    })
    .await;
    let mut halves = Vec::new();
    for _ in 0..200 {
        let mut stream = server.connect().await;
        write(
            &mut stream,
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Half: ",
        )
        .await;
        halves.push(stream);
    }
    let mut whole = server.connect().await;
    write(&mut whole, ASK).await;
    assert!(until(&mut whole, "here").await.contains("200 OK"));
    for mut half in halves {
        rest(&mut half).await;
    }
}

/// SEC-61.
#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(Limits::default()).await;
    let head = "a".repeat(20 * 1024);
    let answer = server
        .send(&format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {head}\r\n\r\n"
        ))
        .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

/// SEC-62: what follows an ambiguous length is never taken for a second request.
#[tokio::test]
async fn a_request_whose_length_can_be_read_in_two_ways_is_refused() {
    let server = Server::start(Limits::default()).await;
    for ambiguous in [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: +5",
        "Content-Length: 5, 6",
        "Content-Length: 0x5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, gzip",
        "Content-Length: -1",
        "Content-Length: 5 6",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: \x0bchunked",
        "Transfer-Encoding : chunked",
        " Folded: header",
        "Bare\rReturn: x",
        "NUL: a\0b",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{ambiguous}\r\n\r\n{ASK}");
        let answer = server.send(&request).await;
        assert!(
            answer.starts_with("HTTP/1.1 400"),
            "{ambiguous:?}: {answer}"
        );
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{ambiguous:?}");
    }
}

/// SEC-62: of a length and chunks the chunks count, and nothing behind them.
#[tokio::test]
async fn nothing_follows_a_chunked_request_on_its_connection() {
    let server = Server::start(Limits::default()).await;
    for head in [
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n0\r\n\r\n{ASK}");
        let answer = server.send(&request).await;
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
        assert!(!answer.contains("here"), "{answer}");
    }
}

/// FT-17.
#[tokio::test]
async fn one_connection_too_many_is_told_to_come_back_and_a_closed_one_makes_room() {
    let server = Server::start(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    write(&mut first, ASK).await;
    until(&mut first, "here").await;

    let refused = rest(&mut server.connect().await).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("Retry-After: 5"), "{refused}");

    drop(first);
    // The place is free as soon as the server has seen that the first one is gone.
    let answered = async {
        loop {
            let mut next = server.connect().await;
            next.write_all(ASK.as_bytes()).await.ok();
            let mut first = [0; 12];
            if next.read_exact(&mut first).await.is_ok() && first.ends_with(b"200") {
                return;
            }
        }
    };
    let answered = tokio::time::timeout(PATIENCE, answered).await;
    answered.expect("a place becomes free");
}

/// FT-20.
#[tokio::test]
async fn draining_ends_idle_connections_at_once_and_answers_open_requests() {
    let mut server = Server::start(Limits::default()).await;
    let mut idle = server.connect().await;
    write(&mut idle, ASK).await;
    until(&mut idle, "here").await;
    let mut open = server.connect().await;
    write(&mut open, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    server.arrived.recv().await.expect("the request");

    server.phase.send_replace(Phase::Draining);
    assert_eq!(rest(&mut idle).await, "");
    server.answer.send_replace(true);
    assert!(rest(&mut open).await.ends_with("done"));
    let ended = tokio::time::timeout(PATIENCE, server.ended).await;
    ended.expect("it ends").expect("in order");
}

/// FT-20: a client that never finishes does not hold the server up.
#[tokio::test]
async fn draining_has_a_deadline() {
    let server = Server::start(Limits {
        head: PATIENCE,
        ..hasty()
    })
    .await;
    let mut stuck = server.connect().await;
    write(&mut stuck, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n").await;
    server.phase.send_replace(Phase::Draining);
    let ended = tokio::time::timeout(PATIENCE, server.ended).await;
    ended.expect("it ends").expect("in order");
}

/// FT-20.
#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let mut server = Server::start(Limits {
        drain: PATIENCE * 10,
        ..Limits::default()
    })
    .await;
    let mut open = server.connect().await;
    write(&mut open, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    server.arrived.recv().await.expect("the request");
    server.phase.send_replace(Phase::Draining);
    server.phase.send_replace(Phase::Ended);
    let ended = tokio::time::timeout(PATIENCE, server.ended).await;
    ended.expect("it ends").expect("in order");
}

/// A proxy may speak HTTP/2 to it.
#[tokio::test]
async fn http_2_is_answered() {
    let server = Server::start(Limits::default()).await;
    let client: Client<_, Body> = Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let address = format!("http://{}/", server.address);
    let answer = client.get(address.parse().expect("an address"));
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.version(), http::Version::HTTP_2);
    let text = to_bytes(Body::new(answer.into_body()), 10).await;
    assert_eq!(text.expect("a text"), "here");
}

/// SEC-61.
#[tokio::test]
async fn an_address_longer_than_any_of_ours_is_refused_in_words() {
    let app = TestApp::start().await;
    let reply = app
        .anonymous()
        .get(&format!("/polls/?q={}", "a".repeat(9000)))
        .await;
    assert_eq!(reply.status, 414);
    assert_eq!(reply.text_of("h1"), "This address is too long");
}

/// FT-17: a body that never ends holds nothing for ever.
#[tokio::test]
async fn a_request_that_does_not_come_to_an_end_is_given_up() {
    let app = TestApp::start().await;
    let body = futures_util::stream::pending::<Result<Bytes, Infallible>>();
    let request = http::Request::post("/polls/1/vote/")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from_stream(body)).expect("a request");
    // From here on time passes only while everybody waits.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let answer = Reply::read(app.send(request).await).await;
    assert_eq!(answer.status, 503);
    assert_eq!(begun.elapsed().as_secs(), 30);
    assert_eq!(answer.text_of("h1"), "Please try again in a moment");
    assert_ne!(answer.header("retry-after"), "");
}
