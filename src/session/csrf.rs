//! Unsafe requests must come from our own forms: a token in the form, which [`Form`] checks
//! before anything else is looked at, and the browser's own word for where the request comes
//! from ([`same_origin_only`]).

use axum::{
    body::Bytes,
    extract::{
        FromRequest, Multipart, Request, State, multipart::MultipartError,
        rejection::BytesRejection,
    },
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method, header};
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::Session;
use crate::error::{Error, Result};

/// The name of the hidden field that carries the token.
pub const FIELD: &str = "csrf_token";

/// A submitted form whose CSRF token was right: the only form extractor there is.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

#[derive(Deserialize)]
struct Token {
    csrf_token: Option<String>,
}

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let session = Session::from_extensions(request.extensions())?;
        require_form(request.headers())?;
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        let sent: Token = serde_html_form::from_bytes(&body).map_err(|_| malformed())?;
        check(&session, sent.csrf_token.as_deref().map(str::as_bytes)).await?;
        serde_html_form::from_bytes(&body)
            .map(Self)
            .map_err(|_| malformed())
    }
}

/// The fields of a submitted form that can hold a file (`multipart/form-data`, RFC 7578), or none.
/// Its CSRF token comes first and was right: what follows a wrong one is not read.
#[derive(Clone, Debug)]
pub struct FileForm(Vec<(String, Vec<u8>)>);

impl FileForm {
    /// The content of a field; empty when it was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> &[u8] {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or(&[], |(_, content)| content)
    }
}

impl<S> FromRequest<S> for FileForm
where
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let session = Session::from_extensions(request.extensions())?;
        if require_form(request.headers()).is_ok() {
            let Form(fields) = Form::from_request(request, state).await?;
            let fields: Vec<(String, String)> = fields;
            let fields = fields.into_iter();
            return Ok(Self(fields.map(|(name, text)| (name, text.into_bytes())).collect()));
        }
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| Error::UnsupportedMediaType)?;
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(|error| cut_off(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(|error| cut_off(&error))?.to_vec();
            if fields.is_empty() {
                let is_token = name == FIELD;
                check(&session, is_token.then_some(content.as_slice())).await?;
            }
            fields.push((name, content));
        }
        if fields.is_empty() {
            return Err(Error::Csrf("no token"));
        }
        Ok(Self(fields))
    }
}

fn cut_off(error: &MultipartError) -> Error {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::BadRequest("The form did not arrive completely. Nothing was changed.")
}

/// Refuses a token that is not the session's.
async fn check(session: &Session, sent: Option<&[u8]>) -> Result<()> {
    let expected = session.csrf_token().await?;
    let expected = expected.ok_or(Error::Csrf("no session"))?;
    let sent = sent.ok_or(Error::Csrf("no token"))?;
    if bool::from(sent.ct_eq(expected.as_bytes())) {
        Ok(())
    } else {
        Err(Error::Csrf("wrong token"))
    }
}

fn malformed() -> Error {
    Error::Unprocessable("The form could not be read. Nothing was changed.".into())
}

fn unreadable(rejection: &BytesRejection) -> Error {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::BadRequest("The form did not arrive completely. Nothing was changed.")
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
    State(base_url): State<Url>,
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
