//! What every request passes on its way to a route, and every answer on its way back.

use std::time::Duration;

use axum::{
    Router,
    extract::{FromRef, Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, trace::TraceLayer};

use crate::{
    config::SiteConfig,
    db,
    error::{Error, Result},
    headers::{self, FormTargets, is_impersonal},
    numbering,
    page::Asked,
    random::Random,
    route::LARGEST_FILE,
    session::{self, Sessions, csrf},
};

/// Longest path and query taken, in bytes.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// How long an answer may take, the arrival of the request's body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands around every route; programs, the provider itself among them, come with neither
/// session nor form. A request passes the layers of a stack from the first to the last. For any state that
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
    let with_session = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(
            site.base_url.clone(),
            csrf::same_origin_only,
        ))
        .map_response(session::secure_removal)
        .map_response(session::after_saving)
        .layer(session::layer(Sessions::from_ref(state), &site))
        .map_response(session::before_saving);
    let random = Random::from_ref(state);
    let targets = FormTargets::from_ref(state);
    let around_all = ServiceBuilder::new()
        .map_request(move |request| numbering::numbered(request, &random))
        // An error has told its cause already, and an outage not more often than is good.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(numbering::span)
                .on_failure(()),
        )
        .layer(headers::compression())
        .layer(middleware::from_fn_with_state((site, targets), answer))
        .layer(CatchPanicLayer::new())
        .layer(RequestBodyLimitLayer::new(LARGEST_FILE));
    for_people
        .layer(with_session)
        .merge(for_programs)
        .layer(around_all)
}

/// Answers in time, an error as a page or as JSON, and with the headers of every answer. One
/// layer and not three, because each copies all that is below it for every request.
async fn answer(
    State((site, targets)): State<(SiteConfig, FormTargets)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (asked, is_impersonal) = (Asked::of(&mut request, &site), is_impersonal(&request));
    let number = numbering::number_of(&request);
    let answer = in_time(request, next).await.into_response();
    let mut answer = asked.painted(answer);
    headers::apply(&mut answer, &site, &targets, is_impersonal);
    numbering::say(&mut answer, number);
    answer
}

/// Ends what takes too long, and does not begin on an address that no page has.
async fn in_time(request: Request, next: Next) -> Result<Response> {
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
        return Err(Error::AddressTooLong);
    }
    let answer = db::as_of_arrival(next.run(request));
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    answer.map_err(|_| Error::unavailable("the request took too long"))
}
