//! Which callers may use what: the argument type of a handler is its access level.

use std::sync::Arc;

use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::{caller::Caller, refusal::Refusal, scopes::Required, verifiers::Verifiers};
use crate::{
    rate_limit::RateLimits,
    users::{Role, User},
};

/// A person who is known here, with a role, and the token that speaks for them.
#[derive(Clone, Debug)]
pub struct PersonCaller {
    /// The person.
    pub user: Arc<User>,
    /// What the token may do; its role may be less than the person's own.
    pub role: Role,
    /// The token's caller.
    pub caller: Caller,
}

/// A [`Caller`] with the role staff or admin.
#[derive(Clone, Debug)]
pub struct StaffCaller(pub Caller);

/// A [`Caller`] with the role admin.
#[derive(Clone, Debug)]
pub struct AdminCaller(pub Caller);

/// Which scopes a [`ScopedCaller`] has.
pub trait Scope {
    /// One of these groups, and of it every scope: `["a b", "c"]` is (`a` and `b`) or `c`.
    const ANY_OF: &'static [&'static str];
}

/// A [`Caller`] with the scopes that `S` names.
#[derive(Clone, Debug)]
pub struct ScopedCaller<S>(pub Caller, PhantomData<S>);

impl<T> FromRequestParts<T> for PersonCaller
where
    T: Send + Sync,
    Verifiers: FromRef<T>,
    RateLimits: FromRef<T>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Refusal> {
        let caller = with_role(parts, state, Role::User, &["user"]).await?;
        match (caller.user.clone(), caller.role) {
            (Some(user), Some(role)) => Ok(Self { user, role, caller }),
            _ => Err(Refusal::Stranger),
        }
    }
}

impl<T> FromRequestParts<T> for StaffCaller
where
    T: Send + Sync,
    Verifiers: FromRef<T>,
    RateLimits: FromRef<T>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Refusal> {
        let caller = with_role(parts, state, Role::Staff, &["staff", "admin"]).await?;
        Ok(Self(caller))
    }
}

impl<T> FromRequestParts<T> for AdminCaller
where
    T: Send + Sync,
    Verifiers: FromRef<T>,
    RateLimits: FromRef<T>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Refusal> {
        let caller = with_role(parts, state, Role::Admin, &["admin"]).await?;
        Ok(Self(caller))
    }
}

impl<S, T> FromRequestParts<T> for ScopedCaller<S>
where
    S: Scope,
    T: Send + Sync,
    Verifiers: FromRef<T>,
    RateLimits: FromRef<T>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Refusal> {
        let caller = <Caller as FromRequestParts<T>>::from_request_parts(parts, state).await?;
        caller.require(Required(S::ANY_OF))?;
        Ok(Self(caller, PhantomData))
    }
}

/// A caller whose token gives `role`, or else the names of the roles that would do.
async fn with_role<T>(
    parts: &mut Parts,
    state: &T,
    role: Role,
    needed: &'static [&'static str],
) -> Result<Caller, Refusal>
where
    T: Send + Sync,
    Verifiers: FromRef<T>,
    RateLimits: FromRef<T>,
{
    let caller = <Caller as FromRequestParts<T>>::from_request_parts(parts, state).await?;
    if caller.role.is_some_and(|given| given >= role) {
        Ok(caller)
    } else {
        Err(Refusal::InsufficientScope(Required(needed)))
    }
}
