//! The accept loop: every connection with its limits, HTTP/1.1 and HTTP/2 (in clear text, as a
//! proxy in front speaks it).

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::Service as _;

use super::stop::{Phase, reached};

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time; one more is told to come back.
    pub connections: usize,
    /// How long the head of a request may take, and how long a kept connection may say nothing.
    pub head: Duration,
    /// The largest head of a request, in bytes; at least 8192.
    pub head_size: u16,
    /// How long open requests may take to end once the server drains.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: Duration::from_secs(15),
            head_size: 16 * 1024,
            drain: Duration::from_secs(10),
        }
    }
}

/// How long accepting pauses after it failed, as it does when descriptors run out.
const PAUSE: Duration = Duration::from_millis(100);

/// Streams of one HTTP/2 connection at a time.
const STREAMS: u32 = 100;

/// What a connection beyond the limit is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
    Content-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves `router` until the phase is [`Phase::Ended`], or [`Phase::Draining`] and no request is
/// open.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut phase: watch::Receiver<Phase>,
) {
    let open = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let connection = Connection {
        builder: builder(limits),
        router,
        limits,
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = reached(Phase::Draining, &mut phase) => break,
        };
        match (accepted, Arc::clone(&open).try_acquire_owned()) {
            (Ok((stream, peer)), Ok(permit)) => {
                let connection = connection.clone();
                let serving = connection.serve(stream, peer, graceful.watcher(), permit);
                tokio::spawn(serving);
            }
            (Ok((stream, _)), Err(_)) => {
                tokio::spawn(turn_away(stream));
            }
            (Err(error), _) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(limits.drain) => {
            tracing::warn!("some requests had not ended and were cut off");
        }
        () = reached(Phase::Ended, &mut phase) => {}
    }
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_size.into());
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(limits.head_size.into())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head);
    builder
}

async fn turn_away(mut stream: TcpStream) {
    stream.write_all(FULL).await.ok();
}

#[derive(Clone)]
struct Connection {
    builder: Builder<TokioExecutor>,
    router: Router,
    limits: Limits,
}

impl Connection {
    async fn serve(
        self,
        stream: TcpStream,
        peer: SocketAddr,
        watcher: Watcher,
        _permit: OwnedSemaphorePermit,
    ) {
        // An answer is written at once and as a whole: waiting for more to send helps nobody.
        stream.set_nodelay(true).ok();
        let begun = AtomicBool::new(false);
        let service = service_fn(|request: Request<Incoming>| {
            begun.store(true, Ordering::Relaxed);
            let mut router = self.router.clone();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            async move { router.call(request).await }
        });
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(watcher.watch(connection));
        // The library tells the versions of HTTP apart by the first bytes, and would wait for
        // them without a limit.
        let early = tokio::time::timeout(self.limits.head, &mut connection).await;
        if early.is_err() && begun.load(Ordering::Relaxed) {
            // An error is the client's: it went away, or did not speak HTTP.
            connection.await.ok();
        }
    }
}
