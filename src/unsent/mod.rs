//! Forms that were sent after the session had ended. They are not carried out: what was typed is
//! kept, sealed, and the same browser finds the form filled in and unsent once somebody has
//! signed in again.
//!
//! Knows no feature: a page that wants its form kept says so with [`refused`]. The vote of a
//! secret poll is never kept.

mod store;

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRef, FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::{Method, request::Parts};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

pub use store::UnsentForms;

use crate::{
    config::SiteConfig,
    error::{Error, Result},
    page::wants_json,
    rate_limit::{Limit, RateLimits},
    session::{self, csrf},
    users::access::SignedIn,
};

/// Binds what was typed to the browser in which it was.
const COOKIE: &str = "rolecall_form";

/// How long a form is kept: signing in has to fit into it, as it does into a pending login.
const LIFE: Duration = Duration::from_mins(20);

/// Largest form kept, in bytes.
const LARGEST: usize = 64 * 1024;

/// On a refusal: the form that was sent may be kept.
#[derive(Clone, Copy)]
struct KeepForm;

/// The answer to somebody who is not signed in any more and whose form may be kept.
#[must_use]
pub fn refused(error: Error) -> Response {
    let mut response = error.into_response();
    response.extensions_mut().insert(KeepForm);
    response
}

/// Keeps the form of a request whose answer is [`refused`], unless its address has sent many.
/// Who is signed in pays nothing for it.
pub async fn keep(
    State(forms): State<UnsentForms>,
    State(site): State<SiteConfig>,
    State(limits): State<RateLimits>,
    person: Option<SignedIn>,
    request: Request,
    next: Next,
) -> Response {
    let is_form = request.method() == Method::POST && !wants_json(request.headers());
    if person.is_some() || !is_form {
        return next.run(request).await;
    }
    let token = token(&CookieJar::from_headers(request.headers()), &site);
    let client = limits.client(request.extensions(), request.headers());
    let action = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let form = to_bytes(body, LARGEST).await.unwrap_or_default();
    let copy = Request::from_parts(parts, Body::from(form.clone()));
    let response = next.run(copy).await;
    let is_too_much = || client.is_some_and(|c| limits.take(Limit::UnsentForm, c).is_err());
    if response.extensions().get::<KeepForm>().is_none() || is_too_much() {
        return response;
    }
    match forms.keep(token, action, &fields(&form)).await {
        Ok(token) => {
            let cookie = session::cookie(&site, COOKIE, token, LIFE);
            (CookieJar::new().add(cookie), response).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "a form could not be kept");
            response
        }
    }
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

/// What is kept for the browser that opens a page.
pub struct Kept {
    forms: UnsentForms,
    token: Option<String>,
}

impl Kept {
    /// The form that this browser sent to `action`, once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take<T: DeserializeOwned>(&self, action: &str) -> Result<Option<T>> {
        let Some(token) = &self.token else {
            return Ok(None);
        };
        let fields = self.forms.take(token, action).await?;
        Ok(fields.and_then(|fields| serde_html_form::from_str(&fields).ok()))
    }
}

impl<S> FromRequestParts<S> for Kept
where
    S: Send + Sync,
    UnsentForms: FromRef<S>,
    SiteConfig: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = token(&jar, &SiteConfig::from_ref(state));
        Ok(Self {
            forms: UnsentForms::from_ref(state),
            // What is taken is gone, and `HEAD` shows nothing.
            token: token.filter(|_| parts.method == Method::GET),
        })
    }
}
