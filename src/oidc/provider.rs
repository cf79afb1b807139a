//! What is known of an OpenID Provider: its metadata and its keys, fetched when first needed
//! and again when they are old or a key is missing. The site starts and serves without it.

use std::{fmt, sync::Arc, time::Duration};

use arc_swap::{ArcSwap, ArcSwapOption};
use openidconnect::{RedirectUrl, core::CoreJsonWebKeySet};
use tokio::sync::Mutex;

use super::{
    http::{Http, Outage},
    id_token::Invalid,
    metadata::{self, Discovered, Metadata, absolute},
    roles::RoleRules,
};
use crate::{
    clock::{Clock, Timestamp},
    config::{ProviderConfig, SiteConfig},
    error::{Error, Result},
    headers::FormTargets,
    metrics::Step,
    paths,
    random::Random,
};

/// How long metadata and keys are trusted without asking again, whatever the provider says.
const SHORTEST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);
const USUAL: Duration = Duration::from_mins(5);

/// How long old knowledge is better than none: a key that was withdrawn must not count for ever
/// because nobody can be asked.
const STALEST: Duration = Duration::from_hours(24);

/// The least time between two fetches of the keys because one was missing: anyone can make up
/// a key id.
const KEYS_PAUSE: Duration = Duration::from_secs(10);

/// The longest pause after failed attempts, so that a provider that is back is soon found.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long somebody who wants to sign in waits for a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// How often [`Provider::keep_ready`] looks after it.
const ROUND: Duration = Duration::from_secs(15);

/// Where the answer to an authorization request arrives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Callback {
    /// Where a browser's session begins.
    Pages,
    /// Where a program gets a code of ours.
    Programs,
}

/// The provider, known or not yet.
pub struct Provider {
    /// Our registration there.
    pub config: ProviderConfig,
    /// Which claims hold roles.
    pub rules: RoleRules,
    /// The client for all calls to it.
    pub http: Http,
    timeout: Duration,
    pub(super) site: SiteConfig,
    pub(super) clock: Clock,
    pub(super) random: Random,
    targets: FormTargets,
    current: ArcSwapOption<Discovered>,
    fetched: ArcSwapOption<State>,
    flight: Mutex<Flight>,
    heard: ArcSwap<Heard>,
}

/// When the provider was last asked for a sign of life.
#[derive(Clone, Copy)]
struct Heard {
    at: Timestamp,
    is_down: bool,
}

impl Heard {
    /// How long this is believed without asking again.
    const fn counts_for(self) -> Duration {
        if self.is_down {
            Duration::from_secs(2)
        } else {
            Duration::from_secs(15)
        }
    }
}

/// What operators are told of the provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// When metadata and keys were last fetched.
    pub fetched_at: Option<Timestamp>,
    /// What the provider's clock said then, if it told.
    pub date: Option<Timestamp>,
}

/// Held by whoever asks the provider; there is one at a time.
struct Flight {
    failures: u32,
    not_before: Timestamp,
    keys_not_before: Timestamp,
    /// Whether the last of these fetches came to nothing.
    keys_failed: bool,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.config.id)
    }
}

impl Provider {
    /// A provider of which nothing is known yet; contacts nobody.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(
        config: ProviderConfig,
        timeout: Duration,
        site: SiteConfig,
        clock: Clock,
        random: Random,
        targets: FormTargets,
    ) -> Result<Self> {
        // Until discovery says more, so that a page shown meanwhile can already sign out.
        let origin = config.op_base_url.origin().ascii_serialization();
        targets.allow(&config.id, &origin);
        let start = Timestamp::from_millis(0);
        Ok(Self {
            http: Http::new(&config.op_base_url, timeout)?,
            rules: RoleRules::new(&config.roles, config.project.as_deref()),
            config,
            timeout,
            site,
            clock,
            random,
            targets,
            current: ArcSwapOption::empty(),
            fetched: ArcSwapOption::empty(),
            flight: Mutex::new(Flight {
                failures: 0,
                not_before: start,
                keys_not_before: start,
                keys_failed: false,
            }),
            heard: ArcSwap::from_pointee(Heard {
                at: start,
                is_down: false,
            }),
        })
    }

    /// What operators are told of it.
    #[must_use]
    pub fn state(&self) -> State {
        self.fetched.load().as_deref().copied().unwrap_or_default()
    }

    /// The redirect URI to register there. Each provider has its own, so that one of them cannot
    /// pass for another (RFC 9700, 4.4.2.2).
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.redirect_uri_at(Callback::Pages)
    }

    /// The redirect URI of one of our callbacks.
    #[must_use]
    pub fn redirect_uri_at(&self, callback: Callback) -> String {
        let (first, further) = match callback {
            Callback::Pages => (paths::CALLBACK, paths::CALLBACK_OF),
            Callback::Programs => (paths::API_CALLBACK, paths::API_CALLBACK_OF),
        };
        if self.config.is_first() {
            absolute(&self.site, first)
        } else {
            absolute(&self.site, &further.replace("{provider}", &self.config.id))
        }
    }

    pub(super) fn redirect_url(&self, callback: Callback) -> Result<RedirectUrl> {
        RedirectUrl::new(self.redirect_uri_at(callback)).map_err(Error::internal)
    }

    /// What is known, without asking.
    #[must_use]
    pub fn current(&self) -> Option<Arc<Discovered>> {
        self.current.load_full()
    }

    /// What is known; asks the provider when that is nothing or old. Old knowledge is better
    /// than none, for a day, when it does not answer.
    ///
    /// # Errors
    /// When nothing is known, or nothing of late, and the provider cannot be used.
    pub async fn known(&self) -> Result<Arc<Discovered>, Outage> {
        let now = self.clock.now();
        let is_fresh = |known: &Discovered| now < known.fresh_until;
        match self.current() {
            Some(known) if is_fresh(&known) => Ok(known),
            Some(known) if now < known.fresh_until.plus(STALEST) => match self.flight.try_lock() {
                Ok(mut flight) => Ok(self.refresh(&mut flight).await.unwrap_or(known)),
                Err(_) => Ok(known),
            },
            _ => {
                let mut flight = self.flight.lock().await;
                match self.current() {
                    Some(known) if is_fresh(&known) => Ok(known),
                    _ => self.refresh(&mut flight).await,
                }
            }
        }
    }

    /// Fetches the keys again because a token names one that `seen` does not hold.
    ///
    /// # Errors
    /// When the provider cannot be used; what was known stays.
    pub async fn refetch_keys(&self, seen: &Arc<Discovered>) -> Result<Arc<Discovered>, Outage> {
        let mut flight = self.flight.lock().await;
        let current = self.current().unwrap_or_else(|| Arc::clone(seen));
        let now = self.clock.now();
        if !Arc::ptr_eq(&current, seen) {
            return Ok(current);
        }
        if now < flight.keys_not_before {
            // After a failure nobody can tell whether a key is made up.
            return if flight.keys_failed {
                Err(Outage("did not name its keys a moment ago".to_owned()))
            } else {
                Ok(current)
            };
        }
        flight.keys_not_before = now.plus(KEYS_PAUSE);
        flight.keys_failed = true;
        let (keys, _) = self.keys(&current.metadata).await?;
        flight.keys_failed = false;
        // The rest of what is known has not become any newer.
        let until = current.fresh_until;
        self.keep(current.metadata.clone().set_jwks(keys), until)
    }

    /// Tries `verify` with the keys that are known and, where newer ones could make a difference,
    /// once more with those.
    ///
    /// # Errors
    /// When the keys have to be fetched again and the provider cannot be used.
    pub async fn with_keys<T>(
        &self,
        known: &Arc<Discovered>,
        verify: impl Fn(&Discovered) -> Result<T, Invalid>,
    ) -> Result<Result<T, Invalid>, Outage> {
        match verify(known) {
            Err(invalid) if invalid.may_be_a_new_key() => {
                let newer = self.refetch_keys(known).await?;
                if Arc::ptr_eq(&newer, known) {
                    return Ok(Err(invalid));
                }
                Ok(verify(&newer))
            }
            verified => Ok(verified),
        }
    }

    /// Whether the server to which browsers are sent is down, so that none need go there to find
    /// out. It is asked when it was not heard of for a while; a slow one is not down.
    pub async fn is_down(&self, known: &Discovered) -> bool {
        let heard = *self.heard.load_full();
        if self.clock.now().since(heard.at) < heard.counts_for() {
            return heard.is_down;
        }
        let authorize = known.metadata.authorization_endpoint().url();
        let answer = tokio::time::timeout(SIGN_OF_LIFE, self.http.sign_of_life(authorize)).await;
        if let Ok(Err(outage)) = &answer {
            tracing::warn!(%outage, "the OpenID Provider is down");
        }
        let is_down = matches!(answer, Ok(Err(_)));
        self.hear(is_down);
        is_down
    }

    fn hear(&self, is_down: bool) {
        let at = self.clock.now();
        self.heard.store(Arc::new(Heard { at, is_down }));
    }

    /// Whether the provider answers right now, within `patience`.
    pub async fn answers(&self, patience: Duration) -> bool {
        let url = metadata::discovery_url(&self.config);
        let discovery = self.http.get::<serde_json::Value>(&url);
        matches!(tokio::time::timeout(patience, discovery).await, Ok(Ok(_)))
    }

    /// Finds the provider and keeps what is known of it fresh. Never ends.
    pub async fn keep_ready(self: Arc<Self>) {
        let mut round = tokio::time::interval(ROUND);
        loop {
            round.tick().await;
            // Said in the log already, and asked again in the next round.
            let _ = self.known().await;
        }
    }

    async fn refresh(&self, flight: &mut Flight) -> Result<Arc<Discovered>, Outage> {
        if self.clock.now() < flight.not_before {
            return Err(Outage("did not answer a moment ago".to_owned()));
        }
        let fetched = tokio::time::timeout(self.timeout, self.fetch()).await;
        let fetched = fetched.unwrap_or_else(|_| Err(Outage("takes too long".to_owned())));
        match &fetched {
            Ok(_) => flight.failures = 0,
            Err(outage) => {
                tracing::warn!(provider = self.config.id, %outage, "the OpenID Provider cannot be used");
                let pause = Duration::from_secs(1 << flight.failures.min(4));
                flight.failures = flight.failures.saturating_add(1);
                flight.not_before = self.clock.now().plus(pause.min(LONGEST_PAUSE));
            }
        }
        fetched
    }

    async fn fetch(&self) -> Result<Arc<Discovered>, Outage> {
        let document = self
            .http
            .document::<Metadata>(&metadata::discovery_url(&self.config))
            .await?;
        let metadata = metadata::checked(document.content, &self.config)?;
        let (keys, max_age) = self.keys(&metadata).await?;
        let life = max_age.unwrap_or(USUAL).clamp(SHORTEST, LONGEST);
        let now = self.clock.now();
        let kept = self.keep(metadata.set_jwks(keys), now.plus(life))?;
        self.fetched.store(Some(Arc::new(State {
            fetched_at: Some(now),
            date: document.date,
        })));
        Ok(kept)
    }

    async fn keys(
        &self,
        metadata: &Metadata,
    ) -> Result<(CoreJsonWebKeySet, Option<Duration>), Outage> {
        self.http
            .at(Step::Jwks)
            .get(metadata.jwks_uri().url())
            .await
    }

    fn keep(&self, metadata: Metadata, until: Timestamp) -> Result<Arc<Discovered>, Outage> {
        let known = Arc::new(Discovered::new(
            metadata,
            &self.config,
            self.redirect_uri(),
            until,
        )?);
        self.targets
            .allow(&self.config.id, &known.form_targets(&self.config));
        self.current.store(Some(Arc::clone(&known)));
        self.hear(false);
        Ok(known)
    }
}
