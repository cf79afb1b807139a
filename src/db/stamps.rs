//! Which part of what is kept in memory a commit has changed that moved no revision.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Numbers of changes, by key. Keys share a fixed number of them: a change makes some other keys
/// look changed as well, and no number of keys takes more memory.
#[derive(Clone, Debug)]
pub struct Stamps {
    changes: Arc<[AtomicU64]>,
    hasher: RandomState,
}

impl Default for Stamps {
    fn default() -> Self {
        Self {
            changes: (0..Self::SLOTS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl Stamps {
    const SLOTS: usize = 1024;

    /// How often something about `key` has changed. Ask before reading what is then kept.
    #[must_use]
    pub fn of(&self, key: impl Hash) -> u64 {
        let slot = self.slot(key);
        slot.map_or(0, |changes| changes.load(Ordering::Acquire))
    }

    /// Something about `key` has changed, and is committed.
    pub fn advance(&self, key: impl Hash) {
        if let Some(changes) = self.slot(key) {
            changes.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn slot(&self, key: impl Hash) -> Option<&AtomicU64> {
        let hash = usize::try_from(self.hasher.hash_one(key) % Self::SLOTS as u64).ok()?;
        self.changes.get(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::Stamps;

    #[test]
    fn a_change_is_seen_at_its_key() {
        let stamps = Stamps::default();
        let before = stamps.of(7);
        stamps.advance(7);
        assert_ne!(stamps.of(7), before);
    }
}
