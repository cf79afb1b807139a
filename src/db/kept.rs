//! What was read from the database, kept until the database changes.

use std::{fmt, hash::Hash, sync::Arc};

use moka::sync::Cache;

use super::Db;
use crate::error::Result;

/// Values by key, each with the [revision](Db::revision) at which it was read: one of an earlier
/// revision is never given out. A bounded number of them; the longest unused make room.
#[derive(Clone)]
pub struct Kept<K, V>(Arc<Cache<K, (u64, V)>>);

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
        // Asked for before reading: what changes meanwhile makes the value old, never the old
        // value new.
        let Some(revision) = db.revision() else {
            return read.await;
        };
        if let Some((read_at, value)) = self.0.get(&key)
            && read_at == revision
        {
            return Ok(value);
        }
        let value = read.await?;
        self.0.insert(key, (revision, value.clone()));
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
