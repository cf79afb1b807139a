//! Whether somebody for whom the provider vouches is let in: the same for browsers and programs.

use super::{Oidc, callback::Authentication, provider::Provider, refusal::Refusal};
use crate::{
    attempts::{self, Attempt, Evidence},
    clock::Timestamp,
    error::Result,
    metrics,
    users::{Identity, SignIn, User, Users},
};

/// What becomes of somebody for whom the provider vouches.
pub enum Admission {
    /// They may be signed in.
    Welcome(Box<User>),
    /// They may not.
    Refused(Refusal),
}

impl Oidc {
    /// Stores the person of `authentication`, whose role it takes, or says why they are not let
    /// in. With `evidence` the attempt is noted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn admit(
        &self,
        users: &Users,
        provider: &Provider,
        authentication: &mut Authentication,
        evidence: Option<Evidence>,
    ) -> Result<Admission> {
        // A role that is confirmed is no sign-in.
        let is_counted = evidence.is_some();
        let admission = self
            .decide(users, provider, authentication, evidence)
            .await?;
        if is_counted {
            metrics::sign_in(match admission {
                Admission::Welcome(_) => metrics::SignIn::Ok,
                Admission::Refused(_) => metrics::SignIn::Refused,
            });
        }
        Ok(admission)
    }

    async fn decide(
        &self,
        users: &Users,
        provider: &Provider,
        authentication: &mut Authentication,
        evidence: Option<Evidence>,
    ) -> Result<Admission> {
        let now = self.0.clock.now();
        let (identity, profile) = (&authentication.identity, &authentication.profile);
        if let Some(refusal) = provider.refuses(users, identity, profile).await? {
            let attempt = Attempt::refused(authentication.evidence.clone(), refusal.code());
            attempts::record(&self.0.db, attempt, now).await?;
            return Ok(Admission::Refused(refusal));
        }
        let role = authentication.role.take();
        let signed_in = users.sign_in(identity.clone(), profile.clone(), role, evidence, now);
        Ok(match signed_in.await? {
            SignIn::Welcome(user) => Admission::Welcome(user),
            SignIn::NoRole => Admission::Refused(Refusal::NoRole),
            SignIn::Deactivated => Admission::Refused(Refusal::Deactivated),
        })
    }

    /// Whether the provider has signed somebody out whose sign-in began here at `begun_at`. To be
    /// asked once the session is stored: a logout token that comes now finds it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_ended_meanwhile(
        &self,
        who: Identity,
        sid: Option<String>,
        begun_at: Timestamp,
    ) -> Result<bool> {
        self.0.logout_tokens.has_ended(who, sid, begun_at).await
    }
}
