//! What the program tells its operator while it runs: a log on standard error, for people or as
//! JSON lines, and traces for an OpenTelemetry collector. Foundation: knows no feature.

mod line;
#[cfg(feature = "otel")]
mod otel;
#[cfg(not(feature = "otel"))]
#[path = "no_otel.rs"]
mod otel;
pub mod spans;

use std::io;

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt as _, registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::config::{Environment, Problems};
use line::OneLine;
pub use otel::{Traces, continue_trace};

/// The session library warns of every malformed cookie: anyone could fill the log with those.
const QUIET: [(&str, LevelFilter); 3] = [
    ("tower_sessions", LevelFilter::ERROR),
    ("tower_sessions_core", LevelFilter::ERROR),
    (spans::TARGET, LevelFilter::OFF),
];

/// Starts logging as `ROLECALL_LOG` (a `tracing` filter such as `debug`) and
/// `ROLECALL_LOG_FORMAT` (`text` or `json`) say.
///
/// A second call in one process changes nothing.
pub fn start(env: &Environment) {
    let log = log(env, io::stderr);
    tracing_subscriber::registry().with(log).try_init().ok();
}

/// As [`start`], and hands spans on to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names, if
/// it does.
///
/// # Errors
/// When the OpenTelemetry SDK cannot use its settings.
pub fn start_with_traces(env: &Environment) -> Result<Traces, Problems> {
    let traces = if env.wants_traces() {
        Traces::start().map_err(|why| Problems(vec![format!("OTEL_EXPORTER_OTLP_…: {why}")]))?
    } else {
        Traces::default()
    };
    let log = log(env, io::stderr);
    let layers = tracing_subscriber::registry().with(traces.layer());
    layers.with(log).try_init().ok();
    if env.wants_traces() && !otel::IS_BUILT_IN {
        tracing::warn!("there will be no traces: this program was built without the feature otel");
    }
    Ok(traces)
}

/// The log as `env` has it, on what `writer` makes: one line for each event, whatever is in it.
pub fn log<S, W, M>(env: &Environment, writer: M) -> impl Layer<S> + use<S, W, M>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: io::Write,
    M: Fn() -> W + Send + Sync + 'static,
{
    let wanted = env
        .get("ROLECALL_LOG")
        .and_then(|filter| filter.parse().ok());
    let wanted = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let filter = Targets::new()
        .with_targets(QUIET)
        .with_targets(wanted.iter());
    let filter = filter.with_default(wanted.default_level().unwrap_or(LevelFilter::OFF));
    // No colours: what is written in escape sequences could not be told from what others put in.
    let lines = fmt::layer()
        .with_ansi(false)
        .with_writer(move || OneLine(writer()));
    let lines = match env.get("ROLECALL_LOG_FORMAT") {
        Some("json") => lines.json().flatten_event(true).boxed(),
        _ => lines.with_target(false).boxed(),
    };
    lines.with_filter(filter)
}
