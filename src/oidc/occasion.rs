//! What an ID token has to fit because of when it came: with a sign-in, or with refreshed tokens.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{Nonce, NonceVerifier as _, core::CoreJwsSigningAlgorithm as Algorithm};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::id_token::{Claims, Invalid, LEEWAY, seconds};
use crate::clock::Timestamp;

/// The occasion on which an ID token came.
#[derive(Clone, Copy)]
pub enum Occasion<'a> {
    /// A sign-in.
    SignIn {
        /// The `nonce` of the authorization request.
        nonce: &'a str,
        /// The authorization code that was redeemed.
        code: &'a str,
        /// The `max_age` of the authorization request.
        max_age: Option<Duration>,
    },
    /// A sign-in without a browser (RFC 8628), which has neither `nonce` nor code.
    Device,
    /// Tokens were refreshed; the first ID token of the sign-in said this.
    Refresh(&'a Original),
}

/// What the first ID token said that later ones must not contradict (OpenID Connect Core, 12.2).
///
/// Issuer and subject are compared with the stored user. The audience is judged anew: a project
/// that has got one more client since is no reason to sign anybody out.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Original {
    nonce: Option<String>,
    auth_time: Option<i64>,
}

impl Original {
    /// What `claims`, which were verified, say.
    #[must_use]
    pub fn of(claims: &Claims) -> Self {
        let nonce = claims.get("nonce").and_then(|nonce| nonce.as_str());
        Self {
            nonce: nonce.map(str::to_owned),
            auth_time: seconds(claims, "auth_time").ok().flatten(),
        }
    }
}

impl Occasion<'_> {
    /// A sign-in has its `nonce`. A refreshed token need not have one, but no other.
    ///
    /// # Errors
    /// What is wrong, in words that the library wants and nobody sees.
    pub(super) fn check_nonce(self, sent: Option<&Nonce>) -> Result<(), String> {
        match (self, sent) {
            (Self::SignIn { nonce, .. }, sent) => Nonce::new(nonce.to_owned()).verify(sent),
            (Self::Device | Self::Refresh(_), None) => Ok(()),
            (Self::Device, Some(_)) => Err("a nonce that nobody asked for".to_owned()),
            (Self::Refresh(original), Some(_)) => match &original.nonce {
                Some(nonce) => Nonce::new(nonce.clone()).verify(sent),
                None => Err("a nonce that nobody asked for".to_owned()),
            },
        }
    }

    /// The claims that the library leaves to its users.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn check(
        self,
        claims: &Claims,
        algorithm: &Algorithm,
        now: Timestamp,
    ) -> Result<(), Invalid> {
        let auth_time = seconds(claims, "auth_time")?;
        match self {
            Self::SignIn { code, max_age, .. } => {
                check_hash(claims, "c_hash", code, algorithm, Invalid::CodeHash)?;
                max_age.map_or(Ok(()), |max_age| check_age(auth_time, max_age, now))
            }
            Self::Device => Ok(()),
            Self::Refresh(original) => match (auth_time, original.auth_time) {
                (Some(new), Some(old)) if new != old => Err(Invalid::AuthTime),
                _ => Ok(()),
            },
        }
    }
}

/// Who asked for a fresh sign-in is told how fresh it is (OpenID Connect Core, 3.1.3.7, 13).
fn check_age(auth_time: Option<i64>, max_age: Duration, now: Timestamp) -> Result<(), Invalid> {
    let auth_time = auth_time.ok_or(Invalid::AuthTime)?;
    let age = now.as_seconds().saturating_sub(auth_time);
    let oldest = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
    if (-LEEWAY..=oldest.saturating_add(LEEWAY)).contains(&age) {
        Ok(())
    } else {
        Err(Invalid::AuthTime)
    }
}

/// The claim `name`, if it is there, holds the hash of `value` (OpenID Connect Core, 3.1.3.6 and
/// 3.3.2.11: the left half of the hash that goes with the signature). The code flow need not send
/// `c_hash`; where it stands, it binds the token to the code.
///
/// # Errors
/// `wrong` when it holds something else.
pub(super) fn check_hash(
    claims: &Claims,
    name: &str,
    value: &str,
    algorithm: &Algorithm,
    wrong: Invalid,
) -> Result<(), Invalid> {
    let Some(claimed) = claims.get(name) else {
        return Ok(());
    };
    let hash = hash(value, algorithm).ok_or(Invalid::Algorithm)?;
    let (left, _) = hash.split_at(hash.len() / 2);
    if claimed.as_str() == Some(&URL_SAFE_NO_PAD.encode(left)) {
        Ok(())
    } else {
        Err(wrong)
    }
}

fn hash(value: &str, algorithm: &Algorithm) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::HmacSha256
        | Algorithm::RsaSsaPkcs1V15Sha256
        | Algorithm::RsaSsaPssSha256
        | Algorithm::EcdsaP256Sha256 => Some(Sha256::digest(value).to_vec()),
        Algorithm::RsaSsaPkcs1V15Sha384
        | Algorithm::RsaSsaPssSha384
        | Algorithm::EcdsaP384Sha384 => Some(Sha384::digest(value).to_vec()),
        // Ed25519 is the only curve of EdDSA that is verified here.
        Algorithm::RsaSsaPkcs1V15Sha512 | Algorithm::RsaSsaPssSha512 | Algorithm::EdDsa => {
            Some(Sha512::digest(value).to_vec())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(name: &str, value: &str) -> Claims {
        Claims::from_iter([(name.to_owned(), json!(value))])
    }

    /// SEC-12, S-6: the example of OpenID Connect Core, appendix A.3 and A.4.
    #[test]
    fn hashes_are_those_of_the_specification() {
        let (token, code) = (
            "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk",
        );
        for (name, value, hash) in [
            ("at_hash", token, "77QmUPtjPfzWtF2AnpK9RQ"),
            ("c_hash", code, "LDktKdoQak3Pk0cnXxCltA"),
        ] {
            let claims = claims(name, hash);
            for (algorithm, expected) in [
                (Algorithm::RsaSsaPkcs1V15Sha256, Ok(())),
                (Algorithm::RsaSsaPkcs1V15Sha512, Err(Invalid::CodeHash)),
                (Algorithm::None, Err(Invalid::Algorithm)),
            ] {
                let checked = check_hash(&claims, name, value, &algorithm, Invalid::CodeHash);
                assert_eq!(checked, expected, "{name}");
            }
        }
    }

    /// S-10.
    #[test]
    fn a_sign_in_is_as_fresh_as_was_asked() {
        let now = Timestamp::from_millis(1_000_000_000);
        let check = |auth_time| check_age(auth_time, Duration::from_mins(5), now);
        for age in [-60, 0, 300, 360] {
            assert_eq!(check(Some(1_000_000 - age)), Ok(()), "{age}");
        }
        for auth_time in [
            None,
            Some(0),
            Some(1_000_000 - 361),
            Some(1_000_061),
            Some(i64::MAX),
            Some(i64::MIN),
        ] {
            assert_eq!(check(auth_time), Err(Invalid::AuthTime), "{auth_time:?}");
        }
    }
}
