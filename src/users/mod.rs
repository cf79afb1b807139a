//! The people who have signed in, and what they may do.
//!
//! A person is an [`Identity`]: issuer and subject. E-mail is a label and never a key. Roles
//! belong to the OpenID Provider; what is stored here is the last word heard from it.

pub mod access;
pub mod administration;
pub mod data_routes;
pub mod personal_data;
pub mod preference_routes;
mod role;
pub mod routes;
pub mod session_routes;
mod store;
pub mod token_routes;
pub mod token_row;
pub mod tokens;

use serde::{Deserialize, Serialize};
use url::Url;

pub use role::{Role, RoleAssignment};
pub use store::{Filter, Standing, Users};

use crate::{audit::Actor, clock::Timestamp, language::Preferences, telemetry::origin};

/// A local user's key.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct UserId(pub i64);

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for UserId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Who somebody is: the OpenID Provider and its name for them (OpenID Connect Core, 5.7).
/// Both are compared byte for byte.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Identity {
    /// `iss`
    pub issuer: String,
    /// `sub`
    pub subject: String,
}

/// What the provider says of a person, copied at each sign-in (OpenID Connect Core, 5.1).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Profile {
    /// `preferred_username`
    pub preferred_username: String,
    /// `email`
    pub email: Option<String>,
    /// `email_verified`, from the same document as `email`.
    pub email_verified: bool,
    /// `given_name`
    pub given_name: String,
    /// `family_name`
    pub family_name: String,
    /// `name`
    pub display_name: String,
    /// `picture`: an address.
    pub picture: Option<String>,
}

impl Profile {
    /// The best name there is to show.
    fn shown_name<'a>(&'a self, subject: &'a str) -> &'a str {
        let names = [
            &self.display_name,
            &self.given_name,
            &self.preferred_username,
        ];
        names
            .into_iter()
            .find(|name| !name.trim().is_empty())
            .map_or(subject, |name| name)
    }

    /// What a search looks at: names, e-mail and subject, case-folded here because the
    /// databases fold differently.
    fn search_key(&self, subject: &str) -> String {
        let names = [&self.display_name, &self.given_name, &self.family_name];
        let labels = names.into_iter().map(String::as_str);
        let others = [
            self.preferred_username.as_str(),
            self.email.as_deref().unwrap_or(""),
            subject,
        ];
        labels
            .chain(others)
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    }
}

/// A person who has signed in with a role at least once.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Key.
    pub id: UserId,
    /// `iss`
    pub issuer: String,
    /// `sub`, which is the user name as well.
    pub subject: String,
    /// `preferred_username`, or empty.
    pub preferred_username: String,
    /// `email`
    pub email: Option<String>,
    /// Whether the provider has verified the e-mail address.
    pub email_verified: bool,
    /// `given_name`, or empty.
    pub given_name: String,
    /// `family_name`, or empty.
    pub family_name: String,
    /// The best name there is to show.
    pub display_name: String,
    /// `picture`: the address of a picture, wherever that is.
    pub picture: Option<String>,
    /// The role last confirmed by the provider.
    pub role: Role,
    /// What it was read from: see [`RoleAssignment::source`].
    pub role_source: Option<String>,
    /// When it was last confirmed.
    pub role_checked_at: Timestamp,
    /// When an admin turned the person away.
    pub deactivated_at: Option<Timestamp>,
    /// When the provider last said that there is no role any more.
    pub role_lost_at: Option<Timestamp>,
    /// First sign-in.
    pub first_seen_at: Timestamp,
    /// The day of the last sign-in; a precise time beside a secret vote could tell on somebody.
    pub last_login_at: Option<Timestamp>,
    /// Who has taken over the identity.
    pub merged_into: Option<UserId>,
    /// When names and e-mail were erased.
    pub erased_at: Option<Timestamp>,
    /// The language they chose.
    pub language: Option<String>,
    /// The time zone they chose.
    pub zone: Option<String>,
    /// The colours they chose.
    pub theme: Option<String>,
}

impl User {
    /// Whether the person may be signed in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.deactivated_at.is_none() && self.role_lost_at.is_none()
    }

    /// Whether only votes are left: the identity was given up, or the names were erased.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.merged_into.is_some() || self.erased_at.is_some()
    }

    /// The organisation through which the role was given, if that was said.
    #[must_use]
    pub fn role_organisation(&self) -> Option<&str> {
        role::organisation(self.role_source.as_deref()?)
    }

    /// The picture, if the provider itself keeps it: pages load nothing from anywhere else, so
    /// that nobody learns who reads them and when.
    #[must_use]
    pub fn picture_at_issuer(&self) -> Option<Url> {
        let picture = Url::parse(self.picture.as_deref()?).ok()?;
        let issuer = Url::parse(&self.issuer).ok()?;
        (picture.origin() == issuer.origin()).then_some(picture)
    }

    /// The person as whoever makes a change with `role`, by the request that the log gives this number.
    #[must_use]
    pub fn actor(&self, role: Role, request_id: String) -> Actor {
        Actor::Person {
            id: self.id.0,
            name: self.name().to_owned(),
            role: role.as_str(),
            request_id,
            sub_hash: self.sub_hash(),
        }
    }

    /// The person's name in the log: see [`origin::sub_hash`].
    #[must_use]
    pub fn sub_hash(&self) -> Option<String> {
        origin::sub_hash(&self.issuer, &self.subject)
    }

    /// How they want the pages.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        let Self {
            language,
            zone,
            theme,
            ..
        } = self;
        Preferences::read(language.as_deref(), zone.as_deref(), theme.as_deref())
    }

    /// The best name there is to show.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.display_name
    }
}

/// How a sign-in ended, once the provider's answer was found to be genuine.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// Signed in.
    Welcome(Box<User>),
    /// No role: nothing was stored of somebody new; somebody known is inactive now.
    NoRole,
    /// An admin has turned the person away.
    Deactivated,
}
