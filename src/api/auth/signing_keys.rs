//! The keys that sign access tokens: made once for all instances, sealed in the database, and
//! followed by another when an operator asks for it (`rolecall key rotate-signing`).

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use openidconnect::core::CoreJsonWebKey;
use serde_json::Value;

use super::store::signing_keys as store;
use crate::{
    clock::{Clock, Timestamp},
    db::Db,
    error::{Error, Result},
    private_key::PrivateKey,
    vault::Vault,
};

/// What the vault seals them for.
const PURPOSE: &str = "signing_key";

/// How long what was read is used to sign; a new key signs everywhere after that.
const MEMORY: Duration = Duration::from_mins(1);

/// How long a key is believed that was followed by another: longer than any instance signs with
/// it, and any token lives.
const OVERLAP: Duration = Duration::from_hours(1);

/// How often another process may be faster; then something else is wrong.
const ATTEMPTS: usize = 5;

/// The signing keys of this installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SigningKeys(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    db: Db,
    vault: Vault,
    clock: Clock,
    known: ArcSwapOption<KeySet>,
}

/// The keys as they were read.
#[derive(Debug)]
pub struct KeySet {
    newest: PrivateKey,
    jwks: Vec<Value>,
    /// The public halves, for verification.
    pub public: Vec<CoreJsonWebKey>,
    read_at: Timestamp,
}

impl KeySet {
    /// The key that signs.
    #[must_use]
    pub const fn newest(&self) -> &PrivateKey {
        &self.newest
    }

    /// The public halves as they are published (RFC 7517, 4).
    #[must_use]
    pub fn jwks(&self) -> &[Value] {
        &self.jwks
    }
}

impl SigningKeys {
    /// The keys in `db`, sealed by `vault`; reads nothing yet.
    #[must_use]
    pub fn new(db: Db, vault: Vault, clock: Clock) -> Self {
        Self(Arc::new(Parts {
            db,
            vault,
            clock,
            known: ArcSwapOption::empty(),
        }))
    }

    /// The keys as they were not long ago.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known(&self) -> Result<Arc<KeySet>> {
        let now = self.0.clock.now();
        match self.0.known.load_full() {
            Some(known) if now.since(known.read_at) < MEMORY => Ok(known),
            _ => self.read().await,
        }
    }

    /// The keys as they are now; makes the first one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Arc<KeySet>> {
        for _ in 0..ATTEMPTS {
            let rows = store::list(&self.0.db).await?;
            if let Some(keys) = self.open(&rows)? {
                let keys = Arc::new(keys);
                self.0.known.store(Some(Arc::clone(&keys)));
                return Ok(keys);
            }
            if let Some(newest) = rows.first() {
                tracing::warn!(
                    number = newest.number,
                    "the signing key was sealed with a key that is not here: a new one is made, \
                     and programs get new access tokens"
                );
            }
            self.add(rows.first().map_or(1, |newest| newest.number + 1))
                .await?;
        }
        Err(Error::internal("no signing key"))
    }

    /// Makes a new key, which signs from now on; the one before is believed for another hour.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rotate(&self) -> Result<()> {
        self.read().await?;
        for _ in 0..ATTEMPTS {
            let rows = store::list(&self.0.db).await?;
            if self
                .add(rows.first().map_or(1, |newest| newest.number + 1))
                .await?
            {
                return self.read().await.map(drop);
            }
        }
        Err(Error::internal("no signing key"))
    }

    /// Removes the keys that are not believed any more; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        store::sweep(&self.0.db, self.0.clock.now().minus(OVERLAP)).await
    }

    /// `false` when another process has made the key with this number.
    async fn add(&self, number: i64) -> Result<bool> {
        let secret = PrivateKey::generate()?;
        let kid = PrivateKey::from_pkcs8(&secret).map(|key| key.kid().to_owned());
        let kid = kid.ok_or_else(|| Error::internal("a new key cannot be read"))?;
        let sealed = self.0.vault.seal(PURPOSE, &secret)?;
        store::add(&self.0.db, number, kid, sealed, self.0.clock.now()).await
    }

    /// Opens those that are believed; `None` when the newest is not there, or does not open.
    fn open(&self, rows: &[store::SealedKey]) -> Result<Option<KeySet>> {
        let now = self.0.clock.now();
        let open = |row: &store::SealedKey| {
            let secret = self.0.vault.open(PURPOSE, &row.private_key)?;
            PrivateKey::from_pkcs8(&secret)
        };
        let Some(newest) = rows.first().and_then(open) else {
            return Ok(None);
        };
        let followed_at = rows.iter().map(|row| row.created_at);
        let older = rows.iter().skip(1).zip(followed_at);
        let believed = older.filter(|(_, followed_at)| now < followed_at.plus(OVERLAP));
        let older = believed.filter_map(|(row, _)| open(row));
        let keys = std::iter::once(newest.clone()).chain(older);
        let jwks: Vec<_> = keys.filter_map(|key| key.public_jwk()).collect();
        let public = serde_json::from_value(Value::Array(jwks.clone()))?;
        Ok(Some(KeySet {
            newest,
            jwks,
            public,
            read_at: now,
        }))
    }
}
