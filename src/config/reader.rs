//! Reads values and collects what is wrong with them.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use tracing_subscriber::filter::Targets;
use url::Url;

use super::{Environment, OidcConfig, SessionConfig, SiteConfig};
use crate::vault::Keys;

/// How long one call to the provider may take in all: a person waits for it.
pub(crate) const LONGEST_CALL: Duration = Duration::from_secs(10);

/// Shortest time between two confirmations of a role: signing in must fit into it, or it would
/// never end.
const SHORTEST_RECHECK: Duration = Duration::from_secs(30);

/// Reads values and goes on after a problem, so that all of them are reported.
pub(super) struct Reader<'a> {
    pub env: &'a Environment,
    pub problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(env: &'a Environment) -> Self {
        Self {
            env,
            problems: Vec::new(),
        }
    }

    pub fn problem(&mut self, name: &str, what: impl fmt::Display) {
        self.problems.push(format!("{name}: {what}"));
    }

    pub fn required(&mut self, name: &str) -> Option<String> {
        let value = self.env.get(name).map(str::to_owned);
        if value.is_none() {
            self.problem(name, "is missing");
        }
        value
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.env.get(name).map(str::to_owned)
    }

    /// Words between commas.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let words = self.env.get(name)?.split(',').map(str::trim);
        let words: Vec<_> = words.map(str::to_owned).collect();
        if words.iter().any(String::is_empty) {
            self.problem(name, "has nothing between two commas, or at an end");
        }
        Some(words)
    }

    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.env.get(name)?.parse();
        if flag.is_err() {
            self.problem(name, "is neither true nor false");
        }
        flag.ok()
    }

    /// On, unless it is switched off.
    pub fn switch(&mut self, name: &str) -> bool {
        match self.env.get(name) {
            None | Some("on") => true,
            Some("off") => false,
            Some(_) => {
                self.problem(name, "is neither on nor off");
                true
            }
        }
    }

    fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        self.optional_seconds(name).unwrap_or(default)
    }

    pub fn optional_seconds(&mut self, name: &str) -> Option<Duration> {
        let seconds = self.env.get(name)?.parse().ok();
        let seconds = seconds.filter(|seconds| *seconds > 0);
        if seconds.is_none() {
            self.problem(name, "is not a whole number of seconds above 0");
        }
        seconds.map(Duration::from_secs)
    }

    pub fn url(&mut self, name: &str, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        });
        let Some(url) = url else {
            self.problem(name, "is not an address such as https://polls.example.org");
            return None;
        };
        if url.scheme() == "http" && !is_loopback(&url) {
            self.problem(
                name,
                "must be https unless it is on this machine (localhost)",
            );
            return None;
        }
        Some(url)
    }

    pub fn site(&mut self) -> Option<SiteConfig> {
        let base = self
            .env
            .get("BASE_URL")
            .unwrap_or("http://localhost:8000")
            .to_owned();
        let base_url = self.url("BASE_URL", &base);
        let listen = self
            .env
            .get("LISTEN_ADDR")
            .unwrap_or("127.0.0.1:8000")
            .parse();
        let listen = listen.map_err(|_| self.problem("LISTEN_ADDR", "is not like 127.0.0.1:8000"));
        if base_url.as_ref().is_some_and(|url| url.path() != "/") {
            self.problem(
                "BASE_URL",
                "must not have a path: the site lives at the root of its host",
            );
        }
        Some(SiteConfig {
            base_url: Arc::new(base_url?),
            listen: listen.ok()?,
            demo: false,
        })
    }

    /// Not where the site is: what metrics tell is not for everybody.
    pub fn metrics(&mut self, site: Option<&SiteConfig>) -> Option<SocketAddr> {
        const NAME: &str = "ROLECALL_METRICS_ADDR";
        let address = self.env.get(NAME)?.parse::<SocketAddr>();
        let Ok(address) = address else {
            self.problem(NAME, "is not like 127.0.0.1:9464");
            return None;
        };
        if site.is_some_and(|site| site.listen.port() == address.port()) {
            self.problem(NAME, "must have another port than LISTEN_ADDR");
        }
        Some(address)
    }

    pub fn oidc(&mut self) -> Option<OidcConfig> {
        let providers = self.providers();
        let default = OidcConfig::new(Vec::new());
        let timeout = self.seconds("OIDC_HTTP_TIMEOUT", default.timeout);
        if timeout > LONGEST_CALL {
            self.problem(
                "OIDC_HTTP_TIMEOUT",
                "is more than 10 seconds, which nobody waits for",
            );
        }
        let recheck = self.seconds("OIDC_RECHECK_SECONDS", default.recheck);
        if recheck < SHORTEST_RECHECK {
            self.problem("OIDC_RECHECK_SECONDS", "must be at least 30");
        }
        let introspection_cache = self.introspection_cache(default.introspection_cache);
        Some(OidcConfig {
            providers: providers?,
            timeout,
            recheck,
            introspection_cache,
        })
    }

    /// A revoked token works for so long, at most.
    fn introspection_cache(&mut self, default: Duration) -> Duration {
        const NAME: &str = "OIDC_INTROSPECTION_CACHE";
        let Some(text) = self.env.get(NAME) else {
            return default;
        };
        let seconds = text.parse().ok().filter(|seconds| *seconds <= 30);
        if seconds.is_none() {
            self.problem(NAME, "is not a whole number of seconds from 0 to 30");
        }
        seconds.map_or(default, Duration::from_secs)
    }

    pub fn database(&mut self) {
        let url = self.env.get("DATABASE_URL").unwrap_or("sqlite:");
        if !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            self.problem("DATABASE_URL", "must begin with sqlite: or postgres:");
        }
        if url.contains(":memory:") || url.contains("mode=memory") {
            self.problem(
                "DATABASE_URL",
                "must be a file: in memory, votes would not last",
            );
        }
        self.switch("ROLECALL_QUICK_CHECK");
        let keys = self.env.get("ROLECALL_KEY");
        if keys.is_some_and(|keys| Keys::parse(keys).is_none()) {
            self.problem(
                "ROLECALL_KEY",
                "is not a key of 32 bytes in Base64, nor several",
            );
        }
    }

    /// What [`crate::telemetry`] will read again; whether addresses are logged.
    pub fn log(&mut self) -> bool {
        let filter = self.env.get("ROLECALL_LOG").unwrap_or("info");
        if log_filter(filter).is_none() {
            self.problem(
                "ROLECALL_LOG",
                "is not a filter such as info or info,sqlx=debug",
            );
        }
        let format = self.env.get("ROLECALL_LOG_FORMAT").unwrap_or("text");
        if !["text", "json"].contains(&format) {
            self.problem("ROLECALL_LOG_FORMAT", "is neither text nor json");
        }
        self.switch("ROLECALL_LOG_ADDRESSES")
    }

    pub fn sessions(&mut self) -> SessionConfig {
        let default = SessionConfig::default();
        SessionConfig {
            idle: self.seconds("ROLECALL_SESSION_IDLE", default.idle),
            absolute: self.seconds("ROLECALL_SESSION_ABSOLUTE", default.absolute),
        }
    }
}

/// What `ROLECALL_LOG` wants logged; `None` when it cannot be read, or says nothing.
///
/// [`Targets`] itself takes a part without words for everything, and a blank for part of a name.
pub(crate) fn log_filter(text: &str) -> Option<Targets> {
    let parts = text.split(',').map(str::trim);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return None;
    }
    parts.join(",").parse().ok()
}

/// Whether `url` leads to this machine by its name alone.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
