//! What a service manager is told (`sd_notify(3)`) and hands over
//! (`sd_listen_fds(3)`). Without one,
//! nothing happens here.

use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::{net::TcpListener, sync::watch};

use super::stop::{Phase, reached};
use crate::error::{Error, Result};

/// The socket that the service manager listens on for us, if it does: connections wait there while
/// the program is restarted.
///
/// # Errors
/// When what it handed over is no TCP socket.
pub fn inherited() -> Result<Option<TcpListener>> {
    let handed = ListenFd::from_env().take_tcp_listener(0);
    let Some(listener) = handed.map_err(|error| not_ours(&error))? else {
        return Ok(None);
    };
    listener
        .set_nonblocking(true)
        .map_err(|error| not_ours(&error))?;
    let listener = TcpListener::from_std(listener).map_err(|error| not_ours(&error))?;
    Ok(Some(listener))
}

fn not_ours(error: &std::io::Error) -> Error {
    Error::unavailable(format!(
        "the service manager's socket cannot be used: {error}"
    ))
}

/// Says that the site serves, then that it lives for as long as it is asked to, and at the end that
/// it stops. Comes back when `phase` says so.
pub async fn keep_informed(mut phase: watch::Receiver<Phase>) {
    tell(&[NotifyState::Ready, NotifyState::Status("Serving")]);
    tokio::select! {
        () = keep_alive() => {}
        () = reached(Phase::Draining, &mut phase) => {}
    }
    tell(&[
        NotifyState::Stopping,
        NotifyState::Status("Letting open requests end"),
    ]);
}

/// A runtime that is stuck sends nothing, and is restarted for it.
async fn keep_alive() {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    let mut turns = tokio::time::interval((limit / 2).max(Duration::from_millis(1)));
    loop {
        turns.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(what: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(what) {
        tracing::debug!(%error, "the service manager was not told");
    }
}
