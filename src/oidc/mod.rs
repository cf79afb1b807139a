//! Sign-in at an OpenID Provider: the relying party.
//!
//! # A sign-in, step by step
//! 1. [`login`]: `state`, `nonce` and a PKCE verifier are made and remembered as a pending login
//!    ([`store`]), bound to the browser by a cookie; the browser goes to the provider.
//! 2. [`callback`]: it comes back. The pending login is claimed, once, by the browser that began
//!    it, before anything is said to the provider.
//! 3. [`exchange`]: the code becomes tokens; [`id_token`] verifies the ID token against the keys
//!    of [`provider`]; userinfo is fetched for the same subject.
//! 4. [`claims`] reads role and profile. Without a role nobody is signed in.
//! 5. [`routes`] tells [`crate::users`] and begins the session; the [`tokens`] stay in its row,
//!    sealed.
//! 6. [`refresh`] asks again while the session lasts; [`logout`] ends it on both sides.
//!
//! Whatever goes wrong on the way is a [`failure::Failure`], which knows what to tell the person.

pub mod browser;
pub mod callback;
pub mod claims;
pub mod exchange;
pub mod failure;
pub mod http;
pub mod id_token;
pub mod login;
pub mod logout;
pub mod metadata;
pub mod probe;
pub mod provider;
pub mod recheck;
pub mod refresh;
pub mod routes;
pub mod store;
pub mod tokens;
pub mod transport;

use std::{sync::Arc, time::Duration};

use claims::RoleRules;
use provider::Provider;
use refresh::SingleFlight;
use store::PendingLogins;

use crate::{
    clock::Clock,
    config::{Config, OidcConfig, SiteConfig},
    db::Db,
    error::Result,
    headers::FormTargets,
    paths,
    random::Random,
    vault::Vault,
};

/// How often [`Oidc::keep_ready`] looks after the provider.
const ROUND: Duration = Duration::from_secs(15);

/// The relying party. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Oidc(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    config: OidcConfig,
    site: SiteConfig,
    provider: Provider,
    logins: PendingLogins,
    rules: RoleRules,
    recheck_flights: SingleFlight,
    vault: Vault,
    clock: Clock,
    random: Random,
}

impl Oidc {
    /// A relying party for the configured provider; contacts nobody yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(
        config: &Config,
        vault: Vault,
        db: Db,
        clock: Clock,
        random: Random,
        targets: FormTargets,
    ) -> Result<Self> {
        let (oidc, site) = (config.oidc.clone(), config.site.clone());
        let provider = Provider::new(oidc.clone(), site.clone(), clock.clone(), targets)?;
        Ok(Self(Arc::new(Parts {
            rules: RoleRules::zitadel(oidc.project.as_deref()),
            config: oidc,
            site,
            provider,
            logins: PendingLogins::new(db),
            recheck_flights: SingleFlight::default(),
            vault,
            clock,
            random,
        })))
    }

    /// The redirect URI to register at the provider.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        metadata::absolute(&self.0.site, paths::CALLBACK)
    }

    /// Whether the provider has been found.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.provider.current().is_some()
    }

    /// Removes pending logins whose target need not be remembered any more; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        self.0.logins.sweep(self.0.clock.now()).await
    }

    /// Finds the provider and keeps what is known of it fresh. Never ends; for a task of its own.
    pub async fn keep_ready(self) {
        let mut round = tokio::time::interval(ROUND);
        loop {
            round.tick().await;
            // Said in the log already, and asked again in the next round.
            let _ = self.0.provider.known().await;
        }
    }
}
