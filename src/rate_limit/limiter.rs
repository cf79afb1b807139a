//! One limit, and how much of it each sender has used up.

use std::{fmt, num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, middleware::NoOpMiddleware};

use super::{
    Sender,
    allowance::Limit,
    slots::{Slot, Slots},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
};

/// One limit and what is used up of it.
pub(super) struct Limiter {
    message: &'static str,
    slots: Slots,
    clock: Stopwatch,
    rate: RateLimiter<Slot, Slots, Stopwatch, NoOpMiddleware<Duration>>,
}

impl Limiter {
    pub fn new(limit: Limit, factor: NonZeroU32, clock: Clock) -> Self {
        let allowance = limit.allowance();
        let factor = if limit.is_by_address() {
            factor
        } else {
            NonZeroU32::MIN
        };
        let times = |number| NonZeroU32::new(number).map_or(factor, |n| n.saturating_mul(factor));
        let quota = Quota::per_minute(times(allowance.per_minute));
        let quota = quota.allow_burst(times(allowance.at_once));
        let (slots, clock) = (Slots::new(), Stopwatch(clock));
        Self {
            message: allowance.message,
            rate: RateLimiter::new(quota, slots.clone(), clock.clone()),
            slots,
            clock,
        }
    }

    pub fn take(&self, sender: Sender) -> Result<()> {
        let taken = self.rate.check_key(&self.slots.of(sender));
        taken.map_err(|until| Error::TooManyRequests {
            message: self.message,
            wait: until.wait_time_from(governor::clock::Clock::now(&self.clock)),
        })
    }

    pub fn forgive(&self, sender: Sender) {
        self.slots.forget(self.slots.of(sender));
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limiter({})", self.message)
    }
}

/// Our clock as the library wants one.
#[derive(Clone, Debug)]
struct Stopwatch(Clock);

impl governor::clock::Clock for Stopwatch {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}
