//! Configuration from the environment and `.env`: one small struct per concern, every problem
//! reported at once. The only module that reads the environment. Foundation: knows no feature.

mod environment;
mod provider;
mod reader;
mod secrets;
mod show;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;

pub use environment::{Environment, Problems, env_file_is_open, others_may_read};
pub use provider::ProviderConfig;
pub(crate) use reader::is_loopback;
pub use show::{Setting, Settings};

use reader::Reader;

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

/// Who signs people in.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// The OpenID Providers; the first is the one that needs no name.
    pub providers: Vec<ProviderConfig>,
    /// `OIDC_HTTP_TIMEOUT`: how long one call to a provider may take.
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
    /// These providers, and the defaults for the rest.
    #[must_use]
    pub fn new(providers: Vec<ProviderConfig>) -> Self {
        Self {
            providers,
            timeout: Duration::from_secs(5),
            recheck: Duration::from_mins(15),
        }
    }
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
        read.log();
        let config = site.zip(oidc).map(|(site, oidc)| Self {
            site,
            database: DatabaseConfig::read(env),
            oidc,
            sessions,
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
            config.oidc.providers[0]
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
    fn a_misspelt_name_is_told_beside_the_value_that_is_missing() {
        let mut env = zitadel();
        env.0.remove("OIDC_RP_CLIENT_SECRET");
        env.0.insert("OIDC_RP_CLENT_SECRET".into(), "typo".into());
        let Problems(lines) = Config::read(&env).unwrap_err();
        assert_eq!(
            lines,
            [
                "OIDC_RP_CLIENT_SECRET: is missing",
                "OIDC_RP_CLENT_SECRET: is not one of our names"
            ]
        );
    }

    fn with_a_partner() -> Environment {
        let mut env = zitadel();
        let further = [
            ("OIDC_PROVIDERS", "partner, lab-2"),
            ("PARTNER_OIDC_OP_BASE_URL", "https://id.partner.example"),
            ("PARTNER_OIDC_RP_CLIENT_ID", "rolecall"),
            ("PARTNER_OIDC_RP_CLIENT_SECRET", "s3cret"),
            ("PARTNER_OIDC_LABEL", "Our partner"),
            ("LAB_2_OIDC_OP_BASE_URL", "https://id.lab.example/realms/r"),
            ("LAB_2_OIDC_RP_CLIENT_ID", "rolecall"),
            ("LAB_2_OIDC_RP_CLIENT_SECRET", "s3cret"),
        ];
        env.0
            .extend(further.map(|(name, value)| (name.into(), value.into())));
        env
    }

    #[test]
    fn further_providers_take_the_same_names_behind_their_own() {
        let config = Config::read(&with_a_partner()).unwrap();
        let seen: Vec<_> = config
            .oidc
            .providers
            .iter()
            .map(|provider| (provider.id.as_str(), provider.label.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("default", "example.zitadel.cloud"),
                ("partner", "Our partner"),
                ("lab-2", "id.lab.example"),
            ]
        );
        assert_eq!(config.oidc.providers[1].project, None);
        assert_eq!(config.unknown, [""; 0]);
    }

    #[test]
    fn what_a_further_provider_lacks_or_misspells_is_told_with_its_name() {
        let mut env = with_a_partner();
        env.0.remove("PARTNER_OIDC_RP_CLIENT_ID");
        env.0
            .insert("PARTNER_OIDC_RP_CLIENTID".into(), "typo".into());
        let Problems(lines) = Config::read(&env).unwrap_err();
        assert_eq!(
            lines,
            [
                "PARTNER_OIDC_RP_CLIENT_ID: is missing",
                "PARTNER_OIDC_RP_CLIENTID: is not one of our names"
            ]
        );
    }

    #[test]
    fn a_provider_that_the_list_forgets_is_reported() {
        let mut env = with_a_partner();
        env.0.insert("OIDC_PROVIDERS".into(), "partner".into());
        assert_eq!(
            Config::read(&env).unwrap().unknown,
            ["LAB_2_OIDC_OP_BASE_URL"]
        );
    }

    #[test]
    fn names_of_providers_are_short_lower_case_and_not_taken() {
        for names in ["Partner", "partner,partner", "default", "2", "a_b", "é"] {
            let mut env = with_a_partner();
            env.0.insert("OIDC_PROVIDERS".into(), names.into());
            let Problems(lines) = Config::read(&env).unwrap_err();
            assert!(
                lines[0].starts_with("OIDC_PROVIDERS: "),
                "{names}: {lines:?}"
            );
        }
    }

    #[test]
    fn two_providers_with_one_issuer_are_a_problem() {
        let mut env = with_a_partner();
        let same = "https://example.zitadel.cloud/";
        env.0.insert("PARTNER_OIDC_OP_BASE_URL".into(), same.into());
        let Problems(lines) = Config::read(&env).unwrap_err();
        assert_eq!(
            lines,
            ["PARTNER_OIDC_OP_BASE_URL: is that of another provider already"]
        );
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let config = Config::read(&zitadel()).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
