//! What people read, in their language: one catalogue, and everything that is said goes through it.
//!
//! # How to add a message
//! 1. Give it an id in kebab-case and write it into a file of `locales/en/` and into the file of
//!    the same name in `locales/de/` ([Fluent syntax](https://projectfluent.org/fluent/guide/)).
//!    Plural forms are selectors; quotation marks are typographic; the only markup is `<strong>`,
//!    `<code>` and `<a href="{ $href }">`.
//! 2. In a template: `{{ page.t("poll-closed") }}`, with arguments
//!    `{{ page.t("poll-votes").with("count", votes) }}`. Times, and whatever Rust decides to say,
//!    go the same way: `{{ page.t(closes) }}`.
//! 3. In Rust: `Message::new("poll-votes").with("count", votes)`. It becomes text on the page and
//!    not before: only the page knows who reads it.
//!
//! `tests/it/language` keeps the two languages equal and finds ids that nobody uses or nobody
//! wrote. Foundation: knows no feature.

mod accept;
mod catalogue;
mod locale;
mod message;
mod preferences;
mod zone;

pub use locale::{Locale, Text};
pub use message::{Message, Value};
pub use preferences::{Preferences, Theme};
pub use zone::{Zone, zones};

use crate::db::text_enum;

text_enum! {
    /// A language of the pages, by its tag (BCP 47).
    #[derive(Default)]
    pub enum Language {
        /// English, for whoever asks for nothing that we speak.
        #[default]
        English = "en",
        /// German.
        German = "de",
    }
}

impl Language {
    /// Its name in the language itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language that a tag asks for, whatever the region: `de-AT` is German (RFC 4647, 3.4).
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL
            .iter()
            .copied()
            .find(|language| primary.eq_ignore_ascii_case(language.as_str()))
    }
}
