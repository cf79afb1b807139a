//! Randomness, passed in: ids and secrets come from here, and tests can make them repeat.
//!
//! Foundation: knows no feature.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng as _, SeedableRng as _, TryRng as _, rngs::StdRng, rngs::SysRng};
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// A source of random bytes: the operating system in service, a seed in tests.
#[derive(Clone, Debug, Default)]
pub enum Random {
    /// The operating system's cryptographic generator.
    #[default]
    System,
    /// A generator that repeats itself for equal seeds.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// A generator for tests; equal seeds give equal bytes.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        match self {
            Self::System => SysRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?,
            Self::Seeded(rng) => {
                rng.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(&mut bytes);
            }
        }
        Ok(bytes)
    }

    /// A secret of 256 bits as 43 URL-safe characters.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn token(&self) -> Result<String, Error> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<32>()?))
    }
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// SHA-256 of a secret: what the database may hold of it.
#[must_use]
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEC-28.
    #[test]
    fn tokens_differ_and_carry_256_bits() -> Result<(), Error> {
        let (one, two) = (Random::System.token()?, Random::System.token()?);
        assert_ne!(one, two);
        assert_eq!(one.len(), 43);
        Ok(())
    }

    #[test]
    fn equal_seeds_repeat() -> Result<(), Error> {
        assert_eq!(Random::seeded(7).token()?, Random::seeded(7).token()?);
        Ok(())
    }
}
