//! Whether an ID token is genuine, meant for us, for this sign-in, and now
//! (OpenID Connect Core 1.0, 3.1.3.7).
//!
//! The library checks signature, algorithm, issuer, audience, `exp`, `nonce` and the `typ`
//! header. What it leaves to its users is checked here on the payload as it was signed.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AccessToken, ClaimsVerificationError, Nonce, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenVerifier},
};
use serde_json::{Map, Value};

use super::{
    metadata::Discovered,
    occasion::{Occasion, check_hash},
};
use crate::{clock::Timestamp, config::ProviderConfig};

/// How far the provider's clock may be off, in seconds.
pub(super) const LEEWAY: i64 = 60;

/// How old a new ID token may be, in seconds; a pending login lives no longer.
const OLDEST: i64 = 600;

/// Longest `sub` (OpenID Connect Core, 2), in bytes; no `sid` is longer either.
const LONGEST_IDENTIFIER: usize = 255;

/// Only a logout token has it (OpenID Connect Back-Channel Logout 1.0, 2.4).
pub(super) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Claims as they stand in a document.
pub type Claims = Map<String, Value>;

/// What makes an ID token or a logout token unacceptable. Its name goes to the log and into the
/// details of the error page; the token's own values do not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Invalid {
    /// The token response holds none.
    Missing,
    /// It cannot be read, or a claim has the wrong type.
    Malformed,
    /// No key of the provider has this `kid`, or more than one could be meant.
    Key,
    /// The signature does not match.
    Signature,
    /// An algorithm that is not believed.
    Algorithm,
    /// Another kind of token.
    Type,
    /// Another `iss`.
    Issuer,
    /// `aud` does not name us, or names others without `azp`.
    Audience,
    /// `azp` names another client.
    AuthorizedParty,
    /// `exp` is past.
    Expired,
    /// `iat` is in the future or long past.
    IssuedAt,
    /// `nbf` is in the future.
    NotBefore,
    /// Not the `nonce` of this sign-in.
    Nonce,
    /// `sub` is missing, empty, too long, no plain text, or another person's.
    Subject,
    /// `at_hash` belongs to another access token.
    AccessTokenHash,
    /// `c_hash` belongs to another authorization code.
    CodeHash,
    /// `auth_time` is too long past, missing where it was asked for, or another one after a
    /// refresh.
    AuthTime,
    /// `session_expiry` is past.
    SessionExpiry,
    /// `sid` of a logout token is no plain text, or missing as `sub` is.
    SessionId,
    /// `jti` of a logout token is missing or no plain text.
    TokenId,
    /// `events` of a logout token names no logout.
    Events,
}

impl Invalid {
    /// The part of the token that is wrong, by its name on the wire where it has one.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Algorithm => "alg",
            Self::Type => "typ",
            Self::Issuer => "iss",
            Self::Audience => "aud",
            Self::AuthorizedParty => "azp",
            Self::Expired => "exp",
            Self::IssuedAt => "iat",
            Self::NotBefore => "nbf",
            Self::Nonce => "nonce",
            Self::Subject => "sub",
            Self::AccessTokenHash => "at_hash",
            Self::CodeHash => "c_hash",
            Self::AuthTime => "auth_time",
            Self::SessionExpiry => "session_expiry",
            Self::SessionId => "sid",
            Self::TokenId => "jti",
            Self::Events => "events",
        }
    }

    /// A stable name for what is wrong with an ID token.
    #[must_use]
    pub fn code(self) -> String {
        format!("id_token_{}", self.part())
    }

    /// Whether newer keys could make a difference.
    #[must_use]
    pub const fn may_be_a_new_key(self) -> bool {
        matches!(self, Self::Key | Self::Signature)
    }
}

impl From<ClaimsVerificationError> for Invalid {
    fn from(error: ClaimsVerificationError) -> Self {
        use SignatureVerificationError as Signature;
        match error {
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            ClaimsVerificationError::InvalidSubject(_) => Self::Subject,
            ClaimsVerificationError::Unsupported(_) => Self::Type,
            ClaimsVerificationError::SignatureVerification(error) => match error {
                Signature::NoMatchingKey | Signature::AmbiguousKeyId(_) => Self::Key,
                Signature::CryptoError(_) | Signature::InvalidKey(_) => Self::Signature,
                _ => Self::Algorithm,
            },
            _ => Self::Malformed,
        }
    }
}

/// What an ID token has to fit.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// When it came.
    pub occasion: Occasion<'a>,
    /// Whose audiences beside us are fine without `azp`.
    pub provider: &'a ProviderConfig,
    /// The present moment.
    pub now: Timestamp,
}

/// Verifies `id_token`, which came together with `access_token`, and returns its claims.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn verify(
    id_token: &CoreIdToken,
    access_token: &AccessToken,
    known: &Discovered,
    expected: Expected<'_>,
) -> Result<Claims, Invalid> {
    let verifier = verifier(known, expected.now);
    id_token.claims(&verifier, |nonce: Option<&Nonce>| {
        expected.occasion.check_nonce(nonce)
    })?;
    let text = id_token.to_string();
    check_header(&text)?;
    let claims = payload(&text).ok_or(Invalid::Malformed)?;
    let algorithm = id_token.signing_alg().map_err(|_| Invalid::Algorithm)?;
    let (token, wrong) = (access_token.secret(), Invalid::AccessTokenHash);
    check_hash(&claims, "at_hash", token, algorithm, wrong)?;
    expected.occasion.check(&claims, algorithm, expected.now)?;
    check_kind(&claims)?;
    check_times(&claims, expected.now)?;
    check_authorized_party(&claims, known, expected.provider)?;
    check_subject(&claims)?;
    Ok(claims)
}

fn verifier(known: &Discovered, now: Timestamp) -> CoreIdTokenVerifier<'_> {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    let leeway = Duration::from_secs(LEEWAY.unsigned_abs());
    let late = Duration::from_millis(millis).saturating_sub(leeway);
    let verifier = known.client.id_token_verifier();
    verifier
        .set_time_fn(move || (SystemTime::UNIX_EPOCH + late).into())
        // `check_authorized_party` decides which other audiences are fine.
        .set_other_audience_verifier_fn(|_| true)
}

/// The claims of a token whose signature was verified, or is verified before they count.
pub(crate) fn payload(token: &str) -> Option<Claims> {
    let encoded = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

/// The library takes `null` for a header parameter that is not there (RFC 7515, 4.1).
fn check_header(token: &str) -> Result<(), Invalid> {
    let encoded = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(encoded).unwrap_or_default();
    match serde_json::from_slice::<Claims>(&header) {
        Ok(header) if !header.values().any(Value::is_null) => Ok(()),
        _ => Err(Invalid::Malformed),
    }
}

fn check_kind(claims: &Claims) -> Result<(), Invalid> {
    let is_logout_token = claims
        .get("events")
        .is_some_and(|events| events.get(LOGOUT_EVENT).is_some());
    if is_logout_token {
        Err(Invalid::Type)
    } else {
        Ok(())
    }
}

/// `exp` and `iat` are required numbers, `nbf` one when it is there (RFC 7519, 4.1). Returns `exp`.
pub(super) fn check_times(claims: &Claims, now: Timestamp) -> Result<Timestamp, Invalid> {
    let now = now.as_seconds();
    let expires = seconds(claims, "exp")?.ok_or(Invalid::Malformed)?;
    let issued = seconds(claims, "iat")?.ok_or(Invalid::Malformed)?;
    let not_before = seconds(claims, "nbf")?.unwrap_or(issued);
    if now.saturating_sub(LEEWAY) >= expires {
        return Err(Invalid::Expired);
    }
    if issued > now.saturating_add(LEEWAY) || issued < now.saturating_sub(OLDEST) {
        return Err(Invalid::IssuedAt);
    }
    if not_before > now.saturating_add(LEEWAY) {
        return Err(Invalid::NotBefore);
    }
    Ok(Timestamp::from_millis(expires.saturating_mul(1000)))
}

/// When the provider wants the session to end at the latest (`session_expiry`, a claim of the
/// OpenID Foundation's IPSIE profiles), in the future.
///
/// # Errors
/// When that is past, or no time.
pub(super) fn session_expiry(
    claims: &Claims,
    now: Timestamp,
) -> Result<Option<Timestamp>, Invalid> {
    let end = seconds(claims, "session_expiry")?;
    let end = end.map(|end| Timestamp::from_millis(end.saturating_mul(1000)));
    match end {
        Some(end) if end <= now => Err(Invalid::SessionExpiry),
        end => Ok(end),
    }
}

/// The time in the claim `name`, if it is there.
pub(super) fn seconds(claims: &Claims, name: &str) -> Result<Option<i64>, Invalid> {
    claims.get(name).map(numeric_date).transpose()
}

/// Seconds since 1970, cut to whole ones; nothing but a number of a believable size.
fn numeric_date(value: &Value) -> Result<i64, Invalid> {
    if let Some(seconds) = value.as_i64() {
        return Ok(seconds);
    }
    let seconds = value.as_f64().ok_or(Invalid::Malformed)?;
    let is_believable = (0.0..=1e12).contains(&seconds);
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1e12")]
    is_believable
        .then_some(seconds as i64)
        .ok_or(Invalid::Malformed)
}

/// `azp`, when present, is us. Without it each audience beside us has to be trusted: ZITADEL
/// names every client of the project and the project itself.
fn check_authorized_party(
    claims: &Claims,
    known: &Discovered,
    provider: &ProviderConfig,
) -> Result<(), Invalid> {
    let client_id = known.client.client_id().as_str();
    match claims.get("azp") {
        Some(Value::String(azp)) if azp == client_id => return Ok(()),
        Some(_) => return Err(Invalid::AuthorizedParty),
        None => {}
    }
    let is_fine = |audience: &Value| {
        let audience = audience.as_str();
        audience.is_some_and(|audience| audience == client_id || provider.trusts_audience(audience))
    };
    match claims.get("aud") {
        Some(Value::Array(audiences)) if !audiences.iter().all(is_fine) => Err(Invalid::Audience),
        _ => Ok(()),
    }
}

fn check_subject(claims: &Claims) -> Result<(), Invalid> {
    match claims.get("sub").and_then(Value::as_str) {
        Some(subject) if is_identifier(subject) => Ok(()),
        _ => Err(Invalid::Subject),
    }
}

/// Whether a `sub` or `sid` can be stored and found again. PostgreSQL takes no NUL, and no other
/// control character belongs there either.
pub(super) fn is_identifier(text: &str) -> bool {
    (1..=LONGEST_IDENTIFIER).contains(&text.len()) && !text.chars().any(char::is_control)
}
