//! Without the feature `otel`: no span is handed on.

use http::HeaderMap;
use tracing::Span;
use tracing_subscriber::layer::Identity;

/// Whether spans can be handed on.
pub(super) const IS_BUILT_IN: bool = false;

/// No way to a collector, and so never a layer.
#[derive(Debug, Default)]
pub struct Traces(Option<Identity>);

impl Traces {
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
    pub(super) fn start() -> Option<Self> {
        Some(Self(None))
    }

    pub(super) fn layer(&self) -> Option<Identity> {
        self.0.clone()
    }

    /// Nothing is left to be sent.
    #[expect(clippy::unused_async, reason = "with the feature it takes time")]
    pub async fn stop(self, _cut_short: impl Future<Output = ()>) {}
}

/// There is no trace to continue.
pub fn continue_trace(_span: &Span, _headers: &HeaderMap) {}
