//! A private key that signs what this program says of itself (RFC 7515). Foundation: knows no
//! feature.

use std::{fmt, fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::{Error, Result},
    random,
};

/// A private key with its id. What it is made of shows itself nowhere.
#[derive(Clone)]
pub struct PrivateKey {
    kid: String,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// A key file as ZITADEL hands it out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyFile {
    key_id: String,
    key: String,
    /// Of an application; the key of a machine user names that user instead.
    client_id: Option<String>,
}

/// What a key file came to.
pub struct Loaded {
    /// The key.
    pub key: PrivateKey,
    /// The client that it belongs to, where the file says so.
    pub client_id: Option<String>,
    /// Whether more people can read the file than its owner and group.
    pub is_world_readable: bool,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.kid)
    }
}

impl PrivateKey {
    /// Reads the key in `path`: PEM, whose id has to be given, or ZITADEL's JSON, which has one.
    ///
    /// # Errors
    /// What is wrong with the file, in words that hold nothing of it.
    pub fn load(path: &Path, kid: Option<&str>) -> Result<Loaded, &'static str> {
        let text = fs::read_to_string(path).map_err(|_| "names a file that cannot be read")?;
        let mode = fs::metadata(path).map_or(0, |file| file.permissions().mode());
        let is_json = text.trim_start().starts_with('{');
        let file = if is_json {
            let file: KeyFile = serde_json::from_str(&text)
                .map_err(|_| "names a JSON file without keyId and key")?;
            if kid.is_some_and(|kid| kid != file.key_id) {
                return Err("names a file with another key id than OIDC_RP_PRIVATE_KEY_ID");
            }
            file
        } else {
            KeyFile {
                key_id: kid
                    .ok_or("needs OIDC_RP_PRIVATE_KEY_ID beside it")?
                    .to_owned(),
                key: text,
                client_id: None,
            }
        };
        Ok(Loaded {
            key: Self::from_pem(&file.key, file.key_id)?,
            client_id: file.client_id,
            is_world_readable: mode & 0o004 != 0,
        })
    }

    /// A key in PEM: RSA of at least 2048 bits as PKCS #1 or PKCS #8, or P-256 as PKCS #8.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_pem(pem: &str, kid: String) -> Result<Self, &'static str> {
        const UNKNOWN: &str =
            "names a file without an RSA key (2048 bits or more) or P-256 key in PEM";
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| UNKNOWN)?;
        let pair = match &der {
            PrivateKeyDer::Pkcs1(der) => {
                RsaKeyPair::from_der(der.secret_pkcs1_der()).map(Pair::Rsa)
            }
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
                RsaKeyPair::from_pkcs8(der).map(Pair::Rsa).or_else(|_| {
                    EcdsaKeyPair::from_pkcs8(algorithm, der, &SystemRandom::new()).map(Pair::P256)
                })
            }
            _ => return Err(UNKNOWN),
        };
        let pair = Arc::new(pair.map_err(|_| UNKNOWN)?);
        Ok(Self { kid, pair })
    }

    /// A new P-256 key, as PKCS #8 in Base64: to be sealed, and read by [`PrivateKey::from_pkcs8`].
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn generate() -> Result<String> {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new());
        let key = key.map_err(|_| Error::internal("no key could be made"))?;
        Ok(URL_SAFE_NO_PAD.encode(key))
    }

    /// Reads what [`PrivateKey::generate`] made; its id is the thumbprint of the public key
    /// (RFC 7638). `None` for anything else.
    #[must_use]
    pub fn from_pkcs8(text: &str) -> Option<Self> {
        let der = URL_SAFE_NO_PAD.decode(text).ok()?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, &der, &SystemRandom::new()).ok()?;
        let [x, y] = coordinates(&pair)?;
        // The members in this order and without blanks, as RFC 7638, 3.2 has it.
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(random::digest(&members));
        let pair = Arc::new(Pair::P256(pair));
        Some(Self { kid, pair })
    }

    /// The id of the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key (RFC 7517, 4; RFC 7518, 6.2.1); `None` of an RSA key,
    /// which nobody asks for.
    #[must_use]
    pub fn public_jwk(&self) -> Option<Value> {
        let Pair::P256(pair) = &*self.pair else {
            return None;
        };
        let [x, y] = coordinates(pair)?;
        Some(json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
            "kid": self.kid, "x": x, "y": y,
        }))
    }

    /// The compact serialization of a JSON Web Token with these claims (RFC 7519, 3.1).
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn jwt(&self, claims: &Value) -> Result<String> {
        self.typed_jwt("JWT", claims)
    }

    /// The same of the type `typ` (RFC 7515, 4.1.9).
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn typed_jwt(&self, typ: &str, claims: &Value) -> Result<String> {
        let alg = match *self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::P256(_) => "ES256",
        };
        let header = json!({ "alg": alg, "typ": typ, "kid": self.kid });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.sign(input.as_bytes());
        let signature = signature.map_err(|_| Error::internal("the private key does not sign"))?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ring::error::Unspecified> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
            Pair::P256(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
        }
    }
}

/// The coordinates of the public key (SEC 1, 2.3.3: a byte 4 and both of them).
fn coordinates(pair: &EcdsaKeyPair) -> Option<[String; 2]> {
    let point = pair.public_key().as_ref().strip_prefix(&[4])?;
    let (x, y) = point.split_at_checked(32)?;
    Some([x, y].map(|half| URL_SAFE_NO_PAD.encode(half)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_read_again_and_has_an_id_of_its_own() {
        let (one, two) = (
            PrivateKey::generate().unwrap(),
            PrivateKey::generate().unwrap(),
        );
        let read = |text: &str| PrivateKey::from_pkcs8(text).unwrap();
        assert_eq!(read(&one).kid(), read(&one).kid());
        assert_ne!(read(&one).kid(), read(&two).kid());
        assert_eq!(read(&one).kid().len(), 43);
        assert!(PrivateKey::from_pkcs8("AAAA").is_none());
    }

    #[test]
    fn the_public_half_holds_nothing_of_the_private_one() {
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate().unwrap()).unwrap();
        let jwk = key.public_jwk().unwrap();
        let members: Vec<_> = jwk.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
}
