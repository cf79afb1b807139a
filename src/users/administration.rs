//! What admins and operators do with people: deactivate them, activate them again, end their
//! sessions. Roles are the provider's business.

use std::sync::Arc;

use super::User;
use crate::language::Message;

/// A step that decides whether somebody may sign in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Turn the person away; every session ends.
    Deactivate,
    /// Let the person sign in again.
    Activate,
}

impl Step {
    /// The step that a path or a log names so.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Deactivate, Self::Activate]
            .into_iter()
            .find(|step| step.as_str() == word)
    }

    /// Its name in paths.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
        }
    }

    /// The step that is left to take for `user`.
    #[must_use]
    pub const fn next(user: &User) -> Self {
        match user.deactivated_at {
            None => Self::Deactivate,
            Some(_) => Self::Activate,
        }
    }
}

/// How a [`Step`] ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Taken {
    /// It was taken; so many sessions ended with it.
    Done(u64),
    /// It had been taken before; nothing was changed.
    Already,
    /// Nobody deactivates themselves.
    Oneself,
    /// Without this person nobody could use the console.
    LastAdmin,
    /// There is no such person.
    NotFound,
}

impl Taken {
    /// Whether the person is now as the step wanted.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Done(_) | Self::Already)
    }

    /// What is said about it.
    #[must_use]
    pub fn message(self, step: Step, name: &str) -> Message {
        let deactivates = step == Step::Deactivate;
        let either =
            |deactivated, active| Message::new(if deactivates { deactivated } else { active });
        let message = match self {
            Self::Done(ended) if deactivates && ended > 0 => {
                let done = Message::new("is-deactivated").with("name", name);
                return done.and(sessions_ended(ended));
            }
            Self::Done(_) => either("is-deactivated", "is-active"),
            Self::Already => either("is-deactivated-already", "is-active-already"),
            Self::Oneself => Message::new(ONESELF),
            Self::LastAdmin => Message::new("is-last-admin"),
            Self::NotFound => Message::new("no-such-person"),
        };
        message.with("name", name)
    }

    /// What is said when somebody called `name` was to be erased.
    #[must_use]
    pub fn of_erasing(self, name: &str) -> Message {
        Message::new(match self {
            Self::Done(_) => "is-erased",
            Self::Already => "nothing-to-erase",
            Self::Oneself => "not-erase-oneself",
            Self::LastAdmin => return Message::new("last-admin-not-erased").with("name", name),
            Self::NotFound => "no-such-person",
        })
    }

    /// What is said when two identities were to be merged.
    #[must_use]
    pub fn of_merging(self) -> Message {
        Message::new(match self {
            Self::Done(_) => "are-merged",
            Self::Already => "merged-already",
            Self::Oneself => "not-merge-oneself",
            Self::LastAdmin => "last-admin-not-merged",
            Self::NotFound => "no-such-person",
        })
    }
}

/// Why nobody deactivates themselves: the id of a message.
pub const ONESELF: &str = "not-oneself";

/// How many sessions have ended, in words.
#[must_use]
pub fn sessions_ended(number: u64) -> Message {
    Message::new("sessions-ended").with("count", number)
}

/// Whose sessions end.
#[derive(Clone, Debug)]
pub enum SessionsOf {
    /// The one session of this person with this handle ([`crate::session::ListedSession`]).
    One(Arc<User>, String),
    /// All of this person.
    Person(Arc<User>),
    /// Everybody's.
    Everybody,
}
