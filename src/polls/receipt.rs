//! The receipt of a ballot: a code that its voter alone holds, and that says whether the ballot
//! is in the count. It says nothing of what the ballot chose, so nobody can ask for proof.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::PollId;
use crate::{error::Result, random::Random, users::UserId};

/// Digits without those that are read for one another (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a code, five bits each.
const LENGTH: u32 = 16;
/// Digits in one group.
const GROUP: u32 = 4;
/// Random bytes of a code.
const BYTES: usize = 10;
/// Characters of a form's nonce.
const NONCE_LENGTH: usize = 43;

/// 80 random bits, written as 16 digits in groups of four: `7K3M-0Q9X-ZB2H-41FA`.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Receipt(u128);

/// Without the code: it is the voter's alone.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

impl Receipt {
    /// A fresh code.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new(random: &Random) -> Result<Self> {
        Ok(Self::of(&random.bytes::<BYTES>()?))
    }

    /// What the form of a ballot carries, so that the ballot has the same code however often the
    /// form is sent: the answer to a first click may be lost.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn nonce(random: &Random) -> Result<String> {
        random.token()
    }

    /// The code of the ballot that `user` casts in `poll` with the form that carries `nonce`;
    /// `None` when that is none of ours. Nobody who has only the user and the database can work
    /// it out, and no two people have the same.
    #[must_use]
    pub fn of_form(nonce: &str, poll: PollId, user: UserId) -> Option<Self> {
        let is_ours = nonce.len() == NONCE_LENGTH
            && nonce
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let hash = Sha256::new()
            .chain_update(poll.0.to_be_bytes())
            .chain_update(user.0.to_be_bytes())
            .chain_update(nonce)
            .finalize();
        is_ours.then(|| Self::of(hash.iter().take(BYTES)))
    }

    fn of<'b>(bytes: impl IntoIterator<Item = &'b u8>) -> Self {
        let bytes = bytes.into_iter();
        Self(bytes.fold(0, |bits, byte| (bits << 8) | u128::from(*byte)))
    }

    /// Reads a code as people type it: in either case, with or without spaces and dashes, with
    /// `O` for zero and `I` or `L` for one.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut bits = 0;
        let mut length = 0;
        for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let digit = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = DIGITS
                .iter()
                .position(|known| char::from(*known) == digit)?;
            bits = (bits << 5) | u128::try_from(value).ok()?;
            length += 1;
            if length > LENGTH {
                return None;
            }
        }
        (length == LENGTH).then_some(Self(bits))
    }

    /// SHA-256 of the digits: what the database holds of it.
    #[must_use]
    pub fn hash(self) -> Vec<u8> {
        let digits = self.to_string().replace('-', "");
        Sha256::digest(digits).to_vec()
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in 0..LENGTH {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            let value = (self.0 >> (5 * (LENGTH - 1 - place))) & 31;
            let digit = usize::try_from(value).ok().and_then(|at| DIGITS.get(at));
            write!(f, "{}", char::from(*digit.ok_or(fmt::Error)?))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_sixteen_digits_in_groups_of_four() {
        let code = Receipt::new(&Random::seeded(1)).unwrap().to_string();
        let groups: Vec<&str> = code.split('-').collect();
        assert_eq!(groups.len(), 4, "{code}");
        assert!(groups.iter().all(|group| group.len() == 4), "{code}");
        assert_ne!(code, Receipt::new(&Random::seeded(2)).unwrap().to_string());
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Receipt(0);
        for typed in [
            "0000-0000-0000-0000",
            "0000000000000000",
            " oOoO 0000\t0000-00 00 ",
        ] {
            assert_eq!(Receipt::parse(typed), Some(code), "{typed}");
        }
        assert_eq!(
            Receipt::parse("LLLL-iiii-IIII-llll"),
            Receipt::parse("1111111111111111")
        );
        for typed in [
            "",
            "0",
            "00000000000000000",
            "U000000000000000",
            "é",
            "0000–0000",
        ] {
            assert_eq!(Receipt::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_form_gives_the_same_code_each_time_and_everybody_another() {
        let nonce = Receipt::nonce(&Random::seeded(1)).unwrap();
        let code = |nonce: &str, poll, user| Receipt::of_form(nonce, PollId(poll), UserId(user));
        let first = code(&nonce, 1, 7);
        assert!(first.is_some() && first == code(&nonce, 1, 7));
        let other = Receipt::nonce(&Random::seeded(2)).unwrap();
        for another in [code(&nonce, 1, 8), code(&nonce, 2, 7), code(&other, 1, 7)] {
            assert!(another.is_some() && another != first);
        }
        for made_up in ["", "x", &nonce[1..], &format!("{}é", &nonce[2..])] {
            assert!(code(made_up, 1, 7).is_none(), "{made_up}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits in 0u128..1 << 80) {
            let code = Receipt(bits);
            prop_assert!(Receipt::parse(&code.to_string()) == Some(code));
            prop_assert!(Receipt::parse(&code.to_string().to_lowercase()) == Some(code));
        }

        #[test]
        fn no_text_upsets_the_reader(typed in "\\PC{0,40}") {
            let _ = Receipt::parse(&typed);
        }
    }
}
