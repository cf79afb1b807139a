//! Signing keys: generated once per process, published as a JWKS, rotated on command.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::EncodePublicKey as _,
    rand_core::OsRng,
    sha2::{Digest as _, Sha256, Sha384, Sha512},
    traits::PublicKeyParts as _,
};
use serde_json::{Value, json};

use crate::{
    curves::{Curve, CurveKey},
    error::Error,
    patch::members,
    random,
};

/// Length of the keys in bits.
const BITS: usize = 2048;

/// Keys made so far in this process. Making one takes a noticeable time, and a hundred providers in
/// one test binary can share them: what tells providers apart is the issuer.
static POOL: Mutex<Vec<SigningKey>> = Mutex::new(Vec::new());

/// Place of the key that no provider ever publishes.
const FOREIGN: usize = 0;

/// Hash of an RSA signature (RFC 7518 section 3.3).
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// An RSA key pair.
#[derive(Clone)]
pub(crate) struct SigningKey(Arc<RsaPrivateKey>);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey")
    }
}

impl SigningKey {
    /// The key at this place of the process-wide pool; slow when it has to be made.
    fn pooled(place: usize) -> Result<Self, Error> {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(key) = pool.get(place) {
                return Ok(key.clone());
            }
            pool.push(Self(Arc::new(RsaPrivateKey::new(&mut OsRng, BITS)?)));
        }
    }

    /// A key that verifies against no published one.
    pub(crate) fn foreign() -> Result<Self, Error> {
        Self::pooled(FOREIGN)
    }

    /// The whole key pair.
    pub(crate) fn private(&self) -> &RsaPrivateKey {
        &self.0
    }

    /// RSASSA-PKCS1-v1_5 over `message`.
    pub(crate) fn sign(&self, hash: Hash, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(match hash {
            Hash::Sha256 => self
                .0
                .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))?,
            Hash::Sha384 => self
                .0
                .sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message))?,
            Hash::Sha512 => self
                .0
                .sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message))?,
        })
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = self.0.to_public_key();
        let hashes: [(_, Vec<u8>); 3] = [
            (
                Pkcs1v15Sign::new::<Sha256>(),
                Sha256::digest(message).to_vec(),
            ),
            (
                Pkcs1v15Sign::new::<Sha384>(),
                Sha384::digest(message).to_vec(),
            ),
            (
                Pkcs1v15Sign::new::<Sha512>(),
                Sha512::digest(message).to_vec(),
            ),
        ];
        hashes
            .into_iter()
            .any(|(scheme, hash)| public.verify(scheme, &hash, signature).is_ok())
    }

    /// The public part as members of a JWK (RFC 7518 section 6.3.1).
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "RSA",
            "alg": "RS256",
            "n": URL_SAFE_NO_PAD.encode(self.0.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(self.0.e().to_bytes_be()),
        })
    }

    /// The public part as PEM, which a confused verifier takes for an HMAC secret.
    pub(crate) fn public_pem(&self) -> String {
        self.0
            .to_public_key()
            .to_public_key_pem(rsa::pkcs8::LineEnding::LF)
            .unwrap_or_default()
    }
}

#[derive(Debug)]
struct RingKey {
    kid: String,
    key: SigningKey,
    listed: bool,
}

/// The keys of one provider: one signs, earlier ones may still be published.
#[derive(Debug)]
pub(crate) struct KeyRing {
    current: RingKey,
    earlier: Vec<RingKey>,
    curves: Vec<CurveKey>,
}

impl KeyRing {
    /// A ring with one RSA key, and one on each curve.
    pub(crate) fn new() -> Result<Self, Error> {
        let curves = Curve::ALL
            .into_iter()
            .map(CurveKey::new)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            current: Self::fresh(1, random::id())?,
            earlier: Vec::new(),
            curves,
        })
    }

    fn fresh(place: usize, kid: String) -> Result<RingKey, Error> {
        Ok(RingKey {
            kid,
            key: SigningKey::pooled(FOREIGN + place)?,
            listed: true,
        })
    }

    /// Signs with a new key from now on, under a new key id or the old one.
    pub(crate) fn rotate(&mut self, keep_kid: bool) -> Result<(), Error> {
        let kid = if keep_kid {
            self.current.kid.clone()
        } else {
            random::id()
        };
        let next = Self::fresh(self.earlier.len() + 2, kid)?;
        let mut previous = std::mem::replace(&mut self.current, next);
        previous.listed = !keep_kid;
        self.earlier.push(previous);
        Ok(())
    }

    /// Publishes the signing key only.
    pub(crate) fn withdraw_earlier(&mut self) {
        for key in &mut self.earlier {
            key.listed = false;
        }
    }

    /// The signing key's id.
    pub(crate) fn kid(&self) -> &str {
        &self.current.kid
    }

    /// The signing key.
    pub(crate) fn current(&self) -> &SigningKey {
        &self.current.key
    }

    /// The key of an elliptic-curve algorithm.
    pub(crate) fn on(&self, curve: Curve) -> Result<&CurveKey, Error> {
        self.curves
            .iter()
            .find(|key| key.is(curve))
            .ok_or(Error::Unknown("key on this curve"))
    }

    /// Whether any key of this provider made this signature, published or not.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let mut keys = self.earlier.iter().chain([&self.current]);
        keys.any(|candidate| candidate.key.verifies(message, signature))
            || self
                .curves
                .iter()
                .any(|key| key.verifies(message, signature))
    }

    /// The published keys, newest first, with the members RFC 7517 section 4 asks for.
    pub(crate) fn jwks(&self, with_kids: bool, with_curves: bool) -> Vec<Value> {
        let earlier = self.earlier.iter().rev().filter(|key| key.listed);
        let rsa = [&self.current].into_iter().chain(earlier);
        let rsa = rsa.map(|key| (key.key.jwk(), &key.kid));
        let curves = self
            .curves
            .iter()
            .filter(|_| with_curves)
            .map(|key| (key.jwk(), &key.kid));
        rsa.chain(curves)
            .map(|(jwk, kid)| published(jwk, with_kids.then_some(kid)))
            .collect()
    }
}

fn published(jwk: Value, kid: Option<&String>) -> Value {
    let mut jwk = members(jwk);
    jwk.insert("use".to_owned(), json!("sig"));
    jwk.extend(kid.map(|kid| ("kid".to_owned(), json!(kid))));
    Value::Object(jwk)
}
