//! Elliptic-curve keys (RFC 7518 section 3.4, RFC 8037), for providers that do not sign with RSA.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
        ECDSA_P384_SHA384_FIXED_SIGNING, ED25519, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair as _, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use serde_json::{Value, json};

use crate::{error::Error, random};

/// The algorithms, by their names in headers and metadata.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Curve {
    Es256,
    Es384,
    EdDsa,
}

impl Curve {
    pub(crate) const ALL: [Self; 3] = [Self::Es256, Self::Es384, Self::EdDsa];

    pub(crate) fn alg(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// `crv` in a JWK.
    fn name(self) -> &'static str {
        match self {
            Self::Es256 => "P-256",
            Self::Es384 => "P-384",
            Self::EdDsa => "Ed25519",
        }
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_FIXED,
            Self::Es384 => &ECDSA_P384_SHA384_FIXED,
            Self::EdDsa => &ED25519,
        }
    }
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key pair on one curve.
pub(crate) struct CurveKey {
    pub(crate) kid: String,
    curve: Curve,
    pair: Pair,
}

impl fmt::Debug for CurveKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CurveKey")
            .field("curve", &self.curve)
            .finish_non_exhaustive()
    }
}

impl CurveKey {
    /// A new key; unlike RSA keys these cost nothing.
    pub(crate) fn new(curve: Curve) -> Result<Self, Error> {
        let pair = match curve {
            Curve::Es256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
            Curve::Es384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING)?,
            Curve::EdDsa => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())?;
                Pair::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref())?)
            }
        };
        Ok(Self {
            kid: random::id(),
            curve,
            pair,
        })
    }

    pub(crate) fn is(&self, curve: Curve) -> bool {
        self.curve == curve
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = match &self.pair {
            Pair::Ecdsa(pair) => pair.sign(&SystemRandom::new(), message)?,
            Pair::Ed25519(pair) => pair.sign(message),
        };
        Ok(signature.as_ref().to_vec())
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(self.curve.verification(), self.public());
        key.verify(message, signature).is_ok()
    }

    fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Ecdsa(pair) => pair.public_key().as_ref(),
            Pair::Ed25519(pair) => pair.public_key().as_ref(),
        }
    }

    /// The public part as members of a JWK (RFC 7518 section 6.2, RFC 8037 section 2).
    pub(crate) fn jwk(&self) -> Value {
        let (alg, crv) = (self.curve.alg(), self.curve.name());
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        // An uncompressed point is 0x04, x, y; an Ed25519 key is x alone.
        let point = match &self.pair {
            Pair::Ecdsa(_) => self
                .public()
                .split_first()
                .map(|(_, xy)| xy.split_at(xy.len() / 2)),
            Pair::Ed25519(_) => None,
        };
        match point {
            Some((x, y)) => {
                json!({"kty": "EC", "crv": crv, "alg": alg, "x": encode(x), "y": encode(y)})
            }
            None => json!({"kty": "OKP", "crv": crv, "alg": alg, "x": encode(self.public())}),
        }
    }
}

fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm) -> Result<Pair, Error> {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random)?;
    Ok(Pair::Ecdsa(EcdsaKeyPair::from_pkcs8(
        algorithm,
        pkcs8.as_ref(),
        &random,
    )?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_curve_verifies_its_own_signature_only() {
        for curve in Curve::ALL {
            let (key, other) = (CurveKey::new(curve).unwrap(), CurveKey::new(curve).unwrap());
            let signature = key.sign(b"message").unwrap();
            assert!(key.verifies(b"message", &signature), "{curve:?}");
            assert!(!key.verifies(b"massage", &signature), "{curve:?}");
            assert!(!other.verifies(b"message", &signature), "{curve:?}");
        }
    }

    #[test]
    fn coordinates_are_as_long_as_the_curve_demands() {
        let length = |jwk: &Value, name: &str| jwk[name].as_str().map(str::len);
        let lengths = Curve::ALL.map(|curve| {
            let jwk = CurveKey::new(curve).unwrap().jwk();
            (length(&jwk, "x"), length(&jwk, "y"))
        });
        assert_eq!(
            lengths,
            [(Some(43), Some(43)), (Some(64), Some(64)), (Some(43), None)]
        );
    }
}
