//! Traces for an OpenTelemetry collector: what they tell, what they never tell, and that nobody
//! waits for a collector.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use http::header;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use rolecall::{
    clock::Clock,
    paths,
    polls::{ChoiceId, PollId},
    random::hex,
};
use tokio::net::TcpListener;

use crate::support::{
    app::TestApp,
    collector::{self, Collector, attribute},
    crowd::{Member, member},
    database::Engine,
    http_client,
    polls::{draft, open, paper},
    program::{self, Program, free_address},
};

/// What a trace may be called by whoever sends it.
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Nobody listens there, and no test ever will.
const NOBODY: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 1));

/// A program that sends its traces to `address`.
async fn program(app: &TestApp, collector: SocketAddr, settings: &str) -> Program {
    let [env, endpoint] = collector::above(collector);
    let settings = format!("{}{settings}", program::settings(app));
    let above = [&*env, &*endpoint, "OTEL_SERVICE_NAME=polls of acme"];
    Program::start_under(&above, free_address(), &settings).await
}

/// An application whose time is the program's, too.
async fn app() -> TestApp {
    let app = TestApp::start_on(Engine::Sqlite).await;
    app.set_time(Clock::System.now()).await;
    app
}

/// The span that is called so.
fn named<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name:?} among {names:?}"))
}

async fn get(program: &Program, path: &str, parent: Option<&str>) -> u16 {
    let request = http_client().get(format!("{}{path}", program.base_url));
    let request = match parent {
        Some(parent) => request
            .header("traceparent", parent)
            .header("tracestate", "vendor=of-somebody"),
        None => request,
    };
    let answer = request.send().await.expect("an answer");
    answer.status().as_u16()
}

async fn vote(program: &Program, member: &Member, poll: PollId, choice: ChoiceId) {
    let request = http_client()
        .post(format!(
            "{}{}",
            program.base_url,
            paths::with_id(paths::VOTE, poll)
        ))
        .header(header::COOKIE, member.cookie())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Member::form(choice));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 303);
}

/// OP-04: with the attributes of the semantic conventions for HTTP and databases.
#[tokio::test]
async fn requests_calls_and_batches_are_spans_that_name_no_person_and_no_poll() {
    let (app, collector) = (app().await, Collector::start().await);
    let polls = &app.state.polls;
    let poll = open(polls, draft("Tea?", &["Yes", "No"]), app.clock.now()).await;
    let uma = member(&app, "uma-of-the-traces").await;
    let choice = paper(polls, poll).await[0].id;
    let program = program(&app, collector.address, "").await;
    assert_eq!(
        get(&program, "/polls/?page=QUERY-of-somebody", None).await,
        200
    );
    assert_eq!(get(&program, "/PATH-of-somebody/", None).await, 404);
    vote(&program, &uma, poll, choice).await;
    let wanted = [
        "GET /polls/",
        "GET",
        "POST /polls/{id}/vote/",
        "write votes",
        "GET discovery",
    ];
    collector.has(&wanted).await;
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");

    let spans = collector.spans();
    let list = named(&spans, "GET /polls/");
    assert_eq!(list.kind, SpanKind::Server as i32);
    for (key, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/polls/"),
        ("http.response.status_code", "200"),
    ] {
        assert_eq!(attribute(&list.attributes, key), value);
    }
    let missing = named(&spans, "GET");
    assert_eq!(
        attribute(&missing.attributes, "http.response.status_code"),
        "404"
    );
    let is_error = |span: &Span| {
        span.status
            .as_ref()
            .is_some_and(|s| s.code() == StatusCode::Error)
    };
    assert!(
        !is_error(missing),
        "what a client does wrong is no error of ours"
    );
    named(&spans, "POST /polls/{id}/vote/");
    let batch = named(&spans, "write votes");
    assert_eq!(attribute(&batch.attributes, "db.system.name"), "sqlite");
    assert_eq!(attribute(&batch.attributes, "db.operation.batch.size"), "1");
    let call = named(&spans, "GET discovery");
    assert_eq!(call.kind, SpanKind::Client as i32);
    assert_eq!(attribute(&call.attributes, "server.address"), "localhost");

    let resource = collector.documents()[0].resource_spans[0].resource.clone();
    let resource = resource.expect("a resource").attributes;
    assert_eq!(attribute(&resource, "service.name"), "polls of acme");
    assert_eq!(
        attribute(&resource, "service.version"),
        env!("CARGO_PKG_VERSION")
    );
    nothing_else_is_told(&spans);
    let raw = String::from_utf8_lossy(&collector.raw()).into_owned();
    for told in [
        "of-somebody",
        "uma-of-the-traces",
        &format!("/polls/{poll}/"),
    ] {
        assert!(!raw.contains(told), "{told}");
    }
}

/// Names that could hold what somebody has sent are not among them.
fn nothing_else_is_told(spans: &[Span]) {
    const KEYS: [&str; 8] = [
        "db.operation.batch.size",
        "db.system.name",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "server.address",
        "server.port",
    ];
    for span in spans {
        for attribute in &span.attributes {
            assert!(
                KEYS.contains(&&*attribute.key),
                "{}: {}",
                span.name,
                attribute.key
            );
        }
        assert!(span.events.is_empty(), "{}: a line of the log", span.name);
    }
}

/// OP-04, SEC-44: a stranger's header neither joins traces nor has them recorded.
#[tokio::test]
async fn only_a_proxy_that_is_named_can_say_which_trace_a_request_belongs_to() {
    let app = app().await;
    for (settings, is_continued) in [
        ("", false),
        ("ROLECALL_TRUSTED_PROXIES=192.0.2.1\n", false),
        ("ROLECALL_TRUSTED_PROXIES=127.0.0.1\n", true),
    ] {
        let collector = Collector::start().await;
        let program = program(&app, collector.address, settings).await;
        assert_eq!(get(&program, "/polls/", Some(PARENT)).await, 200);
        assert_eq!(get(&program, "/user", Some("00-nonsense")).await, 200);
        collector.has(&["GET /polls/", "GET /user"]).await;
        program.terminate();
        assert!(program.ended().await.0.success());
        let spans = collector.spans();
        let list = named(&spans, "GET /polls/");
        let (trace, parent) = (hex(&list.trace_id), hex(&list.parent_span_id));
        let told = format!("00-{trace}-{parent}-01");
        assert_eq!(told == PARENT, is_continued, "{settings}{told}");
        assert_eq!(PARENT.contains(&trace), is_continued, "{settings}{told}");
        assert_eq!(list.trace_state, "", "{settings}");
        assert!(named(&spans, "GET /user").parent_span_id.is_empty());
    }
}

/// OP-04: it is told once, and costs no request and no stop anything.
#[tokio::test]
async fn a_collector_that_is_down_is_a_line_in_the_log() {
    let app = app().await;
    let program = program(&app, NOBODY, "").await;
    for _ in 0..20 {
        assert_eq!(get(&program, "/polls/", None).await, 200);
    }
    program.says("traces cannot be sent").await;
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    assert_eq!(log.matches("traces cannot be sent").count(), 1, "{log}");
}

/// OP-04, FT-20: who takes spans and never answers does not keep the program from ending.
#[tokio::test]
async fn a_collector_that_never_answers_is_not_waited_for() {
    let app = app().await;
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = silent.local_addr().expect("a bound port");
    let program = program(&app, address, "").await;
    assert_eq!(get(&program, "/polls/", None).await, 200);
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    assert!(log.contains("the last traces could not be sent"), "{log}");
}
