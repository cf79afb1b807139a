//! What connections may take, and how many of them this process can have.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// File descriptors that connections leave to the database, the provider and the log.
const RESERVED: u64 = 100;

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time; one more is told to come back.
    pub connections: usize,
    /// How long the head of a request may take, and how long a kept connection may say nothing.
    pub head: Duration,
    /// The largest head of a request, in bytes; at least 8192.
    pub head_size: u16,
    /// How long open requests may take to end once the server drains.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: Duration::from_secs(15),
            head_size: 16 * 1024,
            drain: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The default, with as many connections as this process may have file descriptors for; it
    /// asks for more of them where it may. A connection that came when none was left could
    /// otherwise cost a vote the one it needs.
    #[must_use]
    pub fn of_this_process() -> Self {
        let limits = Self::default();
        let wanted = RESERVED + u64::try_from(limits.connections).unwrap_or(u64::MAX);
        Self {
            connections: connections(descriptors(wanted), limits.connections),
            ..limits
        }
    }
}

/// Connections, at most `wanted`, of a process that may have so many descriptors.
fn connections(descriptors: u64, wanted: usize) -> usize {
    let left = descriptors.saturating_sub(RESERVED).max(1);
    usize::try_from(left).unwrap_or(wanted).min(wanted)
}

/// How many descriptors there are, of `wanted`.
fn descriptors(wanted: u64) -> u64 {
    let now = getrlimit(Resource::Nofile);
    let current = now.current.unwrap_or(u64::MAX);
    let raised = now.maximum.unwrap_or(u64::MAX).min(wanted);
    let more = Rlimit {
        current: Some(raised),
        ..now
    };
    if raised > current && setrlimit(Resource::Nofile, more).is_ok() {
        return raised;
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FT-18.
    #[test]
    fn connections_leave_descriptors_to_the_rest_of_the_program() {
        assert_eq!(connections(1024, 10_000), 924);
        assert_eq!(connections(u64::MAX, 10_000), 10_000);
        assert_eq!(connections(10_100, 10_000), 10_000);
        assert_eq!(connections(20, 10_000), 1);
    }
}
