//! HTTP/2 as nobody speaks it in earnest: frames by hand.

use std::time::Duration;

use axum::{Router, routing};
use rolecall::server::{self, Limits, Phase};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_mins(1);

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `GET /` and `POST /` at localhost, as HPACK has them (RFC 7541, Appendix A).
const GET: &[u8] = b"\x82\x86\x84\x41\x09localhost";
const POST: &[u8] = b"\x83\x86\x84\x41\x09localhost";

struct Server {
    address: std::net::SocketAddr,
    _phase: watch::Sender<Phase>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (phase, followed) = watch::channel(Phase::Serving);
        let router = Router::new().route("/", routing::get(async || "here").post(taken));
        let limits = Limits {
            head: Duration::from_secs(10),
            ..Limits::default()
        };
        tokio::spawn(server::listen(listener, router, limits, followed));
        Self {
            address,
            _phase: phase,
        }
    }

    /// A connection after its preface (RFC 9113, 3.4).
    async fn connect(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("a connection");
        let preface = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &frame(SETTINGS, 0, 0, &[])[..],
        ];
        stream.write_all(&preface.concat()).await.expect("sent");
        stream
    }

    /// Others are answered.
    async fn answers_others(&self) {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("a connection");
        let ask = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.expect("sent");
        let mut answer = String::new();
        let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
        read.expect("an answer in time").expect("an answer");
        assert!(answer.ends_with("here"), "{answer}");
    }
}

async fn taken(body: axum::body::Bytes) -> String {
    body.len().to_string()
}

/// RFC 9113, 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a short frame")
        .to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()[..]].concat();
    [&head, payload].concat()
}

/// Sends frame after frame until the server has had enough; whether it had, after so many.
async fn is_ended(mut stream: TcpStream, frames: impl Iterator<Item = Vec<u8>>) -> bool {
    let (mut reader, mut writer) = stream.split();
    let mut sink = tokio::io::sink();
    let reading = tokio::io::copy(&mut reader, &mut sink);
    let writing = async {
        for frame in frames {
            if writer.write_all(&frame).await.is_err() {
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    let over = async {
        tokio::select! {
            _ = reading => {}
            () = writing => {}
        }
    };
    timeout(PATIENCE, over).await.is_ok()
}

/// Streams of a client, in order.
fn streams() -> impl Iterator<Item = u32> {
    (1..200_000).step_by(2)
}

/// SEC-63: CVE-2023-44487.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_taken_back_at_once_end_the_connection() {
    let server = Server::start().await;
    let flood = streams().flat_map(|stream| {
        let cancel = 8_u32.to_be_bytes();
        [
            frame(HEADERS, END_HEADERS | END_STREAM, stream, GET),
            frame(RST_STREAM, 0, stream, &cancel),
        ]
    });
    let (is_ended, ()) = tokio::join!(
        is_ended(server.connect().await, flood),
        server.answers_others()
    );
    assert!(is_ended);
    server.answers_others().await;
}

/// SEC-63: RUSTSEC-2024-0332.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_never_ends_ends_the_connection() {
    let server = Server::start().await;
    // A field without a place in the table, fifty times.
    let lines = b"\x00\x01x\x01y".repeat(50);
    let first = std::iter::once(frame(HEADERS, END_STREAM, 1, GET));
    let more = (0..100_000).map(move |_| frame(CONTINUATION, 0, 1, &lines));
    let flood = first.chain(more);
    let (is_ended, ()) = tokio::join!(
        is_ended(server.connect().await, flood),
        server.answers_others()
    );
    assert!(is_ended);
    server.answers_others().await;
}

/// SEC-63: bodies of nothing, and pings that nobody waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_without_content_keep_nobody_else_waiting() {
    let server = Server::start().await;
    let post = std::iter::once(frame(HEADERS, END_HEADERS, 1, POST));
    let empty = (0..100_000).map(|_| frame(DATA, 0, 1, &[]));
    let pings = (0..10_000).map(|_| frame(PING, 0, 0, &[0; 8]));
    let flood = post.chain(empty).chain(pings);
    let stream = server.connect().await;
    let flooding = timeout(Duration::from_secs(3), is_ended(stream, flood));
    let others = async {
        for _ in 0..20 {
            server.answers_others().await;
        }
    };
    let (_, ()) = tokio::join!(flooding, others);
}
