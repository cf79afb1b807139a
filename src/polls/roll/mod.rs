//! The list of voters of a poll whose roll is a list: whom its lines name, and what becomes of
//! them. An [`entry`] is one of them on the list; [`upload`] reads files, [`download`] writes them.
//!
//! Somebody who has not signed in yet is named by an [`Invite`]: an e-mail address, which has to
//! be verified by the provider at the sign-in, or a subject at one issuer. The database turns it
//! into an entry of the roll when that person signs in (migration 0009).

pub mod download;
pub mod entry;
mod plan;
pub mod upload;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use entry::{Entry, EntryKind, Listed};
pub use plan::{Becomes, Plan};
pub use upload::Upload;

use crate::db::text_enum;

text_enum! {
    /// By what a line names a voter.
    pub enum InviteKind {
        /// An e-mail address that the provider has verified.
        Email = "email",
        /// `sub` at one issuer.
        Subject = "subject",
    }
}

/// Whom a line of a list names.
#[derive(
    Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, sqlx::FromRow,
)]
pub struct Invite {
    /// By what.
    pub kind: InviteKind,
    /// The issuer of a subject; empty for an e-mail address.
    pub issuer: String,
    /// The address in small letters, or the subject as it is.
    pub value: String,
}

impl Invite {
    /// Whoever has this e-mail address. Only ASCII is folded, as the databases do it.
    #[must_use]
    pub fn email(address: &str) -> Self {
        Self {
            kind: InviteKind::Email,
            issuer: String::new(),
            value: address.to_ascii_lowercase(),
        }
    }

    /// Whom the issuer calls so.
    #[must_use]
    pub fn subject(issuer: &str, subject: &str) -> Self {
        Self {
            kind: InviteKind::Subject,
            issuer: issuer.to_owned(),
            value: subject.to_owned(),
        }
    }
}

/// How many are on a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub struct RollCount {
    /// People who have signed in.
    pub enrolled: i64,
    /// Those who have not.
    pub invited: i64,
}

impl RollCount {
    /// Everybody.
    #[must_use]
    pub const fn all(self) -> i64 {
        self.enrolled.saturating_add(self.invited)
    }
}

/// Whom an admin takes off a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Removal {
    /// These.
    Entries(BTreeSet<Entry>),
    /// Everybody.
    Everybody,
}
