//! What the program tells its operator while it runs: a log on standard error, for people or as
//! JSON lines, and traces for an OpenTelemetry collector. Foundation: knows no feature.

mod line;
pub mod origin;
#[cfg(feature = "otel")]
mod otel;
#[cfg(not(feature = "otel"))]
#[path = "no_otel.rs"]
mod otel;
pub mod spans;

use std::{io, panic};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt as _, registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::config::{self, Environment, Problems};
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
    log_panics();
}

/// As [`start`], and hands spans on to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names, if
/// it does.
///
/// # Errors
/// When the OpenTelemetry SDK cannot use its settings.
pub fn start_with_traces(env: &Environment) -> Result<Traces, Problems> {
    let traces = if env.wants_traces() {
        // The SDK's own words would repeat them, a password among them.
        let unusable = "OTEL_EXPORTER_OTLP_…: the OpenTelemetry SDK cannot use these settings";
        Traces::start().ok_or_else(|| Problems(vec![unusable.to_owned()]))?
    } else {
        Traces::default()
    };
    // Not as a layer that may be `None`: beside that one `tracing` opens the spans which the log
    // leaves out, and what runs in such a span alone is logged without the number of its request.
    if let Some(spans) = traces.layer() {
        let layers = tracing_subscriber::registry().with(spans);
        layers.with(log(env, io::stderr)).try_init().ok();
        log_panics();
    } else {
        start(env);
    }
    if env.wants_traces() && !otel::IS_BUILT_IN {
        tracing::warn!("there will be no traces: this program was built without the feature otel");
    }
    Ok(traces)
}

/// Has `tell` logged as JSON whether or not a log was started: why there is none, for instance.
pub fn tell_as_json(tell: impl FnOnce()) {
    let env = Environment::from([("ROLECALL_LOG_FORMAT", "json")]);
    let log = tracing_subscriber::registry().with(log(&env, io::stderr));
    tracing::subscriber::with_default(log, tell);
}

/// Has a panic told on one line of the log, as everything is, in place of the lines that Rust prints.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let why = panic.payload_as_str().unwrap_or("without words");
        tracing::error!(place, "panicked: {why}");
    }));
}

/// The log as `env` has it, on what `writer` makes: one line for each event, whatever is in it.
pub fn log<S, W, M>(env: &Environment, writer: M) -> impl Layer<S> + use<S, W, M>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: io::Write,
    M: Fn() -> W + Send + Sync + 'static,
{
    let wanted = env.get("ROLECALL_LOG").and_then(config::log_filter);
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
