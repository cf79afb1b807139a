//! How somebody wants the pages: language, time zone, colours. Whoever has not chosen gets what
//! the browser asks for.

use axum_extra::extract::CookieJar;
use http::{HeaderMap, header};

use super::{Language, Locale, Zone, zone::zone};
use crate::db::text_enum;

text_enum! {
    /// The colours of the pages.
    pub enum Theme {
        /// As the device is set.
        Auto = "auto",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// What somebody has chosen; `None` where they have not.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Preferences {
    /// The language.
    pub language: Option<Language>,
    /// The time zone.
    pub zone: Option<Zone>,
    /// The colours.
    pub theme: Option<Theme>,
}

impl Preferences {
    /// The cookie that keeps them in a browser.
    pub const COOKIE: &'static str = "rolecall_preferences";

    /// Reads words; one that means nothing counts as not chosen.
    #[must_use]
    pub fn read(language: Option<&str>, zone_name: Option<&str>, theme: Option<&str>) -> Self {
        Self {
            language: language.and_then(Language::from_word),
            zone: zone_name.and_then(zone),
            theme: theme.and_then(Theme::from_word),
        }
    }

    /// What the browser's cookie of this name says.
    #[must_use]
    pub fn of_cookie(headers: &HeaderMap, name: &str) -> Self {
        let jar = CookieJar::from_headers(headers);
        let cookie = jar.get(name);
        Self::of_text(cookie.map_or("", |cookie| cookie.value()))
    }

    fn of_text(text: &str) -> Self {
        let find = |wanted: &str| {
            let mut fields = url::form_urlencoded::parse(text.as_bytes());
            fields.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
        };
        let (language, zone, theme) = (find("language"), find("zone"), find("theme"));
        Self::read(language.as_deref(), zone.as_deref(), theme.as_deref())
    }

    /// What the cookie is to say.
    #[must_use]
    pub fn as_cookie(&self) -> String {
        let theme = self.theme.map(Theme::as_str);
        let language = self.language.map(Language::as_str);
        let fields = [
            ("language", language),
            ("zone", self.zone),
            ("theme", theme),
        ];
        let chosen = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let mut cookie = url::form_urlencoded::Serializer::new(String::new());
        cookie.extend_pairs(chosen).finish()
    }

    /// These, and `others` where nothing is chosen.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            language: self.language.or(others.language),
            zone: self.zone.or(others.zone),
            theme: self.theme.or(others.theme),
        }
    }

    /// The language to speak and the zone to tell times in, to a browser that sends `headers`.
    #[must_use]
    pub fn locale(&self, headers: &HeaderMap) -> Locale {
        let asked = headers.get(header::ACCEPT_LANGUAGE);
        let asked = asked.and_then(|value| value.to_str().ok());
        let language = self.language.or_else(|| Language::accepted(asked?));
        Locale {
            language: language.unwrap_or_default(),
            zone: self.zone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_tells_what_was_put_into_it_and_strangers_nothing() {
        let chosen = Preferences::read(Some("de"), Some("America/New_York"), Some("dark"));
        assert_eq!(
            chosen.as_cookie(),
            "language=de&zone=America%2FNew_York&theme=dark"
        );
        for (cookie, preferences) in [
            (chosen.as_cookie(), chosen),
            (String::new(), Preferences::default()),
            (Preferences::default().as_cookie(), Preferences::default()),
            (
                "language=xx&zone=Mars&theme=pink".to_owned(),
                Preferences::default(),
            ),
            ("%%%&&&===".to_owned(), Preferences::default()),
        ] {
            assert_eq!(Preferences::of_text(&cookie), preferences, "{cookie}");
        }
    }
}
