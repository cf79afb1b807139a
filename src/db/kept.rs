//! What was read from the database, kept until the database changes.

use std::{fmt, hash::Hash, sync::Arc};

use moka::sync::Cache;

use super::Db;
use crate::error::Result;

/// Values by key, each with the [revision](Db::revision) at which it was read: one of an earlier
/// revision is never given out. A bounded number of them; the longest unused make room.
#[derive(Clone)]
pub struct Kept<K, V>(Arc<Cache<K, (Stamp, V)>>);

/// At which revision something was read, and after how many changes of its own.
type Stamp = (u64, u64);

impl<K, V> Kept<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Room for so many values.
    #[must_use]
    pub fn with_room_for(many: u64) -> Self {
        Self(Arc::new(Cache::new(many)))
    }

    /// The value of `key`: the one at hand, or what `read` finds in `db` now.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn get_or<F>(&self, db: &Db, key: K, read: F) -> Result<V>
    where
        F: Future<Output = Result<V>>,
    {
        let revision = db.revision().await;
        self.get_or_read(revision.map(|revision| (revision, 0)), key, read)
            .await
    }

    /// As [`Kept::get_or`], for what changes between revisions as well: `changes` is how often it
    /// has, by [`Stamps`](super::Stamps) that were asked before this is called. Those know only what
    /// this process does, so that nothing is kept of a database that others share.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn get_or_at<F>(&self, db: &Db, changes: u64, key: K, read: F) -> Result<V>
    where
        F: Future<Output = Result<V>>,
    {
        let revision = match db {
            Db::Sqlite { .. } => db.revision().await,
            Db::Postgres { .. } => None,
        };
        self.get_or_read(revision.map(|revision| (revision, changes)), key, read)
            .await
    }

    /// `stamp` was asked for before reading: what changes meanwhile makes the value old, never the
    /// old value new.
    async fn get_or_read<F>(&self, stamp: Option<Stamp>, key: K, read: F) -> Result<V>
    where
        F: Future<Output = Result<V>>,
    {
        let Some(stamp) = stamp else {
            return read.await;
        };
        if let Some((read_at, value)) = self.0.get(&key)
            && read_at == stamp
        {
            return Ok(value);
        }
        let value = read.await?;
        self.0.insert(key, (stamp, value.clone()));
        Ok(value)
    }

    /// Forgets the value of one key.
    pub fn forget(&self, key: &K) {
        self.0.invalidate(key);
    }
}

/// Tells no value: some open a session.
impl<K, V> fmt::Debug for Kept<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}
