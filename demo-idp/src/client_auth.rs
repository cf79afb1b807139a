//! Client authentication at the token endpoint and its neighbours (RFC 6749 section 2.3.1).

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;

use crate::{
    answer,
    knobs::ClientAuth,
    options::Client,
    provider::{Call, pairs},
};

/// The client that sent the request, or the answer that refuses it.
pub(crate) fn authenticate<'a>(call: &Call<'a>) -> Result<&'a Client, Box<Response>> {
    let request = call.request;
    let basic = request.header("authorization").map(basic_pair);
    let (id, secret, method) = match (basic, request.form("client_secret")) {
        (Some(_), Some(_)) => {
            let answer = answer::oauth_error("invalid_request", "more than one authentication");
            return Err(Box::new(answer));
        }
        (Some(Some((id, secret))), None) => (id, secret, ClientAuth::Basic),
        (None, Some(secret)) => {
            let id = request.form("client_id").unwrap_or_default();
            (id.to_owned(), secret.to_owned(), ClientAuth::Post)
        }
        (Some(None) | None, None) => return Err(Box::new(answer::invalid_client())),
    };
    let client = call.op.client(&id).filter(|client| {
        bool::from(client.secret.as_bytes().ct_eq(secret.as_bytes()))
            && call.knobs.client_auth.contains(&method)
    });
    client.ok_or_else(|| Box::new(answer::invalid_client()))
}

/// `Basic base64(formurlencode(id) ":" formurlencode(secret))`.
fn basic_pair(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

/// Undoes `application/x-www-form-urlencoded` for a single value.
fn form_decoded(value: &str) -> String {
    // A raw `&` cannot come out of the encoding; as part of a value it is kept.
    let named = format!("v={}", value.replace('&', "%26"));
    pairs(named.as_bytes())
        .pop()
        .map(|(_, value)| value)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_form_urlencoded_inside_basic() {
        let header = format!(
            "Basic {}",
            STANDARD.encode("2497%40python:%40%3A%2B%25%C3%A9+x")
        );
        let (id, secret) = basic_pair(&header).unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("2497@python", "@:+%é x"));
    }

    #[test]
    fn another_scheme_is_no_basic_pair() {
        assert!(basic_pair("Bearer abc").is_none());
        assert!(basic_pair("Basic !").is_none());
    }
}
