//! Which provider a sign-in is for, where there are several: the one that is asked for, else the
//! person's choice.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;

use super::{
    Oidc,
    provider::Provider,
    query::{AuthenticateQuery, Prompt},
};
use crate::page::Page;

/// Asks where to sign in.
#[derive(Template, WebTemplate)]
#[template(path = "oidc/choice.html")]
pub struct ChoicePage {
    page: Page,
    offers: Vec<Offer>,
    /// Whether an account is going to be made.
    signs_up: bool,
}

/// A provider as it is offered.
struct Offer {
    label: String,
    link: String,
}

impl ChoicePage {
    /// Offers every provider of `oidc` for what `query` asks.
    #[must_use]
    pub fn new(page: Page, oidc: &Oidc, query: &AuthenticateQuery) -> Self {
        let offer = |provider: &Arc<Provider>| Offer {
            label: provider.config.label.clone(),
            link: query.clone().at(oidc.name_in_links(provider)).link(),
        };
        Self {
            page,
            offers: oidc.providers().iter().map(offer).collect(),
            signs_up: query.prompt == Some(Prompt::Create),
        }
    }
}

impl Oidc {
    /// The provider called `id`.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Arc<Provider>> {
        let mut providers = self.providers().iter();
        providers.find(|provider| provider.config.id == id)
    }

    /// The provider whose answers come to the callback with this name; the first one's has none.
    #[must_use]
    pub fn of_callback(&self, name: Option<&str>) -> Option<&Arc<Provider>> {
        match name {
            None => self.providers().first(),
            Some(id) => self
                .provider(id)
                .filter(|provider| !provider.config.is_first()),
        }
    }

    /// The provider that `query` is for; `None` when it has to be asked.
    #[must_use]
    pub fn chosen(&self, query: &AuthenticateQuery) -> Option<&Arc<Provider>> {
        match self.providers() {
            [only] => Some(only),
            _ => self.provider(query.provider.as_deref()?),
        }
    }

    /// What links call `provider`: nothing where there is no other.
    #[must_use]
    pub fn name_in_links(&self, provider: &Provider) -> Option<String> {
        (self.providers().len() > 1).then(|| provider.config.id.clone())
    }
}
