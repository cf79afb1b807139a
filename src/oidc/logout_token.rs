//! Whether a logout token is genuine, meant for us, and now (OpenID Connect Back-Channel Logout
//! 1.0, 2.6). What it has in common with an ID token is checked by the same code.

use serde_json::Value;

use super::{
    id_token::{self, Claims, Invalid, LOGOUT_EVENT, is_identifier},
    jws::{self, Signers, Types},
    metadata::Discovered,
};
use crate::{clock::Timestamp, config::Secret, telemetry::origin};

/// What its header may say: the specification's type, and the one that many providers send.
const TYPES: [&str; 2] = ["logout+jwt", "jwt"];

/// Whom a provider has signed out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoutToken {
    /// `iss`
    pub issuer: String,
    /// `sub`: whose sessions end, where `sid` does not name one. There is at least one of both.
    pub subject: Option<String>,
    /// `sid`: the session at the provider that has ended.
    pub sid: Option<String>,
    /// `jti`
    pub jti: String,
    /// `exp`
    pub expires_at: Timestamp,
}

impl LogoutToken {
    /// Its person's name in the log, if it names one: see [`origin::sub_hash`].
    #[must_use]
    pub fn sub_hash(&self) -> Option<String> {
        origin::sub_hash(&self.issuer, self.subject.as_deref()?)
    }
}

/// Verifies a logout token, which `secret` signs where it signs ID tokens. The signature comes
/// last: it costs the most, and may make us fetch keys, which no token is worth that would not
/// count with any signature.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn verify(
    token: &str,
    known: &Discovered,
    secret: Option<&Secret>,
    now: Timestamp,
) -> Result<LogoutToken, Invalid> {
    let claims = id_token::payload(token).ok_or(Invalid::Malformed)?;
    let claimed = read(&claims, known, now)?;
    jws::verify(token, Signers::of(known, secret), Types::NoneOr(&TYPES))?;
    Ok(claimed)
}

/// What the claims of a token say, in which nobody may believe yet.
fn read(claims: &Claims, known: &Discovered, now: Timestamp) -> Result<LogoutToken, Invalid> {
    let issuer = known.metadata.issuer().as_str();
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err(Invalid::Issuer);
    }
    check_audience(claims, known.client.client_id().as_str())?;
    let expires_at = id_token::check_times(claims, now)?;
    check_events(claims)?;
    // With a nonce it could be taken for an ID token, or have been one.
    if claims.contains_key("nonce") {
        return Err(Invalid::Nonce);
    }
    let token = LogoutToken {
        issuer: issuer.to_owned(),
        subject: identifier(claims, "sub", Invalid::Subject)?,
        sid: identifier(claims, "sid", Invalid::SessionId)?,
        jti: identifier(claims, "jti", Invalid::TokenId)?.ok_or(Invalid::TokenId)?,
        expires_at,
    };
    if token.subject.is_none() && token.sid.is_none() {
        return Err(Invalid::SessionId);
    }
    Ok(token)
}

fn check_audience(claims: &Claims, client_id: &str) -> Result<(), Invalid> {
    let is_meant = match claims.get("aud") {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience == client_id),
        _ => false,
    };
    is_meant.then_some(()).ok_or(Invalid::Audience)
}

fn check_events(claims: &Claims) -> Result<(), Invalid> {
    let event = claims
        .get("events")
        .and_then(|events| events.get(LOGOUT_EVENT));
    match event {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(Invalid::Events),
    }
}

/// A claim that may be absent, but not anything else than plain text.
fn identifier(claims: &Claims, name: &str, invalid: Invalid) -> Result<Option<String>, Invalid> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if is_identifier(text) => Ok(Some(text.clone())),
        Some(_) => Err(invalid),
    }
}
