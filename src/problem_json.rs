//! An error as programs read it. Foundation: knows no feature.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{error::Problem, language::Locale, paths};

/// RFC 9457, 3. Without `type` the title is that of the status (4.2.1).
#[derive(Serialize)]
struct ProblemDetails<'a> {
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    request_id: &'a str,
    /// What became of the vote, when the request was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    fate: Option<String>,
}

/// What the example that programs know writes.
#[derive(Serialize)]
struct CodeAndDescription<'a> {
    code: &'static str,
    description: &'a str,
    request_id: &'a str,
}

/// RFC 6749, 5.2: what clients of a token endpoint read, wherever a request has ended.
#[derive(Serialize)]
struct TokenError<'a> {
    error: &'static str,
    error_description: &'a str,
}

/// The body of an error of the API: problem details below `/api/v1/`, `error` where tokens are
/// given, elsewhere `code` and `description`. Programs are written in English.
#[must_use]
pub fn body(problem: &Problem, path: &str, request_id: &str) -> Response {
    let message = Locale::default().t(&problem.message).plain();
    if [paths::API_TOKEN, paths::API_DEVICE].contains(&path) {
        let body = TokenError {
            error: token_error(problem.status),
            error_description: &message,
        };
        return Json(body).into_response();
    }
    if !path.starts_with(paths::API_V1) {
        let body = CodeAndDescription {
            code: problem.code,
            description: &message,
            request_id,
        };
        return Json(body).into_response();
    }
    let body = ProblemDetails {
        title: problem.status.canonical_reason().unwrap_or_default(),
        status: problem.status.as_u16(),
        detail: &message,
        code: problem.code,
        request_id,
        fate: problem.fate.map(|fate| Locale::default().t(fate).plain()),
    };
    let content_type = HeaderValue::from_static("application/problem+json");
    ([(header::CONTENT_TYPE, content_type)], Json(body)).into_response()
}

fn token_error(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            "temporarily_unavailable"
        }
        status if status.is_server_error() => "server_error",
        _ => "invalid_request",
    }
}
