//! `Accept`: a program that cannot read an answer is told so (RFC 9110, 12.5.1). Only where
//! nothing was changed: whoever has voted hears of it in any case.

use axum::{extract::Request, middleware::Next, response::IntoResponse as _, response::Response};
use http::{HeaderMap, Method, header};

use super::problem::not_acceptable;

/// Refuses answers to `GET` and `HEAD` that the request does not take.
pub async fn heed_accept(request: Request, next: Next) -> Response {
    let is_safe = [Method::GET, Method::HEAD].contains(request.method());
    let accepted = is_safe.then(|| accepted(request.headers()));
    let answer = next.run(request).await;
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    match (accepted, kind) {
        (Some(accepted), Some(kind)) if answer.status().is_success() => {
            let offered = essence(kind);
            if accepted.iter().any(|range| includes(range, &offered)) {
                answer
            } else {
                not_acceptable(&offered).into_response()
            }
        }
        _ => answer,
    }
}

/// The media ranges that a request takes; without any, all.
fn accepted(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::ACCEPT).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let ranges: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    if ranges.iter().all(|range| range.trim().is_empty()) {
        return vec!["*/*".to_owned()];
    }
    let wanted = ranges.into_iter().filter(|range| !is_unwanted(range));
    wanted.map(essence).collect()
}

/// Whether its weight is zero.
fn is_unwanted(range: &str) -> bool {
    let mut parameters = range.split(';').skip(1).map(str::trim);
    let weight = parameters.find_map(|parameter| parameter.strip_prefix("q="));
    weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
}

/// A media type or range without its parameters.
fn essence(kind: &str) -> String {
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn includes(range: &str, kind: &str) -> bool {
    let top = kind.split('/').next().unwrap_or_default();
    range == "*/*" || range == kind || range.strip_suffix("/*") == Some(top)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn takes_json(accept: &'static str) -> bool {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
        let accepted = accepted(&headers);
        accepted
            .iter()
            .any(|range| includes(range, "application/json"))
    }

    #[test]
    fn a_range_is_read_as_its_sender_means_it() {
        for accept in [
            "*/*",
            "",
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/html, application/*;q=0.1",
            "text/html,*/*;q=0.8",
        ] {
            assert!(takes_json(accept), "{accept}");
        }
        for accept in [
            "text/html",
            "text/*",
            "application/jsonx",
            "application/json;q=0",
            "application/json; q=0.000",
        ] {
            assert!(!takes_json(accept), "{accept}");
        }
    }
}
