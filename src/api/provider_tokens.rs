//! Access tokens of the OpenID Providers. What a provider says of one is believed for a moment, so
//! that a busy program does not wear it out; whoever comes meanwhile waits for the same answer.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use super::{
    caller::{Caller, TokenKind},
    refusal::Refusal,
    verifiers::TokenVerifier,
};
use crate::{
    clock::{Clock, Timestamp},
    oidc::{
        Oidc,
        access_token::{Grant, Refused},
    },
    users::{Role, User, Users},
};

/// How much is remembered, in bytes, about.
const MOST: u64 = 16 * 1024 * 1024;

/// What an entry takes beside the names of its roles, in bytes.
const ENTRY: usize = 512;

/// Knows the access tokens of the OpenID Providers.
pub struct ProviderTokens {
    oidc: Oidc,
    users: Users,
    clock: Clock,
    /// How long an answer is believed.
    life: Duration,
    /// By the hash of the token.
    known: Cache<[u8; 32], Arc<Known>>,
}

/// An answer, and how long it is believed.
struct Known {
    grant: Grant,
    until: Timestamp,
}

/// What was found out about a token that is good for nothing.
enum Found {
    /// It is none of the providers'.
    Foreign,
    /// Why.
    Refused(Refused),
}

impl fmt::Debug for ProviderTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderTokens(…)")
    }
}

impl ProviderTokens {
    /// The tokens of `oidc`'s providers, whose word on one is believed for `life`.
    #[must_use]
    pub fn new(oidc: Oidc, users: Users, clock: Clock, life: Duration) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .weigher(|_, known: &Arc<Known>| known.size())
            // For memory's sake; `until` decides, by our own clock.
            .time_to_live(life.max(Duration::from_secs(1)))
            .build();
        Self {
            oidc,
            users,
            clock,
            life,
            known,
        }
    }

    /// What `token` is good for; asks the provider once for all who want to know at a time. What
    /// is refused is asked about again each time.
    async fn grant(&self, token: &str) -> Result<Grant, Arc<Found>> {
        let key = Sha256::digest(token).into();
        if let Some(known) = self.known.get(&key).await {
            if self.clock.now() < known.until {
                return Ok(known.grant.clone());
            }
            self.known.invalidate(&key).await;
        }
        let known = self.known.try_get_with(key, self.ask(token)).await?;
        if known.until <= self.clock.now() {
            self.known.invalidate(&key).await;
        }
        Ok(known.grant.clone())
    }

    async fn ask(&self, token: &str) -> Result<Arc<Known>, Found> {
        let grant = self
            .oidc
            .access_token(token)
            .await
            .map_err(Found::Refused)?;
        let grant = grant.ok_or(Found::Foreign)?;
        let until = self.clock.now().plus(self.life);
        let until = grant.expires_at.map_or(until, |end| until.min(end));
        Ok(Arc::new(Known { grant, until }))
    }
}

impl Known {
    fn size(&self) -> u32 {
        let names = self.grant.role_names.iter().map(|name| name.len() + 64);
        u32::try_from(ENTRY + names.sum::<usize>()).unwrap_or(u32::MAX)
    }
}

#[async_trait]
impl TokenVerifier for ProviderTokens {
    async fn verify(&self, token: &str) -> Result<Option<Caller>, Refusal> {
        let grant = match self.grant(token).await {
            Ok(grant) => grant,
            Err(found) => {
                return match *found {
                    Found::Foreign => Ok(None),
                    Found::Refused(refused) => Err(refused.into()),
                };
            }
        };
        let user = self.users.find_by_identity(&grant.identity).await?;
        Ok(Some(Caller {
            role: role(&grant, user.as_deref()),
            identity: grant.identity,
            user,
            scopes: grant.role_names,
            kind: TokenKind::Provider,
            expires_at: grant.expires_at,
        }))
    }
}

/// The provider's live word counts, but for somebody whose role was lost: they sign in first. What
/// stands in a token is older than what was heard of the person since, at a sign-in or a re-check.
fn role(grant: &Grant, user: Option<&User>) -> Option<Role> {
    match user {
        None => grant.role_of_stranger,
        Some(user) if !user.is_active() => None,
        Some(_) if grant.is_live => grant.role,
        Some(user) => Some(grant.role?.min(user.role)),
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Inactive => Self::Revoked,
            Refused::Expired => Self::Expired,
            Refused::Invalid => Self::InvalidToken,
            Refused::Unknown => Self::IdpUnavailable,
        }
    }
}
