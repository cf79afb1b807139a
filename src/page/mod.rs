//! What every page needs, assembled in one place, and how errors become pages.
//!
//! - [`Page`] is the frame; a handler takes it as an argument (`frame`);
//! - [`Asked`] puts errors into it;
//! - [`wants_json`] tells a script from a person.

mod frame;
mod paint;
mod problem;
mod script;

use std::sync::Arc;

use http::{Extensions, HeaderMap};
use url::Url;

pub use self::{paint::Asked, script::wants_json};
use crate::{
    assets,
    config::SiteConfig,
    language::{Language, Locale, Message, Preferences, Text, Theme, Zone},
    paths::{self, ReturnPath},
    session::{self, Flash},
    users::Role,
};

/// What the frame around every page shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// Who reads it: in which language, and where their clocks stand.
    pub locale: Locale,
    /// What they have chosen themselves.
    pub preferences: Preferences,
    /// Address of the style sheet.
    pub app_css: &'static str,
    /// Address of the icon.
    pub icon: &'static str,
    /// Whether this is a demo, which every page then says.
    pub demo: bool,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The CSRF token of this session's forms; empty when nobody is signed in.
    pub csrf_token: String,
    /// Messages to show once.
    pub flash: Vec<Flash>,
    /// Which part of the site this is, for the navigation.
    pub section: &'static str,
    /// Version of this program.
    pub version: &'static str,
    /// Where "Sign in" leads: back to this page.
    pub sign_in_href: String,
    /// Its path, to come back to.
    pub path: ReturnPath,
    /// The public address of the site.
    pub base_url: Arc<Url>,
    /// The zone that times are shown in which belong to no poll.
    pub zone: Zone,
}

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name to show.
    pub name: String,
    /// Current role.
    pub role: Role,
}

impl Page {
    /// The frame without a person, for a browser that sends `headers`: asks nothing of the
    /// database.
    #[must_use]
    pub fn anonymous(site: &SiteConfig, path: &str, headers: &HeaderMap) -> Self {
        let path = ReturnPath::parse(path);
        let page = Self {
            locale: Locale::default(),
            preferences: Preferences::default(),
            app_css: assets::APP_CSS.as_str(),
            icon: assets::ICON.as_str(),
            demo: site.demo,
            person: None,
            csrf_token: String::new(),
            flash: Vec::new(),
            section: section(path.as_str()),
            version: env!("CARGO_PKG_VERSION"),
            sign_in_href: paths::authenticate(&path),
            path,
            base_url: site.base_url.clone(),
            zone: "UTC",
        };
        page.preferring(in_browser(headers, site), headers)
    }

    /// The same frame as `preferences` want it.
    #[must_use]
    fn preferring(mut self, preferences: Preferences, headers: &HeaderMap) -> Self {
        self.locale = preferences.locale(headers);
        self.preferences = preferences;
        self.zone = preferences.zone.unwrap_or("UTC");
        self
    }

    /// The colours: `auto`, `light` or `dark`.
    #[must_use]
    pub fn theme(&self) -> &'static str {
        self.preferences.theme.unwrap_or(Theme::Auto).as_str()
    }

    /// The languages to change to.
    pub fn other_languages(&self) -> impl Iterator<Item = &'static Language> {
        let current = self.locale.language;
        Language::ALL
            .iter()
            .filter(move |language| **language != current)
    }

    /// A message, a time or whatever else is said, for whoever reads this page.
    #[must_use]
    pub fn t(&self, message: impl Into<Message>) -> Text {
        self.locale.t(message)
    }

    /// The same frame after the person's session has ended.
    #[must_use]
    pub fn without_person(self) -> Self {
        Self {
            person: None,
            csrf_token: String::new(),
            ..self
        }
    }

    /// Whether results may be offered.
    #[must_use]
    pub fn is_for_staff(&self) -> bool {
        self.person
            .as_ref()
            .is_some_and(|person| person.role.is_staff())
    }
}

/// What was chosen in this browser, whoever is signed in.
fn in_browser(headers: &HeaderMap, site: &SiteConfig) -> Preferences {
    Preferences::of_cookie(headers, &session::cookie_name(site, Preferences::COOKIE))
}

fn section(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("polls") => "polls",
        Some("admin") => "admin",
        Some("user") => "user",
        Some("") => "home",
        _ => "",
    }
}

/// The number by which a request is found in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    /// That of the request with these extensions; empty when it has none.
    #[must_use]
    pub fn of(extensions: &Extensions) -> String {
        let found = extensions.get();
        found.map_or_else(String::new, |Self(id)| id.clone())
    }
}
