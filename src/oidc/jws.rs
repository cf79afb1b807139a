//! A signature of the provider under a token that the library has no type for (RFC 7515, 5.2).
//! Keys and algorithms are those that ID tokens are believed with.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey as _, JsonWebKeyId, SignatureVerificationError,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::Value;

use super::{id_token::Invalid, metadata::Discovered};
use crate::config::Secret;

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<JsonWebKeyId>,
    typ: Option<String>,
    cty: Option<Value>,
    crit: Option<Value>,
}

/// Whether the provider has signed `token`, whose `typ` has to be absent or one of `types`. Where
/// `HS256` is believed at all, `secret` is its key.
///
/// # Errors
/// What is wrong with header or signature.
pub fn verify(
    token: &str,
    known: &Discovered,
    secret: Option<&Secret>,
    types: &[&str],
) -> Result<(), Invalid> {
    let (input, signature) = token.rsplit_once('.').ok_or(Invalid::Malformed)?;
    let (header, _) = input.split_once('.').ok_or(Invalid::Malformed)?;
    let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid::Malformed);
    let header: Header =
        serde_json::from_slice(&decode(header)?).map_err(|_| Invalid::Malformed)?;
    check_type(&header, types)?;
    let (input, signature) = (input.as_bytes(), decode(signature)?);
    let allowed = known.metadata.id_token_signing_alg_values_supported();
    if !allowed.contains(&header.alg) {
        return Err(Invalid::Algorithm);
    }
    if header.alg == CoreJwsSigningAlgorithm::HmacSha256 {
        check_code(secret, input, &signature)
    } else {
        check_signature(&header, known, input, &signature)
    }
}

/// A type is compared as a media type is: in any case, with or without `application/` (RFC 7515,
/// 4.1.9). No extension that has to be understood is (4.1.11).
fn check_type(header: &Header, types: &[&str]) -> Result<(), Invalid> {
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    let typ = typ
        .as_deref()
        .map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    let fits = typ.is_none_or(|typ| types.contains(&typ));
    if fits && header.crit.is_none() && header.cty.is_none() {
        Ok(())
    } else {
        Err(Invalid::Type)
    }
}

/// A message authentication code with the client's secret (RFC 7518, 3.2), which the configuration
/// has asked for.
fn check_code(secret: Option<&Secret>, input: &[u8], code: &[u8]) -> Result<(), Invalid> {
    let secret = secret.ok_or(Invalid::Algorithm)?.expose();
    let key = CoreJsonWebKey::new_symmetric(secret.as_bytes().to_vec());
    key.verify_signature(&CoreJwsSigningAlgorithm::HmacSha256, input, code)
        .map_err(|_| Invalid::Signature)
}

/// The library refuses a key that is not for this algorithm, or not for signatures.
fn check_signature(
    header: &Header,
    known: &Discovered,
    input: &[u8],
    signature: &[u8],
) -> Result<(), Invalid> {
    let is_meant = |kid: Option<&JsonWebKeyId>| header.kid.is_none() || header.kid.as_ref() == kid;
    let mut outcome = Err(Invalid::Key);
    let keys = known.metadata.jwks().keys().iter();
    for key in keys.filter(|key| is_meant(key.key_id())) {
        match key.verify_signature(&header.alg, input, signature) {
            Ok(()) => return Ok(()),
            Err(SignatureVerificationError::InvalidKey(_)) => {}
            Err(_) => outcome = Err(Invalid::Signature),
        }
    }
    outcome
}
