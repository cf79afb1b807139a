//! Answers with an entity tag (RFC 9110, 8.8.3), so that a program which asks again for what has
//! not changed gets nothing but that word. No cache keeps them: they are one person's.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{error::Result, random::hex};

/// Bytes of the hash in a tag.
const LENGTH: usize = 16;

/// A document in JSON with a weak tag of its content; only its tag when `request` has it already.
///
/// # Errors
/// When it cannot be written.
pub fn document(request: &HeaderMap, content: &impl Serialize) -> Result<Response> {
    let json = serde_json::to_vec(content)?;
    let hash = Sha256::digest(&json);
    let tag = format!("W/\"{}\"", hex(hash.get(..LENGTH).unwrap_or_default()));
    Ok(tagged(request, &tag, json))
}

/// The same with a tag that says which version it is.
///
/// # Errors
/// When it cannot be written.
pub fn version(request: &HeaderMap, tag: &str, content: &impl Serialize) -> Result<Response> {
    Ok(tagged(request, tag, serde_json::to_vec(content)?))
}

fn tagged(request: &HeaderMap, tag: &str, json: Vec<u8>) -> Response {
    let tag_header = HeaderValue::from_str(tag).map(|tag| [(header::ETAG, tag)]);
    if is_known(request, tag) {
        return (StatusCode::NOT_MODIFIED, tag_header.ok(), ()).into_response();
    }
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )];
    (tag_header.ok(), kind, json).into_response()
}

/// Whether `If-None-Match` names the tag, by the weak comparison (RFC 9110, 13.1.2).
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = request.get_all(header::IF_NONE_MATCH).iter();
    let named = values.filter_map(|value| value.to_str().ok());
    let mut named = named.flat_map(|value| value.split(','));
    named.any(|name| name.trim() == "*" || opaque(name) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_tag_is_found_in_a_list_and_weak_or_strong() {
        for value in ["\"a\"", "W/\"a\"", "\"b\", W/\"a\"", "*", "\"b\",\"a\""] {
            assert!(is_known(&asks(value), "W/\"a\""), "{value}");
        }
        for value in ["\"b\"", "a", "\"a", ""] {
            assert!(!is_known(&asks(value), "W/\"a\""), "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
