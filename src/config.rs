//! Configuration from the environment and `.env`: one small struct per concern, every problem
//! reported at once. The only module that reads the environment. Foundation: knows no feature.

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;

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
    /// Who signs people in.
    pub oidc: OidcConfig,
    /// How long a sign-in lasts.
    pub sessions: SessionConfig,
    /// Names that look like ours and mean nothing; reported at start.
    pub unknown: Vec<String>,
}

/// Where the site is seen and listens.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// `BASE_URL`: public address without a trailing slash; every absolute URL is built from it.
    pub base_url: Url,
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
    /// `ROLECALL_KEY_FILE`: the key that seals tokens at rest; made when it is not there.
    pub key_file: PathBuf,
}

/// Who signs people in: one OpenID Provider and our registration there.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// `OIDC_OP_BASE_URL`: discovery is under `/.well-known/openid-configuration` below it.
    pub op_base_url: Url,
    /// `OIDC_RP_CLIENT_ID`.
    pub client_id: String,
    /// `OIDC_RP_CLIENT_SECRET`.
    pub client_secret: Secret,
    /// `ZITADEL_PROJECT`: the project whose roles count.
    pub project: Option<String>,
    /// `OIDC_RP_SCOPES`: replaces the scopes that are asked for by default.
    pub scopes: Vec<String>,
    /// `OIDC_HTTP_TIMEOUT`: how long one call to the provider may take.
    pub timeout: Duration,
    /// `OIDC_RECHECK_SECONDS`: how old a role may be before the provider is asked again.
    pub recheck: Duration,
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

impl OidcConfig {
    /// The scopes asked for: profile and e-mail, and with a project both ZITADEL scopes that
    /// bring its roles whether or not "Assert Roles on Authentication" is on.
    #[must_use]
    pub fn default_scopes(project: Option<&str>) -> Vec<String> {
        let mut scopes: Vec<_> = ["openid", "email", "phone", "profile"]
            .map(str::to_owned)
            .to_vec();
        if let Some(project) = project {
            scopes.push("urn:zitadel:iam:org:projects:roles".to_owned());
            scopes.push(format!("urn:zitadel:iam:org:project:id:{project}:aud"));
        }
        scopes
    }
}

/// All names that are read, with their default and meaning; `.env.example` lists the same.
const KNOWN: &[&str] = &[
    "OIDC_OP_BASE_URL",
    "OIDC_RP_CLIENT_ID",
    "OIDC_RP_CLIENT_SECRET",
    "ZITADEL_PROJECT",
    "OIDC_RP_SCOPES",
    "OIDC_HTTP_TIMEOUT",
    "OIDC_RECHECK_SECONDS",
    "BASE_URL",
    "LISTEN_ADDR",
    "DATABASE_URL",
    "ROLECALL_KEY_FILE",
    "ROLECALL_SESSION_IDLE",
    "ROLECALL_SESSION_ABSOLUTE",
    "ROLECALL_LOG",
    "ROLECALL_LOG_FORMAT",
];

/// Everything that is wrong with the configuration, one line per problem.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Problems(pub Vec<String>);

/// Names and values: `.env` below, the process environment above it.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads `.env` in the working directory, if there is one, and the process environment,
    /// which wins.
    ///
    /// # Errors
    /// When `.env` cannot be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn load() -> Result<Self, Problems> {
        let mut values = BTreeMap::new();
        if Path::new(".env").exists() {
            let lines = dotenvy::from_path_iter(".env").map_err(|error| unreadable(&error))?;
            for line in lines {
                let (name, value) = line.map_err(|error| unreadable(&error))?;
                values.insert(name, value);
            }
        }
        values.extend(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }));
        Ok(Self(values))
    }

    /// The value of `name`, unless it is absent or blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    fn unknown(&self) -> Vec<String> {
        let ours = |name: &&String| {
            (name.starts_with("OIDC_") || name.starts_with("ROLECALL_"))
                && !name.starts_with("ROLECALL_TEST_")
                && !KNOWN.contains(&name.as_str())
        };
        self.0.keys().filter(ours).cloned().collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(values: [(&str, &str); N]) -> Self {
        Self(
            values
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
        )
    }
}

fn unreadable(error: &dotenvy::Error) -> Problems {
    // The error's own text repeats the line, which may hold a secret.
    let what = match error {
        dotenvy::Error::LineParse(_, column) => format!("a line cannot be read at column {column}"),
        _ => "it cannot be read".to_owned(),
    };
    Problems(vec![format!(
        ".env: {what}. Values with $, # or spaces need 'single quotes'."
    )])
}

impl Config {
    /// Reads everything that `serve` needs.
    ///
    /// # Errors
    /// Every missing or malformed value at once.
    pub fn read(env: &Environment) -> Result<Self, Problems> {
        let mut read = Reader {
            env,
            problems: Vec::new(),
        };
        let site = read.site();
        let oidc = read.oidc();
        let sessions = read.sessions();
        read.database();
        let config = site.zip(oidc).map(|(site, oidc)| Self {
            site,
            database: DatabaseConfig::read(env),
            oidc,
            sessions,
            unknown: env.unknown(),
        });
        config
            .filter(|_| read.problems.is_empty())
            .ok_or(Problems(read.problems))
    }
}

impl DatabaseConfig {
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
            key_file,
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

struct Reader<'a> {
    env: &'a Environment,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, name: &str, what: impl fmt::Display) {
        self.problems.push(format!("{name}: {what}"));
    }

    fn required(&mut self, name: &str) -> Option<String> {
        let value = self.env.get(name).map(str::to_owned);
        if value.is_none() {
            self.problem(name, "is missing");
        }
        value
    }

    fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        let Some(text) = self.env.get(name) else {
            return default;
        };
        if let Some(seconds) = text.parse().ok().filter(|seconds| *seconds > 0) {
            return Duration::from_secs(seconds);
        }
        self.problem(name, "is not a whole number of seconds above 0");
        default
    }

    fn url(&mut self, name: &str, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
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

    fn site(&mut self) -> Option<SiteConfig> {
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
            base_url: base_url?,
            listen: listen.ok()?,
            demo: false,
        })
    }

    fn oidc(&mut self) -> Option<OidcConfig> {
        let op = self.required("OIDC_OP_BASE_URL");
        let op_base_url = op.and_then(|text| self.url("OIDC_OP_BASE_URL", &text));
        let client_id = self.required("OIDC_RP_CLIENT_ID");
        let client_secret = self.required("OIDC_RP_CLIENT_SECRET").map(Secret::new);
        let project = self.env.get("ZITADEL_PROJECT").map(str::to_owned);
        let scopes = self.scopes(project.as_deref());
        let timeout = self.seconds("OIDC_HTTP_TIMEOUT", Duration::from_secs(5));
        let recheck = self.seconds("OIDC_RECHECK_SECONDS", Duration::from_mins(15));
        Some(OidcConfig {
            op_base_url: op_base_url?,
            client_id: client_id?,
            client_secret: client_secret?,
            project,
            scopes,
            timeout,
            recheck,
        })
    }

    fn database(&mut self) {
        let url = self.env.get("DATABASE_URL").unwrap_or("sqlite:");
        if !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            self.problem("DATABASE_URL", "must begin with sqlite: or postgres:");
        }
    }

    fn scopes(&mut self, project: Option<&str>) -> Vec<String> {
        let Some(text) = self.env.get("OIDC_RP_SCOPES") else {
            return OidcConfig::default_scopes(project);
        };
        let scopes: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        if !scopes.iter().any(|scope| scope == "openid") {
            self.problem("OIDC_RP_SCOPES", "must contain openid");
        }
        scopes
    }

    fn sessions(&mut self) -> SessionConfig {
        let default = SessionConfig::default();
        SessionConfig {
            idle: self.seconds("ROLECALL_SESSION_IDLE", default.idle),
            absolute: self.seconds("ROLECALL_SESSION_ABSOLUTE", default.absolute),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn zitadel() -> Environment {
        Environment::from([
            ("OIDC_OP_BASE_URL", "https://example.zitadel.cloud"),
            ("OIDC_RP_CLIENT_ID", "249@python"),
            ("OIDC_RP_CLIENT_SECRET", "s3cret"),
            ("ZITADEL_PROJECT", "249703732336418457"),
        ])
    }

    #[test]
    fn the_four_values_of_the_zitadel_guide_are_enough() {
        let config = Config::read(&zitadel()).unwrap();
        assert_eq!(config.site.base_url.as_str(), "http://localhost:8000/");
        assert!(
            config
                .oidc
                .scopes
                .contains(&"urn:zitadel:iam:org:projects:roles".to_owned())
        );
        assert_eq!(config.sessions.absolute, Duration::from_hours(12));
        assert_eq!(config.database.key_file, Path::new("rolecall.key"));
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let env = Environment::from([
            ("OIDC_OP_BASE_URL", "http://idp.example.org"),
            ("LISTEN_ADDR", "here"),
            ("OIDC_HTTP_TIMEOUT", "soon"),
            ("OIDC_RP_CLIENT_ID", " "),
        ]);
        let Problems(lines) = Config::read(&env).unwrap_err();
        for name in [
            "OIDC_OP_BASE_URL",
            "OIDC_RP_CLIENT_ID",
            "OIDC_RP_CLIENT_SECRET",
            "LISTEN_ADDR",
            "OIDC_HTTP_TIMEOUT",
        ] {
            assert!(
                lines.iter().any(|line| line.starts_with(name)),
                "{name} in {lines:?}"
            );
        }
    }

    #[test]
    fn an_unknown_name_of_ours_is_reported() {
        let mut env = zitadel();
        env.0.insert("OIDC_RP_CLIENTSECRET".into(), "typo".into());
        env.0.insert("OIDC_RP_CLIENT_SECRET".into(), "x".into());
        assert_eq!(
            Config::read(&env).unwrap().unknown,
            ["OIDC_RP_CLIENTSECRET"]
        );
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let config = Config::read(&zitadel()).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
