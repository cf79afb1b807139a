//! An OpenTelemetry collector: takes traces by OTLP over HTTP, and keeps them as they came.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, routing};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message as _;
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};

/// How long a span may take until it is here.
const PATIENCE: Duration = Duration::from_mins(1);

type Kept = Arc<Mutex<Vec<Bytes>>>;

/// The collector; it ends with the test.
pub struct Collector {
    pub address: SocketAddr,
    kept: Kept,
}

impl Collector {
    /// On a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let kept = Kept::default();
        let router = Router::new().route("/v1/traces", routing::post(keep));
        let serving = axum::serve(listener, router.with_state(Arc::clone(&kept)));
        tokio::spawn(serving.into_future());
        Self { address, kept }
    }

    /// What stands above a program that is to send its traces here.
    pub fn above(&self) -> [String; 2] {
        above(self.address)
    }

    /// Everything that came, as it came.
    pub fn raw(&self) -> Vec<u8> {
        self.kept.lock().expect("no panic").concat()
    }

    /// Everything that came, one document after the other.
    pub fn documents(&self) -> Vec<ExportTraceServiceRequest> {
        let kept = self.kept.lock().expect("no panic");
        let read = |body: &Bytes| ExportTraceServiceRequest::decode(body.clone());
        kept.iter().map(|body| read(body).expect("OTLP")).collect()
    }

    /// The spans that came.
    pub fn spans(&self) -> Vec<Span> {
        let documents = self.documents().into_iter();
        let scopes = documents
            .flat_map(|document| document.resource_spans)
            .flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// Waits until spans with all of these names have come.
    pub async fn has(&self, names: &[&str]) {
        let is_here = |name: &&str| self.spans().iter().any(|span| span.name == *name);
        let come = async {
            while !names.iter().all(is_here) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(PATIENCE, come).await.is_err() {
            let spans = self.spans();
            let here: Vec<_> = spans.iter().map(|span| &span.name).collect();
            panic!("not all of {names:?} among {here:?}");
        }
    }
}

/// What stands above a program that is to send its traces to `address`, and soon.
pub fn above(address: SocketAddr) -> [String; 2] {
    // Two settings in one word, which `env -S` splits.
    [
        "env".to_owned(),
        format!("-SOTEL_EXPORTER_OTLP_ENDPOINT=http://{address} OTEL_BSP_SCHEDULE_DELAY=50"),
    ]
}

async fn keep(State(kept): State<Kept>, body: Bytes) {
    kept.lock().expect("no panic").push(body);
}

/// The value of an attribute, as text; empty without it.
pub fn attribute(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    let value = found.and_then(|attribute| attribute.value.clone()?.value);
    match value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        None => String::new(),
        Some(other) => panic!("{key}: {other:?}"),
    }
}
