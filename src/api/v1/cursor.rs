//! Where a list goes on: an opaque text that names the last poll of the part before.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    clock::Timestamp,
    polls::{After, PollId},
};

/// What stands for `after` in an address.
#[must_use]
pub fn write(after: After) -> String {
    let After { at, id } = after;
    URL_SAFE_NO_PAD.encode(format!("{}.{id}", at.as_millis()))
}

/// What a text stands for; `None` when [`write()`] has not written it.
#[must_use]
pub fn read(text: &str) -> Option<After> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    let (at, id) = plain.split_once('.')?;
    let after = After {
        at: Timestamp::from_millis(at.parse().ok()?),
        id: PollId(id.parse().ok()?),
    };
    (write(after) == text).then_some(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(millis: i64, id: i64) {
            let after = After {
                at: Timestamp::from_millis(millis),
                id: PollId(id),
            };
            prop_assert_eq!(read(&write(after)), Some(after));
        }

        #[test]
        fn nothing_else_is_read(text in "\\PC{0,20}") {
            if let Some(after) = read(&text) {
                prop_assert_eq!(write(after), text);
            }
        }
    }
}
