//! Listening, answering, and stopping in order.

mod connections;
mod exposition;
mod limits;
mod service_manager;
mod stop;

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use connections::listen;
pub use exposition::expose_metrics;
pub use limits::Limits;
pub use service_manager::{inherited, keep_informed};
use stop::reached;
pub use stop::{Phase, ended, on_signals, stopped};

use crate::{
    app::AppState,
    db::Db,
    error::{Error, Result},
    system,
};

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_mins(10);

/// How often the write-ahead log is looked at.
const LOOK: Duration = Duration::from_mins(1);

/// The size at which it is worth a warning, in bytes.
const LONG_LOG: i64 = 64 << 20;

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

/// What the votes that wait at the end may take, beyond what open requests may.
const LAST_BATCH: Duration = Duration::from_secs(5);

/// Answers requests, within `limits`, until `phase` says otherwise; then puts everything away.
pub async fn serve(
    state: AppState,
    listener: TcpListener,
    limits: Limits,
    mut phase: watch::Receiver<Phase>,
) {
    let db = state.db.clone();
    let background = [
        tokio::spawn(async move { db.watch().await }),
        tokio::spawn(sweep(state.clone())),
        tokio::spawn(look_at_log(state.db.clone())),
        tokio::spawn(state.oidc.clone().keep_ready()),
        tokio::spawn(state.oidc.clone().keep_revoking()),
        tokio::spawn(state.backups.clone().keep()),
    ];
    listen(listener, state.clone().router(), limits, phase.clone()).await;
    background.iter().for_each(JoinHandle::abort);
    let closed = async {
        state.polls.stop().await;
        state.db.close().await;
    };
    // A connection that is still in use is not worth waiting for: what is committed is safe.
    tokio::select! {
        () = closed => {}
        () = tokio::time::sleep(limits.drain.saturating_add(LAST_BATCH)) => {
            tracing::warn!("the database had not closed in time and was left");
        }
        () = reached(Phase::Ended, &mut phase) => {}
    }
}

async fn sweep(state: AppState) {
    let mut turns = tokio::time::interval(SWEEP);
    loop {
        turns.tick().await;
        if let Err(error) = remove_expired(&state).await {
            tracing::warn!(%error, "could not remove what has expired");
        }
        end_closed_polls(&state).await;
    }
}

/// One kind after the other, so that whoever wants to write waits for one of them at most.
async fn remove_expired(state: &AppState) -> Result<()> {
    let now = state.clock.now();
    state.sessions.sweep().await?;
    state.oidc.sweep().await?;
    state.authorization_server.sweep().await?;
    state.unsent.sweep().await?;
    state.users.sweep(now).await?;
    state.polls.sweep(now).await?;
    Ok(())
}

async fn look_at_log(db: Db) {
    if !matches!(db, Db::Sqlite { .. }) {
        return;
    }
    let mut turns = tokio::time::interval(LOOK);
    loop {
        turns.tick().await;
        system::warn_of_long_log(&db, LONG_LOG).await;
    }
}

/// Polls close by the clock; what is left to do then is done here, by every instance, once.
async fn end_closed_polls(state: &AppState) {
    let now = state.clock.now();
    if let Err(error) = state.polls.seal_closed(now).await {
        tracing::warn!(%error, "closed polls could not be sealed yet");
    }
    if let Err(error) = state.polls.forget_keys().await {
        tracing::warn!(%error, "keys of votes in closed polls could not be forgotten yet");
    }
    if let Err(error) = state.polls.unlink(now).await {
        tracing::warn!(%error, "closed secret polls could not be unlinked yet");
    }
}
