//! The environment as names and values. The only place that reads it.

use std::{collections::BTreeMap, fmt, os::unix::fs::PermissionsExt as _, path::Path};

use url::Url;

use super::{providers, secrets};

/// All names that are read beside those of a provider; `.env.example` lists them with their
/// default and meaning.
pub(super) const KNOWN: &[&str] = &[
    "OIDC_PROVIDERS",
    "OIDC_HTTP_TIMEOUT",
    "OIDC_RECHECK_SECONDS",
    "OIDC_INTROSPECTION_CACHE",
    "BASE_URL",
    "LISTEN_ADDR",
    "DATABASE_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "ROLECALL_BACKUP_BEFORE_MIGRATION",
    "ROLECALL_BACKUP_DIR",
    "ROLECALL_BACKUP_EVERY",
    "ROLECALL_BACKUP_KEEP",
    "ROLECALL_KEY",
    "ROLECALL_KEY_FILE",
    "ROLECALL_METRICS_ADDR",
    "ROLECALL_MIGRATE_TO",
    "ROLECALL_QUICK_CHECK",
    "ROLECALL_RATE_LIMIT",
    "ROLECALL_TRUSTED_ISSUERS",
    "ROLECALL_TRUSTED_PROXIES",
    "ROLECALL_SESSION_IDLE",
    "ROLECALL_SESSION_ABSOLUTE",
    "ROLECALL_LOG",
    "ROLECALL_LOG_ADDRESSES",
    "ROLECALL_LOG_FORMAT",
];

/// Everything that is wrong with the configuration, one line per problem.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Problems(pub Vec<String>);

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// The process environment.
    Process,
    /// `.env`
    EnvFile,
    /// A file named by `…_FILE`.
    File,
    /// A file in `CREDENTIALS_DIRECTORY`.
    Credentials,
}

/// A value as it was found. It may be a secret.
#[derive(Clone)]
pub(super) struct Entry {
    pub text: String,
    pub source: Source,
}

impl Entry {
    pub fn new(text: String, source: Source) -> Self {
        Self { text, source }
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned(), Source::Process)
    }
}

/// Names and values: `.env` below, the process environment above it.
#[derive(Clone, Default)]
pub struct Environment(pub(super) BTreeMap<String, Entry>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment(…)")
    }
}

impl Environment {
    /// Reads `.env` in the working directory, if there is one, and the process environment,
    /// which wins; then the files with secrets that they name.
    ///
    /// # Errors
    /// When `.env` or a file with a secret cannot be read.
    pub fn load() -> Result<Self, Problems> {
        let mut values = env_file()?;
        values.extend(process());
        let problems = secrets::read_files(&mut values);
        if problems.is_empty() {
            Ok(Self(values))
        } else {
            Err(Problems(problems))
        }
    }

    /// The value of `name`, unless it is absent or blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entry(name).map(|entry| entry.text.trim())
    }

    /// As [`Self::get`], with where it comes from.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.0.get(name).filter(|entry| !entry.is_blank())
    }

    /// Every name that has a meaning, each further provider's own included.
    pub(super) fn known_names(&self) -> Vec<String> {
        let prefixes = providers::prefixes(self);
        let prefixes = [""].into_iter().chain(prefixes.iter().map(String::as_str));
        let own = prefixes.flat_map(|prefix| {
            let names = providers::NAMES.iter();
            names.map(move |name| format!("{prefix}{name}"))
        });
        let mut names: Vec<_> = KNOWN.iter().map(|&name| name.to_owned()).collect();
        names.extend(own);
        names.sort();
        names
    }

    /// The proxies that calls to others may go through: name of the variable, and host.
    #[must_use]
    pub fn proxies(&self) -> Vec<(&str, String)> {
        const NAMES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let host = |name| {
            let entry = self.entry(name)?;
            // The HTTP client reads the process environment only.
            let is_used = entry.source == Source::Process;
            let url = Url::parse(&entry.text).ok().filter(|_| is_used)?;
            Some((name, url.host()?.to_string()))
        };
        NAMES.into_iter().filter_map(host).collect()
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
        let names = names.filter(|name| secrets::setting_of(name).is_none());
        let strays = names.filter(|name| looks_like_ours(name) && !is_known(name));
        strays.map(str::to_owned).collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(values: [(&str, &str); N]) -> Self {
        values.into_iter().collect()
    }
}

impl<K: Into<String>, V: AsRef<str>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
        let values = values.into_iter();
        Self(values.map(|(k, v)| (k.into(), v.as_ref().into())).collect())
    }
}

/// Whether the log is meant to be JSON, as far as that can be read where nothing else can.
#[must_use]
pub fn wants_json_log() -> bool {
    let mut values = env_file().unwrap_or_default();
    values.extend(process());
    Environment(values).get("ROLECALL_LOG_FORMAT") == Some("json")
}

fn env_file() -> Result<BTreeMap<String, Entry>, Problems> {
    let mut values = BTreeMap::new();
    if Path::new(".env").exists() {
        let lines = dotenvy::from_path_iter(".env").map_err(|error| unreadable(&error))?;
        for line in lines {
            let (name, value) = line.map_err(|error| unreadable(&error))?;
            values.insert(name, Entry::new(value, Source::EnvFile));
        }
    }
    Ok(values)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn process() -> impl Iterator<Item = (String, Entry)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let value = Entry::new(value.into_string().ok()?, Source::Process);
        Some((name.into_string().ok()?, value))
    })
}

/// Whether somebody else on this machine may read a file of ours.
#[must_use]
pub fn others_may_read(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Whether somebody else on this machine may read `.env`, where there is one.
#[must_use]
pub fn env_file_is_open() -> bool {
    others_may_read(Path::new(".env"))
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
