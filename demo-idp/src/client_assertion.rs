//! Client authentication with a signed assertion (RFC 7523 section 3).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{options::Client, provider::Call};

/// The one type of assertion there is.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longest life of an assertion, in seconds.
const LONGEST_LIFE: i64 = 3600;

/// The client that made `assertion`, if everything about it is right and it is used first now.
pub(crate) fn client<'a>(call: &Call<'a>, assertion: &str) -> Option<&'a Client> {
    let (input, signature) = assertion.rsplit_once('.')?;
    let (header, claims) = input.split_once('.')?;
    let (header, claims) = (object(header)?, object(claims)?);
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let client = call.op.client(text("sub")?)?;
    let key = call.knobs.client_key.as_ref()?;
    let is_meant = text("iss") == Some(&client.id)
        && claims
            .get("aud")
            .is_some_and(|aud| names(aud, &call.op.issuer))
        && header.get("alg").and_then(Value::as_str) == Some(key.alg())
        && header.get("kid").and_then(Value::as_str) == Some(&key.kid);
    let expires_at = claims.get("exp")?.as_i64()?;
    let issued_at = claims.get("iat")?.as_i64()?;
    let is_timely =
        expires_at > call.now && issued_at <= call.now && expires_at - issued_at <= LONGEST_LIFE;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let is_genuine = is_meant && is_timely && key.verifies(input.as_bytes(), &signature);
    let jti = text("jti").filter(|jti| !jti.is_empty())?;
    (is_genuine && call.op.store().is_first_use(jti, expires_at, call.now)).then_some(client)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Whether an audience, string or array, names this provider.
fn names(audience: &Value, issuer: &str) -> bool {
    audience == issuer
        || audience
            .as_array()
            .is_some_and(|names| names.iter().any(|name| name == issuer))
}
