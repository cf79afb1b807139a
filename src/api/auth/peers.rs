//! Other sites whose access tokens are believed here (`ROLECALL_TRUSTED_ISSUERS`): each by its own
//! keys, and only for tokens that it has given for this site.

use std::{sync::Arc, time::Duration};

use openidconnect::core::CoreJsonWebKeySet;
use tokio::sync::Mutex;
use url::Url;

use super::access_token::Claims;
use crate::{
    clock::{Clock, Timestamp},
    error::Result,
    metrics::Step,
    oidc::{
        http::{Http, Outage},
        id_token::Invalid,
    },
};

/// How long keys are believed without asking again, whatever the peer says.
const SHORTEST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);

/// How long old keys are better than none: one that was withdrawn must not count for ever because
/// nobody can be asked.
const STALEST: Duration = Duration::from_hours(24);

/// The least time between two fetches: anyone can make up a key id.
const PAUSE: Duration = Duration::from_mins(1);

/// The trusted peers.
#[derive(Clone, Debug)]
pub struct Peers {
    known: Arc<[Peer]>,
    clock: Clock,
}

/// One of them.
#[derive(Debug)]
pub struct Peer {
    issuer: String,
    jwks_uri: Url,
    http: Http,
    keys: Mutex<Keys>,
}

#[derive(Debug)]
struct Keys {
    known: Option<CoreJsonWebKeySet>,
    fresh_until: Timestamp,
    not_before: Timestamp,
}

/// Why a peer's token is not believed.
#[derive(Debug)]
pub enum NotBelieved {
    /// Something is wrong with it.
    Invalid(Invalid),
    /// The peer does not name its keys.
    Outage(Outage),
}

impl From<Invalid> for NotBelieved {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Peers {
    /// These issuers; contacts nobody yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(issuers: &[Url], timeout: Duration, clock: Clock) -> Result<Self> {
        let start = Timestamp::from_millis(0);
        let peer = |issuer: &Url| {
            let mut jwks_uri = issuer.clone();
            jwks_uri.set_path(&format!("{}/.well-known/jwks.json", issuer.path()));
            Ok(Peer {
                issuer: issuer.to_string(),
                jwks_uri,
                http: Http::new(issuer, timeout)?.at(Step::Jwks),
                keys: Mutex::new(Keys {
                    known: None,
                    fresh_until: start,
                    not_before: start,
                }),
            })
        };
        let known = issuers.iter().map(peer).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            known: known.into(),
            clock,
        })
    }

    /// The peer that is called `issuer`, compared byte for byte.
    #[must_use]
    pub fn find(&self, issuer: &str) -> Option<&Peer> {
        self.known.iter().find(|peer| peer.issuer == issuer)
    }

    /// Reads a token that `peer` has signed for `audience`.
    ///
    /// # Errors
    /// Why it is not believed.
    pub async fn verify(
        &self,
        peer: &Peer,
        token: &str,
        audience: &str,
    ) -> Result<Claims, NotBelieved> {
        let now = self.clock.now();
        let between = (peer.issuer.as_str(), audience);
        let mut keys = peer.keys.lock().await;
        if keys.known.is_none() || keys.fresh_until <= now {
            keys.fetch(peer, now).await;
        }
        let known = keys.believed(now).ok_or_else(silent)?;
        match Claims::verify(token, known.keys(), between, now) {
            Err(invalid) if invalid.may_be_a_new_key() && keys.fetch(peer, now).await => {
                let known = keys.believed(now).ok_or_else(silent)?;
                Ok(Claims::verify(token, known.keys(), between, now)?)
            }
            verified => Ok(verified?),
        }
    }
}

fn silent() -> NotBelieved {
    NotBelieved::Outage(Outage("a trusted peer does not name its keys".to_owned()))
}

impl Keys {
    /// The keys, unless they are too old.
    fn believed(&self, now: Timestamp) -> Option<CoreJsonWebKeySet> {
        let known = self.known.clone();
        known.filter(|_| now < self.fresh_until.plus(STALEST))
    }

    /// Fetches the keys, unless that was done a moment ago; whether it has.
    async fn fetch(&mut self, peer: &Peer, now: Timestamp) -> bool {
        if now < self.not_before {
            return false;
        }
        self.not_before = now.plus(PAUSE);
        match peer.http.get::<CoreJsonWebKeySet>(&peer.jwks_uri).await {
            Ok((known, max_age)) => {
                let life = max_age.unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST);
                self.known = Some(known);
                self.fresh_until = now.plus(life);
                true
            }
            Err(outage) => {
                tracing::warn!(peer = peer.issuer, %outage, "a trusted peer cannot be asked");
                false
            }
        }
    }
}
