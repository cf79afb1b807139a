//! Forms that were sent after the session in which they were served had ended. They are not
//! carried out: what was typed is kept, sealed, and the same person finds the form filled in and
//! unsent once they have signed in again in the same browser.
//!
//! Whose form it is, its token tells ([`csrf::user_of`]); nobody else is shown it. Knows no
//! feature: a page that wants its form kept says so with [`refused`]. The vote of a secret poll
//! is never kept.

mod kept;
mod store;

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::{Extensions, Method};
use url::form_urlencoded;

pub use kept::Kept;
pub use store::UnsentForms;

use crate::{
    config::SiteConfig,
    error::Result,
    page::wants_json,
    rate_limit::{Limit, RateLimits},
    route::{LARGEST_FILE, LARGEST_ROWS},
    session::{self, Session, csrf},
    users::{UserId, access::SignedIn},
};

/// Binds what was typed to the browser in which it was.
const COOKIE: &str = "rolecall_form";

/// How long a form is kept: signing in has to fit into it, as it does into a pending login.
const LIFE: Duration = Duration::from_mins(20);

/// On a request: its form was served to this person in a session that is not there any more.
#[derive(Clone, Copy)]
struct Author(UserId);

/// On a refusal: the form that was sent may be kept.
#[derive(Clone, Copy)]
struct KeepForm;

/// Whose form a request brings, when it was served in a session that is not there any more.
/// Nothing may be done with such a form, even where the same person is signed in again.
#[must_use]
pub fn author_of_late_form(request: &Extensions) -> Option<UserId> {
    request.get().map(|Author(user)| *user)
}

/// The answer to a form that came after its session, and that may be kept.
#[must_use]
pub fn refused(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.extensions_mut().insert(KeepForm);
    response
}

/// Tells the pages below which forms come too late, and keeps those whose answer is [`refused`],
/// unless their address has sent many. Who is signed in pays nothing for it.
///
/// # Errors
/// When the form does not arrive, or the database does not answer.
pub async fn keep(
    State(forms): State<UnsentForms>,
    State(site): State<SiteConfig>,
    State(limits): State<RateLimits>,
    person: Option<SignedIn>,
    request: Request,
    next: Next,
) -> Result<Response> {
    let is_form = request.method() == Method::POST && !wants_json(request.headers());
    if !is_form || csrf::require_form(request.headers()).is_err() {
        return Ok(next.run(request).await);
    }
    // Nobody knows yet who sends it: there is no room for files.
    let most = person.as_ref().map_or(LARGEST_ROWS, |_| LARGEST_FILE);
    let (parts, form) = buffered(request, most).await?;
    let author = late_author(&forms, person, &form).await?;
    let copy = Request::from_parts(parts, Body::from(form.clone()));
    match author {
        None => Ok(next.run(copy).await),
        // Apart, because it seldom happens and would make every request carry its size.
        Some(author) => Box::pin(keep_late((forms, site, limits), author, form, copy, next)).await,
    }
}

async fn keep_late(
    (forms, site, limits): (UnsentForms, SiteConfig, RateLimits),
    author: UserId,
    form: Bytes,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let browser = token(&CookieJar::from_headers(request.headers()), &site);
    let client = limits.client(request.extensions(), request.headers());
    let action = request.uri().path().to_owned();
    request.extensions_mut().insert(Author(author));
    let response = next.run(request).await;
    let is_too_much = || client.is_some_and(|c| limits.take(Limit::UnsentForm, c).is_err());
    if response.extensions().get::<KeepForm>().is_none() || is_too_much() {
        return Ok(response);
    }
    let kept = forms.keep(browser, author, action, &fields(&form)).await;
    Ok(match kept {
        Ok(token) => {
            let cookie = session::cookie(&site, COOKIE, token, LIFE);
            (CookieJar::new().add(cookie), response).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "a form could not be kept");
            response
        }
    })
}

/// Around the pages of sign-in and sign-out: forgets what was sent late in this browser once
/// somebody else is signed in, or its author has signed out.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(
    State(forms): State<UnsentForms>,
    State(site): State<SiteConfig>,
    request: Request,
    next: Next,
) -> Result<Response> {
    let Some(browser) = token(&CookieJar::from_headers(request.headers()), &site) else {
        return Ok(next.run(request).await);
    };
    let session = Session::from_extensions(request.extensions())?;
    let may_sign_out = request.method() == Method::POST;
    let response = next.run(request).await;
    let user = session.user().await?.map(UserId);
    if (user.is_some() || may_sign_out)
        && let Err(error) = forms.forget_all_but(&browser, user).await
    {
        // They are shown to nobody else, and soon gone.
        tracing::warn!(%error, "unsent forms could not be removed");
    }
    Ok(response)
}

async fn buffered(request: Request, most: usize) -> Result<(http::request::Parts, Bytes)> {
    let (parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    DefaultBodyLimit::max(most).apply(&mut whole);
    let body = csrf::whole_body(whole).await?;
    Ok((parts, body))
}

/// Whose form this is, when its session is not the one that is there.
async fn late_author(
    forms: &UnsentForms,
    person: Option<SignedIn>,
    form: &Bytes,
) -> Result<Option<UserId>> {
    let mut fields = form_urlencoded::parse(form);
    let token = fields.find(|(name, _)| name == csrf::FIELD);
    let Some((author, token)) = token.and_then(|(_, token)| Some((forms.author(&token)?, token)))
    else {
        return Ok(None);
    };
    let Some(person) = person else {
        return Ok(Some(author));
    };
    let current = person.session.csrf_token().await?.unwrap_or_default();
    let is_late = person.user.id == author && !csrf::is_same(token.as_bytes(), current.as_bytes());
    Ok(is_late.then_some(author))
}

/// The fields of a form, but for the token of the session that has ended.
fn fields(form: &Bytes) -> String {
    let fields = form_urlencoded::parse(form).filter(|(name, _)| name != csrf::FIELD);
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn token(jar: &CookieJar, site: &SiteConfig) -> Option<String> {
    let cookie = jar.get(&session::cookie_name(site, COOKIE))?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let value = cookie.value();
    (value.len() == 43 && value.bytes().all(is_token)).then(|| value.to_owned())
}
