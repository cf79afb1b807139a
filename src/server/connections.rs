//! The accept loop: every connection with its limits, HTTP/1.1 and HTTP/2 (in clear text, as a
//! proxy in front speaks it).

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::{HeaderValue, Request, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::Service as _;

use super::{
    limits::Limits,
    stop::{Phase, reached},
};
use crate::outage_log;

/// How long accepting pauses after it failed, as it does when descriptors run out; and from the
/// last connection to the end of those that have nothing to say.
const PAUSE: Duration = Duration::from_millis(100);

/// Connections that can wait to be accepted (the queue's usual length in Linux is 1024).
const BACKLOG: usize = 4096;

/// Streams of one HTTP/2 connection at a time.
const STREAMS: u32 = 100;

/// What a connection beyond the limit is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
    Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves `router` until the phase is [`Phase::Ended`], or [`Phase::Draining`] and no request is
/// open.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut phase: watch::Receiver<Phase>,
) {
    let graceful = GracefulShutdown::new();
    let connection = Connection {
        builder: builder(limits),
        open: Arc::new(Semaphore::new(limits.connections)),
        router,
        limits,
    };
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => connection.take(accepted, &graceful),
                Err(error) => {
                    outage_log::warn("cannot accept a connection", &error.to_string());
                    tokio::time::sleep(PAUSE).await;
                }
            },
            () = reached(Phase::Draining, &mut phase) => break,
        }
    }
    // Whoever has connected before that is heard.
    if let Ok(listener) = listener.into_std() {
        // The system is asked, and not what the runtime knows of it.
        let waiting = std::iter::from_fn(|| listener.accept().ok());
        for (stream, peer) in waiting.take(BACKLOG) {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                connection.take((stream, peer), &graceful);
            }
        }
    }
    let ended = async {
        // What has been sent already is read before its connection counts as idle.
        tokio::time::sleep(PAUSE).await;
        graceful.shutdown().await;
    };
    tokio::select! {
        () = ended => {}
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
    stream.shutdown().await.ok();
    // What was sent is read, or the system would tear up the answer with it.
    let mut rest = [0; 1024];
    let read = async { while stream.read(&mut rest).await.is_ok_and(|length| length > 0) {} };
    tokio::time::timeout(PAUSE, read).await.ok();
}

#[derive(Clone)]
struct Connection {
    builder: Builder<TokioExecutor>,
    /// A permit for each connection there may be.
    open: Arc<Semaphore>,
    router: Router,
    limits: Limits,
}

impl Connection {
    /// Serves a connection in a task of its own, if there may be one more.
    fn take(&self, (stream, peer): (TcpStream, SocketAddr), graceful: &GracefulShutdown) {
        match Arc::clone(&self.open).try_acquire_owned() {
            Ok(permit) => {
                let serving = self.clone().serve(stream, peer, graceful.watcher(), permit);
                tokio::spawn(serving);
            }
            Err(_) => {
                tokio::spawn(turn_away(stream));
            }
        }
    }

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
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            answer(self.router.clone(), request)
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

/// What follows a request whose length can be read in two ways, by us and by a proxy in front, must
/// not be taken for another one (RFC 9112, 6.1). The library drops a length that stands beside
/// `Transfer-Encoding` before anybody sees it, so no chunked request is followed by another.
async fn answer(mut router: Router, request: Request<Body>) -> Result<Response, Infallible> {
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = router.call(request).await?;
    if is_chunked {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}
