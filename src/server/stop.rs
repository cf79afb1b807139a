//! When to stop: at the first signal in order, at the second one at once.

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
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

/// The phase as Ctrl-C and SIGTERM, which a service manager sends, move it on; no signal is missed
/// from here on.
#[must_use]
pub fn on_signals() -> watch::Receiver<Phase> {
    let (phase, followed) = watch::channel(Phase::Serving);
    let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
    let [mut interrupted, mut terminated] = kinds.map(|kind| signal(kind).ok());
    tokio::spawn(async move {
        for next in [Phase::Draining, Phase::Ended] {
            tokio::select! {
                () = received(&mut interrupted) => {}
                () = received(&mut terminated) => {}
            }
            phase.send_replace(next);
        }
    });
    followed
}

/// Returns when the signal has come; a signal that cannot be listened for never comes.
async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Returns once a signal to stop has come.
pub async fn stopped(followed: &mut watch::Receiver<Phase>) {
    reached(Phase::Draining, followed).await;
}

/// Returns once a second signal has come: nothing is worth waiting for any more.
pub async fn ended(mut followed: watch::Receiver<Phase>) {
    reached(Phase::Ended, &mut followed).await;
}

/// Returns once `phase` is reached. Whoever has let go of the other end wants an end.
pub(super) async fn reached(phase: Phase, followed: &mut watch::Receiver<Phase>) {
    followed.wait_for(|now| *now >= phase).await.ok();
}
