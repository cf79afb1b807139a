//! Why somebody for whom the provider vouches is not let in all the same.

use super::{claims::Documents, provider::Provider};
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

    /// The heading of its page: the id of a message.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoRole => "no-role-title",
            Self::Deactivated => "deactivated-title",
            Self::NotKnown => "not-known-title",
            Self::EmailNotVerified => "email-not-verified-title",
        }
    }

    /// What happened: the id of a message about `account`.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoRole => "no-role",
            Self::Deactivated => "deactivated",
            Self::NotKnown => "not-known",
            Self::EmailNotVerified => "email-not-verified-refusal",
        }
    }

    /// What to do: the id of a message.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NoRole => "no-role-advice",
            Self::Deactivated => "deactivated-advice",
            Self::NotKnown => "not-known-advice",
            Self::EmailNotVerified => "email-not-verified-advice",
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

    /// Whether it asks for a verified e-mail address and `documents` speak of another.
    pub(super) fn disowns(&self, documents: Documents<'_>) -> bool {
        self.config.require_verified_email && documents.disown_email()
    }

    /// Whether it would let in somebody of whom `documents` speak and who never came before.
    pub(super) fn takes_strangers(&self, documents: Documents<'_>) -> bool {
        let is_fine = || documents.profile().email_verified;
        self.config.create_user && (!self.config.require_verified_email || is_fine())
    }
}
