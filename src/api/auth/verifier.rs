//! Access tokens of ours and of trusted peers, as [`crate::api`] asks for them.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    AuthorizationServer,
    access_token::{Claims, claimed_issuer},
    peers::{NotBelieved, Peer},
};
use crate::{
    api::{
        caller::{Caller, TokenKind},
        refusal::Refusal,
        scopes::Scopes,
        verifiers::TokenVerifier,
    },
    oidc::id_token::Invalid,
    session::SessionKey,
    users::{Identity, Role, User, UserId},
};

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::Expired => Self::Expired,
            _ => Self::InvalidToken,
        }
    }
}

impl From<NotBelieved> for Refusal {
    fn from(why: NotBelieved) -> Self {
        match why {
            NotBelieved::Invalid(invalid) => invalid.into(),
            NotBelieved::Outage(_) => Self::IdpUnavailable,
        }
    }
}

#[async_trait]
impl TokenVerifier for AuthorizationServer {
    async fn verify(&self, token: &str) -> Result<Option<Caller>, Refusal> {
        let Some(issuer) = claimed_issuer(token) else {
            return Ok(None);
        };
        if issuer == self.0.issuer {
            return self.own(token).await.map(Some);
        }
        match self.0.peers.find(&issuer) {
            Some(peer) => self.of_peer(peer, token).await.map(Some),
            None => Ok(None),
        }
    }
}

impl AuthorizationServer {
    /// Whom a token of ours speaks for: only as long as the program's session lives.
    async fn own(&self, token: &str) -> Result<Caller, Refusal> {
        let claims = self.own_claims(token).await?;
        let session = SessionKey::parse(&claims.sid).ok_or(Refusal::InvalidToken)?;
        let session = self.0.sessions.find_program(&session).await?;
        let session = session.ok_or(Refusal::Revoked)?;
        let user = self.0.users.find(UserId(session.user_id)).await?;
        let user = user.ok_or(Refusal::Revoked)?;
        if user.subject != claims.sub || user.issuer != claims.idp {
            return Err(Refusal::InvalidToken);
        }
        Ok(caller(claims, Some(user), TokenKind::Own))
    }

    /// What a token of ours says, once its signature is verified.
    pub(super) async fn own_claims(&self, token: &str) -> Result<Claims, Refusal> {
        let issuer = self.0.issuer.as_str();
        let now = self.now();
        let keys = self.0.keys.known().await?;
        match Claims::verify(token, &keys.public, (issuer, issuer), now) {
            // Another instance may have begun to sign with a new one.
            Err(invalid) if invalid.may_be_a_new_key() => {
                let keys = self.0.keys.read().await?;
                Ok(Claims::verify(token, &keys.public, (issuer, issuer), now)?)
            }
            verified => Ok(verified?),
        }
    }

    /// Whom a peer's token speaks for: they may do no more than here, and nothing that takes a role
    /// when they never came here.
    async fn of_peer(&self, peer: &Peer, token: &str) -> Result<Caller, Refusal> {
        let verified = self.0.peers.verify(peer, token, &self.0.issuer);
        let claims = verified.await?;
        let identity = Identity {
            issuer: claims.idp.clone(),
            subject: claims.sub.clone(),
        };
        let user = self.0.users.find_by_identity(&identity).await?;
        Ok(caller(claims, user, TokenKind::Peer))
    }
}

fn caller(claims: Claims, user: Option<Arc<User>>, kind: TokenKind) -> Caller {
    // What a peer's provider says of its own people is no word on ours.
    let known = user.as_ref().filter(|user| user.is_active());
    let role = known.and_then(|user| Some(claims.role()?.min(user.role)));
    Caller {
        expires_at: Some(claims.expires_at()),
        identity: Identity {
            issuer: claims.idp,
            subject: claims.sub,
        },
        user,
        role,
        scopes: scopes(role),
        kind,
    }
}

/// The scopes that `role` comes to now, whatever it was when the token was signed.
fn scopes(role: Option<Role>) -> Scopes {
    let names = role.into_iter().flat_map(super::scope::names);
    names.map(str::to_owned).collect()
}
