//! When to stop: at the first signal in order, at the second one at once.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How far the server is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Phase {
    /// It takes connections.
    Serving,
    /// It takes none any more and lets open requests end.
    Draining,
    /// It ends.
    Ended,
}

/// The phase as Ctrl-C and SIGTERM, which a service manager sends, move it on.
#[must_use]
pub fn on_signals() -> watch::Receiver<Phase> {
    let (phase, followed) = watch::channel(Phase::Serving);
    tokio::spawn(async move {
        for next in [Phase::Draining, Phase::Ended] {
            signalled().await;
            phase.send_replace(next);
        }
    });
    followed
}

async fn signalled() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}

/// Returns once `phase` is reached. Whoever has let go of the other end wants an end.
pub(super) async fn reached(phase: Phase, followed: &mut watch::Receiver<Phase>) {
    followed.wait_for(|now| *now >= phase).await.ok();
}
