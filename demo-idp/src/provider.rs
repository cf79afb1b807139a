//! The provider itself: its state, and the way of a request from the wire to its endpoint.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use tokio::sync::watch;
use url::form_urlencoded;

use crate::{
    authorize,
    backchannel::Courier,
    device, discovery, end_session,
    endpoint::Endpoint,
    faults::Fault,
    introspection,
    keys::KeyRing,
    knobs::Knobs,
    options::{Client, Clock},
    pages,
    people::Person,
    record::RecordedRequest,
    revocation, sign_in,
    store::Store,
    token, userinfo,
};

/// Largest body a client may send, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How many requests the log keeps.
const LOG_LENGTH: usize = 10_000;

/// One running provider.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    /// Scheme, host, port and base path, without a slash at the end.
    pub(crate) root: String,
    pub(crate) base_path: String,
    /// Named after the port, because browsers share cookies between ports.
    pub(crate) cookie_name: String,
    pub(crate) project_id: String,
    pub(crate) demo_page: bool,
    pub(crate) clients: Vec<Client>,
    pub(crate) clock: Clock,
    pub(crate) courier: Courier,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) knobs: Mutex<Knobs>,
    pub(crate) people: Mutex<Vec<Person>>,
    pub(crate) keys: Mutex<KeyRing>,
    pub(crate) store: Mutex<Store>,
    pub(crate) log: Mutex<VecDeque<RecordedRequest>>,
}

/// A request on its way through one endpoint.
pub(crate) struct Call<'a> {
    pub(crate) op: &'a Arc<Provider>,
    pub(crate) knobs: &'a Knobs,
    pub(crate) request: &'a RecordedRequest,
    /// UTC seconds.
    pub(crate) now: i64,
}

/// Locks; a test that died holding the lock left nothing half-done that matters.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Provider {
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        lock(&self.keys)
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn person(&self, sub: &str) -> Option<Person> {
        lock(&self.people)
            .iter()
            .find(|person| person.sub == sub)
            .cloned()
    }

    /// Comes back when the provider stops.
    pub(crate) async fn stopped(&self) {
        // An error means that the sender is gone, and that is the end as well.
        let _ = self.stop.subscribe().wait_for(|stopped| *stopped).await;
    }

    fn record(&self, request: RecordedRequest) {
        let mut log = lock(&self.log);
        if log.len() == LOG_LENGTH {
            log.pop_front();
        }
        log.push_back(request);
    }

    /// The whole address of an endpoint.
    pub(crate) fn url(&self, knobs: &Knobs, endpoint: Endpoint) -> String {
        format!("{}{}", self.root, knobs.paths.get(endpoint))
    }

    /// The address of an endpoint for our own pages.
    pub(crate) fn path(&self, knobs: &Knobs, endpoint: Endpoint) -> String {
        format!("{}{}", self.base_path, knobs.paths.get(endpoint))
    }
}

/// Takes a request, records it, and answers it properly or with the fault a test has asked for.
pub(crate) async fn dispatch(State(op): State<Arc<Provider>>, request: Request) -> Response {
    let knobs = lock(&op.knobs).clone();
    let Some(request) = read(&op, &knobs, request).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    op.record(request.clone());
    let fault = match knobs.faults.get(&request.endpoint) {
        _ if knobs.offline => Fault::Refuse,
        Some(fault) => fault.clone(),
        None => Fault::None,
    };
    fault.delay(&op).await;
    let proper = if fault.lets_work() {
        answer(&Call {
            op: &op,
            knobs: &knobs,
            request: &request,
            now: op.now(),
        })
    } else {
        StatusCode::OK.into_response()
    };
    dated(fault.spoil(proper).await, op.now() + knobs.date_shift_secs)
}

/// The route table.
fn answer(call: &Call) -> Response {
    if !call.request.endpoint.allows(&call.request.method) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match call.request.endpoint {
        Endpoint::Discovery => discovery::metadata(call),
        Endpoint::Jwks => discovery::jwks(call),
        Endpoint::Authorize => authorize::authorize(call),
        Endpoint::SignIn => sign_in::sign_in(call),
        Endpoint::Token => token::token(call),
        Endpoint::UserInfo => userinfo::userinfo(call),
        Endpoint::Introspection => introspection::introspect(call),
        Endpoint::Revocation => revocation::revoke(call),
        Endpoint::EndSession => end_session::end_session(call),
        Endpoint::DeviceAuthorization => device::authorize(call),
        Endpoint::Device => device::verify(call),
        Endpoint::Home => pages::home(call),
        Endpoint::Stylesheet => pages::stylesheet(),
        Endpoint::Unknown => pages::not_found(call),
    }
}

async fn read(op: &Provider, knobs: &Knobs, request: Request) -> Option<RecordedRequest> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let endpoint = path
        .strip_prefix(op.base_path.as_str())
        .map_or(Endpoint::Unknown, |path| knobs.paths.find(path));
    let body = to_bytes(body, BODY_LIMIT).await.ok()?;
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Some(RecordedRequest {
        endpoint,
        method: parts.method.to_string(),
        path: path.to_owned(),
        query: pairs(raw_query.as_bytes()),
        raw_query,
        form: if is_form(&parts.headers) {
            pairs(&body)
        } else {
            Vec::new()
        },
        headers: parts
            .headers
            .iter()
            .map(|(name, v)| (name.to_string(), text(v)))
            .collect(),
    })
}

fn is_form(headers: &axum::http::HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// Decoded parameters, in order.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

/// Sets the `Date` header from the provider's own clock.
fn dated(mut response: Response, now: i64) -> Response {
    let date = Timestamp::from_second(now)
        .and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now));
    if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
