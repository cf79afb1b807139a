//! The number of a request: on each line of the log, in the answer's headers and on error pages.

use axum::{
    extract::{Request, State},
    middleware,
    response::{IntoResponse as _, Response},
};
use http::HeaderValue;

use crate::{page::RequestId, random::Random};

/// Gives each request the number under which it stands in the log and on error pages.
pub async fn number(
    State(random): State<Random>,
    mut request: Request,
    next: middleware::Next,
) -> Response {
    let id = match random.bytes::<8>() {
        Ok(bytes) => format!("{:016x}", u64::from_be_bytes(bytes)),
        Err(error) => return error.into_response(),
    };
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What the log says of a request. The path only: a query can hold an authorization code.
pub fn span(request: &Request) -> tracing::Span {
    let id = request
        .extensions()
        .get()
        .map_or("", |RequestId(id)| id.as_str());
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}
