//! The steps of a poll's life: which are possible, and what the poll is after each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Flaw, LONGEST_LINE, one_line};
use crate::{
    clock::{Timestamp, optional_rfc3339},
    language::Message,
    polls::{Poll, State},
};

/// A step in a poll's life that an admin takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Publishes a draft, which opens at its time or at once; opens a scheduled poll at once.
    Open,
    /// Takes an open poll back to draft, so that a mistake on its ballot paper can be corrected. Once
    /// there is a ballot the database refuses.
    Unfreeze,
    /// Ends an open poll.
    Close,
    /// Lets those read the numbers of a closed poll who were promised them on release.
    Release,
    /// Takes ballots again in a named poll that has closed.
    Reopen,
    /// Puts a poll away that is not open.
    Archive,
    /// Brings it back.
    Restore,
}

/// What an admin says beside the step.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = StepDetails)]
pub struct Details {
    /// Why, for [`Step::Close`] and [`Step::Reopen`].
    pub reason: String,
    /// When a reopened poll closes; absent: by hand.
    #[serde(with = "optional_rfc3339")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
}

impl Details {
    /// The same without blanks around the reason and line ends in it.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self {
            reason: one_line(&self.reason),
            ..self
        }
    }
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::Open,
        Self::Unfreeze,
        Self::Close,
        Self::Release,
        Self::Reopen,
        Self::Archive,
        Self::Restore,
    ];

    /// The word for it in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unfreeze => "unfreeze",
            Self::Close => "close",
            Self::Release => "release",
            Self::Reopen => "reopen",
            Self::Archive => "archive",
            Self::Restore => "restore",
        }
    }

    /// The button that takes it.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Open => "open-poll",
            Self::Unfreeze => "unfreeze-poll",
            Self::Close => "close-poll",
            Self::Release => "release-results",
            Self::Reopen => "reopen-poll",
            Self::Archive => "archive-poll",
            Self::Restore => "restore-poll",
        })
    }

    /// What the history calls it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Open => "poll_opened",
            Self::Unfreeze => "poll_unfrozen",
            Self::Close => "poll_closed",
            Self::Release => "poll_released",
            Self::Reopen => "poll_reopened",
            Self::Archive => "poll_archived",
            Self::Restore => "poll_restored",
        }
    }

    /// Whether the poll can take it at `now`. A poll whose end was moved is not unfrozen: it may
    /// have been closed and counted before. A secret poll is never reopened: who votes late would know the numbers, and the others could tell how they voted.
    #[must_use]
    pub fn is_possible(self, poll: &Poll, now: Timestamp) -> bool {
        let state = poll.state(now);
        match self {
            Self::Open => matches!(state, State::Draft | State::Scheduled),
            Self::Unfreeze => state == State::Open && poll.extended_from.is_none(),
            Self::Close => state == State::Open,
            Self::Release => poll.awaits_release(now),
            Self::Reopen => poll.is_named() && matches!(state, State::Closed | State::Released),
            Self::Archive => !matches!(state, State::Open | State::Archived),
            Self::Restore => state == State::Archived,
        }
    }

    /// The step that comes next for the poll.
    #[must_use]
    pub fn next(poll: &Poll, now: Timestamp) -> Self {
        match poll.state(now) {
            State::Draft | State::Scheduled => Self::Open,
            State::Open => Self::Close,
            State::Closed if poll.awaits_release(now) => Self::Release,
            State::Closed | State::Released => Self::Archive,
            State::Archived => Self::Restore,
        }
    }

    /// Whether people are owed a reason: they were told another end.
    #[must_use]
    pub fn needs_reason(self, poll: &Poll, now: Timestamp) -> bool {
        match self {
            Self::Close => poll.closes_at.is_some_and(|planned| planned > now),
            Self::Reopen => true,
            Self::Open | Self::Unfreeze | Self::Release | Self::Archive | Self::Restore => false,
        }
    }

    /// What is wrong with tidy `details` of the step.
    #[must_use]
    pub fn flaws(self, poll: &Poll, details: &Details, now: Timestamp) -> Vec<Flaw> {
        let is_missing = details.reason.is_empty() && self.needs_reason(poll, now);
        let ends_at_once = details.closes_at.is_some_and(|at| at <= now);
        let rules = [
            (is_missing, Flaw::NoReason),
            (
                details.reason.chars().count() > LONGEST_LINE,
                Flaw::LongReason,
            ),
            (self == Self::Reopen && ends_at_once, Flaw::ClosesInThePast),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        broken.map(|(_, flaw)| flaw).collect()
    }

    /// The poll after the step.
    #[must_use]
    pub fn take(self, poll: &Poll, details: &Details, now: Timestamp) -> Poll {
        let mut after = poll.clone();
        match self {
            Self::Open => {
                if poll.state(now) == State::Scheduled {
                    after.opens_at = Some(now);
                }
                after.published_at = Some(poll.published_at.map_or(now, |at| at.min(now)));
                after.frozen_at = poll.frozen_at.or(Some(now));
            }
            Self::Unfreeze => (after.frozen_at, after.published_at) = (None, None),
            Self::Close => {
                after.closed_at = Some(now);
                after.closed_reason = Some(details.reason.clone()).filter(|why| !why.is_empty());
            }
            Self::Release => after.released_at = Some(now),
            Self::Reopen => {
                after.extended_from = poll.extended_from.or(poll.closing());
                after.closes_at = details.closes_at;
                (after.closed_at, after.closed_reason) = (None, None);
                after.released_at = None;
            }
            Self::Archive => after.archived_at = Some(now),
            Self::Restore => after.archived_at = None,
        }
        after
    }
}
