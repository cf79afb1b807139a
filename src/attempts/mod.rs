//! What happened at each sign-in: for admins who are asked "why can I not get in?".
//!
//! Names of claims are kept and never their values. Knows no feature: [`crate::oidc`] and
//! [`crate::users`] write here, the console reads.

mod cause;
mod store;

pub use cause::likely_cause;
pub use store::{
    append, count, count_turned_away, find, list, made_in, record, role_claim_is_missing, sweep,
};

use crate::{clock::Timestamp, db::text_enum, search::Words, statement::Range};

/// Most names kept of one document.
const MOST_NAMES: usize = 60;

/// Longest name kept, in characters.
const LONGEST_NAME: usize = 100;

text_enum! {
    /// How a sign-in ended.
    pub enum Outcome {
        /// The person was signed in.
        Ok = "ok",
        /// The provider vouched for the person, and this site turned them away.
        Refused = "refused",
        /// It did not come that far.
        Failed = "failed",
    }
}

text_enum! {
    /// Why the provider's claims gave no role.
    pub enum MissingRole {
        /// There was no role claim.
        ClaimMissing = "role_claim_missing",
        /// There were role claims of other projects only.
        OtherProject = "role_other_project",
        /// The role claim held no role.
        Empty = "role_claim_empty",
        /// The role claim held only roles that mean nothing here.
        Unmapped = "role_unmapped",
    }
}

/// What was seen of a sign-in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence {
    /// The issuer that was asked; empty when there was nothing that belongs to a sign-in of ours.
    pub issuer: String,
    /// `sub`, once the ID token was found to be genuine.
    pub subject: Option<String>,
    /// Names of the claims in the ID token.
    pub id_token: Names,
    /// Names of the claims in the UserInfo response.
    pub userinfo: Names,
    /// Why there was no role, if there was none.
    pub missing_role: Option<MissingRole>,
    /// The roles that mean nothing here, when there was no other.
    pub unmapped_roles: Names,
    /// The request in the log.
    pub request_id: String,
}

impl Evidence {
    /// Nothing yet, of a sign-in at `issuer`.
    #[must_use]
    pub fn of(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            ..Self::default()
        }
    }

    /// The reason of a refusal for want of a role, as exactly as it is known.
    #[must_use]
    pub fn no_role(&self) -> &'static str {
        self.missing_role.map_or("no_role", MissingRole::as_str)
    }
}

impl Attempt {
    /// Somebody was signed in.
    #[must_use]
    pub fn ok(evidence: Evidence) -> Self {
        Self {
            outcome: Outcome::Ok,
            reason: None,
            evidence,
        }
    }

    /// Somebody was refused.
    #[must_use]
    pub fn refused(evidence: Evidence, reason: &str) -> Self {
        Self {
            outcome: Outcome::Refused,
            reason: Some(reason.to_owned()),
            evidence,
        }
    }

    /// A sign-in failed.
    #[must_use]
    pub fn failed(evidence: Evidence, reason: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Failed,
            reason: Some(reason.into()),
            evidence,
        }
    }
}

/// Names out of a provider's document: few, short and printable.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Names(Vec<String>);

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let printable = |name: &str| -> String {
            let printable = name.chars().filter(|c| !c.is_control());
            printable.take(LONGEST_NAME).collect()
        };
        Self(names.into_iter().take(MOST_NAMES).map(printable).collect())
    }
}

impl Names {
    /// The names.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_json(&self) -> String {
        serde_json::Value::from(self.0.clone()).to_string()
    }

    fn from_json(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }
}

impl std::fmt::Display for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// An attempt that is over.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Outcome,
    /// Why it ended so; a stable name, which the person was shown as well.
    pub reason: Option<String>,
    /// What was seen of it.
    pub evidence: Evidence,
}

/// An attempt as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Key.
    pub id: i64,
    /// When; of a sign-in that succeeded only the day, because a precise time beside a secret
    /// vote could tell on somebody.
    pub at: Timestamp,
    /// The attempt.
    pub attempt: Attempt,
    /// The name of the person, when the site knows them.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// Which attempts to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in name, e-mail, subject or request number.
    pub words: Words,
    /// Whose it was: issuer and subject.
    pub who: Option<(String, String)>,
    /// Only those before this one.
    pub before: Option<i64>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Range,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_few_short_and_printable() {
        let long = "x".repeat(500);
        let many = std::iter::repeat_n(long.as_str(), 500);
        let names: Names = ["a\u{0}b\n"].into_iter().chain(many).collect();
        assert_eq!(names.as_slice().len(), MOST_NAMES);
        assert_eq!(names.as_slice()[0], "ab");
        assert_eq!(names.as_slice()[1].len(), LONGEST_NAME);
        assert_eq!(Names::from_json(&names.to_json()), names);
        assert_eq!(Names::from_json("nonsense"), Names::default());
    }
}
