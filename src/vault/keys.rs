//! The keys of the vault as text: 32 bytes each in Base64, as `openssl rand -base64 32` prints
//! them, separated by blanks or line ends.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};

use super::SubjectHasher;
use crate::{error::Result, random::Random};

/// One key.
type Key = [u8; 32];

/// Keys of which the first one seals and each one opens. There is at least one; `Debug` shows
/// none.
#[derive(Clone, Eq, PartialEq)]
pub struct Keys(Vec<Key>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl Keys {
    /// A new key.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn generate(random: &Random) -> Result<Self> {
        Ok(Self(vec![random.bytes()?]))
    }

    /// Reads keys; `None` when there is none or anything else among them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let keys: Option<Vec<_>> = text.split_whitespace().map(decode).collect();
        keys.filter(|keys| !keys.is_empty()).map(Self)
    }

    /// The text that [`Keys::parse`] reads: a line per key. To be kept secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let lines = self.0.iter().map(|key| BASE64.encode(key) + "\n");
        lines.collect()
    }

    /// These keys behind those of `newer`.
    #[must_use]
    pub fn behind(self, newer: Self) -> Self {
        Self([newer.0, self.0].concat())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// With the oldest key, so that a new one gives nobody another name.
    #[must_use]
    pub fn subject_hasher(&self) -> SubjectHasher {
        SubjectHasher::new(self.0.last().map_or(&[], Key::as_slice))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.0.iter()
    }
}

fn decode(word: &str) -> Option<Key> {
    let bytes = BASE64.decode(word.trim_end_matches('=')).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_and_without_padding_and_nothing_else_is() {
        let old = Keys::generate(&Random::seeded(1)).unwrap();
        let new = Keys::generate(&Random::seeded(2)).unwrap();
        let both = old.clone().behind(new.clone());
        assert_eq!(Keys::parse(&both.to_text()), Some(both));
        let padded = format!("{}=  ", old.to_text().trim());
        assert_eq!(Keys::parse(&padded), Some(old.clone()));
        let key = old.to_text();
        for text in ["", " \n", "short", &format!("{key} # mine"), &key[..40]] {
            assert_eq!(Keys::parse(text), None, "{text}");
        }
    }

    /// SEC-76.
    #[test]
    fn a_new_key_gives_nobody_another_name_in_the_log() {
        let old = Keys::generate(&Random::seeded(1)).unwrap();
        let both = old
            .clone()
            .behind(Keys::generate(&Random::seeded(2)).unwrap());
        let name = |keys: &Keys| keys.subject_hasher().hash("https://id.example", "uma");
        assert_eq!(name(&both), name(&old));
    }

    #[test]
    fn keys_do_not_show_themselves() {
        let keys = Keys::generate(&Random::System).unwrap();
        assert_eq!(format!("{keys:?}"), "Keys(1)");
    }
}
