//! Answers that several endpoints give: JSON, OAuth errors, redirects. Never stored by caches.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use url::form_urlencoded;

/// JSON with `Cache-Control: no-store` (RFC 6749 section 5.1).
pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}

/// An OAuth error (RFC 6749 section 5.2) with status 400.
pub(crate) fn oauth_error(code: &str, description: &str) -> Response {
    json(
        StatusCode::BAD_REQUEST,
        &json!({"error": code, "error_description": description}),
    )
}

/// The client did not prove who it is (RFC 6749 section 5.2): 401.
pub(crate) fn invalid_client() -> Response {
    let body =
        json!({"error": "invalid_client", "error_description": "client authentication failed"});
    challenge(
        json(StatusCode::UNAUTHORIZED, &body),
        "Basic realm=\"demo-idp\"",
    )
}

/// The bearer token is missing, unknown, expired or revoked (RFC 6750 section 3.1): 401.
pub(crate) fn invalid_token() -> Response {
    let body = json!({"error": "invalid_token", "error_description": "access token invalid"});
    challenge(
        json(StatusCode::UNAUTHORIZED, &body),
        "Bearer error=\"invalid_token\"",
    )
}

/// Something here is broken, not the request.
pub(crate) fn server_error(error: &crate::Error) -> Response {
    tracing::error!(%error, "demo identity provider failed");
    json(
        StatusCode::INTERNAL_SERVER_ERROR,
        &json!({"error": "server_error"}),
    )
}

/// 303 to `url`, to be fetched with GET.
pub(crate) fn redirect(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => {
            let headers = [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, no_store()),
            ];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(_) => oauth_error("invalid_request", "the redirect address is not an address"),
    }
}

/// `url` with these parameters added; what was there stays byte for byte.
pub(crate) fn with_params<'a>(
    url: &str,
    params: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    match (added.is_empty(), url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{url}&{added}"),
        (false, false) => format!("{url}?{added}"),
    }
}

fn challenge(mut response: Response, challenge: &'static str) -> Response {
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    );
    response
}

fn no_store() -> HeaderValue {
    HeaderValue::from_static("no-store")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_what_is_there() {
        assert_eq!(
            with_params("http://a/b", [("c", "d e")]),
            "http://a/b?c=d+e"
        );
        assert_eq!(
            with_params("http://a/b?x=%20", [("c", "&")]),
            "http://a/b?x=%20&c=%26"
        );
        assert_eq!(with_params("http://a/b", []), "http://a/b");
    }
}
