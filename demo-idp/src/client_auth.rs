//! Client authentication at the token endpoint and its neighbours (RFC 6749 section 2.3.1).

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;

use crate::{
    answer, client_assertion,
    knobs::ClientAuth,
    options::Client,
    provider::{Call, pairs},
};

/// The client that sent the request, or the answer that refuses it.
pub(crate) fn authenticate<'a>(call: &Call<'a>) -> Result<&'a Client, Box<Response>> {
    let request = call.request;
    let basic = request.header("authorization");
    let (secret, assertion) = (
        request.form("client_secret"),
        request.form("client_assertion"),
    );
    let client = match (basic, secret, assertion) {
        (Some(header), None, None) => basic_pair(header)
            .and_then(|(id, secret)| by_secret(call, &id, &secret, ClientAuth::Basic)),
        (None, Some(secret), None) => {
            let id = request.form("client_id").unwrap_or_default();
            by_secret(call, id, secret, ClientAuth::Post)
        }
        (None, None, Some(assertion)) => by_assertion(call, assertion),
        (None, None, None) => None,
        _ => {
            let answer = answer::oauth_error("invalid_request", "more than one authentication");
            return Err(Box::new(answer));
        }
    };
    client.ok_or_else(|| Box::new(answer::invalid_client()))
}

/// A client that has registered a key has no use for a secret any more.
fn by_secret<'a>(
    call: &Call<'a>,
    id: &str,
    secret: &str,
    method: ClientAuth,
) -> Option<&'a Client> {
    call.op.client(id).filter(|client| {
        bool::from(client.secret.as_bytes().ct_eq(secret.as_bytes()))
            && call.knobs.client_key.is_none()
            && call.knobs.client_auth.contains(&method)
    })
}

fn by_assertion<'a>(call: &Call<'a>, assertion: &str) -> Option<&'a Client> {
    let is_offered = call.knobs.client_auth.contains(&ClientAuth::PrivateKeyJwt)
        && call.request.form("client_assertion_type") == Some(client_assertion::TYPE);
    let client = client_assertion::client(call, assertion).filter(|_| is_offered)?;
    let named = call.request.form("client_id");
    named.is_none_or(|id| id == client.id).then_some(client)
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
