//! Access tokens: JSON Web Tokens that say for whom they speak (RFC 9068), signed by us or by a
//! trusted peer. Opened here and nowhere else.

use std::time::Duration;

use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::signing_keys::KeySet;
use crate::{
    clock::Timestamp,
    error::Result,
    oidc::{
        id_token::{Invalid, payload},
        jws::{self, Signers, Types},
    },
    users::Role,
};

/// How long an access token lives.
pub const LIFE: Duration = Duration::from_mins(10);

/// How far a peer's clock may be off, in seconds.
const LEEWAY: i64 = 60;

/// The one client that there is: any program, which no secret tells apart from another.
pub const CLIENT_ID: &str = "program";

/// Its type (RFC 9068, 2.1), so that no other token passes for one.
const TYPE: &str = "at+jwt";

/// The one algorithm.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 1] = [CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// What an access token says (RFC 9068, 2.2).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Claims {
    /// Who signed it.
    pub iss: String,
    /// Who is to take it.
    pub aud: String,
    /// The person, by the provider's name for them.
    pub sub: String,
    /// [`CLIENT_ID`]
    pub client_id: String,
    /// When it was signed, in seconds since 1970.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Its own name.
    pub jti: String,
    /// The program's session; opens nothing.
    pub sid: String,
    /// What it may do.
    pub scope: String,
    /// The role that this amounts to.
    pub roles: Vec<Role>,
    /// The provider whose `sub` it is.
    pub idp: String,
}

impl Claims {
    /// The token.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign(&self, keys: &KeySet) -> Result<String> {
        keys.newest().typed_jwt(TYPE, &serde_json::to_value(self)?)
    }

    /// Reads a token that one of `keys` has signed for `audience` as `issuer`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify(
        token: &str,
        keys: &[CoreJsonWebKey],
        (issuer, audience): (&str, &str),
        now: Timestamp,
    ) -> Result<Self, Invalid> {
        let claims = payload(token).ok_or(Invalid::Malformed)?;
        let claims: Self =
            serde_json::from_value(Value::Object(claims)).map_err(|_| Invalid::Malformed)?;
        // Claims first: whoever makes up a signature makes us fetch no keys.
        claims.check(issuer, audience, now.as_seconds())?;
        let signers = Signers {
            keys,
            algorithms: &ALGORITHMS,
            secret: None,
        };
        jws::verify(token, signers, Types::Only(&[TYPE]))?;
        Ok(claims)
    }

    fn check(&self, issuer: &str, audience: &str, now: i64) -> Result<(), Invalid> {
        if self.iss != issuer {
            return Err(Invalid::Issuer);
        }
        if self.aud != audience {
            return Err(Invalid::Audience);
        }
        if self.exp <= now {
            return Err(Invalid::Expired);
        }
        if self.iat > now.saturating_add(LEEWAY) {
            return Err(Invalid::IssuedAt);
        }
        Ok(())
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }

    /// The strongest role that it gives.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.roles.iter().copied().max()
    }
}

/// Who says to have signed `token`; to be believed once that is verified.
#[must_use]
pub fn claimed_issuer(token: &str) -> Option<String> {
    let claims = payload(token)?;
    claims.get("iss")?.as_str().map(str::to_owned)
}
