//! Who reads the results of which poll, with a browser.

use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse as _, Redirect, Response},
};
use http::request::Parts;

use crate::{
    clock::Clock,
    error::{Error, Result},
    page::RequestId,
    paths,
    polls::{PollId, Polls, Reader},
    users::{Users, access::Staff},
};

impl<S> FromRequestParts<S> for Reader
where
    S: Send + Sync,
    Users: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Error;

    /// 404 when the poll is not published, 410 when it was archived.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Staff(person) = Staff::from_request_parts(parts, state).await?;
        let id = PollId::from_request_parts(parts, state).await?;
        let now = Clock::from_ref(state).now();
        let found = Polls::from_ref(state).find_for(id, person.user.id).await?;
        let user = person.user;
        let actor = user.actor(user.role, RequestId::of(&parts.extensions));
        Self::new(found, actor, now)
    }
}

/// The page that says why there is nothing to see here yet.
pub(super) fn to_results(reader: &Reader) -> Response {
    Redirect::to(&paths::with_id(paths::RESULTS, reader.poll().id)).into_response()
}
