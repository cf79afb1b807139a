//! A signature under a token that the library has no type for (RFC 7515, 5.2). Of the provider's,
//! keys and algorithms are those that ID tokens are believed with.

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

/// Which `typ` a header may have.
#[derive(Clone, Copy)]
pub enum Types<'a> {
    /// One of these, or none.
    NoneOr(&'a [&'a str]),
    /// One of these.
    Only(&'a [&'a str]),
}

/// Whose signatures are believed.
#[derive(Clone, Copy)]
pub struct Signers<'a> {
    /// Their keys.
    pub keys: &'a [CoreJsonWebKey],
    /// The algorithms that are believed of them.
    pub algorithms: &'a [CoreJwsSigningAlgorithm],
    /// The key of `HS256`, where that is believed at all.
    pub secret: Option<&'a Secret>,
}

impl<'a> Signers<'a> {
    /// The provider, and where it signs ID tokens with the client's `secret`, that.
    #[must_use]
    pub fn of(known: &'a Discovered, secret: Option<&'a Secret>) -> Self {
        Self {
            keys: known.metadata.jwks().keys(),
            algorithms: known.metadata.id_token_signing_alg_values_supported(),
            secret,
        }
    }
}

/// Whether one of `signers` has signed `token`, whose `typ` is one of `types`.
///
/// # Errors
/// What is wrong with header or signature.
pub fn verify(token: &str, signers: Signers<'_>, types: Types<'_>) -> Result<(), Invalid> {
    let (input, signature) = token.rsplit_once('.').ok_or(Invalid::Malformed)?;
    let (header, _) = input.split_once('.').ok_or(Invalid::Malformed)?;
    let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid::Malformed);
    let header: Header =
        serde_json::from_slice(&decode(header)?).map_err(|_| Invalid::Malformed)?;
    check_type(&header, types)?;
    let (input, signature) = (input.as_bytes(), decode(signature)?);
    if !signers.algorithms.contains(&header.alg) {
        return Err(Invalid::Algorithm);
    }
    if header.alg == CoreJwsSigningAlgorithm::HmacSha256 {
        check_code(signers.secret, input, &signature)
    } else {
        check_signature(&header, signers.keys, input, &signature)
    }
}

/// A type is compared as a media type is: in any case, with or without `application/` (RFC 7515,
/// 4.1.9). No extension that has to be understood is (4.1.11).
fn check_type(header: &Header, types: Types<'_>) -> Result<(), Invalid> {
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    let typ = typ
        .as_deref()
        .map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    let fits = match (typ, types) {
        (None, Types::NoneOr(_)) => true,
        (None, Types::Only(_)) => false,
        (Some(typ), Types::NoneOr(types) | Types::Only(types)) => types.contains(&typ),
    };
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
    keys: &[CoreJsonWebKey],
    input: &[u8],
    signature: &[u8],
) -> Result<(), Invalid> {
    let is_meant = |kid: Option<&JsonWebKeyId>| header.kid.is_none() || header.kid.as_ref() == kid;
    let mut outcome = Err(Invalid::Key);
    for key in keys.iter().filter(|key| is_meant(key.key_id())) {
        match key.verify_signature(&header.alg, input, signature) {
            Ok(()) => return Ok(()),
            Err(SignatureVerificationError::InvalidKey(_)) => {}
            Err(_) => outcome = Err(Invalid::Signature),
        }
    }
    outcome
}
