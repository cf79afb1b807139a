//! Tokens that people have made for programs of theirs.

use async_trait::async_trait;

use super::{
    caller::{Caller, TokenKind},
    refusal::Refusal,
    scopes::Scopes,
    verifiers::TokenVerifier,
};
use crate::{
    clock::Clock,
    users::{
        Identity, Users,
        tokens::{self, Standing},
    },
};

/// Knows the personal access tokens of this site.
#[derive(Clone, Debug)]
pub struct PersonalTokens {
    users: Users,
    clock: Clock,
}

impl PersonalTokens {
    /// The tokens of `users`.
    #[must_use]
    pub fn new(users: Users, clock: Clock) -> Self {
        Self { users, clock }
    }
}

#[async_trait]
impl TokenVerifier for PersonalTokens {
    async fn verify(&self, token: &str) -> Result<Option<Caller>, Refusal> {
        if !tokens::is_personal(token) {
            return Ok(None);
        }
        let known = self.users.find_token(token).await?;
        let known = known.ok_or(Refusal::Revoked)?;
        let owner = self.users.find(known.user_id).await?;
        let owner = owner.ok_or(Refusal::Revoked)?;
        let now = self.clock.now();
        let role = match known.standing(&owner, now) {
            Standing::Good(role) => role,
            Standing::Expired => return Err(Refusal::Expired),
            Standing::Inactive => return Err(Refusal::Revoked),
            Standing::Unconfirmed => return Err(Refusal::Unconfirmed),
        };
        if let Err(error) = self.users.note_use(&known, now).await {
            tracing::warn!(%error, "the day on which a token was used was not noted");
        }
        Ok(Some(Caller {
            identity: Identity {
                issuer: owner.issuer.clone(),
                subject: owner.subject.clone(),
            },
            user: Some(owner),
            role: Some(role),
            scopes: Scopes::new(),
            kind: TokenKind::Personal,
            expires_at: Some(known.expires_at),
        }))
    }
}
