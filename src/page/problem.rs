//! What is wrong, where the answer does not say it in words of ours.

use axum::response::Response;
use http::{StatusCode, header};

use crate::{
    error::{Error, Problem},
    language::Message,
};

/// What is refused was not recorded. When something failed, the commit may have gone through
/// before its answer was lost.
pub(super) fn fate(status: StatusCode) -> &'static str {
    if status.is_server_error() {
        "fate-unknown"
    } else {
        "fate-not-recorded"
    }
}

/// The problem a response carries, or one made up for a bare error status of the framework.
pub(super) fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_bare = content_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    (is_error && is_bare).then(|| bare(status))
}

fn bare(status: StatusCode) -> Problem {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Problem {
            status,
            code: "method_not_allowed",
            title: Message::new("method-not-allowed-title"),
            message: Message::new("method-not-allowed"),
            fate: None,
        },
        StatusCode::NOT_FOUND => Error::NotFound.problem(),
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge.problem(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMediaType.problem(),
        status if status.is_server_error() => Problem {
            status,
            ..Error::internal("made by the framework").problem()
        },
        status => Problem {
            status,
            ..Error::BadRequest("nothing-changed").problem()
        },
    }
}
