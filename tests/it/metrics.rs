//! What a monitoring system reads, and what it must not.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use http::{StatusCode, header};
use rolecall::{clock::Clock, metrics, paths};
use tokio::time::timeout;

use crate::support::{
    app::{MORNING, TestApp},
    cookies,
    database::Engine,
    http_client,
    polls::{draft, open, paper},
    program::{self, Program},
};

/// How long the provider may take to be found.
const PATIENCE: Duration = Duration::from_mins(1);

/// Each series with its value.
type Series = BTreeMap<String, f64>;

fn series(exposition: &str) -> Series {
    let lines = exposition.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.rsplit_once(' ').expect("a series and a value"));
    pairs
        .map(|(name, value)| (name.to_owned(), value.parse().expect("a number")))
        .collect()
}

async fn scraped(address: &str) -> String {
    let answer = http_client().get(format!("http://{address}/metrics"));
    let answer = answer.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.headers()[header::CONTENT_TYPE],
        metrics::CONTENT_TYPE
    );
    answer.text().await.expect("a text")
}

/// The first that is as it should be, which background work may have to come to.
async fn scraped_until(address: &str, is_so: impl Fn(&Series) -> bool) -> String {
    let come = async {
        loop {
            let exposition = scraped(address).await;
            if is_so(&series(&exposition)) {
                return exposition;
            }
        }
    };
    timeout(PATIENCE, come).await.expect("it comes in time")
}

/// What has grown by how much.
fn growth(before: &Series, after: &Series) -> Series {
    let grown = after
        .iter()
        .map(|(name, value)| (name.clone(), value - before[name]));
    grown.filter(|(_, growth)| *growth > 0.0).collect()
}

/// The program beside `app`, which exposes its metrics; where.
async fn exposing(app: &TestApp) -> (Program, String) {
    let metrics = program::free_address().to_string();
    let settings = program::settings(app);
    let settings = format!("{settings}ROLECALL_METRICS_ADDR={metrics}\n");
    let program = Program::start(program::free_address(), &settings).await;
    (program, metrics)
}

/// OP-02.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_is_counted_once() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    app.advance(Clock::System.now().since(MORNING)).await;
    let mut uma = app.uma().await;
    let (token, cookies) = (uma.csrf_token().await, cookies::line(uma.cookies()));
    let tea = draft("Tea or coffee?", &["Tea", "Coffee"]);
    let poll = open(&app.state.polls, tea, app.clock.now()).await;
    let choice = paper(&app.state.polls, poll).await[0].id.to_string();
    let (program, metrics) = exposing(&app).await;
    let site = |path: &str| format!("{}{path}", program.base_url);
    let browser = http_client();
    let before = series(&scraped(&metrics).await);

    let vote = site(&paths::with_id(paths::VOTE, poll));
    let vote = browser.post(vote).header(header::COOKIE, cookies);
    let form = [("csrf_token", token.as_str()), ("choice", choice.as_str())];
    let token = [("logout_token", "a.b.c")];
    for (request, status) in [
        (browser.get(site("/")), 200),
        (browser.get(site("/nowhere")), 404),
        (browser.get(site("/admin/")), 303),
        (browser.get(site("/api/public")), 200),
        (browser.get(site("/oidc/callback/?code=x&state=y")), 400),
        (
            browser.post(site("/oidc/backchannel-logout/")).form(&token),
            400,
        ),
        (vote.form(&form), 303),
    ] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{}", answer.url());
    }

    let grown = growth(&before, &series(&scraped(&metrics).await));
    for (name, growth) in [
        (
            "rolecall_http_requests_total{audience=\"people\",status=\"2xx\"}",
            1.0,
        ),
        (
            "rolecall_http_requests_total{audience=\"people\",status=\"3xx\"}",
            1.0,
        ),
        (
            "rolecall_http_requests_total{audience=\"people\",status=\"4xx\"}",
            1.0,
        ),
        (
            "rolecall_http_requests_total{audience=\"nobody\",status=\"4xx\"}",
            1.0,
        ),
        (
            "rolecall_http_requests_total{audience=\"admins\",status=\"3xx\"}",
            1.0,
        ),
        (
            "rolecall_http_requests_total{audience=\"programs\",status=\"2xx\"}",
            1.0,
        ),
        (
            "rolecall_http_request_duration_seconds_count{audience=\"people\"}",
            3.0,
        ),
        ("rolecall_sign_ins_total{result=\"failed\"}", 1.0),
        (
            "rolecall_backchannel_logouts_total{result=\"refused\"}",
            1.0,
        ),
        ("rolecall_votes_total{outcome=\"recorded\"}", 1.0),
    ] {
        assert_eq!(grown.get(name), Some(&growth), "{name} of {grown:#?}");
    }
    assert!(grown["rolecall_db_commit_duration_seconds_count"] >= 1.0);
}

/// OP-02: few series, none of which tells of a person or a poll.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_series_are_few_and_their_labels_are_closed_lists() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let (_program, metrics) = exposing(&app).await;
    // It serves at once, and finds the provider meanwhile.
    let found = "rolecall_provider_requests_total{step=\"jwks\",result=\"ok\"}";
    let exposition = scraped_until(&metrics, |series| series[found] > 0.0).await;
    let series = series(&exposition);
    assert!(series.len() <= 200, "{} series", series.len());
    let labels = series.keys().filter_map(|name| name.split_once('{'));
    let names: BTreeSet<_> = labels
        .flat_map(|(_, labels)| labels.trim_end_matches('}').split(','))
        .filter_map(|label| label.split('=').next())
        .collect();
    let expected = [
        "audience", "kind", "le", "outcome", "result", "status", "step", "version",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    for name in [
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "process_open_fds",
    ] {
        assert!(
            series.get(name).is_some_and(|value| *value > 0.0),
            "{name}: {exposition}"
        );
    }
    assert!(series["rolecall_sessions"] >= 0.0 && series["rolecall_db_wal_bytes"] >= 0.0);
    assert!(exposition.ends_with("# EOF\n"), "as OpenMetrics ends");
}

/// OP-02: not where the site is.
#[tokio::test]
async fn the_site_itself_has_no_metrics() {
    let app = TestApp::start().await;
    assert_eq!(app.anonymous().get("/metrics").await.status, 404);
    assert_eq!(app.ada().await.get("/metrics").await.status, 404);
}
