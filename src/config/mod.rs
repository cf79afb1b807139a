//! Configuration from the environment and `.env`: one small struct per concern, every problem
//! reported at once. The only module that reads the environment. Foundation: knows no feature.

mod backup;
mod credential;
mod environment;
mod logout_url;
mod preset;
mod provider;
mod providers;
mod rate_limit;
mod reader;
mod roles;
mod secrets;
mod show;
mod sign_algo;
mod traces;
mod trusted_issuers;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use url::Url;

pub use backup::BackupConfig;
pub use credential::Credential;
pub use environment::{Environment, Problems, env_file_is_open, others_may_read, wants_json_log};
pub use logout_url::LogoutUrl;
pub use provider::{AccessTokens, ApiClient, ProviderConfig};
pub use rate_limit::RateLimitConfig;
pub(crate) use reader::{LONGEST_CALL, is_loopback, log_filter};
pub use roles::RolesConfig;
pub use show::{Setting, Settings};
pub use sign_algo::ASYMMETRIC;

use reader::Reader;

use crate::vault::Keys;

/// A secret that `Debug` does not show.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Everything that `rolecall serve` needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the site is seen and listens.
    pub site: SiteConfig,
    /// Which database holds the data.
    pub database: DatabaseConfig,
    /// Where backups go, and when.
    pub backup: BackupConfig,
    /// Who signs people in.
    pub oidc: OidcConfig,
    /// How long a sign-in lasts.
    pub sessions: SessionConfig,
    /// How often the same sender may ask.
    pub rate_limit: RateLimitConfig,
    /// `ROLECALL_LOG_ADDRESSES`: whether the log tells from which address an event came.
    pub log_addresses: bool,
    /// `ROLECALL_METRICS_ADDR`: where metrics are exposed; nowhere without it.
    pub metrics: Option<SocketAddr>,
    /// `ROLECALL_TRUSTED_ISSUERS`: other sites whose access tokens are believed at the API.
    pub trusted_issuers: Vec<Url>,
    /// Names that look like ours and mean nothing; reported at start.
    pub unknown: Vec<String>,
}

/// Where the site is seen and listens.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// `BASE_URL`: public address without a trailing slash; every absolute URL is built from it.
    pub base_url: Arc<Url>,
    /// `LISTEN_ADDR`.
    pub listen: SocketAddr,
    /// Whether every page says that this is a demo.
    pub demo: bool,
}

/// Which database holds the data.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`: may hold a password.
    pub url: Secret,
    /// `ROLECALL_QUICK_CHECK`: whether to look for damage in a SQLite file before it is served.
    pub quick_check: bool,
    /// `ROLECALL_KEY_FILE`: the keys that seal tokens at rest; made when it is not there.
    pub key_file: PathBuf,
    /// `ROLECALL_KEY`: the keys themselves, in place of the file.
    pub keys: Option<Keys>,
}

/// Who signs people in.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// The OpenID Providers; the first is the one that needs no name.
    pub providers: Vec<ProviderConfig>,
    /// `OIDC_HTTP_TIMEOUT`: how long one call to a provider may take.
    pub timeout: Duration,
    /// `OIDC_RECHECK_SECONDS`: how old a role may be before the provider is asked again.
    pub recheck: Duration,
    /// `OIDC_INTROSPECTION_CACHE`: how long a provider's word on an access token is believed.
    pub introspection_cache: Duration,
}

/// How long a sign-in lasts.
#[derive(Clone, Copy, Debug)]
pub struct SessionConfig {
    /// `ROLECALL_SESSION_IDLE`: without a request.
    pub idle: Duration,
    /// `ROLECALL_SESSION_ABSOLUTE`: in all.
    pub absolute: Duration,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            idle: Duration::from_hours(1),
            absolute: Duration::from_hours(12),
        }
    }
}

impl SessionConfig {
    /// Reads what commands need that look at sessions.
    ///
    /// # Errors
    /// Every malformed value at once.
    pub fn read(env: &Environment) -> Result<Self, Problems> {
        let mut read = Reader {
            env,
            problems: Vec::new(),
        };
        let sessions = read.sessions();
        if read.problems.is_empty() {
            Ok(sessions)
        } else {
            Err(Problems(read.problems))
        }
    }
}

impl SiteConfig {
    /// Reads what commands need that ask the running server.
    ///
    /// # Errors
    /// Every malformed value at once.
    pub fn read(env: &Environment) -> Result<Self, Problems> {
        let mut read = Reader::new(env);
        let site = read.site();
        site.ok_or(Problems(read.problems))
    }
}

impl OidcConfig {
    /// These providers, and the defaults for the rest.
    #[must_use]
    pub fn new(providers: Vec<ProviderConfig>) -> Self {
        Self {
            providers,
            timeout: Duration::from_secs(5),
            recheck: Duration::from_mins(15),
            introspection_cache: Duration::from_secs(10),
        }
    }
}

impl Config {
    /// Reads everything that `serve` needs.
    ///
    /// # Errors
    /// Every missing or malformed value at once.
    pub fn read(env: &Environment) -> Result<Self, Problems> {
        let mut read = Reader::new(env);
        let site = read.site();
        let oidc = read.oidc();
        let sessions = read.sessions();
        let rate_limit = read.rate_limit();
        let backup = read.backup();
        let trusted_issuers = read.trusted_issuers();
        let metrics = read.metrics(site.as_ref());
        read.database();
        let log_addresses = read.log();
        read.traces();
        let config = site.zip(oidc).map(|(site, oidc)| Self {
            site,
            database: DatabaseConfig::read(env),
            backup,
            oidc,
            sessions,
            rate_limit,
            metrics,
            trusted_issuers,
            log_addresses,
            unknown: env.unknown(),
        });
        if let Some(config) = config.filter(|_| read.problems.is_empty()) {
            return Ok(config);
        }
        // A value that is missing may just stand under a misspelt name.
        let misspelt = env.unknown().into_iter();
        read.problems
            .extend(misspelt.map(|name| format!("{name}: is not one of our names")));
        Err(Problems(read.problems))
    }
}

impl DatabaseConfig {
    /// Whether the database is a file of this machine.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.url.expose().starts_with("sqlite:")
    }

    /// Reads what commands need that only touch the database.
    #[must_use]
    pub fn read(env: &Environment) -> Self {
        let url = env
            .get("DATABASE_URL")
            .unwrap_or("sqlite:rolecall.db")
            .to_owned();
        let key_file = env
            .get("ROLECALL_KEY_FILE")
            .map_or_else(|| beside(&url), PathBuf::from);
        Self {
            url: Secret::new(url),
            quick_check: env.get("ROLECALL_QUICK_CHECK") != Some("off"),
            key_file,
            keys: env.get("ROLECALL_KEY").and_then(Keys::parse),
        }
    }
}

/// The key's place unless it is named: next to a SQLite file, else in the working directory.
fn beside(url: &str) -> PathBuf {
    let path = url.strip_prefix("sqlite:").map(|rest| {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        rest.split('?').next().unwrap_or(rest)
    });
    path.map_or_else(
        || "rolecall.key".into(),
        |path| Path::new(path).with_extension("key"),
    )
}

#[cfg(test)]
mod tests;
