//! Plain text from an editor as HTML: paragraphs, line breaks and links to https addresses.
//! Everything else is escaped. Foundation: knows no feature.

use std::fmt::{self, Write as _};

use askama::filters::{Html, HtmlSafe, escape};

/// Text to be shown as paragraphs.
#[derive(Clone, Copy, Debug)]
pub struct Prose<'t>(pub &'t str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.replace("\r\n", "\n");
        for paragraph in text.split("\n\n").map(str::trim) {
            if paragraph.is_empty() {
                continue;
            }
            f.write_str("<p>")?;
            for (number, line) in paragraph.lines().enumerate() {
                if number > 0 {
                    f.write_str("<br>")?;
                }
                write_line(f, line.trim())?;
            }
            f.write_str("</p>")?;
        }
        Ok(())
    }
}

/// Escapes each character that could be markup.
impl HtmlSafe for Prose<'_> {}

fn write_line(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    for (number, word) in line.split(' ').enumerate() {
        if number > 0 {
            f.write_char(' ')?;
        }
        match address(word) {
            Some((target, rest)) => write!(
                f,
                r#"<a href="{0}" rel="noreferrer">{0}</a>{1}"#,
                safe(target),
                safe(rest)
            )?,
            None => write!(f, "{}", safe(word))?,
        }
    }
    Ok(())
}

/// The https address that a word is, and the punctuation behind it.
fn address(word: &str) -> Option<(&str, &str)> {
    let link = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let is_address = link.len() > "https://".len()
        && link.starts_with("https://")
        && url::Url::parse(link).is_ok_and(|url| url.username().is_empty());
    is_address.then(|| word.split_at(link.len()))
}

fn safe(text: &str) -> impl fmt::Display {
    let Ok(escaped) = escape(text, Html);
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paragraphs_breaks_and_links_are_kept() {
        let text = "One\r\ntwo\n\nSee https://example.org/a?b=1&c=2.";
        let link = "https://example.org/a?b=1&#38;c=2";
        let html =
            format!(r#"<p>One<br>two</p><p>See <a href="{link}" rel="noreferrer">{link}</a>.</p>"#);
        assert_eq!(Prose(text).to_string(), html);
    }

    #[test]
    fn other_schemes_are_no_links() {
        for text in [
            "javascript:alert(1)",
            "http://example.org",
            "https://",
            "https://u@h",
        ] {
            assert!(!Prose(text).to_string().contains("<a"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_brings_markup_of_its_own(text in "[ -~\n]{0,60}|(https://[ -~]{0,30})") {
            let html = Prose(&text).to_string();
            let ours = ["<p>", "</p>", "<br>", "</a>"].iter().fold(html, |html, tag| html.replace(tag, ""));
            for part in ours.split('<').skip(1) {
                prop_assert!(part.starts_with("a href=\"https://"), "{}", ours);
                let quotes = part.split('>').next().unwrap().matches('"').count();
                prop_assert_eq!(quotes, 4);
            }
        }
    }
}
