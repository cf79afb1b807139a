//! Spans on their way to an OpenTelemetry collector (OTLP over HTTP, as protobuf). The SDK reads its
//! `OTEL_…` settings out of the environment of the process by itself, as other programs do with it.
//!
//! Spans wait in a queue of limited length for a thread of the SDK, so that no request waits for the
//! collector; when the queue is full they are left out.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use http::{HeaderMap, HeaderName};
use opentelemetry::{KeyValue, propagation::TextMapPropagator as _, trace::TracerProvider as _};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    propagation::TraceContextPropagator,
    trace::{SdkTracerProvider, SpanData, SpanExporter},
};
use tokio::{sync::oneshot, time::timeout};
use tracing::{Span, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    Layer,
    filter::{self, FilterFn},
    registry::LookupSpan,
};

use super::spans;

/// Whether spans can be handed on.
pub(super) const IS_BUILT_IN: bool = true;

/// How long the last spans may take when the program stops.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// The way to the collector, if there is one.
#[derive(Debug, Default)]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Asks nobody: whether the collector answers is seen once there are spans. `None` when the
    /// SDK cannot use its settings.
    pub(super) fn start() -> Option<Self> {
        // The exporter's client is made for whatever provider of cryptography is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .build()
            .ok()?;
        let exporter = Exporter {
            inner: exporter,
            is_down: AtomicBool::new(false),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource());
        Some(Self(Some(provider.build())))
    }

    /// Takes our spans, and nothing that is logged.
    pub(super) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let tracer = self.0.as_ref()?.tracer("rolecall");
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false);
        let is_ours: FilterFn =
            filter::filter_fn(|found| found.is_span() && found.target() == spans::TARGET);
        // With the hint, what is more talkative than any layer wants costs next to nothing.
        Some(layer.with_filter(is_ours.with_max_level_hint(LevelFilter::INFO)))
    }

    /// Sends what is left, if that can be done soon, and before `cut_short` is over.
    pub async fn stop(self, cut_short: impl Future<Output = ()>) {
        let Some(provider) = self.0 else {
            return;
        };
        let (tell, told) = oneshot::channel();
        let send = move || tell.send(provider.shutdown_with_timeout(LAST_SPANS));
        // None of the runtime's threads: the process would not end before those are done. One that
        // cannot be had tells nothing, at once.
        thread::Builder::new().spawn(send).ok();
        let is_sent = tokio::select! {
            sent = timeout(LAST_SPANS, told) => matches!(sent, Ok(Ok(Ok(())))),
            () = cut_short => false,
        };
        if !is_sent {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// What the spans are told to come from. The SDK would have a name of its own for want of another.
fn resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let builder = || Resource::builder().with_attribute(version.clone());
    let made = builder().build();
    let name = made.get(&"service.name".into());
    if name.is_some_and(|name| name.as_str().starts_with("unknown_service")) {
        builder().with_service_name("rolecall").build()
    } else {
        made
    }
}

/// Lets `span`, which has not begun, continue the trace that W3C Trace Context names in `headers`.
/// Of them only `traceparent` is heeded: `tracestate` would hand on what a client has written,
/// where the proxy has taken out the other alone.
pub fn continue_trace(span: &Span, headers: &HeaderMap) {
    const PARENT: HeaderName = HeaderName::from_static("traceparent");
    let Some(parent) = headers.get(&PARENT) else {
        return;
    };
    let headers = HeaderMap::from_iter([(PARENT, parent.clone())]);
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(&headers));
    // An error means that nobody takes the span.
    let _ = span.set_parent(context);
}

/// Tells once that the collector does not take spans, and once that it does again.
#[derive(Debug)]
struct Exporter {
    inner: opentelemetry_otlp::SpanExporter,
    is_down: AtomicBool,
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.inner.export(batch).await;
        let was_down = self.is_down.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Err(error) if !was_down => {
                tracing::warn!(%error, "traces cannot be sent: the collector does not take them");
            }
            Ok(()) if was_down => tracing::info!("traces are sent again"),
            _ => {}
        }
        sent
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use opentelemetry::trace::Tracer as _;
    use tokio::time::Instant;

    use super::*;

    /// A collector that takes spans and never answers.
    #[derive(Debug)]
    struct Silent;

    impl SpanExporter for Silent {
        async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
            pending().await
        }
    }

    /// How long the program waits for its last span, by a clock that stands still while anything
    /// is left to do.
    async fn waited(cut_short: impl Future<Output = ()>) -> Duration {
        let provider = SdkTracerProvider::builder().with_batch_exporter(Silent);
        let provider = provider.build();
        drop(provider.tracer("test").start("span"));
        let begun = Instant::now();
        Traces(Some(provider)).stop(cut_short).await;
        begun.elapsed()
    }

    /// OP-04, FT-20.
    #[tokio::test(start_paused = true)]
    async fn a_second_signal_is_not_kept_waiting_for_the_last_spans() {
        assert_eq!(waited(ready(())).await, Duration::ZERO);
    }

    /// OP-04, FT-20: the negative control.
    #[tokio::test(start_paused = true)]
    async fn without_one_they_have_two_seconds() {
        assert!(waited(pending()).await >= LAST_SPANS);
    }
}
