//! Seals secrets at rest: what the database holds of tokens is useless without the keys.
//!
//! AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D, 8.2.2). The newest key seals and
//! all open, so that a new one signs nobody out. Foundation: knows no feature.

pub mod key_file;
mod keys;
mod subject_hasher;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

pub use keys::Keys;
pub use subject_hasher::SubjectHasher;

use crate::{
    config::DatabaseConfig,
    error::{Error, Result},
    random::Random,
};

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Vault {
    newest: Arc<LessSafeKey>,
    older: Arc<[LessSafeKey]>,
    subject_hasher: SubjectHasher,
    random: Random,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault with the keys that are configured, else with those in the key file. Several
    /// instances share sessions only when they share the keys.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn configured(config: &DatabaseConfig, random: Random) -> Result<Self> {
        match &config.keys {
            Some(keys) => Self::new(keys, random),
            None => Self::new(
                &key_file::read_or_create(&config.key_file, &random)?,
                random,
            ),
        }
    }

    /// A vault with these keys.
    ///
    /// # Errors
    /// Never for keys of 32 bytes; the library asks.
    pub fn new(keys: &Keys, random: Random) -> Result<Self> {
        let usable = keys.iter().map(|key| {
            let key = UnboundKey::new(&AES_256_GCM, key);
            key.map(LessSafeKey::new)
                .map_err(|_| Error::internal("bad key"))
        });
        let mut usable = usable.collect::<Result<Vec<_>>>()?.into_iter();
        let newest = usable.next().ok_or_else(|| Error::internal("no key"))?;
        Ok(Self {
            newest: Arc::new(newest),
            older: usable.collect(),
            subject_hasher: keys.subject_hasher(),
            random,
        })
    }

    /// Names people in the log.
    #[must_use]
    pub fn subject_hasher(&self) -> SubjectHasher {
        self.subject_hasher.clone()
    }

    /// Seals `secret`; `purpose` must be the same when it is opened.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, purpose: &'static str, secret: &str) -> Result<String> {
        let nonce: [u8; NONCE_LEN] = self.random.bytes()?;
        let mut sealed = secret.as_bytes().to_vec();
        let nonce_once = Nonce::assume_unique_for_key(nonce);
        self.newest
            .seal_in_place_append_tag(nonce_once, Aad::from(purpose), &mut sealed)
            .map_err(|_| Error::internal("cannot seal"))?;
        Ok(BASE64.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Vault::seal`] made; `None` when it was sealed with a key that is not here or
    /// for another purpose, or changed since.
    #[must_use]
    pub fn open(&self, purpose: &'static str, sealed: &str) -> Option<String> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut keys = std::iter::once(&*self.newest).chain(&*self.older);
        keys.find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut sealed = sealed.to_vec();
            let secret = key.open_in_place(nonce, Aad::from(purpose), &mut sealed);
            String::from_utf8(secret.ok()?.to_vec()).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seed: u64) -> Keys {
        Keys::generate(&Random::seeded(seed)).unwrap()
    }

    fn vault(keys: &Keys) -> Vault {
        Vault::new(keys, Random::System).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_the_same_purpose_and_key_only() {
        let mine = vault(&keys(7));
        let sealed = mine.seal("tokens", "SECRET-xyz").unwrap();
        assert!(!sealed.contains("SECRET"));
        assert_eq!(mine.open("tokens", &sealed).as_deref(), Some("SECRET-xyz"));
        assert_eq!(mine.open("other", &sealed), None);
        assert_eq!(vault(&keys(8)).open("tokens", &sealed), None);
        assert_eq!(mine.open("tokens", "short"), None);
    }

    #[test]
    fn the_newest_key_seals_and_all_open() {
        let (old, new) = (keys(1), keys(2));
        let both = vault(&old.clone().behind(new.clone()));
        let before = vault(&old).seal("tokens", "before").unwrap();
        assert_eq!(both.open("tokens", &before).as_deref(), Some("before"));
        let after = both.seal("tokens", "after").unwrap();
        assert_eq!(vault(&new).open("tokens", &after).as_deref(), Some("after"));
        assert_eq!(vault(&old).open("tokens", &after), None);
    }
}
