//! The authorization server for programs (RFC 6749): whoever may sign in to the site may sign a
//! program in, which then holds tokens of our own.
//!
//! # A program's sign-in, step by step
//! 1. With a browser: [`login`] sends it to the OpenID Provider, [`callback`] lets the person
//!    decide and hands a code to the program, [`redemption`] trades that for tokens. Without one:
//!    [`device`] relays the provider's device codes. [`exchange`] takes an access token of the
//!    provider instead.
//! 2. The program has a session like a browser's, without a cookie. It ends as they do: by its
//!    owner, an admin, a lost role, or a logout token of the provider.
//! 3. An [`access_token`] lives ten minutes, and no longer than the session here. [`renewal`]
//!    trades a refresh token for the next ones and asks the provider for the role each time.
//!
//! The provider's own tokens stay here, sealed. Sign-in is that of [`crate::oidc`].

pub mod access_token;
pub mod callback;
pub mod device;
pub mod error;
pub mod exchange;
pub mod fields;
pub mod login;
pub mod logout;
pub mod peers;
pub mod redemption;
pub mod renewal;
pub mod response;
mod reuse;
pub mod scope;
pub mod signing_keys;
mod store;
pub mod token;
pub mod userinfo;
pub mod verifier;

use std::{sync::Arc, time::Duration};

use crate::{
    clock::{Clock, Timestamp},
    config::Config,
    db::Db,
    error::Result,
    oidc::{Oidc, refresh::SingleFlight},
    random::Random,
    session::{PROGRAM_IDLE, Sessions},
    users::Users,
    vault::Vault,
};
use peers::Peers;
use signing_keys::SigningKeys;

/// How long a program stays signed in at most.
const SESSION_LIFE: Duration = Duration::from_hours(30 * 24);

/// What it is below the site's address; with that it is the `iss` of access tokens.
const ISSUER_PATH: &str = "api/auth/v2";

/// The authorization server of this installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AuthorizationServer(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    issuer: String,
    oidc: Oidc,
    users: Users,
    sessions: Sessions,
    keys: SigningKeys,
    peers: Peers,
    renewals: SingleFlight,
    db: Db,
    vault: Vault,
    clock: Clock,
    random: Random,
}

impl AuthorizationServer {
    /// The authorization server beside `oidc`; contacts nobody yet.
    ///
    /// # Errors
    /// When the HTTP client for trusted peers cannot be set up.
    pub fn new(
        config: &Config,
        oidc: Oidc,
        (db, vault): (Db, Vault),
        clock: Clock,
        random: Random,
    ) -> Result<Self> {
        let base_url = config.site.base_url.as_str().trim_end_matches('/');
        Ok(Self(Arc::new(Parts {
            issuer: format!("{base_url}/{ISSUER_PATH}"),
            oidc,
            users: Users::new(db.clone()),
            sessions: Sessions::new(db.clone(), clock.clone(), config.sessions),
            keys: SigningKeys::new(db.clone(), vault.clone(), clock.clone()),
            peers: Peers::new(&config.trusted_issuers, config.oidc.timeout, clock.clone())?,
            renewals: SingleFlight::default(),
            db,
            vault,
            clock,
            random,
        })))
    }

    /// The keys that sign access tokens.
    #[must_use]
    pub fn signing_keys(&self) -> &SigningKeys {
        &self.0.keys
    }

    /// Removes codes and keys that have ended; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64> {
        let codes = store::sweep(&self.0.db, self.0.clock.now()).await?;
        Ok(codes + self.0.keys.sweep().await?)
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}

/// When a program's session ends that begins now: at the latest when the provider wants it.
fn session_end(now: Timestamp, ends_at: Option<Timestamp>) -> Timestamp {
    let usual = now.plus(SESSION_LIFE);
    ends_at.map_or(usual, |end| end.min(usual))
}

/// When a new refresh token of a session ends that ends at `session_ends_at`.
fn refresh_token_end(now: Timestamp, session_ends_at: Timestamp) -> Timestamp {
    now.plus(PROGRAM_IDLE).min(session_ends_at)
}
