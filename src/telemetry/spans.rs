//! The spans that a collector is given, and all that they say: methods, routes, steps, numbers and
//! outcomes, after OpenTelemetry's semantic conventions for HTTP and databases.
//!
//! What the conventions have and is left out, is left out on purpose: path, query, address and
//! program of whoever asks. A span tells of no person and no poll, and holds nothing that somebody
//! has sent.

use http::{Method, StatusCode, Uri};
use tracing::{Span, field::Empty, info_span};

/// Of all spans that are handed on. The log shows none of them.
pub const TARGET: &str = "rolecall::traces";

/// A request for `route`, as the table of routes has it; `None` is none of ours.
#[must_use]
pub fn request(method: &Method, route: Option<&str>) -> Span {
    let method = known(method);
    info_span!(
        target: TARGET,
        "request",
        otel.name = route.map_or_else(|| method.to_owned(), |route| format!("{method} {route}")),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        "error.type" = Empty,
        otel.status_code = Empty,
    )
}

/// How a request ended. What the client has done wrong is no error of ours.
pub fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        failed(span, status.as_str());
    }
}

/// A call to a provider, at the step that is called so in the metrics.
#[must_use]
pub fn call(step: &str, method: &Method, place: &Uri) -> Span {
    let method = known(method);
    info_span!(
        target: TARGET,
        "call",
        otel.name = format!("{method} {step}"),
        otel.kind = "client",
        http.request.method = method,
        server.address = place.host(),
        server.port = port(place),
        http.response.status_code = Empty,
        "error.type" = Empty,
        otel.status_code = Empty,
    )
}

/// How a call ended: with a status that is good or bad, or without one, because of `why`.
pub fn called(span: &Span, status: Option<StatusCode>, why: &str) {
    let Some(status) = status else {
        return failed(span, why);
    };
    span.record("http.response.status_code", status.as_u16());
    if status.is_client_error() || status.is_server_error() {
        failed(span, status.as_str());
    }
}

/// A batch of votes on its way into the database. Whose they are, and in which polls, is not told.
#[must_use]
pub fn batch(system: &str, votes: usize) -> Span {
    info_span!(
        target: TARGET,
        "write votes",
        otel.kind = "client",
        db.system.name = system,
        db.operation.batch.size = votes,
        "error.type" = Empty,
        otel.status_code = Empty,
    )
}

/// That the work of a span did not succeed, and what kept it.
pub fn failed(span: &Span, why: &str) {
    span.record("error.type", why);
    span.record("otel.status_code", "ERROR");
}

/// A method of HTTP; anybody can make up others.
fn known(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    if KNOWN.contains(method) {
        method.as_str()
    } else {
        "_OTHER"
    }
}

fn port(place: &Uri) -> u16 {
    let usual = if place.scheme_str() == Some("http") {
        80
    } else {
        443
    };
    place.port_u16().unwrap_or(usual)
}
