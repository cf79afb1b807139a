//! Which state of a SQLite database this process knows.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::SqlitePool;
use tokio::time::Instant;

/// How long from one look for changes by others to the next.
const PAUSE: Duration = Duration::from_millis(250);

/// How long a look counts. What another process changes is seen within this time at the latest.
const TRUST: Duration = Duration::from_secs(1);

/// A number that moves with every change, and until when nobody else can have made one unseen.
#[derive(Clone, Debug, Default)]
pub struct Revision(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    number: u64,
    trusted_until: Option<Instant>,
    /// What the last look saw: `PRAGMA data_version`.
    seen: Option<i64>,
}

impl Revision {
    /// The number; `None` while nobody looks for changes by others.
    pub(super) fn known(&self) -> Option<u64> {
        let inner = self.lock();
        let is_trusted = inner
            .trusted_until
            .is_some_and(|until| Instant::now() < until);
        is_trusted.then_some(inner.number)
    }

    /// Something has changed.
    pub(super) fn advance(&self) {
        self.lock().number += 1;
    }

    /// Looks for changes by others, again and again. When it is given up nothing is known any more.
    pub(super) async fn watch(&self, writer: &SqlitePool) {
        let _watching = Watching(self);
        let mut turns = tokio::time::interval(PAUSE);
        turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            self.look(writer).await;
        }
    }

    /// On the one connection that writes, the version moves exactly when another process, or
    /// somebody with a connection of their own, has changed the file.
    async fn look(&self, writer: &SqlitePool) {
        let began = Instant::now();
        let version: Result<i64, _> = sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(writer)
            .await;
        let Ok(version) = version else {
            return self.doubt();
        };
        let mut inner = self.lock();
        if inner.seen != Some(version) {
            inner.seen = Some(version);
            inner.number += 1;
        }
        inner.trusted_until = Some(began + TRUST);
    }

    fn doubt(&self) {
        self.lock().trusted_until = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody looks for changes by others, until this is dropped.
struct Watching<'r>(&'r Revision);

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        self.0.doubt();
    }
}
