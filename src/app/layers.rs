//! What every request passes on its way to a route, and every answer on its way back.

use std::time::Duration;

use axum::{
    Router,
    extract::{FromRef, Request},
    middleware,
    response::Response,
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, trace::TraceLayer};

use crate::{
    config::SiteConfig,
    error::{Error, Result},
    headers::{self, FormTargets},
    numbering, page,
    random::Random,
    route::LARGEST_FILE,
    session::{self, Sessions, csrf},
};

/// Longest path and query taken, in bytes.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// How long an answer may take, the arrival of the request's body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands around every route; programs, the provider itself among them, come with neither
/// session nor form. A request passes the layers from the last to the first. For any state that
/// has the parts they need, so that another application can take them as well.
pub fn layers<S>(for_people: Router<S>, for_programs: Router<S>, state: &S) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    SiteConfig: FromRef<S>,
    Sessions: FromRef<S>,
    FormTargets: FromRef<S>,
    Random: FromRef<S>,
{
    let site = SiteConfig::from_ref(state);
    let base_url = site.base_url.clone();
    for_people
        .layer(middleware::map_response(session::before_saving))
        .layer(session::layer(Sessions::from_ref(state), &site))
        .layer(middleware::map_response(session::after_saving))
        .layer(middleware::map_response(session::secure_removal))
        .layer(middleware::from_fn_with_state(
            base_url,
            csrf::same_origin_only,
        ))
        .merge(for_programs)
        .layer(RequestBodyLimitLayer::new(LARGEST_FILE))
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(site.clone(), page::paint))
        .layer(middleware::from_fn_with_state(
            (site, FormTargets::from_ref(state)),
            headers::apply,
        ))
        .layer(headers::compression())
        // An error has told its cause already, and an outage not more often than is good.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(numbering::span)
                .on_failure(()),
        )
        .layer(middleware::from_fn_with_state(
            Random::from_ref(state),
            numbering::number,
        ))
}

/// Ends what takes too long, and does not begin on an address that no page has.
async fn in_time(request: Request, next: middleware::Next) -> Result<Response> {
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
        return Err(Error::AddressTooLong);
    }
    let answer = tokio::time::timeout(PATIENCE, next.run(request)).await;
    answer.map_err(|_| Error::unavailable("the request took too long"))
}
