//! What a request of the sign-in tells about the browser that sends it.

use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::{
    config::SiteConfig,
    error::{Error, Result},
    page::RequestId,
    session::{self, Session},
    users::{Users, access::SignedIn},
};

/// Binds pending logins to the browser that began them.
const LOGIN: &str = "rolecall_login";

/// Remembers the `state` of a sign-out, for the words on the page after it.
const LOGOUT: &str = "rolecall_logout";

/// As long as the target of a login is remembered.
const LOGIN_LIFE: Duration = Duration::from_hours(1);

const LOGOUT_LIFE: Duration = Duration::from_mins(10);

/// Longest name of a browser kept, in characters.
const LONGEST_AGENT: usize = 200;

/// What a browser or program calls itself.
#[must_use]
pub fn user_agent(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(name.chars().take(LONGEST_AGENT).collect())
}

/// The browser that sends a request.
pub struct Browser {
    /// Who is signed in in it, if anybody.
    pub person: Option<SignedIn>,
    /// Its session, which may be empty.
    pub session: Session,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// The number of this request in the log.
    pub request_id: String,
    jar: CookieJar,
    site: SiteConfig,
}

impl Browser {
    /// The value of its login cookie, if that could be one of ours.
    #[must_use]
    pub fn login_cookie(&self) -> Option<&str> {
        self.cookie(LOGIN)
    }

    /// The `state` of its last sign-out.
    #[must_use]
    pub fn logout_cookie(&self) -> Option<&str> {
        self.cookie(LOGOUT)
    }

    /// A header that sets its login cookie.
    ///
    /// # Errors
    /// Never for a random token.
    pub fn set_login_cookie(&self, value: String) -> Result<HeaderMap> {
        self.set_cookie(LOGIN, value, LOGIN_LIFE)
    }

    /// A header that sets its logout cookie.
    ///
    /// # Errors
    /// Never for a random token.
    pub fn set_logout_cookie(&self, value: String) -> Result<HeaderMap> {
        self.set_cookie(LOGOUT, value, LOGOUT_LIFE)
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        let cookie = self.jar.get(&session::cookie_name(&self.site, name))?;
        let value = cookie.value();
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (value.len() == 43 && value.bytes().all(is_token)).then_some(value)
    }

    fn set_cookie(&self, name: &str, value: String, life: Duration) -> Result<HeaderMap> {
        let cookie = session::cookie(&self.site, name, value, life).to_string();
        let value = HeaderValue::try_from(cookie).map_err(Error::internal)?;
        Ok(HeaderMap::from_iter([(header::SET_COOKIE, value)]))
    }
}

impl<S> FromRequestParts<S> for Browser
where
    S: Send + Sync,
    Users: FromRef<S>,
    SiteConfig: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let person = <SignedIn as OptionalFromRequestParts<S>>::from_request_parts(parts, state);
        let person = person.await?;
        Ok(Self {
            person,
            request_id: RequestId::of(&parts.extensions),
            session: Session::from_extensions(&parts.extensions)?,
            user_agent: user_agent(&parts.headers),
            jar: CookieJar::from_headers(&parts.headers),
            site: SiteConfig::from_ref(state),
        })
    }
}
