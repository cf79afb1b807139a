//! A write on its way, and what is said of it once it is there.

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::time::Instant;

use super::{revision::Revision, shared_revision::SharedRevision};
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
    Postgres(Transaction<'static, Postgres>, SharedRevision),
}

/// What is told of changes.
#[derive(Default)]
struct Tellings(Vec<Box<dyn FnOnce() + Send>>);

impl Tellings {
    fn tell(self) {
        for tell in self.0 {
            tell();
        }
    }
}

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
        // Whatever the answer is: it may have got lost on its way.
        match self.on {
            Begun::Sqlite(tx, revision) => {
                let committed = timed(tx.commit()).await;
                revision.advance();
                committed
            }
            Begun::Postgres(tx, revision) => {
                let committed = timed(tx.commit()).await;
                revision.ask_again();
                committed
            }
        }?;
        self.once_committed.tell();
        Ok(())
    }

    /// Makes changes durable without a new revision. Whoever calls it makes old what is kept of
    /// them: by [`super::Stamps`] for ballots and marks, by [`super::Kept::forget`] for somebody's
    /// last request.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_unkept(self) -> Result<(), sqlx::Error> {
        match self.on {
            Begun::Sqlite(tx, _) => timed(tx.commit()).await,
            Begun::Postgres(tx, _) => timed(tx.commit()).await,
        }?;
        self.once_committed.tell();
        Ok(())
    }
}

/// Waits for a commit, and tells the metrics how long it took.
async fn timed<F>(commit: F) -> Result<(), sqlx::Error>
where
    F: Future<Output = Result<(), sqlx::Error>>,
{
    let begun = Instant::now();
    let committed = commit.await;
    metrics::commit(begun.elapsed());
    committed
}
