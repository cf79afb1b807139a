//! Sign-in for another application: the routes alone, for any state that has their parts.

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};

use super::{Oidc, backchannel_logout, routes, sign_out_routes};
use crate::{config::SiteConfig, db::Db, paths, session::Sessions, users::Users};

/// The routes of sign-in and sign-out, to be merged into a router of another application. They
/// need the layers of [`crate::app::layers`] around them; `examples/embed.rs` is a whole program.
///
/// ```
/// use axum::{Router, extract::FromRef};
/// use rolecall::{config::SiteConfig, db::Db, oidc::{Oidc, mount}, session::Sessions, users::Users};
///
/// #[derive(Clone, FromRef)]
/// struct Shop { oidc: Oidc, users: Users, sessions: Sessions, site: SiteConfig, db: Db }
///
/// let routes: Router<Shop> = Router::new().merge(mount::router());
/// ```
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Oidc: FromRef<S>,
    Users: FromRef<S>,
    Sessions: FromRef<S>,
    SiteConfig: FromRef<S>,
    Db: FromRef<S>,
{
    Router::new()
        .route(paths::AUTHENTICATE, get(routes::authenticate))
        .route(paths::CALLBACK, get(routes::callback))
        .route(paths::CALLBACK_OF, get(routes::callback))
        .route(paths::LOGOUT, get(sign_out_routes::signed_out))
        .route(paths::LOGOUT, post(sign_out_routes::sign_out))
        .route(paths::LOGIN_SHORT, get(routes::login))
        .route(paths::SIGNUP, get(routes::sign_up))
        .route(paths::LOGOUT_SHORT, get(sign_out_routes::sign_out_page))
}

/// The one route that the provider calls: it stands beside sessions and forms, not behind them.
pub fn for_the_provider<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Oidc: FromRef<S>,
    Sessions: FromRef<S>,
{
    Router::new().route(paths::BACKCHANNEL_LOGOUT, post(backchannel_logout::receive))
}
