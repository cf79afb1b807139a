//! The frame as a handler takes it: with whoever is signed in and what waits to be told.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRef, FromRequestParts};
use http::{Method, request::Parts};

use super::{Page, Person, in_browser, wants_json};
use crate::{
    attempts,
    config::SiteConfig,
    db::Db,
    error::{Error, Result},
    language::Message,
    session::Flash,
    users::{Users, access::SignedIn},
};

/// Where an extracted [`Page`] is left for [`Asked`](super::Asked), so that an error page keeps its frame.
#[derive(Clone, Default)]
pub(super) struct Slot(pub(super) Arc<OnceLock<Page>>);

impl<S> FromRequestParts<S> for Page
where
    S: Send + Sync,
    Users: FromRef<S>,
    SiteConfig: FromRef<S>,
    Db: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let site = SiteConfig::from_ref(state);
        let page = Self::anonymous(&site, path, &parts.headers);
        let page = match Option::<SignedIn>::from_request_parts(parts, state).await? {
            Some(person) => {
                let page = page.with(person, parts, &site).await?;
                page.warned(&Db::from_ref(state)).await?
            }
            None => page,
        };
        if let Some(Slot(slot)) = parts.extensions.get() {
            slot.get_or_init(|| page.clone());
        }
        Ok(page)
    }
}

impl Page {
    async fn with(self, person: SignedIn, parts: &Parts, site: &SiteConfig) -> Result<Self> {
        let preferences = person.user.preferences();
        let preferences = preferences.or(in_browser(&parts.headers, site));
        let mut page = self.preferring(preferences, &parts.headers);
        page.csrf_token = person.session.csrf_token().await?.unwrap_or_default();
        // The answer to a form mostly leads elsewhere, and a script shows none: the messages wait
        // for a page that somebody sees.
        if parts.method == Method::GET && !wants_json(&parts.headers) {
            page.flash = person.session.take_flash().await?;
        }
        page.person = Some(Person {
            name: person.user.name().to_owned(),
            role: person.user.role,
        });
        Ok(page)
    }

    /// An admin in the console hears when people who had a role are turned away in numbers.
    async fn warned(mut self, db: &Db) -> Result<Self> {
        let is_admin = self
            .person
            .as_ref()
            .is_some_and(|person| person.role.is_admin());
        if is_admin && self.section == "admin" && attempts::role_claim_is_missing(db).await? {
            self.flash.push(Flash {
                kind: "error".to_owned(),
                text: Message::new("role-claim-missing"),
            });
        }
        Ok(self)
    }
}
