//! Search as every list does it: each word must occur somewhere, a phrase in quotes as a whole,
//! without regard to case.
//!
//! Foundation: knows no feature.

use serde_json::{Value, json};

/// Text without control characters, line ends apart: PostgreSQL stores no NUL, and a page shows
/// none of the others.
#[must_use]
pub fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

/// Text for one line of a terminal: no control sequences, whatever somebody has put there.
#[must_use]
pub fn one_line(text: &str) -> String {
    without_controls(text).replace('\n', " ")
}

/// Text as it is stored for comparing. The databases fold letters differently, so none is asked.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// What to search for: a pattern for `LIKE … ESCAPE '\'` for each word.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Words(Vec<String>);

impl Words {
    /// Reads `chair "works council"`. No words at all match everything.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let folded = fold(&without_controls(text));
        let parts = folded.split('"').enumerate();
        let words = parts.flat_map(|(place, part)| {
            let is_phrase = place % 2 == 1;
            let words: Vec<&str> = if is_phrase {
                vec![part.trim()]
            } else {
                part.split_whitespace().collect()
            };
            words
        });
        Self(words.filter(|word| !word.is_empty()).map(pattern).collect())
    }

    /// The patterns as JSON for `json_each`, one object for each, with the pattern under `like`.
    #[must_use]
    pub fn as_json(&self) -> String {
        let words = self.0.iter().map(|like| json!({ "like": like }));
        words.collect::<Value>().to_string()
    }

    /// The same for text that is not stored folded: the databases fold ASCII only, so that any
    /// other letter stands for whatever stands there.
    #[must_use]
    pub fn loose(&self) -> Self {
        let any = |letter: char| if letter.is_ascii() { letter } else { '_' };
        let patterns = self.0.iter();
        Self(
            patterns
                .map(|word| word.chars().map(any).collect())
                .collect(),
        )
    }

    /// Whether they match everything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The patterns.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// What `%` and `_` mean is not known to people who search.
fn pattern(word: &str) -> String {
    let escaped = word
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_become_patterns() {
        for (text, patterns) in [
            ("", [].as_slice()),
            ("  ", &[]),
            ("Which DAY", &["%which%", "%day%"]),
            (
                r#"a "Works  Council" b"#,
                &["%a%", "%works  council%", "%b%"],
            ),
            (r#""open end"#, &["%open end%"]),
            (r"50%_\", &[r"%50\%\_\\%"]),
            ("\0a\0b\0 \0", &["%ab%"]),
        ] {
            let words = Words::parse(text);
            assert_eq!(words.patterns().collect::<Vec<_>>(), patterns, "{text}");
        }
    }

    #[test]
    fn letters_that_databases_do_not_fold_stand_for_any() {
        let words = Words::parse("\u{c4}rzte 50%").loose();
        let patterns: Vec<_> = words.patterns().collect();
        assert_eq!(patterns, ["%_rzte%", r"%50\%%"]);
    }
}
