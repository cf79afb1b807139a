//! Anybody chooses how the pages are: in which language, zone and colours.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::{Users, access::SignedIn};
use crate::{
    config::SiteConfig,
    error::Result,
    language::Preferences,
    page::Page,
    paths::{self, ReturnPath},
    session::{self, csrf},
};

/// Browsers keep no cookie for longer (RFC 6265bis, 5.6.1).
const LIFE: Duration = Duration::from_hours(400 * 24);

/// What was chosen. A field that is missing stays as it was; an empty one is chosen no more.
#[derive(Deserialize)]
pub struct PreferencesForm {
    language: Option<String>,
    zone: Option<String>,
    theme: Option<String>,
    /// The page on which the form was.
    next: Option<ReturnPath>,
}

impl PreferencesForm {
    fn applied_to(&self, known: Preferences) -> Preferences {
        let chosen = Preferences::read(
            self.language.as_deref(),
            self.zone.as_deref(),
            self.theme.as_deref(),
        );
        Preferences {
            language: self
                .language
                .as_ref()
                .map_or(known.language, |_| chosen.language),
            zone: self.zone.as_ref().map_or(known.zone, |_| chosen.zone),
            theme: self.theme.as_ref().map_or(known.theme, |_| chosen.theme),
        }
    }
}

/// `GET /preferences/`: the form is on the profile page.
pub fn form() -> Ready<Redirect> {
    ready(Redirect::to(paths::PREFERENCES_FORM))
}

/// `POST /preferences/`: keeps them in the browser, and for somebody who is signed in with the
/// person as well.
///
/// # Errors
/// When the form is not ours or the database does not answer.
pub async fn save(
    page: Page,
    person: Option<SignedIn>,
    State(users): State<Users>,
    State(site): State<SiteConfig>,
    csrf::OpenForm(form): csrf::OpenForm<PreferencesForm>,
) -> Result<impl IntoResponse> {
    let preferences = form.applied_to(page.preferences);
    if let Some(SignedIn { user, .. }) = person {
        users.prefer(user.id, preferences).await?;
    }
    let text = preferences.as_cookie();
    let cookie = session::cookie(&site, Preferences::COOKIE, text, LIFE);
    let next = form.next.unwrap_or_else(ReturnPath::home);
    Ok((CookieJar::new().add(cookie), Redirect::to(next.as_str())))
}
