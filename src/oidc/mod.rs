//! Sign-in at an OpenID Provider: the relying party.
//!
//! # A sign-in, step by step
//! 1. [`query`] says where the sign-in is to lead; [`choice`] asks which of several providers.
//!    [`login`]: `state`, `nonce` and a PKCE verifier are made and remembered as a pending login
//!    ([`store`]), bound to the browser by a cookie; the browser goes to the provider.
//! 2. [`callback`]: it comes back. The pending login is claimed, once, by the browser that began
//!    it, before anything is said to the provider.
//! 3. [`exchange`]: the code becomes tokens; [`id_token`] verifies the ID token against the keys
//!    of [`provider`]; [`userinfo`] is fetched for the same subject.
//! 4. [`claims`] reads the profile, [`roles`] the role. Without a role nobody is signed in.
//! 5. [`arrival`] tells [`crate::users`] and begins the session, or shows why not; the [`tokens`]
//!    stay in its row, sealed.
//! 6. [`refresh`] asks again while the session lasts; [`logout`] ends it on both sides, and
//!    [`backchannel_logout`] when the provider says so.
//!
//! # Mount it in your own app
//! [`mount::router`] has the routes for any state that holds an [`Oidc`], [`crate::users::Users`],
//! [`crate::session::Sessions`], a [`crate::db::Db`] and a [`crate::config::SiteConfig`];
//! [`crate::app::layers`] goes around them, [`recheck::keep_roles_fresh`] around the pages that
//! only some may open, and the extractors of [`crate::users::access`] say who. `examples/embed.rs` is a whole program.
//!
//! [`transport`] tells apart why a call failed, and [`probe`] asks whether we are registered as we
//! think: `rolecall check` shows both.
//!
//! Whatever goes wrong on the way is a [`failure::Failure`], which knows what to tell the person.

pub mod access_token;
pub mod admission;
pub mod arrival;
pub mod backchannel_logout;
pub mod browser;
pub mod callback;
pub mod choice;
pub mod claims;
pub mod client_assertion;
mod client_request;
pub mod device;
pub mod device_poll;
pub mod exchange;
pub mod failure;
pub mod http;
pub mod id_token;
pub mod introspection;
pub mod jws;
pub mod login;
pub mod logout;
pub mod logout_store;
pub mod logout_token;
pub mod metadata;
pub mod missing_role;
pub mod mount;
pub mod occasion;
pub mod probe;
pub mod provider;
pub mod query;
pub mod recheck;
pub mod refresh;
pub mod refusal;
pub mod revocation;
pub mod revocation_store;
pub mod roles;
pub mod routes;
pub mod sign_out_routes;
pub mod store;
pub mod tokens;
pub mod transport;
pub mod userinfo;

use std::{sync::Arc, time::Duration};

use logout_store::LogoutTokens;
use provider::Provider;
use refresh::SingleFlight;
use store::PendingLogins;
use tokio::task::JoinSet;

use crate::{
    attempts,
    clock::Clock,
    config::{Config, ProviderConfig},
    db::Db,
    error::Result,
    headers::FormTargets,
    random::Random,
    session::Sessions,
    vault::Vault,
};

/// The relying party. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Oidc(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    providers: Vec<Arc<Provider>>,
    recheck: Duration,
    db: Db,
    sessions: Sessions,
    logins: PendingLogins,
    logout_tokens: LogoutTokens,
    recheck_flights: SingleFlight,
    vault: Vault,
    clock: Clock,
    random: Random,
}

impl Oidc {
    /// A relying party of the configured providers; contacts nobody yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(
        config: &Config,
        vault: Vault,
        db: Db,
        clock: Clock,
        random: Random,
        targets: &FormTargets,
    ) -> Result<Self> {
        let (oidc, site) = (&config.oidc, &config.site);
        let provider = |provider: &ProviderConfig| {
            let (clock, random) = (clock.clone(), random.clone());
            let (config, targets) = (provider.clone(), targets.clone());
            Provider::new(config, oidc.timeout, site.clone(), clock, random, targets).map(Arc::new)
        };
        let providers = oidc.providers.iter().map(provider);
        Ok(Self(Arc::new(Parts {
            providers: providers.collect::<Result<_>>()?,
            recheck: oidc.recheck,
            logins: PendingLogins::new(db.clone()),
            logout_tokens: LogoutTokens::new(db.clone()),
            sessions: Sessions::new(db.clone(), clock.clone(), config.sessions),
            db,
            recheck_flights: SingleFlight::default(),
            vault,
            clock,
            random,
        })))
    }

    /// The providers, the first one first.
    #[must_use]
    pub fn providers(&self) -> &[Arc<Provider>] {
        &self.0.providers
    }

    /// The provider to which a person, a session or a pending login of `issuer` belongs.
    #[must_use]
    pub fn provider_of(&self, issuer: &str) -> Option<&Arc<Provider>> {
        let mut providers = self.0.providers.iter();
        providers.find(|provider| provider.config.has_issuer(issuer))
    }

    /// Removes pending logins and logout tokens that need not be remembered any more, and old
    /// attempts; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.0.clock.now();
        let logins = self.0.logins.sweep(now).await?;
        let logout_tokens = self.0.logout_tokens.sweep(now).await?;
        Ok(logins + logout_tokens + attempts::sweep(&self.0.db, now).await?)
    }

    /// Finds the providers and keeps what is known of them fresh. Never ends; for a task of its
    /// own.
    pub async fn keep_ready(self) {
        let mut tasks = JoinSet::new();
        for provider in &self.0.providers {
            tasks.spawn(Arc::clone(provider).keep_ready());
        }
        while tasks.join_next().await.is_some() {}
    }
}
