//! Unsafe requests must come from our own forms: a token in the form, which [`Form`] checks
//! before anything else is looked at, and the browser's own word for where the request comes
//! from ([`same_origin_only`]).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, State, rejection::BytesRejection},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method, header};
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::Session;
use crate::{
    error::{Error, Result},
    vault::Vault,
};

/// The name of the hidden field that carries the token.
pub const FIELD: &str = "csrf_token";

/// What the vault seals tokens for.
const PURPOSE: &str = "csrf_token";

/// A fresh token for the forms of one session of `user`. Nobody without the vault's keys can make
/// one, and it tells whose form it came with even when the session has ended.
///
/// # Errors
/// When there is no randomness.
pub fn token_for(user: i64, vault: &Vault) -> Result<String> {
    vault.seal(PURPOSE, &user.to_string())
}

/// The user for whose session `token` was made, whether that session lasts or not. Only
/// [`Form`] says whether it is the token of the session that is there.
#[must_use]
pub fn user_of(token: &str, vault: &Vault) -> Option<i64> {
    vault.open(PURPOSE, token)?.parse().ok()
}

/// A submitted form whose CSRF token was right.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

#[derive(Deserialize)]
struct Token {
    csrf_token: Option<String>,
}

/// A form that somebody may send who is not signed in: there is no session then that a token
/// could belong to. Only for what changes nothing but this browser's pages.
#[derive(Clone, Debug)]
pub struct OpenForm<T>(pub T);

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let (expected, body) = read(request).await?;
        check_token(&expected.ok_or(Error::Csrf("no session"))?, &body)?;
        fields(&body).map(Self)
    }
}

impl<S, T> FromRequest<S> for OpenForm<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let (expected, body) = read(request).await?;
        if let Some(expected) = expected {
            check_token(&expected, &body)?;
        }
        fields(&body).map(Self)
    }
}

/// The session's token, if there is a session, and the form.
async fn read(request: Request) -> Result<(Option<String>, Bytes)> {
    let session = Session::from_extensions(request.extensions())?;
    require_form(request.headers())?;
    let body = whole_body(request).await?;
    Ok((session.csrf_token().await?, body))
}

fn check_token(expected: &str, body: &[u8]) -> Result<()> {
    let sent: Token = fields(body)?;
    compare(expected, sent.csrf_token.as_deref().map(str::as_bytes))
}

/// Refuses a token that is not the session's.
pub(super) async fn check(session: &Session, sent: Option<&[u8]>) -> Result<()> {
    let expected = session.csrf_token().await?;
    compare(&expected.ok_or(Error::Csrf("no session"))?, sent)
}

fn compare(expected: &str, sent: Option<&[u8]>) -> Result<()> {
    let sent = sent.ok_or(Error::Csrf("no token"))?;
    if is_same(sent, expected.as_bytes()) {
        Ok(())
    } else {
        Err(Error::Csrf("wrong token"))
    }
}

fn fields<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_html_form::from_bytes(body).map_err(|_| malformed())
}

/// Compares two tokens in a time that tells nothing of them.
pub(crate) fn is_same(sent: &[u8], expected: &[u8]) -> bool {
    sent.ct_eq(expected).into()
}

/// The body of a request, as far as it may be read.
///
/// # Errors
/// When it is too large or does not arrive.
pub(crate) async fn whole_body(request: Request) -> Result<Bytes> {
    let read = Bytes::from_request(request, &()).await;
    read.map_err(|rejection| unreadable(&rejection))
}

fn malformed() -> Error {
    Error::Unprocessable("form-unreadable".into())
}

fn unreadable(rejection: &BytesRejection) -> Error {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::BadRequest("form-incomplete")
}

/// Refuses a body that does not claim to be a submitted form.
///
/// # Errors
/// [`Error::UnsupportedMediaType`].
pub fn require_form(headers: &HeaderMap) -> Result<()> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    match essence {
        Some(form) if form.eq_ignore_ascii_case("application/x-www-form-urlencoded") => Ok(()),
        _ => Err(Error::UnsupportedMediaType),
    }
}

/// Refuses unsafe requests that the browser says come from elsewhere (Fetch Metadata;
/// RFC 6454 `Origin`). A browser that sends neither header is left to the token.
///
/// # Errors
/// [`Error::Csrf`] when the request comes from another site or origin.
pub async fn same_origin_only(
    State(base_url): State<Arc<Url>>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if is_unsafe(request.method()) {
        check_origin(request.headers(), &base_url)?;
    }
    Ok(next.run(request).await)
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

fn check_origin(headers: &HeaderMap, base_url: &Url) -> Result<()> {
    if let Some(site) = headers.get("sec-fetch-site")
        && site != "same-origin"
        && site != "none"
    {
        return Err(Error::Csrf("another site"));
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if origin.as_bytes() != base_url.origin().ascii_serialization().as_bytes() => {
            Err(Error::Csrf("another origin"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::{random::Random, vault::Keys};

    #[test]
    fn a_token_tells_whose_it_is_to_those_who_made_it() {
        let vault = |seed| Vault::new(&Keys::generate(&Random::seeded(seed))?, Random::System);
        let (ours, theirs) = (vault(1).unwrap(), vault(2).unwrap());
        let token = token_for(7, &ours).unwrap();
        assert_eq!(user_of(&token, &ours), Some(7));
        assert_eq!(user_of(&token, &theirs), None);
        assert_ne!(token, token_for(7, &ours).unwrap());
        for made_up in ["", "7", &token[1..]] {
            assert_eq!(user_of(made_up, &ours), None, "{made_up}");
        }
    }

    /// SEC-52.
    #[test]
    fn only_requests_from_our_own_pages_pass() {
        let base = Url::parse("https://polls.example.org").unwrap();
        for (site, site_passes) in [
            (None, true),
            (Some("none"), true),
            (Some("same-origin"), true),
            (Some("same-site"), false),
            (Some("cross-site"), false),
        ] {
            for (origin, origin_passes) in [
                (None, true),
                (Some("https://polls.example.org"), true),
                (Some("https://evil.example.org"), false),
                (Some("null"), false),
            ] {
                let mut headers = HeaderMap::new();
                if let Some(site) = site {
                    headers.insert("sec-fetch-site", HeaderValue::from_static(site));
                }
                if let Some(origin) = origin {
                    headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
                }
                let passes = check_origin(&headers, &base).is_ok();
                assert_eq!(passes, site_passes && origin_passes, "{site:?} {origin:?}");
            }
        }
    }
}
