//! Pages of sign-out: the button, what it does, and what is said afterwards.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRequest as _, RawQuery, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderName, HeaderValue};
use serde::Deserialize;

use super::{Oidc, browser::Browser};
use crate::{
    error::Result,
    page::Page,
    paths,
    session::{Sessions, csrf},
    telemetry::origin,
    users::access::SignedIn,
};

/// After a sign-out; changes nothing, so that its address can be opened at any time.
#[derive(Template, WebTemplate)]
#[template(path = "oidc/signed_out.html")]
struct SignedOutPage {
    page: Page,
    ended: Ended,
}

/// How far a sign-out came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ended {
    /// Nothing is known of one.
    Unknown,
    /// The session here has ended; the one at the provider may not have.
    Here,
    /// The session here has ended; the provider was asked to end its own, and has its own way of
    /// sending people back.
    Asked,
    /// Both have ended.
    Both,
}

/// Asks whether to sign out.
#[derive(Template, WebTemplate)]
#[template(path = "oidc/sign_out.html")]
struct SignOutPage {
    page: Page,
}

/// No field of its own.
#[derive(Deserialize)]
struct Nothing {}

/// `POST /oidc/logout/`: ends the session here, then, if it answers, the one at the provider.
/// Somebody who is signed out already, perhaps in another tab, just sees that.
///
/// # Errors
/// When the form is not ours or the database does not answer.
pub async fn sign_out(
    _page: Page,
    State(oidc): State<Oidc>,
    State(sessions): State<Sessions>,
    browser: Browser,
    request: Request,
) -> Result<Response> {
    let Some(SignedIn { session, user }) = &browser.person else {
        return Ok(Redirect::to(paths::LOGOUT).into_response());
    };
    let csrf::Form(Nothing {}) = csrf::Form::from_request(request, &()).await?;
    let tokens = sessions.tokens(session).await?;
    sessions.end_programs_beside(session).await?;
    session.end().await?;
    tracing::info!(
        user = %user.id,
        sub_hash = user.sub_hash(),
        ip = origin::ip(),
        "signed out"
    );
    oidc.revoke_in_background();
    let mut response = match oidc.end_session(&user.issuer, tokens).await? {
        Some(end_session) => (
            browser.set_logout_cookie(end_session.state)?,
            Redirect::to(end_session.url.as_str()),
        )
            .into_response(),
        None => Redirect::to(&format!("{}?ended=here", paths::LOGOUT)).into_response(),
    };
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static(r#""cache", "storage""#),
    );
    Ok(response)
}

/// `GET /oidc/logout/`: the page after a sign-out.
pub async fn signed_out(
    page: Page,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> impl IntoResponse {
    let query = query.unwrap_or_default();
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let ended = parameters.find_map(|(name, value)| match name.as_ref() {
        "state" if browser.logout_cookie() == Some(value.as_ref()) => Some(Ended::Both),
        "ended" if value == "here" => Some(Ended::Here),
        _ => None,
    });
    let otherwise = match browser.logout_cookie() {
        Some(_) => Ended::Asked,
        None => Ended::Unknown,
    };
    SignedOutPage {
        page,
        ended: ended.unwrap_or(otherwise),
    }
}

/// `GET /logout`: a button to sign out with.
pub async fn sign_out_page(page: Page) -> Response {
    if page.person.is_some() {
        SignOutPage { page }.into_response()
    } else {
        Redirect::to(paths::LOGOUT).into_response()
    }
}
