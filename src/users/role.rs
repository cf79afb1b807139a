//! What a person may do, and what the provider said that gave it to them.

use crate::{db::text_enum, language::Message};

text_enum! {
    /// What a person may do. The order matters: each role may do what those before it may.
    pub enum Role {
        /// Votes.
        User = "user",
        /// Reads results as well.
        Staff = "staff",
        /// Runs the console as well.
        Admin = "admin",
    }
}

impl Role {
    /// The role in words, for pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::User => "role-user",
            Self::Staff => "role-staff",
            Self::Admin => "role-admin",
        })
    }

    /// Whether results may be read.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self >= Self::Staff
    }

    /// Whether the console may be used.
    #[must_use]
    pub fn is_admin(self) -> bool {
        self >= Self::Admin
    }
}

/// Stands between the claim and the organisation in [`RoleAssignment::source`].
const VIA: &str = " via ";

/// A role, and where the provider said that somebody has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleAssignment {
    /// The role.
    pub role: Role,
    /// The claim it was read from, and the organisation through which it was given, if any:
    /// `groups`, or `urn:zitadel:iam:org:project:roles via acme.example`.
    pub source: Option<String>,
}

impl RoleAssignment {
    /// A role read from `claim`, whose name has no blanks, given through `organisation`.
    #[must_use]
    pub fn read_from(claim: &str, role: Role, organisation: Option<&str>) -> Self {
        let source = match organisation {
            Some(organisation) => format!("{claim}{VIA}{organisation}"),
            None => claim.to_owned(),
        };
        Self {
            role,
            source: Some(source),
        }
    }
}

impl From<Role> for RoleAssignment {
    fn from(role: Role) -> Self {
        Self { role, source: None }
    }
}

/// The organisation in the source of a role.
pub(super) fn organisation(source: &str) -> Option<&str> {
    source
        .split_once(VIA)
        .map(|(_claim, organisation)| organisation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_is_found_again_in_the_source() {
        let assignment = RoleAssignment::read_from("a:b", Role::Admin, Some("acme.example"));
        let source = assignment.source.unwrap();
        assert_eq!(source, "a:b via acme.example");
        assert_eq!(organisation(&source), Some("acme.example"));
        assert_eq!(organisation("https://app.example/roles"), None);
    }
}
