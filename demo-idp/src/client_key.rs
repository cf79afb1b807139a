//! A key with which a client proves who it is (OpenID Connect Core section 9, `private_key_jwt`).

use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        UnparsedPublicKey,
    },
};
use rsa::{
    Pkcs1v15Sign, RsaPublicKey,
    pkcs1::EncodeRsaPrivateKey as _,
    pkcs8::{EncodePrivateKey as _, LineEnding, SecretDocument},
    sha2::{Digest as _, Sha256},
};

use crate::{error::Error, keys::SigningKey};

/// What a key pair is made of, and how its private half is written as PEM.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyFormat {
    /// RSA as ZITADEL hands it out: `RSA PRIVATE KEY` (RFC 8017 appendix A.1.2).
    RsaPkcs1,
    /// RSA as `PRIVATE KEY` (RFC 5208).
    RsaPkcs8,
    /// P-256 as `PRIVATE KEY`.
    P256,
}

#[derive(Clone, Debug)]
enum Public {
    Rsa(RsaPublicKey),
    P256(Vec<u8>),
}

/// The public half of a client's key, as it is registered.
#[derive(Clone, Debug)]
pub struct ClientKey {
    /// Key id.
    pub kid: String,
    public: Public,
}

impl ClientKey {
    /// A key pair: what is registered, and the private half as PEM. All RSA pairs of a process are
    /// one, because making one takes long.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn generate(kid: &str, format: KeyFormat) -> Result<(Self, String), Error> {
        let (public, pem) = match format {
            KeyFormat::RsaPkcs1 => {
                let key = SigningKey::foreign()?;
                let pem = key
                    .private()
                    .to_pkcs1_pem(LineEnding::LF)
                    .map_err(rsa::Error::from);
                (Public::Rsa(key.private().to_public_key()), pem?)
            }
            KeyFormat::RsaPkcs8 => {
                let key = SigningKey::foreign()?;
                let pem = key
                    .private()
                    .to_pkcs8_pem(LineEnding::LF)
                    .map_err(rsa::Error::from);
                (Public::Rsa(key.private().to_public_key()), pem?)
            }
            KeyFormat::P256 => {
                let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let random = SystemRandom::new();
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random)?;
                let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random)?;
                let document = SecretDocument::try_from(pkcs8.as_ref());
                let pem =
                    document.and_then(|document| document.to_pem("PRIVATE KEY", LineEnding::LF));
                let pem = pem.map_err(rsa::pkcs8::Error::from);
                let pem = pem.map_err(rsa::Error::from)?;
                (Public::P256(pair.public_key().as_ref().to_vec()), pem)
            }
        };
        let kid = kid.to_owned();
        Ok((Self { kid, public }, pem.to_string()))
    }

    /// The algorithm of its signatures.
    pub(crate) fn alg(&self) -> &'static str {
        match self.public {
            Public::Rsa(_) => "RS256",
            Public::P256(_) => "ES256",
        }
    }

    /// Whether its private half made `signature`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Rsa(key) => {
                let scheme = Pkcs1v15Sign::new::<Sha256>();
                key.verify(scheme, &Sha256::digest(message), signature)
                    .is_ok()
            }
            Public::P256(point) => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).is_ok()
            }
        }
    }
}
