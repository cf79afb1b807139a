//! Who asks: read off the bearer token of a request.
//!
//! [`Caller`] refuses requests without a good token before the handler runs. `Option<Caller>` is
//! for routes that anonymous programs may use as well: without credentials it is `None`, with a bad
//! token the request is refused, too. [`super::access`] has the stricter ones.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{
    bearer,
    refusal::Refusal,
    scopes::{Required, Scopes},
    verifiers::Verifiers,
};
use crate::{
    clock::Timestamp,
    rate_limit::{Limit, RateLimits, Sender},
    users::{Identity, Role, User},
};

/// Which kind of token it was.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// An access token of an OpenID Provider.
    Provider,
    /// An access token of this site.
    Own,
    /// An access token of another site that is trusted.
    Peer,
    /// A personal access token of this site.
    Personal,
}

/// Whom a good token speaks for, and what it may do.
#[derive(Clone, Debug)]
pub struct Caller {
    /// `iss` and `sub`.
    pub identity: Identity,
    /// The same person here, if they have ever signed in with a browser. A machine has not.
    pub user: Option<Arc<User>>,
    /// The strongest role that the token gives now: never above that of the person here, unless the
    /// provider has just said otherwise.
    pub role: Option<Role>,
    /// Of a provider's token every role in the project, by the provider's name; of others `scope`.
    pub scopes: Scopes,
    /// Which kind of token it is.
    pub kind: TokenKind,
    /// When the token ends, if it does (`exp`).
    pub expires_at: Option<Timestamp>,
}

impl Caller {
    /// Goes on when the token has the scopes.
    ///
    /// # Errors
    /// 403 `insufficient_scope`.
    pub fn require(&self, required: Required) -> Result<(), Refusal> {
        if required.is_met_by(&self.scopes) {
            Ok(())
        } else {
            Err(Refusal::InsufficientScope(required))
        }
    }

    /// In whose account the request counts.
    fn sender(&self) -> Sender {
        match &self.user {
            Some(user) => Sender::Person(user.id.0),
            None => Sender::subject(&self.identity.issuer, &self.identity.subject),
        }
    }
}

/// The result, kept with the request so that the token is verified once.
#[derive(Clone)]
struct Current(Caller);

impl<S> OptionalFromRequestParts<S> for Caller
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        if let Some(Current(caller)) = parts.extensions.get() {
            return Ok(Some(caller.clone()));
        }
        let Some(token) = bearer::token(&parts.headers, &parts.uri)? else {
            return Ok(None);
        };
        let caller = Verifiers::from_ref(state).verify(token).await?;
        RateLimits::from_ref(state).take(Limit::Caller, caller.sender())?;
        parts.extensions.insert(Current(caller.clone()));
        Ok(Some(caller))
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let caller = Option::<Self>::from_request_parts(parts, state).await?;
        caller.ok_or(Refusal::MissingAuthorization)
    }
}
