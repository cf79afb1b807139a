//! Names for people in the log: a hash of who they are at the provider that nobody can compute, or
//! try, without the keys of this installation.

use std::sync::Arc;

use ring::hmac;

use crate::random::hex;

/// Bytes of a hash: two people with the same one are not to be expected among a billion.
const LENGTH: usize = 10;

/// What the key is derived for.
const PURPOSE: &[u8] = b"rolecall: subjects in the log";

/// Hashes identities (HMAC-SHA-256, RFC 2104, cut to its first 80 bits).
#[derive(Clone)]
pub struct SubjectHasher(Arc<hmac::Key>);

impl std::fmt::Debug for SubjectHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubjectHasher(…)")
    }
}

impl SubjectHasher {
    /// Hashes under a key of its own, made from `secret`.
    pub(super) fn new(secret: &[u8]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        Self(Arc::new(hmac::Key::new(
            hmac::HMAC_SHA256,
            derived.as_ref(),
        )))
    }

    /// The hash of whom the provider `issuer` calls `subject`, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self, issuer: &str, subject: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(issuer.as_bytes());
        // In no address: two pairs never read the same.
        context.update(&[0]);
        context.update(subject.as_bytes());
        let tag = context.sign();
        hex(tag.as_ref().get(..LENGTH).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEC-76.
    #[test]
    fn a_person_has_one_hash_for_each_key_and_nobody_else_has_it() {
        let (ours, others) = (SubjectHasher::new(b"one"), SubjectHasher::new(b"two"));
        let uma = ours.hash("https://id.example", "uma");
        assert_eq!(
            uma,
            SubjectHasher::new(b"one").hash("https://id.example", "uma")
        );
        assert_eq!(uma.len(), 2 * LENGTH);
        for other in [
            others.hash("https://id.example", "uma"),
            ours.hash("https://id.example", "stan"),
            ours.hash("https://id.example.org", "uma"),
            ours.hash("https://id.example\0u", "ma"),
        ] {
            assert_ne!(uma, other);
        }
    }
}
