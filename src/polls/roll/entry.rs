//! An entry of a list of voters: somebody who has signed in, or the invitation of somebody who has
//! not, and how a form names it.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::{Invite, InviteKind};
use crate::{db::text_enum, polls::rules::RollSource, users::UserId};

text_enum! {
    /// What an entry is.
    pub enum EntryKind {
        /// Somebody who has signed in.
        Person = "person",
        /// An invitation by e-mail address.
        Email = "email",
        /// An invitation by subject.
        Subject = "subject",
    }
}

/// What stands between the parts of an invitation; it is no letter of theirs.
const BETWEEN: char = '.';

/// Whom an entry means; forms name it by text without commas.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Entry {
    /// Somebody who has signed in.
    Enrolled(UserId),
    /// Somebody who has not.
    Invited(Invite),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enrolled(user) => user.fmt(f),
            Self::Invited(invite) => {
                let (kind, issuer) = (invite.kind.as_str(), BASE64.encode(&invite.issuer));
                let value = BASE64.encode(&invite.value);
                write!(f, "{kind}{BETWEEN}{issuer}{BETWEEN}{value}")
            }
        }
    }
}

impl Entry {
    /// Who it is, of somebody who has signed in.
    #[must_use]
    pub const fn person(&self) -> Option<UserId> {
        match self {
            Self::Enrolled(user) => Some(*user),
            Self::Invited(_) => None,
        }
    }

    /// Whom it means, of somebody who has not.
    #[must_use]
    pub const fn invitation(&self) -> Option<&Invite> {
        match self {
            Self::Enrolled(_) => None,
            Self::Invited(invite) => Some(invite),
        }
    }
}

/// That a text names no entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoEntry;

impl FromStr for Entry {
    type Err = NoEntry;

    fn from_str(text: &str) -> Result<Self, NoEntry> {
        if let Ok(user) = text.parse() {
            return Ok(Self::Enrolled(user));
        }
        let invite = || {
            let (kind, rest) = text.split_once(BETWEEN)?;
            let (issuer, value) = rest.split_once(BETWEEN)?;
            let decoded = |part| String::from_utf8(BASE64.decode(part).ok()?).ok();
            Some(Invite {
                kind: InviteKind::from_word(kind)?,
                issuer: decoded(issuer)?,
                value: decoded(value)?,
            })
        };
        invite().map(Self::Invited).ok_or(NoEntry)
    }
}

/// An entry as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Who; nobody yet, when it is an invitation.
    pub user_id: Option<UserId>,
    /// The best name there is to show.
    pub name: String,
    /// `email`
    pub email: Option<String>,
    /// `iss`; empty for an invitation by e-mail.
    pub issuer: String,
    /// `sub`
    pub subject: Option<String>,
    /// When it came onto the list.
    pub source: RollSource,
    /// Whether they have voted; never told of a secret poll.
    pub has_voted: Option<bool>,
}

impl Listed {
    /// Whether it came onto the list after the opening.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.source == RollSource::AddedLater
    }

    /// Whom it means.
    #[must_use]
    pub fn entry(&self) -> Entry {
        match (self.user_id, &self.subject) {
            (Some(user), _) => Entry::Enrolled(user),
            (None, Some(subject)) => Entry::Invited(Invite::subject(&self.issuer, subject)),
            (None, None) => Entry::Invited(Invite::email(&self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written_whatever_stands_in_it() {
        for entry in [
            Entry::Enrolled(UserId(7)),
            Entry::Invited(Invite::email("a,b.c@acme.example")),
            Entry::Invited(Invite::subject("https://login.acme.example", "4711")),
        ] {
            let text = entry.to_string();
            assert!(!text.contains(','), "{text}");
            assert_eq!(text.parse(), Ok(entry));
        }
    }

    #[test]
    fn what_names_no_entry_is_refused() {
        for text in ["", "x", "email", "email.", "email..!", "phone..YQ", "1.2"] {
            assert_eq!(text.parse::<Entry>(), Err(NoEntry), "{text}");
        }
    }
}
