//! A signed-in browser: a record on the server, found by the random id in a cookie. A program that
//! a person has signed in has a record of the same kind and no cookie; it ends as the others do.
//!
//! Keys are private; what can be done with a session is a method. Knows no feature: a user is
//! a number here.

pub mod csrf;
mod file_form;
mod row;
mod store;
pub mod user_agent;

use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{Cookie, SameSite},
};

pub use file_form::FileForm;
pub use row::SessionRow;
pub use store::{
    EndedProgram, Filter, ListedSession, NewProgramSession, NoKey, OwnedKey, OwnedSession,
    PROGRAM_IDLE, ProgramSession, SessionKey, Sessions, begin_program, end_all_but, end_all_of,
    end_one_of, end_others_of, end_program, end_signed_in, touch_program,
};

use crate::{
    clock::Timestamp,
    config::SiteConfig,
    error::{Error, Result},
    language::Message,
    vault::Vault,
};

/// Keys of the record. `store` copies the first four and the user agent into columns of their
/// own, and keeps the tokens in theirs only.
mod key {
    pub const USER: &str = "user";
    pub const ISSUER: &str = "issuer";
    pub const SUBJECT: &str = "subject";
    pub const SID: &str = "sid";
    pub const STARTED_AT: &str = "started_at";
    pub const ENDS_AT: &str = "ends_at";
    pub const CSRF: &str = "csrf";
    pub const TOKENS: &str = "tokens";
    pub const FLASH: &str = "flash";
    pub const USER_AGENT: &str = "user_agent";
    /// Where the row is already that the record is about to be created as; never stored.
    pub const FRESH_ID: &str = "fresh_id";
}

/// What a new session holds.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The local user.
    pub user: i64,
    /// `iss` of the ID token.
    pub issuer: String,
    /// `sub` of the ID token.
    pub subject: String,
    /// `sid` of the ID token (OpenID Connect Back-Channel Logout 1.0, 2.1), if it had one.
    pub sid: Option<String>,
    /// When it ends, if that is before the usual limit.
    pub ends_at: Option<Timestamp>,
    /// Sealed tokens; opened only by [`crate::oidc`].
    pub tokens: String,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}

/// A message shown once, on the next page.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Flash {
    /// `success` or `error`.
    pub kind: String,
    /// What it says.
    pub text: Message,
}

/// The session of one browser, loaded when first asked.
#[derive(Clone, Debug)]
pub struct Session(tower_sessions::Session);

impl Session {
    pub(crate) fn from_extensions(extensions: &http::Extensions) -> Result<Self> {
        let session = extensions.get::<tower_sessions::Session>().cloned();
        session
            .map(Self)
            .ok_or_else(|| Error::internal("session layer missing"))
    }

    /// Whether the browser sent a cookie that could be a session's.
    #[must_use]
    pub fn is_claimed(&self) -> bool {
        self.0.id().is_some()
    }

    /// The signed-in user, if any.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn user(&self) -> Result<Option<i64>> {
        Ok(self.0.get(key::USER).await?)
    }

    /// When the person signed in.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn started_at(&self) -> Result<Option<Timestamp>> {
        Ok(self.0.get(key::STARTED_AT).await?)
    }

    /// Begins anew under a fresh id, stored at once: whatever the browser's old session held is
    /// gone, so that an id planted before sign-in is worth nothing after it.
    ///
    /// When the same person is signed in here already, the CSRF token goes on: a form that is
    /// open in another tab is still theirs. Whoever plants a session knows the token of their
    /// own account only, and that goes.
    ///
    /// # Errors
    /// When the store does not answer, or there is no randomness.
    pub async fn begin(&self, new: NewSession, vault: &Vault, now: Timestamp) -> Result<()> {
        let csrf_token = match self.user().await? {
            Some(user) if user == new.user => self.csrf_token().await?,
            _ => None,
        };
        self.renew().await?;
        self.0.insert(key::USER, new.user).await?;
        self.0.insert(key::ISSUER, new.issuer).await?;
        self.0.insert(key::SUBJECT, new.subject).await?;
        self.0.insert(key::SID, new.sid).await?;
        self.0.insert(key::STARTED_AT, now).await?;
        self.0.insert(key::ENDS_AT, new.ends_at).await?;
        let csrf_token = csrf_token.map_or_else(|| csrf::token_for(new.user, vault), Ok)?;
        self.0.insert(key::CSRF, csrf_token).await?;
        self.0.insert(key::TOKENS, new.tokens).await?;
        self.0.insert(key::USER_AGENT, new.user_agent).await?;
        Ok(self.0.save().await?)
    }

    /// Ends the session: the record goes at once, the cookie with the answer.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn end(&self) -> Result<()> {
        self.renew().await
    }

    /// Empties the session and lets go of its id: the record is deleted, and what is written
    /// from here on is stored under a fresh one. (The library's `flush` would store it under the
    /// id that the browser sent.)
    async fn renew(&self) -> Result<()> {
        self.0.clear().await;
        Ok(self.0.cycle_id().await?)
    }

    /// The synchronizer token that this session's forms carry.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn csrf_token(&self) -> Result<Option<String>> {
        Ok(self.0.get(key::CSRF).await?)
    }

    /// Leaves a message for the next page. One that waits already is not said twice, as after a
    /// button that was pressed twice.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn flash(&self, kind: &str, text: impl Into<Message>) -> Result<()> {
        let mut waiting: Vec<Flash> = self.0.get(key::FLASH).await?.unwrap_or_default();
        let flash = Flash {
            kind: kind.to_owned(),
            text: text.into(),
        };
        if waiting.contains(&flash) {
            return Ok(());
        }
        waiting.push(flash);
        Ok(self.0.insert(key::FLASH, waiting).await?)
    }

    /// Whether a message waits for the next page.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn has_flash(&self) -> Result<bool> {
        Ok(self.0.get_value(key::FLASH).await?.is_some())
    }

    /// Takes the messages that wait.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take_flash(&self) -> Result<Vec<Flash>> {
        if !self.has_flash().await? {
            return Ok(Vec::new());
        }
        Ok(self.0.remove(key::FLASH).await?.unwrap_or_default())
    }
}

/// The session's cookie: `__Host-` and `Secure` with https (RFC 6265bis, 4.1.3.2); `Lax`,
/// because `Strict` would hold it back on the way back from the provider.
#[must_use]
pub fn layer(sessions: Sessions, site: &SiteConfig) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(sessions)
        .with_name(cookie_name(site, "rolecall"))
        .with_secure(is_https(site))
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// Borne by every answer that comes from below the session layer.
#[derive(Clone)]
struct Answered;

/// Marks an answer, below the session layer.
#[must_use]
pub fn before_saving(mut response: Response) -> Response {
    response.extensions_mut().insert(Answered);
    response
}

/// When the session cannot be saved, the library puts a bare 500 in the place of the answer,
/// without our mark. It is the database that does not answer, and that passes.
#[must_use]
pub fn after_saving(response: Response) -> Response {
    if response.extensions().get::<Answered>().is_some() {
        return response;
    }
    Error::unavailable("the session could not be saved").into_response()
}

/// Completes the removal of a `__Host-` cookie, which a browser ignores without `Secure`.
#[must_use]
pub fn secure_removal(mut response: Response) -> Response {
    let cookies = response.headers().get_all(header::SET_COOKIE);
    if cookies.iter().any(lacks_secure) {
        let cookies: Vec<_> = cookies.iter().cloned().collect();
        response.headers_mut().remove(header::SET_COOKIE);
        for cookie in cookies {
            let complete = if lacks_secure(&cookie) {
                secured(&cookie)
            } else {
                Some(cookie)
            };
            complete.map(|cookie| response.headers_mut().append(header::SET_COOKIE, cookie));
        }
    }
    response
}

fn lacks_secure(cookie: &HeaderValue) -> bool {
    let text = cookie.to_str().unwrap_or_default();
    text.starts_with("__Host-") && !text.contains("; Secure")
}

fn secured(cookie: &HeaderValue) -> Option<HeaderValue> {
    let text = cookie.to_str().ok()?;
    HeaderValue::from_str(&format!("{text}; Secure; HttpOnly; SameSite=Lax")).ok()
}

/// A cookie's name on this site, with the prefix that https allows.
#[must_use]
pub fn cookie_name(site: &SiteConfig, name: &str) -> String {
    if is_https(site) {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// A short-lived cookie with the same flags as the session's; an empty `value` removes it.
#[must_use]
pub fn cookie(site: &SiteConfig, name: &str, value: String, life: Duration) -> Cookie<'static> {
    let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((cookie_name(site, name), value))
        .http_only(true)
        .secure(is_https(site))
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(time::Duration::seconds(seconds))
        .build()
}

fn is_https(site: &SiteConfig) -> bool {
    site.base_url.scheme() == "https"
}

/// The library wants a calendar date; the store keeps its own time and ignores it.
fn far_away() -> OffsetDateTime {
    OffsetDateTime::new_utc(time::Date::MAX, time::Time::MIDNIGHT)
}
