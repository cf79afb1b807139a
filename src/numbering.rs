//! The number of a request: on each line of the log, in the answer's headers and on error pages.

use axum::{extract::Request, response::Response};
use http::HeaderValue;

use crate::{page::RequestId, random::Random};

/// Gives a request the number under which it stands in the log and on error pages.
#[must_use]
pub fn numbered(mut request: Request, random: &Random) -> Request {
    // Without randomness no page that matters can be made; the log then says so without numbers.
    let number = random.bytes().map_or(0, u64::from_be_bytes);
    let id = RequestId(format!("{number:016x}"));
    request.extensions_mut().insert(id);
    request
}

/// The number that `request` was given, as a header of its answer.
#[must_use]
pub fn number_of(request: &Request) -> Option<HeaderValue> {
    let RequestId(id) = request.extensions().get()?;
    HeaderValue::from_str(id).ok()
}

/// Says in the answer which number its request has.
pub fn say(response: &mut Response, number: Option<HeaderValue>) {
    if let Some(number) = number {
        response.headers_mut().insert("x-request-id", number);
    }
}

/// What the log says of a request. The path only: a query can hold an authorization code.
pub fn span(request: &Request) -> tracing::Span {
    let id = request
        .extensions()
        .get()
        .map_or("", |RequestId(id)| id.as_str());
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}
