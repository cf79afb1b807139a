//! The last thing that a line of the log passes: whatever was put into it, it stays one line, and no
//! terminal takes it for a command.

use std::{borrow::Cow, fmt::Write as _, io};

/// Takes one event with each call of `write_all`, and hands it on as one line of visible text.
pub(super) struct OneLine<W>(pub W);

impl<W: io::Write> io::Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(harmless(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The event, with each character that is not to be seen as `\u` and four digits, which JSON reads
/// as that character. All of them are in the first plane of Unicode.
fn harmless(event: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(event);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    if !line.chars().any(is_harmful) {
        return text;
    }
    let mut harmless = String::with_capacity(text.len() + 16);
    for c in line.chars() {
        if is_harmful(c) {
            // Into a string it never fails.
            let _ = write!(harmless, "\\u{:04x}", u32::from(c));
        } else {
            harmless.push(c);
        }
    }
    harmless.push('\n');
    Cow::Owned(harmless)
}

/// What controls a terminal, ends a line, or turns the direction of what follows.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{061c}' | '\u{200e}' | '\u{200f}'
        )
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::{config::Environment, telemetry};

    thread_local! {
        static LOG: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
    }

    /// Keeps what this thread logs.
    struct Kept;

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged when `text` stands in every place that a text can have.
    fn logged(format: &str, text: &str) -> String {
        let env = Environment::from([("ROLECALL_LOG_FORMAT", format)]);
        let log = tracing_subscriber::registry().with(telemetry::log(&env, || Kept));
        tracing::subscriber::with_default(log, || {
            let _in = tracing::info_span!("request", path = text, method = %text).entered();
            let error = io::Error::other(text.to_owned());
            let cause: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error = cause, text, shown = %text, debugged = ?text, "said: {text}");
        });
        LOG.with_borrow_mut(|log| String::from_utf8(std::mem::take(log)).unwrap())
    }

    /// Everything, and often what does harm.
    fn anything() -> impl Strategy<Value = String> {
        let harmful = r#"[\x00-\x1f\x7f-\x9f\u{61c}\u{2028}-\u{202e}"\\\[;m]{1,8}"#;
        prop_oneof![
            any::<String>(),
            harmful,
            Just("\x1b[2J\x1b]0;title\x07".into())
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// FZ-12.
        #[test]
        fn whatever_is_logged_is_one_line_without_control_characters(text in anything()) {
            for format in ["text", "json"] {
                let log = logged(format, &text);
                let line = log.strip_suffix('\n').expect("a line");
                prop_assert!(!line.chars().any(is_harmful), "{line:?}");
                prop_assert!(line.contains("WARN"), "{line:?}");
            }
        }

        /// FZ-12.
        #[test]
        fn as_json_it_can_be_read_back(text in anything()) {
            let line = logged("json", &text);
            let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            prop_assert_eq!(&read["text"], &text);
            prop_assert_eq!(&read["shown"], &text);
            prop_assert_eq!(&read["span"]["path"], &text);
            prop_assert_eq!(&read["message"], &format!("said: {text}"));
        }
    }

    #[test]
    fn what_is_visible_stays_as_it_is() {
        let text = "Zoë — 票 🗳 \"quoted\" \\ back\n";
        assert_eq!(harmless(text.as_bytes()), text);
    }
}
