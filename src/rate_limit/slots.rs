//! What is remembered of senders: a table of fixed size, so that no number of made-up senders
//! takes more memory.

use std::{
    convert::Infallible,
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::Arc,
};

use governor::{
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};

/// How many senders are told apart at a time: 1 MiB of memory. Two that meet in one slot share
/// what it allows, which is rare, and nobody can choose whom to meet.
const SLOTS: u32 = 1 << 17;

/// The table. Clones share it.
#[derive(Clone)]
pub(super) struct Slots {
    states: Arc<[InMemoryState]>,
    hasher: RandomState,
}

/// The place of a sender in the table.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Slot(usize);

impl Slots {
    pub fn new() -> Self {
        Self {
            states: (0..SLOTS).map(|_| InMemoryState::default()).collect(),
            hasher: RandomState::new(),
        }
    }

    pub fn of(&self, sender: impl Hash) -> Slot {
        let slot = self.hasher.hash_one(sender) % u64::from(SLOTS);
        Slot(usize::try_from(slot).unwrap_or_default())
    }

    /// Begins anew in a slot.
    pub fn forget(&self, slot: Slot) {
        let Ok(()) =
            self.measure_and_replace(&slot, |_| Ok::<_, Infallible>(((), Nanos::default())));
    }
}

impl StateStore for Slots {
    type Key = Slot;

    fn measure_and_replace<T, F, E>(&self, Slot(slot): &Slot, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        match self.states.get(*slot) {
            Some(state) => state.measure_and_replace(&NotKeyed::NonKey, measure),
            None => measure(None).map(|(measured, _)| measured),
        }
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slots(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// SEC-66: what is remembered does not grow, however many there are, and they are spread evenly.
    #[test]
    fn a_million_made_up_senders_share_the_places_that_there_are() {
        let slots = Slots::new();
        let places = slots.states.len();
        let mut taken = HashSet::new();
        for sender in 0..1_000_000_u32 {
            let slot = slots.of(sender);
            let one_more = |used: Option<Nanos>| {
                let used = used.map_or(0, Nanos::as_u64);
                Ok::<_, Infallible>(((), Nanos::new(used + 1)))
            };
            let Ok(()) = slots.measure_and_replace(&slot, one_more);
            taken.insert(slot);
        }
        assert_eq!(slots.states.len(), places);
        assert!(taken.len() <= places && taken.len() > places / 10 * 9);
        assert!(size_of_val(&*slots.states) <= 2 << 20, "bytes of memory");
    }
}
