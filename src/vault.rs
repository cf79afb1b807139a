//! Seals secrets at rest: what the database holds of tokens is useless without the key file.
//!
//! AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D, 8.2.2). Foundation: knows no
//! feature.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{
    error::{Error, Result},
    random::Random,
};

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Vault {
    key: Arc<LessSafeKey>,
    random: Random,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault whose key is `key`.
    ///
    /// # Errors
    /// Never for 32 bytes; the library asks.
    pub fn new(key: [u8; 32], random: Random) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| Error::internal("bad key"))?;
        Ok(Self {
            key: Arc::new(LessSafeKey::new(key)),
            random,
        })
    }

    /// A vault with the key in `path`, which is made with mode 0600 when it is not there.
    /// Several instances share sessions only when they share this file.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn open_or_create(path: &Path, random: Random) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => create(path, &random),
            text => text.map_err(|error| unusable(path, &error)),
        }?;
        let key = BASE64
            .decode(text.trim())
            .ok()
            .and_then(|key| key.try_into().ok());
        Self::new(
            key.ok_or_else(|| unusable(path, &"not a key of 32 bytes"))?,
            random,
        )
    }

    /// Seals `secret`; `purpose` must be the same when it is opened.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, purpose: &'static str, secret: &str) -> Result<String> {
        let nonce: [u8; NONCE_LEN] = self.random.bytes()?;
        let mut sealed = secret.as_bytes().to_vec();
        let nonce_once = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(nonce_once, Aad::from(purpose), &mut sealed)
            .map_err(|_| Error::internal("cannot seal"))?;
        Ok(BASE64.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Vault::seal`] made; `None` when it was sealed with another key or purpose,
    /// or changed since.
    #[must_use]
    pub fn open(&self, purpose: &'static str, sealed: &str) -> Option<String> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let secret = self
            .key
            .open_in_place(nonce, Aad::from(purpose), &mut sealed)
            .ok()?;
        String::from_utf8(secret.to_vec()).ok()
    }
}

/// Makes the key file. Of two processes that start together one makes it, the other reads it.
fn create(path: &Path, random: &Random) -> Result<String> {
    let text = BASE64.encode(random.bytes::<32>()?);
    let suffix = u64::from_be_bytes(random.bytes()?);
    let draft = path.with_extension(format!("{suffix:016x}.tmp"));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .map_err(|error| unusable(&draft, &error))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft).map_err(|error| unusable(&draft, &error))?;
    match linked {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::read_to_string(path).map_err(|error| unusable(path, &error))
        }
        Err(error) => Err(unusable(path, &error)),
    }
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::unavailable(format!("key file {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_was_sealed_opens_for_the_same_purpose_and_key_only() {
        let vault = Vault::new([7; 32], Random::System).unwrap();
        let sealed = vault.seal("tokens", "SECRET-xyz").unwrap();
        assert!(!sealed.contains("SECRET"));
        assert_eq!(vault.open("tokens", &sealed).as_deref(), Some("SECRET-xyz"));
        assert_eq!(vault.open("other", &sealed), None);
        assert_eq!(
            Vault::new([8; 32], Random::System)
                .unwrap()
                .open("tokens", &sealed),
            None
        );
        assert_eq!(vault.open("tokens", "short"), None);
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        let first = Vault::open_or_create(&path, Random::System).unwrap();
        let sealed = first.seal("tokens", "kept").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let second = Vault::open_or_create(&path, Random::System).unwrap();
        assert_eq!(second.open("tokens", &sealed).as_deref(), Some("kept"));
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.key");
        fs::write(&path, "not a key").unwrap();
        assert!(Vault::open_or_create(&path, Random::System).is_err());
    }
}
