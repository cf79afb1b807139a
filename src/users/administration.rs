//! What admins and operators do with people: deactivate them, activate them again, end their
//! sessions. Roles are the provider's business.

use super::User;

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

    /// What the person is after it.
    #[must_use]
    pub const fn result(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivated",
            Self::Activate => "active",
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
    pub fn in_words(self, step: Step, name: &str) -> String {
        let result = step.result();
        match (self, step) {
            (Self::Done(ended), Step::Deactivate) if ended > 0 => {
                format!("{name} is {result} now. {}", sessions_ended(ended))
            }
            (Self::Done(_), _) => format!("{name} is {result} now."),
            (Self::Already, _) => format!("{name} is {result} already. Nothing was changed."),
            (Self::Oneself, _) => ONESELF.to_owned(),
            (Self::LastAdmin, _) => format!("{name} {LAST_ADMIN}"),
            (Self::NotFound, _) => "There is no such person.".to_owned(),
        }
    }
}

/// Why nobody deactivates themselves.
pub const ONESELF: &str =
    "You cannot deactivate yourself: you could not undo it. Another admin can do it.";

const LAST_ADMIN: &str = "is the last active admin and stays active. Give somebody else the role \
    admin at the sign-in provider, and let them sign in, first.";

/// How many sessions have ended, in words.
#[must_use]
pub fn sessions_ended(number: u64) -> String {
    match number {
        0 => "There was no session to end.".to_owned(),
        1 => "1 session has ended.".to_owned(),
        more => format!("{more} sessions have ended."),
    }
}

/// Whose sessions end.
#[derive(Clone, Debug)]
pub enum SessionsOf {
    /// The one session of this person with this handle ([`crate::session::ListedSession`]).
    One(Box<User>, String),
    /// All of this person.
    Person(Box<User>),
    /// Everybody's.
    Everybody,
}
