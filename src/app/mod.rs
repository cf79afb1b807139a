//! The application: its routes on one page, above its parts and the layers around them.

mod layers;
mod observe;
mod state;

use axum::{Router, extract::DefaultBodyLimit, middleware, routing};
use tower::ServiceBuilder;
use tower_http::limit::RequestBodyLimitLayer;

use self::observe::{Audiences, Observer, observe};
pub use self::{layers::layers, state::AppState};
pub use crate::route::Audience;
use crate::{
    admin,
    admin::polls::voters,
    api::{self, v1},
    assets,
    error::Error,
    health, oidc,
    page::Page,
    paths, polls,
    polls::routes::results,
    rate_limit::{Limit, layer::limited},
    route::{self, delete, get, post, put},
    unsent, users,
};
use Audience::{
    AdminCallers, Admins, Callers, Everyone, Programs, Provider, SignedIn, Staff, StaffCallers,
};

/// One line of the route table.
pub type Route = route::Route<AppState>;

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    let groups = [
        for_people(),
        for_staff(),
        for_admins(),
        for_overseers(),
        for_programs(),
        for_v1(),
    ];
    groups.into_iter().flatten().collect()
}

fn for_people() -> Vec<Route> {
    vec![
        // Voters, with a browser.
        get(paths::HOME, Everyone, polls::routes::home),
        get(paths::USER, Everyone, users::routes::profile),
        post(paths::USER, SignedIn, users::session_routes::end),
        get(paths::PREFERENCES, Everyone, users::preference_routes::form),
        get(paths::USER_DATA, SignedIn, users::data_routes::download).limited(Limit::Export),
        get(paths::USER_TOKENS, SignedIn, users::token_routes::list),
        get(paths::USER_TOKEN_MAKE, SignedIn, users::token_routes::back),
        post(paths::USER_TOKEN_MAKE, SignedIn, users::token_routes::make),
        get(paths::USER_TOKEN_END, SignedIn, users::token_routes::back),
        post(paths::USER_TOKEN_END, SignedIn, users::token_routes::end),
        post(paths::PREFERENCES, Everyone, users::preference_routes::save),
        get(paths::POLLS, Everyone, polls::routes::list),
        get(paths::POLL, SignedIn, polls::routes::detail),
        get(paths::VOTE, SignedIn, polls::routes::back_to_poll),
        post(paths::VOTE, SignedIn, polls::routes::vote).limited(Limit::Vote),
        get(paths::REVIEW, SignedIn, polls::routes::back_to_poll),
        post(paths::REVIEW, SignedIn, polls::routes::review).limited(Limit::Vote),
        get(paths::VOTED, SignedIn, polls::routes::voted),
        get(paths::RECEIPT, SignedIn, polls::routes::receipt::ask),
        post(paths::RECEIPT, SignedIn, polls::routes::receipt::look_up).limited(Limit::Receipt),
        get(paths::CHECK, SignedIn, polls::routes::check::check).limited(Limit::Check),
        get(paths::SEAL_JSON, SignedIn, polls::routes::check::document).limited(Limit::Export),
        // Sign-in and sign-out.
        get(paths::AUTHENTICATE, Everyone, oidc::routes::authenticate).limited(Limit::SignIn),
        get(paths::CALLBACK, Everyone, oidc::routes::callback).limited(Limit::Callback),
        get(paths::CALLBACK_OF, Everyone, oidc::routes::callback).limited(Limit::Callback),
        get(paths::LOGOUT, Everyone, oidc::sign_out_routes::signed_out),
        post(paths::LOGOUT, Everyone, oidc::sign_out_routes::sign_out),
        get(paths::LOGIN_SHORT, Everyone, oidc::routes::login),
        get(paths::SIGNUP, Everyone, oidc::routes::sign_up),
        get(
            paths::LOGOUT_SHORT,
            Everyone,
            oidc::sign_out_routes::sign_out_page,
        ),
        post(
            paths::BACKCHANNEL_LOGOUT,
            Provider,
            oidc::backchannel_logout::receive,
        )
        .limited(Limit::LogoutToken),
        // Operators and browsers.
        get(paths::HEALTHZ, Everyone, health::healthz),
        get(paths::READYZ, Everyone, health::readyz),
        get(paths::STATIC, Everyone, assets::serve),
    ]
}

/// The console's start page and its polls.
fn for_admins() -> Vec<Route> {
    vec![
        get(paths::ADMIN, Admins, admin::index::index),
        get(paths::ADMIN_POLLS, Admins, admin::polls::list::list),
        get(paths::ADMIN_POLLS_BULK, Admins, admin::back),
        post(paths::ADMIN_POLLS_BULK, Admins, admin::polls::bulk::run),
        get(paths::ADMIN_POLL_NEW, Admins, admin::polls::edit::add),
        post(paths::ADMIN_POLL_NEW, Admins, admin::polls::edit::create),
        get(paths::ADMIN_POLL, Admins, admin::polls::edit::show),
        post(paths::ADMIN_POLL, Admins, admin::polls::edit::save),
        get(
            paths::ADMIN_POLL_PREVIEW,
            Admins,
            admin::polls::preview::preview,
        ),
        get(paths::ADMIN_POLL_TIMES, Admins, admin::polls::amend::ask),
        post(paths::ADMIN_POLL_TIMES, Admins, admin::polls::amend::amend),
        get(paths::ADMIN_POLL_QR, Admins, admin::polls::qr::code),
        get(paths::ADMIN_POLL_COPY, Admins, admin::back),
        post(paths::ADMIN_POLL_COPY, Admins, admin::polls::copy::copy),
        get(paths::ADMIN_POLL_DELETE, Admins, admin::polls::delete::ask),
        post(
            paths::ADMIN_POLL_DELETE,
            Admins,
            admin::polls::delete::delete,
        ),
        get(paths::ADMIN_VOTERS, Admins, voters::list::list),
        post(paths::ADMIN_VOTERS, Admins, voters::remove::remove),
        get(paths::ADMIN_VOTERS_BULK, Admins, admin::back),
        post(paths::ADMIN_VOTERS_BULK, Admins, voters::remove::several).taking_rows(),
        get(paths::ADMIN_VOTERS_FILE, Admins, voters::list::file),
        get(paths::ADMIN_VOTERS_PICK, Admins, voters::pick::ask),
        post(paths::ADMIN_VOTERS_PICK, Admins, voters::pick::add),
        get(paths::ADMIN_VOTERS_UPLOAD, Admins, voters::upload::ask),
        post(paths::ADMIN_VOTERS_UPLOAD, Admins, voters::upload::send).taking_files(),
        get(paths::ADMIN_VOTERS_PREVIEW, Admins, voters::preview::show),
        post(paths::ADMIN_VOTERS_PREVIEW, Admins, voters::preview::save),
        get(paths::ADMIN_POLL_STEP, Admins, admin::polls::steps::ask),
        post(paths::ADMIN_POLL_STEP, Admins, admin::polls::steps::take),
    ]
}

/// The console's people, and what it tells of the installation.
fn for_overseers() -> Vec<Route> {
    vec![
        get(paths::ADMIN_USERS, Admins, admin::users::list::list),
        get(paths::ADMIN_USERS_BULK, Admins, admin::back),
        post(paths::ADMIN_USERS_BULK, Admins, admin::users::bulk::run),
        get(paths::ADMIN_SESSIONS, Admins, admin::sessions::list::list),
        post(paths::ADMIN_SESSIONS, Admins, admin::sessions::end::one),
        get(paths::ADMIN_SESSIONS_BULK, Admins, admin::back),
        post(
            paths::ADMIN_SESSIONS_BULK,
            Admins,
            admin::sessions::end::several,
        ),
        get(
            paths::ADMIN_SESSIONS_END,
            Admins,
            admin::users::everybody::ask,
        ),
        post(
            paths::ADMIN_SESSIONS_END,
            Admins,
            admin::users::everybody::end,
        ),
        get(paths::ADMIN_USER, Admins, admin::users::detail::show),
        post(paths::ADMIN_USER, Admins, admin::users::detail::end),
        get(paths::ADMIN_USER_ERASE, Admins, admin::users::erasure::ask),
        post(
            paths::ADMIN_USER_ERASE,
            Admins,
            admin::users::erasure::erase,
        ),
        get(paths::ADMIN_USER_MERGE, Admins, admin::users::merging::ask),
        post(
            paths::ADMIN_USER_MERGE,
            Admins,
            admin::users::merging::merge,
        ),
        get(paths::ADMIN_USER_TOKENS, Admins, admin::users::tokens::back),
        post(paths::ADMIN_USER_TOKENS, Admins, admin::users::tokens::end),
        get(
            paths::ADMIN_USER_STEP,
            Admins,
            admin::users::activation::ask,
        ),
        post(
            paths::ADMIN_USER_STEP,
            Admins,
            admin::users::activation::take,
        ),
        get(paths::ADMIN_AUDIT, Admins, admin::audit::list::list),
        get(paths::ADMIN_AUDIT_ENTRY, Admins, admin::audit::detail::show),
        get(paths::ADMIN_AUDIT_EXPORT, Admins, admin::back),
        post(
            paths::ADMIN_AUDIT_EXPORT,
            Admins,
            admin::audit::export::export,
        )
        .limited(Limit::Export),
        get(
            paths::ADMIN_AUDIT_VERIFY,
            Admins,
            admin::audit::verify::show,
        ),
        get(paths::ADMIN_SYSTEM, Admins, admin::system::show),
        get(paths::ADMIN_SIGN_INS, Admins, admin::sign_ins::list),
        get(
            paths::ADMIN_SIGN_INS_FILE,
            Admins,
            admin::sign_ins::export::export,
        )
        .limited(Limit::Export),
        get(paths::ADMIN_SIGN_IN, Admins, admin::sign_ins::show),
    ]
}

/// What staff read beyond what voters do.
fn for_staff() -> Vec<Route> {
    vec![
        get(paths::RESULTS, Staff, results::results),
        get(paths::RESULTS_CSV, Staff, results::export::csv).limited(Limit::Export),
        get(paths::RESULTS_JSON, Staff, results::export::json).limited(Limit::Export),
        get(paths::VOTES, Staff, results::votes::votes),
        get(paths::VOTES_CSV, Staff, results::votes::csv).limited(Limit::Export),
        get(paths::PARTICIPATION, Staff, results::participation::list),
        get(paths::PARTICIPATION_CSV, Staff, results::participation::csv).limited(Limit::Export),
    ]
}

/// Beside [`BACKCHANNEL_LOGOUT`](paths::BACKCHANNEL_LOGOUT): with a bearer token.
fn for_programs() -> Vec<Route> {
    vec![
        get(paths::API_PUBLIC, Programs, api::messages::public).limited(Limit::Api),
        get(paths::API_PRIVATE, Callers, api::messages::private).limited(Limit::Api),
        get(
            paths::API_PRIVATE_SCOPED,
            Callers,
            api::messages::private_scoped,
        )
        .limited(Limit::Api),
        get(paths::API, Everyone, v1::page::show),
        // The authorization server; login and callback are for the person's browser.
        get(paths::API_LOGIN, Everyone, api::auth::login::login).limited(Limit::SignIn),
        get(paths::API_CALLBACK, Everyone, api::auth::callback::callback).limited(Limit::Callback),
        get(
            paths::API_CALLBACK_OF,
            Everyone,
            api::auth::callback::callback,
        )
        .limited(Limit::Callback),
        post(paths::API_TOKEN, Programs, api::auth::token::token).limited(Limit::Token),
        post(paths::API_DEVICE, Programs, api::auth::device::device).limited(Limit::Device),
        post(paths::API_LOGOUT, Callers, api::auth::logout::logout).limited(Limit::Token),
        get(paths::API_USERINFO, Callers, api::auth::userinfo::userinfo).limited(Limit::Api),
        get(paths::API_JWKS, Programs, api::auth::token::jwks).limited(Limit::Api),
    ]
}

/// The polls API.
fn for_v1() -> Vec<Route> {
    let routes = [
        get(paths::V1_OPENAPI, Programs, v1::openapi::document),
        get(paths::V1_POLLS, Callers, v1::polls::list),
        get(paths::V1_POLL, Callers, v1::polls::read),
        get(paths::V1_BALLOT, Callers, v1::ballots::own),
        post(paths::V1_BALLOT, Callers, v1::ballots::cast),
        post(paths::V1_RECEIPT, Callers, v1::ballots::look_up),
        get(paths::V1_RESULTS, StaffCallers, v1::results::results),
        get(
            paths::V1_RESULTS_CSV,
            StaffCallers,
            v1::results::results_csv,
        ),
        get(paths::V1_VOTES_CSV, StaffCallers, v1::results::votes_csv),
        get(
            paths::V1_PARTICIPATION_CSV,
            StaffCallers,
            v1::results::participation_csv,
        ),
        get(paths::V1_ADMIN_POLLS, AdminCallers, v1::admin::list),
        post(paths::V1_ADMIN_POLLS, AdminCallers, v1::admin::create),
        get(paths::V1_ADMIN_POLL, AdminCallers, v1::admin::read),
        put(paths::V1_ADMIN_POLL, AdminCallers, v1::admin::replace),
        delete(paths::V1_ADMIN_POLL, AdminCallers, v1::admin::delete),
        post(paths::V1_ADMIN_POLL_STEP, AdminCallers, v1::admin::take),
    ];
    let limited = |route: Route| route.limited(Limit::Api);
    routes.into_iter().map(limited).collect()
}

impl AppState {
    /// The router: routes inside, layers around them.
    pub fn router(self) -> Router {
        let is_for_people = |route: &Route| route.audience.is_people();
        let (for_people, for_programs) = routes().into_iter().partition(is_for_people);
        let for_people = table(for_people, &self).fallback(not_found);
        let for_programs = table(for_programs, &self);
        let for_programs = for_programs.route(paths::API_REST, routing::any(api::not_found));
        let observer = Observer {
            audiences: Audiences::of_all_routes(),
            limits: self.rate_limits.clone(),
            log_addresses: self.log_addresses,
            hasher: self.subject_hasher.clone(),
        };
        let observe = middleware::from_fn_with_state(observer, observe);
        layers(for_people, for_programs, &self)
            .layer(observe)
            .with_state(self)
    }
}

/// Adds every route, and for each that ends with a slash a redirect from the form without; no
/// form is sent on.
/// Guarded routes ask the provider about roles that were not confirmed for a while, and keep
/// forms that come after their session, until somebody else comes.
fn table(routes: Vec<Route>, state: &AppState) -> Router<AppState> {
    let guard = middleware::from_fn_with_state(state.clone(), oidc::recheck::keep_roles_fresh);
    let keep = middleware::from_fn_with_state(state.clone(), unsent::keep);
    let forget = middleware::from_fn_with_state(state.clone(), unsent::forget);
    let mut router = Router::new();
    let mut redirected = std::collections::BTreeSet::new();
    for route in routes {
        if route.path.len() > 1 && route.path.ends_with('/') && redirected.insert(route.path) {
            router = router.route(
                route.path.trim_end_matches('/'),
                routing::get(route::add_slash),
            );
        }
        let has_body = route.has_body();
        let handler = match route.audience {
            Everyone if changes_who_is_signed_in(route.path) => {
                route.handler.route_layer(forget.clone())
            }
            SignedIn | Staff | Admins if has_body => {
                let around = ServiceBuilder::new().layer(guard.clone());
                route.handler.route_layer(around.layer(keep.clone()))
            }
            SignedIn | Staff | Admins => route.handler.route_layer(guard.clone()),
            _ if route.path.starts_with(paths::API_V1) => {
                let heed = middleware::from_fn(v1::negotiation::heed_accept);
                route.handler.route_layer(heed)
            }
            _ => route.handler,
        };
        let handler: routing::MethodRouter<AppState> = if has_body {
            // The first limit is the one that counts; axum's own is lower than a file.
            let around = ServiceBuilder::new().layer(RequestBodyLimitLayer::new(route.largest));
            handler.layer(around.layer(DefaultBodyLimit::disable()))
        } else {
            handler
        };
        let handler = match route.limit {
            Some(limit) => limited(handler, limit, state),
            None => handler,
        };
        router = router.route(route.path, handler);
    }
    router
}

fn changes_who_is_signed_in(path: &str) -> bool {
    [paths::CALLBACK, paths::CALLBACK_OF, paths::LOGOUT].contains(&path)
}

/// Takes the page so that the error keeps its frame.
async fn not_found(_page: Page) -> Error {
    Error::NotFound
}
