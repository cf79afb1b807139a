//! How many requests there are, and how long they take, by whom their route is for.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::routes;
use crate::{
    metrics,
    rate_limit::RateLimits,
    route::Audience,
    telemetry::{self, spans},
};

/// Whom each path of the route table is for; one that has several routes is for the first.
#[derive(Clone, Debug)]
pub(super) struct Audiences(Arc<HashMap<&'static str, metrics::Audience>>);

impl Audiences {
    /// Those of [`routes`].
    pub fn of_all_routes() -> Self {
        let routes = routes().into_iter().rev();
        let audiences = routes.map(|route| (route.path, counted(route.audience)));
        Self(Arc::new(audiences.collect()))
    }

    fn of(&self, request: &Request) -> metrics::Audience {
        let path = request.extensions().get::<MatchedPath>();
        let found = path.and_then(|path| self.0.get(path.as_str()));
        found.copied().unwrap_or(metrics::Audience::Nobody)
    }
}

fn counted(audience: Audience) -> metrics::Audience {
    match audience {
        Audience::Everyone | Audience::SignedIn => metrics::Audience::People,
        Audience::Staff => metrics::Audience::Staff,
        Audience::Admins => metrics::Audience::Admins,
        Audience::Provider
        | Audience::Programs
        | Audience::Callers
        | Audience::StaffCallers
        | Audience::AdminCallers => metrics::Audience::Programs,
    }
}

/// Outermost, so that what the layers refuse counts as well.
pub(super) async fn observe(
    State((audiences, limits)): State<(Audiences, RateLimits)>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let audience = audiences.of(&request);
    let span = span(&request, &limits);
    let response = next.run(request).instrument(span.clone()).await;
    spans::answered(&span, response.status());
    metrics::request(audience, response.status(), begun.elapsed());
    response
}

/// Part of a longer trace only if a proxy of ours says so: a stranger could give requests of others
/// one trace, or have all of them recorded.
fn span(request: &Request, limits: &RateLimits) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>();
    let span = spans::request(request.method(), route.map(MatchedPath::as_str));
    if !span.is_disabled() && limits.is_from_trusted_proxy(request.extensions()) {
        telemetry::continue_trace(&span, request.headers());
    }
    span
}
