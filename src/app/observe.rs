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
    metrics, paths,
    rate_limit::RateLimits,
    route::Audience,
    telemetry::{self, origin::Origin, spans},
    vault::SubjectHasher,
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

/// What looks at requests.
#[derive(Clone, Debug)]
pub(super) struct Observer {
    pub audiences: Audiences,
    pub limits: RateLimits,
    pub log_addresses: bool,
    pub hasher: SubjectHasher,
}

/// Outermost, so that what the layers refuse counts as well.
pub(super) async fn observe(
    State(observer): State<Observer>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let audience = observer.audiences.of(&request);
    let span = span(&request, &observer.limits);
    let origin = observer.origin(&request);
    let answer = next.run(request).instrument(span.clone());
    let response = origin.scope(answer).await;
    spans::answered(&span, response.status());
    metrics::request(audience, response.status(), begun.elapsed());
    response
}

/// On the way of a vote the log tells no address, whatever else happens there.
const VOTES: [&str; 3] = [paths::VOTE, paths::REVIEW, paths::V1_BALLOT];

impl Observer {
    fn origin(self, request: &Request) -> Origin {
        let path = request.extensions().get::<MatchedPath>();
        let is_vote = path.is_some_and(|path| VOTES.contains(&path.as_str()));
        let address = || self.limits.address(request.extensions(), request.headers());
        Origin {
            address: (self.log_addresses && !is_vote).then(address).flatten(),
            hasher: self.hasher,
        }
    }
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{Router, body::Body, extract::ConnectInfo, middleware, routing::post};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{
        clock::Clock,
        config::{Environment, RateLimitConfig, SiteConfig},
        random::Random,
        telemetry::origin,
        vault::Keys,
    };

    /// What an event would tell of its address that happens behind this path.
    async fn told(path: &'static str, log_addresses: bool) -> String {
        let site = SiteConfig::read(&Environment::default()).unwrap();
        let observer = Observer {
            audiences: Audiences::of_all_routes(),
            limits: RateLimits::new(&RateLimitConfig::off(), &site, &Clock::System),
            log_addresses,
            hasher: Keys::generate(&Random::System).unwrap().subject_hasher(),
        };
        let event = || async { origin::ip().unwrap_or_default() };
        let router: Router = Router::new()
            .route(path, post(event))
            .layer(middleware::from_fn_with_state(observer, observe));
        let mut request = Request::post(path.replace("{id}", "7"))
            .body(Body::empty())
            .unwrap();
        let peer = SocketAddr::from(([203, 0, 113, 7], 50_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    /// SEC-76.
    #[tokio::test]
    async fn an_event_tells_its_address_unless_that_is_switched_off_or_somebody_votes() {
        assert_eq!(told(paths::LOGOUT, true).await, "203.0.113.7");
        assert_eq!(told(paths::LOGOUT, false).await, "");
        for vote in VOTES {
            assert_eq!(told(vote, true).await, "");
        }
    }
}
