//! Logs to standard error, for people or as JSON lines. Foundation: knows no feature.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Environment;

/// The session library warns of every malformed cookie: anyone could fill the log with those.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error";

/// Starts logging as `ROLECALL_LOG` (a `tracing` filter such as `debug`) and
/// `ROLECALL_LOG_FORMAT` (`text` or `json`) say.
///
/// A second call in one process changes nothing.
pub fn start(env: &Environment) {
    let filter = EnvFilter::new(format!(
        "{QUIET},{}",
        env.get("ROLECALL_LOG").unwrap_or("info")
    ));
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match env.get("ROLECALL_LOG_FORMAT") {
        Some("json") => lines.json().flatten_event(true).try_init(),
        _ => lines.with_target(false).try_init(),
    };
    drop(started);
}
