//! A write on its way, and what is said of it once it is there.

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::time::Instant;

use super::revision::Revision;
use crate::metrics;

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    /// Where it was begun.
    pub on: Begun,
    once_committed: Tellings,
}

/// A transaction of either driver.
#[derive(Debug)]
pub enum Begun {
    /// On SQLite's one writer, or a reader.
    Sqlite(Transaction<'static, Sqlite>, Revision),
    /// On a PostgreSQL connection.
    Postgres(Transaction<'static, Postgres>),
}

/// What is told of changes.
#[derive(Default)]
struct Tellings(Vec<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for Tellings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tellings({})", self.0.len())
    }
}

impl Tx {
    pub(super) fn new(on: Begun) -> Self {
        Self {
            on,
            once_committed: Tellings::default(),
        }
    }

    /// Has `tell` called when all of this is durable, and never when it is not: the log does not
    /// tell of what was taken back.
    pub fn once_committed(&mut self, tell: impl FnOnce() + Send + 'static) {
        self.once_committed.0.push(Box::new(tell));
    }

    /// Makes the changes durable; what was kept in memory before them counts no more.
    ///
    /// # Errors
    /// When the database refuses, as it does when marks on the roll differ from ballots.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        let revision = match &self.on {
            Begun::Sqlite(_, revision) => Some(revision.clone()),
            Begun::Postgres(_) => None,
        };
        let committed = self.commit_unkept().await;
        // Whatever the answer was: it may have got lost on its way.
        if let Some(revision) = revision {
            revision.advance();
        }
        committed
    }

    /// Makes changes durable without a new revision. Whoever calls it makes old what is kept of
    /// them: by [`super::Stamps`] for ballots and marks, by [`super::Kept::forget`] for somebody's
    /// last request.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_unkept(self) -> Result<(), sqlx::Error> {
        let begun = Instant::now();
        let committed = match self.on {
            Begun::Sqlite(tx, _) => tx.commit().await,
            Begun::Postgres(tx) => tx.commit().await,
        };
        metrics::commit(begun.elapsed());
        committed?;
        self.once_committed.0.into_iter().for_each(|tell| tell());
        Ok(())
    }
}
