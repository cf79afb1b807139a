//! Who asks by their program's token, and about which poll: what they may do with it.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::problem::{Refused, Result};
use crate::{
    api::{
        access::{AdminCaller, PersonCaller, StaffCaller},
        caller::Caller,
        refusal::Refusal,
        verifiers::Verifiers,
    },
    audit::Actor,
    clock::{Clock, Timestamp},
    error::Error,
    page::RequestId,
    polls::{Cast, Listed, Poll, PollId, Polls, Reader, Standing, Voter},
    rate_limit::{Limit, RateLimits, Sender},
    users::{Role, User},
};

/// A person before a poll that they may know of.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The person.
    pub user: Arc<User>,
    /// What their token may do.
    pub role: Role,
    /// The poll.
    pub listed: Listed,
    /// When they ask.
    pub now: Timestamp,
    limits: RateLimits,
}

impl Visitor {
    /// The poll.
    #[must_use]
    pub fn poll(&self) -> &Poll {
        &self.listed.poll
    }

    /// What they may do with it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        standing(&self.listed, &self.user, self.role, self.now)
    }

    /// That the token keeps the person from voting, who might vote otherwise.
    #[must_use]
    pub fn refused_by_token(&self) -> Option<Cast> {
        let own = self.listed.voter(&self.user);
        let may_vote = self.poll().standing(&own, self.now).refusal().is_none();
        self.standing().refusal().filter(|_| may_vote)
    }

    /// Counts what the person does here, with pages and programs together.
    ///
    /// # Errors
    /// 429 when it was too often.
    pub fn count(&self, limit: Limit) -> Result<(), Error> {
        self.limits.take(limit, Sender::Person(self.user.id.0))
    }
}

/// What `user` may do with a poll by a token that may do what `role` may: nobody votes by a token
/// whose role could not vote itself.
#[must_use]
pub fn standing(listed: &Listed, user: &User, role: Role, now: Timestamp) -> Standing {
    let voter = listed.voter(user);
    let own = listed.poll.standing(&voter, now);
    if own.refusal().is_some() {
        return own;
    }
    listed.poll.standing(&Voter { role, ..voter }, now)
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Refused;

    /// 404 when the poll is not published, 410 when it was archived.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let PersonCaller { user, role, .. } =
            PersonCaller::from_request_parts(parts, state).await?;
        let id = PollId::from_request_parts(parts, state).await?;
        let found = Polls::from_ref(state).find_for(id, user.id).await?;
        let visitor = Self {
            listed: found.ok_or(Error::NotFound)?,
            now: Clock::from_ref(state).now(),
            limits: RateLimits::from_ref(state),
            user,
            role,
        };
        match visitor.standing().refusal() {
            Some(unknown @ (Cast::Unknown | Cast::Archived)) => {
                Err(visitor.listed.refusal(unknown, &visitor.user).into())
            }
            _ => Ok(visitor),
        }
    }
}

/// A person whose token may read results, before a published poll.
#[derive(Clone, Debug)]
pub struct StaffReader {
    /// What they may read.
    pub reader: Reader,
    sender: Sender,
    limits: RateLimits,
}

impl StaffReader {
    /// Counts a file that is taken away.
    ///
    /// # Errors
    /// 429 when it was too often.
    pub fn count(&self, limit: Limit) -> Result<(), Error> {
        self.limits.take(limit, self.sender)
    }
}

impl<S> FromRequestParts<S> for StaffReader
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Refused;

    /// 404 when the poll is not published, 410 when it was archived.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let StaffCaller(caller) = StaffCaller::from_request_parts(parts, state).await?;
        let (user, actor) = person(caller, parts)?;
        let id = PollId::from_request_parts(parts, state).await?;
        let found = Polls::from_ref(state).find_for(id, user.id).await?;
        Ok(Self {
            reader: Reader::new(found, actor, Clock::from_ref(state).now())?,
            sender: Sender::Person(user.id.0),
            limits: RateLimits::from_ref(state),
        })
    }
}

/// An admin at work, as the history will name them.
#[derive(Clone, Debug)]
pub struct Administrator(pub Actor);

impl<S> FromRequestParts<S> for Administrator
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let AdminCaller(caller) = AdminCaller::from_request_parts(parts, state).await?;
        let (_, actor) = person(caller, parts)?;
        Ok(Self(actor))
    }
}

/// The person behind the token: what staff and admins do has somebody's name in the history.
fn person(caller: Caller, parts: &Parts) -> Result<(Arc<User>, Actor), Refusal> {
    let (Some(user), Some(role)) = (caller.user, caller.role) else {
        return Err(Refusal::Stranger);
    };
    let actor = user.actor(role, RequestId::of(&parts.extensions));
    Ok((user, actor))
}
