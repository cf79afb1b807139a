//! JSON Web Tokens by hand (RFC 7515 section 3.1), because a library refuses to make the wrong
//! ones that tests need.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use rsa::sha2::{Digest as _, Sha256, Sha384, Sha512};
use serde_json::{Map, Value, json};

use crate::{
    curves::Curve,
    error::Error,
    keys::{Hash, KeyRing, SigningKey},
    patch::{Patch, members},
};

/// How a token is made: properly, unless a test bends it.
#[derive(Clone, Debug, Default)]
pub struct Minting {
    /// Changes to the header, such as `kid`, `typ` or `alg` (the name only, not the signature).
    pub header: Patch,
    /// Changes to the claims, made before signing.
    pub claims: Patch,
    /// Who signs, and with what.
    pub signing: Signing,
}

/// The signature of a token.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Signing {
    /// The provider's current key, RS256.
    #[default]
    Rs256,
    /// The provider's current key, RS384.
    Rs384,
    /// The provider's current key, RS512.
    Rs512,
    /// The provider's P-256 key, ES256. The `curves` of [`crate::knobs::JwksKnobs`] publish it.
    Es256,
    /// The provider's P-384 key, ES384.
    Es384,
    /// The provider's Ed25519 key.
    EdDsa,
    /// HS256 with the client's secret.
    ClientSecret,
    /// HS256 with the published public key as the secret: key confusion.
    PublicKeyAsSecret,
    /// A key that was never published, under the current key's id.
    ForeignKey,
    /// A key that was never published, embedded as `jwk` in the header.
    EmbeddedKey,
    /// `"alg":"none"` and no signature.
    Unsigned,
    /// The proper signature with one bit flipped.
    Broken,
}

impl Signing {
    fn curve(self) -> Option<Curve> {
        match self {
            Self::Es256 => Some(Curve::Es256),
            Self::Es384 => Some(Curve::Es384),
            Self::EdDsa => Some(Curve::EdDsa),
            _ => None,
        }
    }

    /// The algorithm's name in the header.
    fn alg(self) -> &'static str {
        match self {
            Self::Rs256 | Self::ForeignKey | Self::EmbeddedKey | Self::Broken => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::ClientSecret | Self::PublicKeyAsSecret => "HS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Unsigned => "none",
        }
    }

    /// `at_hash` and `c_hash`: the left half of the hash that goes with the algorithm
    /// (OpenID Connect Core section 3.1.3.6).
    pub(crate) fn half_hash(self, value: &str) -> String {
        let hash = match self {
            Self::Rs384 | Self::Es384 => Sha384::digest(value).to_vec(),
            // EdDSA over Ed25519 hashes with SHA-512 (RFC 8032 section 5.1).
            Self::Rs512 | Self::EdDsa => Sha512::digest(value).to_vec(),
            _ => Sha256::digest(value).to_vec(),
        };
        let (left, _) = hash.split_at(hash.len() / 2);
        URL_SAFE_NO_PAD.encode(left)
    }
}

impl Minting {
    /// The compact serialization of a token for a client with this secret.
    pub(crate) fn mint(
        &self,
        keys: &KeyRing,
        client_secret: &str,
        mut claims: Map<String, Value>,
    ) -> Result<String, Error> {
        let mut header = members(json!({"alg": self.signing.alg(), "typ": "JWT"}));
        match self.signing {
            Signing::Unsigned | Signing::ClientSecret => {}
            Signing::EmbeddedKey => {
                header.insert("jwk".to_owned(), SigningKey::foreign()?.jwk());
            }
            signing => {
                let kid = match signing.curve() {
                    Some(curve) => &keys.on(curve)?.kid,
                    None => keys.kid(),
                };
                header.insert("kid".to_owned(), json!(kid));
            }
        }
        self.header.apply(&mut header);
        self.claims.apply(&mut claims);
        let input = format!("{}.{}", part(header), part(claims));
        let signature = self.signature(keys, client_secret, input.as_bytes())?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn signature(&self, keys: &KeyRing, secret: &str, input: &[u8]) -> Result<Vec<u8>, Error> {
        if let Some(curve) = self.signing.curve() {
            return keys.on(curve)?.sign(input);
        }
        let key = keys.current();
        Ok(match self.signing {
            Signing::Rs256 => key.sign(Hash::Sha256, input)?,
            Signing::Rs384 => key.sign(Hash::Sha384, input)?,
            Signing::Rs512 => key.sign(Hash::Sha512, input)?,
            Signing::ClientSecret => hs256(secret.as_bytes(), input),
            Signing::PublicKeyAsSecret => hs256(key.public_pem().as_bytes(), input),
            Signing::ForeignKey | Signing::EmbeddedKey => {
                SigningKey::foreign()?.sign(Hash::Sha256, input)?
            }
            Signing::Unsigned | Signing::Es256 | Signing::Es384 | Signing::EdDsa => Vec::new(),
            Signing::Broken => flipped(key.sign(Hash::Sha256, input)?),
        })
    }
}

/// The claims of a token that this provider signed, expired or not: all an
/// `id_token_hint` has to be (OpenID Connect RP-Initiated Logout section 4).
pub(crate) fn read(keys: &KeyRing, token: &str) -> Option<Map<String, Value>> {
    let (input, signature) = token.rsplit_once('.')?;
    let (_, claims) = input.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !keys.verifies(input.as_bytes(), &signature) {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn part(members: Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(Value::Object(members).to_string())
}

fn hs256(secret: &[u8], input: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::sign(&key, input).as_ref().to_vec()
}

fn flipped(mut signature: Vec<u8>) -> Vec<u8> {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> KeyRing {
        KeyRing::new().unwrap()
    }

    fn mint(keys: &KeyRing, signing: Signing) -> String {
        let minting = Minting {
            signing,
            ..Minting::default()
        };
        minting
            .mint(keys, "secret", members(json!({"sub": "ada"})))
            .unwrap()
    }

    #[test]
    fn its_own_token_is_read_back() {
        let keys = ring();
        for signing in [
            Signing::Rs256,
            Signing::Rs384,
            Signing::Rs512,
            Signing::Es256,
            Signing::Es384,
            Signing::EdDsa,
        ] {
            let claims = read(&keys, &mint(&keys, signing)).unwrap();
            assert_eq!(claims.get("sub"), Some(&json!("ada")), "{signing:?}");
        }
    }

    #[test]
    fn a_token_signed_before_a_rotation_is_still_read() {
        let mut keys = ring();
        let token = mint(&keys, Signing::Rs256);
        keys.rotate(false).unwrap();
        keys.withdraw_earlier();
        assert!(read(&keys, &token).is_some());
    }

    #[test]
    fn wrong_signatures_are_not_read() {
        let keys = ring();
        for signing in [
            Signing::ClientSecret,
            Signing::PublicKeyAsSecret,
            Signing::ForeignKey,
            Signing::EmbeddedKey,
            Signing::Unsigned,
            Signing::Broken,
        ] {
            assert!(read(&keys, &mint(&keys, signing)).is_none(), "{signing:?}");
        }
    }

    #[test]
    fn hs256_agrees_with_rfc_4231_case_2() {
        let mac = hs256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(&mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn a_half_hash_is_half_as_long_as_the_hash() {
        assert_eq!(Signing::Rs256.half_hash("x").len(), 22);
        assert_eq!(Signing::Rs512.half_hash("x").len(), 43);
    }
}
