//! The other half: a page that finds its form again.

use axum::extract::{FromRef, FromRequestParts};
use axum_extra::extract::CookieJar;
use http::{Method, request::Parts};
use serde::de::DeserializeOwned;

use super::{UnsentForms, token};
use crate::{
    config::SiteConfig,
    error::{Error, Result},
    users::{UserId, Users, access::SignedIn},
};

/// What is kept for the person who opens a page, in this browser.
pub struct Kept {
    forms: UnsentForms,
    owner: Option<(String, UserId)>,
}

impl Kept {
    /// The form that this person sent to `action` in this browser, once. One of somebody else is
    /// forgotten.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take<T: DeserializeOwned>(&self, action: &str) -> Result<Option<T>> {
        let Some((browser, user)) = &self.owner else {
            return Ok(None);
        };
        let fields = self.forms.take(browser, *user, action).await?;
        Ok(fields.and_then(|fields| serde_html_form::from_str(&fields).ok()))
    }
}

impl<S> FromRequestParts<S> for Kept
where
    S: Send + Sync,
    UnsentForms: FromRef<S>,
    SiteConfig: FromRef<S>,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let person = Option::<SignedIn>::from_request_parts(parts, state).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        // What is taken is gone, and `HEAD` shows nothing.
        let browser =
            token(&jar, &SiteConfig::from_ref(state)).filter(|_| parts.method == Method::GET);
        Ok(Self {
            forms: UnsentForms::from_ref(state),
            owner: browser.zip(person.map(|person| person.user.id)),
        })
    }
}
