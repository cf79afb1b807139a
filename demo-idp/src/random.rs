//! Random values from the operating system: ids, codes and tokens nobody can guess.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::rand_core::{OsRng, RngCore as _};

/// Letters for codes that people type: no vowels, nothing that looks like something else.
const USER_CODE_LETTERS: [char; 16] = [
    'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P', 'R', 'S', 'T', 'W', 'X',
];

/// 256 random bits in 43 URL-safe characters.
pub(crate) fn token() -> String {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An id that looks like ZITADEL's: 18 digits.
pub(crate) fn id() -> String {
    (259_000_000_000_000_000 + OsRng.next_u64() % 1_000_000_000_000_000).to_string()
}

/// A code to type at the device page (RFC 8628 section 6.1): 32 random bits as `XXXX-XXXX`.
pub(crate) fn user_code() -> String {
    let mut bits = OsRng.next_u32();
    let mut code = String::with_capacity(9);
    for place in 0..8 {
        if place == 4 {
            code.push('-');
        }
        code.extend(USER_CODE_LETTERS.get((bits % 16) as usize));
        bits /= 16;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ() {
        assert_ne!(token(), token());
    }

    #[test]
    fn a_user_code_is_two_groups_of_four_letters() {
        let code = user_code();
        let groups: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4], "{code}");
    }
}
