//! The settings as `rolecall config show` lists them: what is in effect and where it comes from,
//! without any secret.

use std::{collections::BTreeMap, fmt};

use url::Url;

use super::{Environment, environment::Source, secrets};

/// `.env.example` names every setting with its default; a test holds it to what is in effect.
const EXAMPLE: &str = include_str!("../../.env.example");

/// A setting, fit to be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value; for a secret only that there is one.
    pub value: String,
    /// Where the value comes from.
    pub source: &'static str,
}

/// All settings, in the order of their names. Shown, they are a table.
#[derive(Clone, Debug)]
pub struct Settings(pub Vec<Setting>);

impl Settings {
    /// The settings of `env`, whether or not they make sense.
    #[must_use]
    pub fn of(env: &Environment) -> Self {
        let defaults = defaults();
        let setting = |name: String| {
            let default = defaults.get(name.as_str());
            let (value, source) = match (env.entry(&name), default) {
                (Some(entry), _) => (shown(&name, entry.text.trim()), entry.source.words()),
                (None, Some(default)) => ((*default).to_owned(), "default"),
                (None, None) => ("-".to_owned(), "not set"),
            };
            Setting {
                name,
                value,
                source,
            }
        };
        Self(env.known_names().into_iter().map(setting).collect())
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Setting) -> &str| {
            let lengths = self.0.iter().map(|setting| text(setting).chars().count());
            // One long value does not push the rest out of sight.
            lengths.filter(|length| *length <= 48).max().unwrap_or(0)
        };
        let (names, values) = (
            width(|setting| &setting.name),
            width(|setting| &setting.value),
        );
        for setting in &self.0 {
            let (name, value) = (&setting.name, &setting.value);
            writeln!(f, "{name:names$}  {value:values$}  {}", setting.source)?;
        }
        Ok(())
    }
}

impl Source {
    const fn words(self) -> &'static str {
        match self {
            Self::Process => "environment",
            Self::EnvFile => ".env",
            Self::File => "file",
            Self::Credentials => "credentials directory",
        }
    }
}

/// The lines `#NAME=value` of the example.
fn defaults() -> BTreeMap<&'static str, &'static str> {
    let lines = EXAMPLE.lines().filter_map(|line| line.strip_prefix('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .filter(|(name, value)| !name.starts_with(' ') && !value.is_empty())
        .collect()
}

fn shown(name: &str, value: &str) -> String {
    match name {
        "DATABASE_URL"
        | "ROLECALL_MIGRATE_TO"
        | "OTEL_EXPORTER_OTLP_ENDPOINT"
        | "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" => without_password(value),
        // Collectors of others take a key there.
        "OTEL_EXPORTER_OTLP_HEADERS" => "set".to_owned(),
        _ if secrets::is_secret(name) => "set".to_owned(),
        _ => value.to_owned(),
    }
}

/// The query of a PostgreSQL address can hold a password as well.
fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut url) = Url::parse(url) else {
        return "set".to_owned();
    };
    if url.cannot_be_a_base() {
        return "set".to_owned();
    }
    url.set_query(None);
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "set".to_owned();
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// Without the values that have no default, and with everything else left out.
    fn needed() -> Environment {
        Environment::from([
            ("OIDC_OP_BASE_URL", "https://example.zitadel.cloud"),
            ("OIDC_RP_CLIENT_ID", "249@python"),
            ("OIDC_RP_CLIENT_SECRET", "s3cret"),
        ])
    }

    #[test]
    fn the_defaults_of_the_example_are_those_in_effect() {
        let without = Config::read(&needed()).unwrap();
        let mut written = needed();
        for (name, value) in defaults() {
            written.0.insert(name.to_owned(), value.into());
        }
        let with = Config::read(&written).unwrap();
        assert_eq!(format!("{without:?}"), format!("{with:?}"));
    }

    #[test]
    fn the_password_of_a_database_is_not_shown_wherever_it_stands() {
        for (url, expected) in [
            (
                "postgres://p:SECRET-a@db/polls",
                "postgres://p:***@db/polls",
            ),
            (
                "postgres://db/polls?password=SECRET-a",
                "postgres://db/polls",
            ),
            ("postgres:SECRET-a b:", "set"),
            ("sqlite:rolecall.db", "sqlite:rolecall.db"),
        ] {
            assert_eq!(without_password(url), expected);
        }
    }

    #[test]
    fn the_password_of_a_collector_is_not_shown() {
        let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let env = Environment::from([(endpoint, "https://p:hidden-a@collector.example:4318")]);
        let shown = Settings::of(&env).to_string();
        assert!(shown.contains("https://p:***@collector.example:4318/"));
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
