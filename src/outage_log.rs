//! What the log tells of outages: each cause once a second, with how often it came meanwhile. A
//! full disk would fill up with lines about itself otherwise. Foundation: knows no feature.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use crate::clock::Clock;

/// From one line about a cause to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Different causes that are told of within a pause.
const CAUSES: usize = 8;

/// Of this process: an error is logged where nothing but the error is known.
static TOLD: LazyLock<Mutex<Told>> = LazyLock::new(Mutex::default);

/// Warns that `what` has happened because of `cause`, unless the log has just said so.
pub fn warn(what: &str, cause: &str) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(untold) = told.admit(cause, Clock::System.monotonic()) {
        tracing::warn!(error = cause, untold, "{what}");
    }
}

/// What was told of, by cause.
#[derive(Default)]
struct Told(HashMap<String, Cause>);

struct Cause {
    told_at: Duration,
    /// How often it came since.
    untold: u64,
}

impl Told {
    /// Whether to tell of `cause`, and then how often it came untold before.
    fn admit(&mut self, cause: &str, now: Duration) -> Option<u64> {
        if let Some(known) = self.0.get_mut(cause) {
            if now.saturating_sub(known.told_at) < PAUSE {
                known.untold += 1;
                return None;
            }
            known.told_at = now;
            return Some(std::mem::take(&mut known.untold));
        }
        let is_recent = |cause: &Cause| now.saturating_sub(cause.told_at) < PAUSE;
        self.0.retain(|_, cause| is_recent(cause));
        let new = Cause {
            told_at: now,
            untold: 0,
        };
        (self.0.len() < CAUSES).then(|| {
            self.0.insert(cause.to_owned(), new);
            0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FT-06.
    #[test]
    fn a_cause_is_told_of_once_a_second_with_how_often_it_came() {
        let mut told = Told::default();
        let second = Duration::from_secs;
        assert_eq!(told.admit("full", second(1)), Some(0));
        assert_eq!(told.admit("full", second(1)), None);
        assert_eq!(told.admit("locked", second(1)), Some(0));
        assert_eq!(told.admit("full", Duration::from_millis(1999)), None);
        assert_eq!(told.admit("full", second(2)), Some(2));
        assert_eq!(told.admit("full", second(3)), Some(0));
    }

    /// FT-06.
    #[test]
    fn a_thousand_causes_are_ten_lines_a_second_at_most() {
        let mut told = Told::default();
        let lines = |told: &mut Told, now| {
            let causes = (0..1000).filter(|n| told.admit(&n.to_string(), now).is_some());
            causes.count()
        };
        assert_eq!(lines(&mut told, Duration::from_secs(5)), CAUSES);
        assert_eq!(lines(&mut told, Duration::from_millis(5500)), 0);
        assert_eq!(lines(&mut told, Duration::from_secs(6)), CAUSES);
        assert!(told.0.len() <= 2 * CAUSES);
    }
}
