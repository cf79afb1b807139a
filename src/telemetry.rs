//! Logs to standard error, for people or as JSON lines. Foundation: knows no feature.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Environment;

/// What is logged unless `ROLECALL_LOG` says otherwise. The session library warns of every
/// malformed cookie; anyone could fill the log with those.
const DEFAULT_FILTER: &str = "info,sqlx=warn,tower_sessions=error,tower_sessions_core=error";

/// Starts logging as `ROLECALL_LOG` (a `tracing` filter such as `debug`) and
/// `ROLECALL_LOG_FORMAT` (`text` or `json`) say.
///
/// A second call in one process changes nothing.
pub fn start(env: &Environment) {
    let filter = EnvFilter::new(env.get("ROLECALL_LOG").unwrap_or(DEFAULT_FILTER));
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match env.get("ROLECALL_LOG_FORMAT") {
        Some("json") => lines.json().flatten_event(true).try_init(),
        _ => lines.with_target(false).try_init(),
    };
    drop(started);
}
