//! What may still change once a poll takes ballots: voters were promised the rest.

use super::{
    Poll, ResultsRule, State, VoterResults,
    editing::{Flaw, LONGEST_LINE},
};
use crate::clock::Timestamp;

/// The new values of what may still change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Amendment {
    /// When the poll closes; absent: by hand.
    pub closes_at: Option<Timestamp>,
    /// When staff may read the numbers.
    pub results: ResultsRule,
    /// When voters may read them.
    pub voter_results: VoterResults,
    /// Why the closing time moves; voters and the history are told.
    pub reason: String,
}

impl Amendment {
    /// Whether a poll in `state` can be amended at all.
    #[must_use]
    pub const fn is_possible(state: State) -> bool {
        matches!(state, State::Open | State::Closed | State::Released)
    }

    /// What is wrong with it for `poll` at `now`. Time to vote is only given, never taken, and
    /// results only become stricter.
    #[must_use]
    pub fn flaws(&self, poll: &Poll, now: Timestamp) -> Vec<Flaw> {
        let moved = self.closes_at != poll.closes_at;
        let shorter = match (poll.closes_at, self.closes_at) {
            (Some(old), Some(new)) => new < old,
            (None, Some(new)) => new <= now,
            (_, None) => false,
        };
        let rules = [
            (
                moved && poll.state(now) != State::Open,
                Flaw::VotingHasEnded,
            ),
            (moved && shorter, Flaw::ShortensVoting),
            (
                self.results < poll.results || self.voter_results < poll.voter_results,
                Flaw::LoosensResults,
            ),
            (moved && self.reason.trim().is_empty(), Flaw::NoReason),
            (self.reason.chars().count() > LONGEST_LINE, Flaw::LongReason),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        broken.map(|(_, flaw)| flaw).collect()
    }
}
