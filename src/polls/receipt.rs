//! The receipt of a ballot: a code that its voter alone holds, and that says whether the ballot
//! is in the count. It says nothing of what the ballot chose, so nobody can ask for proof.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::{error::Result, random::Random};

/// Digits without those that are read for one another (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a code, five bits each.
const LENGTH: u32 = 16;
/// Digits in one group.
const GROUP: u32 = 4;

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
        let bytes: [u8; 10] = random.bytes()?;
        let bits = bytes
            .iter()
            .fold(0, |bits, byte| (bits << 8) | u128::from(*byte));
        Ok(Self(bits))
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
