//! Why somebody for whom the provider vouches is not let in all the same.

use super::provider::Provider;
use crate::{
    error::Result,
    users::{Identity, Profile, Users},
};

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The provider says of no role.
    NoRole,
    /// An admin has turned the person away.
    Deactivated,
    /// They never came before, and nobody new is taken (`OIDC_CREATE_USER`).
    NotKnown,
    /// Their e-mail address is not verified (`OIDC_REQUIRE_VERIFIED_EMAIL`).
    EmailNotVerified,
}

impl Refusal {
    /// A stable name, shown in the details and written to the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRole => "no_role",
            Self::Deactivated => "deactivated",
            Self::NotKnown => "not_known",
            Self::EmailNotVerified => "email_not_verified",
        }
    }

    /// The heading of its page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoRole => "You have no role here yet",
            Self::Deactivated => "This account was deactivated here",
            Self::NotKnown => "This site does not know you yet",
            Self::EmailNotVerified => "Your e-mail address is not verified",
        }
    }
}

impl Provider {
    /// What its configuration asks of people beside a role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refuses(
        &self,
        users: &Users,
        identity: &Identity,
        profile: &Profile,
    ) -> Result<Option<Refusal>> {
        if self.config.require_verified_email && !profile.email_verified {
            return Ok(Some(Refusal::EmailNotVerified));
        }
        if !self.config.create_user && users.find_by_identity(identity).await?.is_none() {
            return Ok(Some(Refusal::NotKnown));
        }
        Ok(None)
    }
}
