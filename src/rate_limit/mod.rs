//! How often the same sender may ask for the same thing, so that nobody can wear out the
//! provider, the database or a person's patience. The limits are far above what people do.
//!
//! What a sender has used up is forgotten with time, and is kept by this process alone: several
//! instances allow as many times as much. Knows of HTTP only in [`layer`]; the rest is
//! foundation and knows no feature.

mod allowance;
mod client;
pub mod layer;
mod limiter;
mod slots;

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use http::{Extensions, HeaderMap};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    clock::Clock,
    config::{RateLimitConfig, SiteConfig},
    error::Result,
};
pub use allowance::Limit;
use client::Clients;
use limiter::Limiter;

/// How long one waits to be let in although the limit is reached.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Sender {
    /// An address, with IPv6 a network of 64 bits: the least that somebody is given.
    Address(IpAddr),
    /// A person, by the number of the local user.
    Person(i64),
    /// Somebody who is no local user, by a hash of issuer and subject.
    Subject([u8; 32]),
}

impl Sender {
    /// Whoever the provider `issuer` calls `subject`.
    #[must_use]
    pub fn subject(issuer: &str, subject: &str) -> Self {
        let named = Sha256::new().chain_update(issuer).chain_update([0]);
        Self::Subject(named.chain_update(subject).finalize().into())
    }
}

impl From<IpAddr> for Sender {
    fn from(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        })
    }
}

/// All limits, and who is behind which proxy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RateLimits {
    clients: Arc<Clients>,
    /// Empty when the limits are switched off.
    parts: Option<Arc<Parts>>,
}

#[derive(Debug)]
struct Parts {
    sign_in: Limiter,
    callback: Limiter,
    logout_token: Limiter,
    unsent_form: Limiter,
    vote: Limiter,
    receipt: Limiter,
    token: Limiter,
    device: Limiter,
    check: Limiter,
    export: Limiter,
    api: Limiter,
    caller: Limiter,
    /// For those who are let in although the limit is reached, one at a time.
    turn: Semaphore,
}

impl RateLimits {
    /// Limits of which nothing is used up yet.
    #[must_use]
    pub fn new(config: &RateLimitConfig, site: &SiteConfig, clock: &Clock) -> Self {
        let is_https = site.base_url.scheme() == "https";
        let parts = |factor| {
            let limiter = |limit| Limiter::new(limit, factor, clock.clone());
            Arc::new(Parts {
                sign_in: limiter(Limit::SignIn),
                callback: limiter(Limit::Callback),
                logout_token: limiter(Limit::LogoutToken),
                unsent_form: limiter(Limit::UnsentForm),
                vote: limiter(Limit::Vote),
                receipt: limiter(Limit::Receipt),
                token: limiter(Limit::Token),
                device: limiter(Limit::Device),
                check: limiter(Limit::Check),
                export: limiter(Limit::Export),
                api: limiter(Limit::Api),
                caller: limiter(Limit::Caller),
                turn: Semaphore::new(1),
            })
        };
        Self {
            clients: Arc::new(Clients::new(config.trusted_proxies.clone(), is_https)),
            parts: config.factor.map(parts),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`crate::error::Error::TooManyRequests`] when the limit is reached; then it does not count.
    pub fn take(&self, limit: Limit, sender: Sender) -> Result<()> {
        let parts = self.parts.as_ref();
        parts.map_or(Ok(()), |parts| parts.limiter(limit).take(sender))
    }

    /// Forgets what a sender has used up.
    pub fn forgive(&self, limit: Limit, sender: Sender) {
        if let Some(parts) = &self.parts {
            parts.limiter(limit).forgive(sender);
        }
    }

    /// The address from which a request comes; `None` when that is not known, or does not matter.
    #[must_use]
    pub fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<Sender> {
        self.parts.as_ref()?;
        self.address(extensions, headers).map(Sender::from)
    }

    /// The same as it is told in the log, whatever matters.
    #[must_use]
    pub fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        self.clients.address(extensions, headers)
    }

    /// Whether a request comes straight from a proxy that is named in the configuration.
    #[must_use]
    pub fn is_from_trusted_proxy(&self, extensions: &Extensions) -> bool {
        self.clients.is_trusted_proxy(extensions)
    }

    /// The turn of somebody who has reached a limit and is let in nevertheless; `None` when it
    /// does not come soon.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let turn = self.parts.as_ref()?.turn.acquire();
        tokio::time::timeout(PATIENCE, turn).await.ok()?.ok()
    }
}

impl Parts {
    fn limiter(&self, limit: Limit) -> &Limiter {
        match limit {
            Limit::SignIn => &self.sign_in,
            Limit::Callback => &self.callback,
            Limit::LogoutToken => &self.logout_token,
            Limit::UnsentForm => &self.unsent_form,
            Limit::Vote => &self.vote,
            Limit::Receipt => &self.receipt,
            Limit::Token => &self.token,
            Limit::Device => &self.device,
            Limit::Check => &self.check,
            Limit::Export => &self.export,
            Limit::Api => &self.api,
            Limit::Caller => &self.caller,
        }
    }
}

#[cfg(test)]
mod tests;
