//! Listening, answering, and stopping in order.

use std::{future::Future, net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::AppState,
    error::{Error, Result},
};

/// How long open requests may take to end once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_mins(10);

/// Binds `address`; an address that is taken is told in words.
///
/// # Errors
/// When the address cannot be had.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                Error::unavailable(format!("{address} is taken by another program"))
            }
            _ => Error::unavailable(format!("cannot listen on {address}: {error}")),
        })
}

/// Answers requests until `stop` is done, then lets open requests end, for ten seconds at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    state: AppState,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let (stopping, mut stopped) = watch::channel(false);
    let sweeper = tokio::spawn(sweep(state.clone()));
    let finder = tokio::spawn(state.oidc.clone().keep_ready());
    let router = state.clone().router();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        stopping.send_replace(true);
    });
    let deadline = async move {
        // An error means that the server has ended by itself.
        if stopped.wait_for(|stop| *stop).await.is_ok() {
            tokio::time::sleep(DRAIN).await;
            tracing::warn!("some requests had not ended and were cut off");
        } else {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = server.into_future() => ended.map_err(Error::unavailable),
        () = deadline => Ok(()),
    };
    sweeper.abort();
    finder.abort();
    state.polls.stop().await;
    // A connection that is still in use is not worth waiting for: what is committed is safe.
    tokio::time::timeout(DRAIN, state.db.close()).await.ok();
    ended
}

async fn sweep(state: AppState) {
    let mut turns = tokio::time::interval(SWEEP);
    loop {
        turns.tick().await;
        let swept = tokio::try_join!(state.sessions.sweep(), state.oidc.sweep());
        if let Err(error) = swept {
            tracing::warn!(%error, "could not remove what has expired");
        }
    }
}

/// Done when the process is asked to stop: Ctrl-C, or SIGTERM from a service manager.
pub async fn asked_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
