//! What a program calls a vote, so that a vote which is sent again counts once.
//!
//! What is kept tells neither who voted nor when nor for what: the hash is over the person and a
//! key that the program alone knows, and never over the choice, which somebody could try out.

use sha2::{Digest as _, Sha256};

use crate::users::UserId;

/// Shortest key taken: a shorter one could be guessed, or meant for another vote.
const SHORTEST: usize = 16;
/// Longest key taken.
const LONGEST: usize = 255;

/// SHA-256 over a person and what their program calls a vote.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IdempotencyKey(Vec<u8>);

impl IdempotencyKey {
    /// The key `text` of `user`: 16 to 255 visible ASCII characters, a UUID for instance. Anything
    /// else is none.
    #[must_use]
    pub fn new(user: UserId, text: &str) -> Option<Self> {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = (SHORTEST..=LONGEST).contains(&text.len());
        (fits && is_visible).then(|| {
            let hash = Sha256::new().chain_update(user.0.to_be_bytes());
            Self(hash.chain_update(text).finalize().to_vec())
        })
    }

    /// A key that was kept.
    pub(super) const fn kept(hash: Vec<u8>) -> Self {
        Self(hash)
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

    #[test]
    fn a_key_is_one_persons_alone() {
        let (uma, vera) = (UserId(1), UserId(2));
        assert_eq!(
            IdempotencyKey::new(uma, UUID),
            IdempotencyKey::new(uma, UUID)
        );
        assert_ne!(
            IdempotencyKey::new(uma, UUID),
            IdempotencyKey::new(vera, UUID)
        );
    }

    #[test]
    fn what_could_be_guessed_or_is_no_text_is_no_key() {
        let long = "k".repeat(LONGEST + 1);
        for text in [
            "",
            "1",
            "fifteen-letters",
            "sixteen letters!",
            "sechzehn-zeichenä",
            &long,
        ] {
            assert_eq!(IdempotencyKey::new(UserId(1), text), None, "{text}");
        }
        assert!(IdempotencyKey::new(UserId(1), &long[1..]).is_some());
    }
}
