//! The environment as names and values. The only place that reads it.

use std::{collections::BTreeMap, path::Path};

use super::providers;

/// All names that are read beside those of a provider; `.env.example` lists them with their
/// default and meaning.
pub(super) const KNOWN: &[&str] = &[
    "OIDC_PROVIDERS",
    "OIDC_HTTP_TIMEOUT",
    "OIDC_RECHECK_SECONDS",
    "BASE_URL",
    "LISTEN_ADDR",
    "DATABASE_URL",
    "ROLECALL_KEY",
    "ROLECALL_KEY_FILE",
    "ROLECALL_RATE_LIMIT",
    "ROLECALL_TRUSTED_PROXIES",
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
pub struct Environment(pub(super) BTreeMap<String, String>);

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

    /// Names that look like ours and mean nothing.
    pub(super) fn unknown(&self) -> Vec<String> {
        let prefixes = providers::prefixes(self);
        let looks_like_ours = |name: &str| {
            let mut own = prefixes
                .iter()
                .filter_map(|prefix| name.strip_prefix(prefix));
            own.any(|rest| rest.starts_with("OIDC_") || rest.starts_with("ZITADEL_"))
                || name.starts_with("OIDC_")
                // Of a provider that `OIDC_PROVIDERS` forgets.
                || name.ends_with("_OIDC_OP_BASE_URL")
                || (name.starts_with("ROLECALL_") && !name.starts_with("ROLECALL_TEST_"))
        };
        let is_known = |name: &str| {
            let mut own = prefixes
                .iter()
                .filter_map(|prefix| name.strip_prefix(prefix));
            KNOWN.contains(&name)
                || providers::NAMES.contains(&name)
                || own.any(|rest| providers::NAMES.contains(&rest))
        };
        let names = self.0.keys().map(String::as_str);
        let strays = names.filter(|name| looks_like_ours(name) && !is_known(name));
        strays.map(str::to_owned).collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(values: [(&str, &str); N]) -> Self {
        values.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
        let values = values.into_iter();
        Self(values.map(|(k, v)| (k.into(), v.into())).collect())
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
