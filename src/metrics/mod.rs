//! What a monitoring system may know: counters, durations and sizes in the text format of
//! `OpenMetrics`. Foundation: knows no feature; each says here what happened.
//!
//! Like the log, they belong to the process and not to a part of it. Every label is a closed list
//! (`labels`), so that there are never more than 200 series. Nothing tells of a person or a poll,
//! and nothing is finer than its sum: of votes there is one counter by outcome, without poll, door
//! or duration, because the time of a vote must not stand beside anything that is known of a voter.

mod labels;
mod process;

use std::{sync::LazyLock, time::Duration};

use http::StatusCode;
use prometheus_client::{
    encoding::text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

pub(crate) use labels::Label;
pub use labels::{Answer, Audience, DbError, LogoutToken, SignIn, Status, Step, Vote};

/// How [`expose`] has to be announced (`OpenMetrics` 1.0, "Overall Structure").
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the durations of requests, in seconds.
const REQUEST: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];
/// Upper ends of the durations of commits, in seconds: a disk's, and those of one that is ill.
const COMMIT: [f64; 8] = [0.0005, 0.001, 0.0025, 0.005, 0.025, 0.1, 1.0, 5.0];
/// Upper ends of the durations of calls to a provider, in seconds; ten is the longest there is.
const CALL: [f64; 5] = [0.05, 0.1, 0.25, 1.0, 5.0];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Durations = Family<Labels<1>, Histogram, fn() -> Histogram>;

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

#[derive(Debug)]
struct Metrics {
    registry: Registry,
    requests: Family<Labels<2>, Counter>,
    request_duration: Durations,
    sign_ins: Family<Labels<1>, Counter>,
    votes: Family<Labels<1>, Counter>,
    commit_duration: Histogram,
    db_errors: Family<Labels<1>, Counter>,
    provider_requests: Family<Labels<2>, Counter>,
    provider_duration: Durations,
    logout_tokens: Family<Labels<1>, Counter>,
    sessions: Gauge,
    wal_bytes: Gauge,
}

impl Metrics {
    /// Every series is there from the start, so that its first increase can be seen.
    fn new() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_duration: Family::new_with_constructor(|| Histogram::new(REQUEST)),
            sign_ins: Family::default(),
            votes: Family::default(),
            commit_duration: Histogram::new(COMMIT),
            db_errors: Family::default(),
            provider_requests: Family::default(),
            provider_duration: Family::new_with_constructor(|| Histogram::new(CALL)),
            logout_tokens: Family::default(),
            sessions: Gauge::default(),
            wal_bytes: Gauge::default(),
        };
        metrics.begin_series();
        let mut registry = Registry::default();
        metrics.register(registry.sub_registry_with_prefix("rolecall"));
        registry.register_collector(Box::new(process::Process));
        Self {
            registry,
            ..metrics
        }
    }

    fn begin_series(&self) {
        for audience in Audience::ALL {
            drop(self.request_duration.get_or_create(&of(*audience)));
            for status in Status::ALL {
                drop(self.requests.get_or_create(&answered(*audience, *status)));
            }
        }
        for step in Step::ALL {
            drop(self.provider_duration.get_or_create(&at(*step)));
            for answer in Answer::ALL {
                drop(
                    self.provider_requests
                        .get_or_create(&called(*step, *answer)),
                );
            }
        }
        begin::<SignIn>(&self.sign_ins, "result");
        begin::<Vote>(&self.votes, "outcome");
        begin::<DbError>(&self.db_errors, "kind");
        begin::<LogoutToken>(&self.logout_tokens, "result");
    }

    /// Names as the Prometheus guidelines want them; the library adds `_total`.
    fn register(&self, ours: &mut Registry) {
        let seconds = Unit::Seconds;
        ours.register(
            "http_requests",
            "Requests, by whom the route is for and class of status",
            self.requests.clone(),
        );
        ours.register_with_unit(
            "http_request_duration",
            "How long answers took",
            seconds.clone(),
            self.request_duration.clone(),
        );
        ours.register(
            "sign_ins",
            "Sign-ins, by how they ended",
            self.sign_ins.clone(),
        );
        ours.register(
            "votes",
            "Votes that were sent, by what became of them",
            self.votes.clone(),
        );
        ours.register_with_unit(
            "db_commit_duration",
            "How long commits took",
            seconds.clone(),
            self.commit_duration.clone(),
        );
        ours.register(
            "db_errors",
            "Errors of the database",
            self.db_errors.clone(),
        );
        ours.register(
            "provider_requests",
            "Requests to OpenID Providers, by step and whether an answer came",
            self.provider_requests.clone(),
        );
        ours.register_with_unit(
            "provider_request_duration",
            "How long their answers took",
            seconds,
            self.provider_duration.clone(),
        );
        ours.register(
            "backchannel_logouts",
            "Logout tokens, by what became of them",
            self.logout_tokens.clone(),
        );
        ours.register(
            "sessions",
            "Sessions of people and programs that are signed in",
            self.sessions.clone(),
        );
        ours.register_with_unit(
            "db_wal",
            "Size of SQLite's write-ahead log",
            Unit::Bytes,
            self.wal_bytes.clone(),
        );
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        ours.register("build", "The program", build);
    }
}

fn begin<L: Label>(family: &Family<Labels<1>, Counter>, name: &'static str) {
    for value in L::ALL {
        drop(family.get_or_create(&[(name, value.as_str())]));
    }
}

fn of(audience: Audience) -> Labels<1> {
    [("audience", audience.as_str())]
}

fn answered(audience: Audience, status: Status) -> Labels<2> {
    [("audience", audience.as_str()), ("status", status.as_str())]
}

fn at(step: Step) -> Labels<1> {
    [("step", step.as_str())]
}

fn called(step: Step, answer: Answer) -> Labels<2> {
    [("step", step.as_str()), ("result", answer.as_str())]
}

/// A request was answered, `elapsed` after it came.
pub fn request(audience: Audience, status: StatusCode, elapsed: Duration) {
    let labels = answered(audience, status.into());
    METRICS.requests.get_or_create(&labels).inc();
    let durations = METRICS.request_duration.get_or_create(&of(audience));
    durations.observe(elapsed.as_secs_f64());
}

/// A sign-in ended.
pub fn sign_in(result: SignIn) {
    METRICS
        .sign_ins
        .get_or_create(&[("result", result.as_str())])
        .inc();
}

/// A vote was answered.
pub fn vote(outcome: Vote) {
    METRICS
        .votes
        .get_or_create(&[("outcome", outcome.as_str())])
        .inc();
}

/// A commit took `elapsed`.
pub fn commit(elapsed: Duration) {
    METRICS.commit_duration.observe(elapsed.as_secs_f64());
}

/// The database answered with an error.
pub fn db_error(kind: DbError) {
    METRICS
        .db_errors
        .get_or_create(&[("kind", kind.as_str())])
        .inc();
}

/// A call to a provider ended after `elapsed`.
pub fn provider_request(step: Step, answer: Answer, elapsed: Duration) {
    METRICS
        .provider_requests
        .get_or_create(&called(step, answer))
        .inc();
    let durations = METRICS.provider_duration.get_or_create(&at(step));
    durations.observe(elapsed.as_secs_f64());
}

/// A logout token came.
pub fn logout_token(result: LogoutToken) {
    METRICS
        .logout_tokens
        .get_or_create(&[("result", result.as_str())])
        .inc();
}

/// How many are signed in, and how large the write-ahead log is, in bytes: what is looked up when
/// somebody asks. What could not be looked up stays as it was.
pub fn sizes(sessions: Option<i64>, wal_bytes: Option<i64>) {
    if let Some(sessions) = sessions {
        METRICS.sessions.set(sessions);
    }
    if let Some(bytes) = wal_bytes {
        METRICS.wal_bytes.set(bytes);
    }
}

/// All of it, in the text format of `OpenMetrics`.
///
/// # Errors
/// When it cannot be written, which would be a defect.
pub fn expose() -> Result<String, std::fmt::Error> {
    let mut exposition = String::new();
    text::encode(&mut exposition, &METRICS.registry)?;
    Ok(exposition)
}
