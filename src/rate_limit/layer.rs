//! Puts limits before handlers.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRef, FromRequestParts as _, OptionalFromRequestParts, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::MethodRouter,
};

use super::{Limit, RateLimits, Sender};
use crate::{
    config::SiteConfig,
    db::Db,
    error::Result,
    page::Page,
    route::LARGEST_FORM,
    users::{Users, access::SignedIn},
};

/// The handler, with the limit before it.
pub fn limited<S>(handler: MethodRouter<S>, limit: Limit, state: &S) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    RateLimits: FromRef<S>,
    Db: FromRef<S>,
    Users: FromRef<S>,
    SiteConfig: FromRef<S>,
{
    let limits = RateLimits::from_ref(state);
    match limit {
        Limit::SignIn
        | Limit::Callback
        | Limit::UnsentForm
        | Limit::Token
        | Limit::Device
        | Limit::Api => handler.route_layer(from_fn_with_state((limit, limits), by_address)),
        Limit::LogoutToken => {
            handler.route_layer(from_fn_with_state((limit, limits), refusals_by_address))
        }
        Limit::Vote | Limit::Receipt | Limit::Check | Limit::Export => {
            handler.route_layer(from_fn_with_state((limit, state.clone()), by_person::<S>))
        }
        // Counted where the caller is found.
        Limit::Caller => handler,
    }
}

/// Counts requests by address; asks nothing of the database.
async fn by_address(
    State((limit, limits)): State<(Limit, RateLimits)>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if let Some(client) = limits.client(request.extensions(), request.headers()) {
        limits.take(limit, client)?;
    }
    Ok(next.run(request).await)
}

/// Counts refused requests by address. One that is accepted proves who sends it, so it is let in
/// although the limit is reached; those who try that take turns.
async fn refusals_by_address(
    State((limit, limits)): State<(Limit, RateLimits)>,
    request: Request,
    next: Next,
) -> Result<Response> {
    let Some(client) = limits.client(request.extensions(), request.headers()) else {
        return Ok(next.run(request).await);
    };
    let answer = match limits.take(limit, client) {
        Ok(()) => next.run(request).await,
        Err(reached) => {
            // Whoever takes a turn has sent everything before.
            let (head, body) = request.into_parts();
            let Ok(body) = to_bytes(body, LARGEST_FORM).await else {
                return Err(reached);
            };
            let Some(_turn) = limits.turn().await else {
                return Err(reached);
            };
            let answer = next.run(Request::from_parts(head, Body::from(body))).await;
            if answer.status().is_client_error() {
                return Err(reached);
            }
            answer
        }
    };
    if answer.status().is_success() {
        limits.forgive(limit, client);
    }
    Ok(answer)
}

/// Counts the requests of a person; what the others may is decided behind.
async fn by_person<S>(
    State((limit, state)): State<(Limit, S)>,
    request: Request,
    next: Next,
) -> Result<Response>
where
    S: Send + Sync,
    RateLimits: FromRef<S>,
    Db: FromRef<S>,
    Users: FromRef<S>,
    SiteConfig: FromRef<S>,
{
    let (mut parts, body) = request.into_parts();
    let person = <SignedIn as OptionalFromRequestParts<S>>::from_request_parts(&mut parts, &state);
    if let Some(SignedIn { user, .. }) = person.await? {
        let taken = RateLimits::from_ref(&state).take(limit, Sender::Person(user.id.0));
        if taken.is_err() {
            // So that the error page keeps its frame.
            Page::from_request_parts(&mut parts, &state).await?;
        }
        taken?;
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}
