//! What an admin can do to several polls at once.

use super::{Listed, Poll, PollId, State, editing::Step};
use crate::clock::Timestamp;

/// Something done to several polls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bulk {
    /// A step of their lives.
    Take(Step),
    /// Removes drafts that nobody has seen.
    Delete,
}

/// How it ended.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Done {
    /// The polls to which it was done.
    pub done: Vec<PollId>,
    /// Those that it could not be done to, and in what state they are.
    pub skipped: Vec<(PollId, State)>,
}

impl Bulk {
    /// What can be done.
    pub const ALL: [Self; 3] = [
        Self::Take(Step::Close),
        Self::Take(Step::Archive),
        Self::Delete,
    ];

    /// The word for it in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Take(step) => step.as_str(),
            Self::Delete => "delete",
        }
    }

    /// Whether people are owed a reason when it is done to `poll`.
    #[must_use]
    pub fn needs_reason(self, poll: &Poll, now: Timestamp) -> bool {
        match self {
            Self::Take(step) => step.needs_reason(poll, now),
            Self::Delete => false,
        }
    }

    /// Whether it can be done to `listed` at `now`.
    #[must_use]
    pub fn is_possible(self, listed: &Listed, now: Timestamp) -> bool {
        match self {
            Self::Take(step) => step.is_possible(&listed.poll, now),
            Self::Delete => listed.poll.is_deletable() && listed.ballots == 0,
        }
    }
}

impl Poll {
    /// Whether it may be removed for good: its ballot paper is not fixed, so that nobody has
    /// voted. Any other is archived.
    #[must_use]
    pub const fn is_deletable(&self) -> bool {
        self.frozen_at.is_none()
    }
}
