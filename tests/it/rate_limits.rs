//! How often the same sender may ask: what is refused, what it is told, and whom it leaves alone.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo};
use demo_idp::{LogoutToken, Person as Account};
use http::{Request, header};
use rolecall::{
    app::routes,
    config::RateLimitConfig,
    paths,
    rate_limit::Limit,
    route::LARGEST_FORM,
    server::{self, Limits, Phase},
};
use tokio::{net::TcpListener, sync::watch};

use crate::support::{
    app::TestApp,
    database::Engine,
    endless, http_client,
    person::{Person, Reply},
    polls::{draft, open, paper},
};

const START: &str = "/oidc/authenticate/";
const CALLBACK: &str = "/oidc/callback/?code=made-up&state=made-up";
const LOGOUT_TOKEN: &str = "/oidc/backchannel-logout/";
const OFFICE: &str = "198.51.100.9";
const ELSEWHERE: &str = "203.0.113.5";

/// The application with the limits that are usual.
async fn limited() -> TestApp {
    limited_by(RateLimitConfig::default()).await
}

async fn limited_by(limits: RateLimitConfig) -> TestApp {
    TestApp::start_with(Engine::of_this_run(), |config| config.rate_limit = limits).await
}

/// A request from an address, as the server passes it on.
fn from(address: &str, request: http::request::Builder) -> http::request::Builder {
    let peer = SocketAddr::new(address.parse().expect("an address"), 50_000);
    request
        .extension(ConnectInfo(peer))
        .header(header::ACCEPT, "text/html")
}

async fn open_from(address: &str, person: &mut Person<'_>, path: &str) -> Reply {
    person
        .send(from(address, Request::get(path)), Body::empty())
        .await
}

/// Sends a logout token from an address.
async fn deliver(app: &TestApp, address: &str, token: &str) -> Reply {
    let request = from(address, Request::post(LOGOUT_TOKEN))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from(format!("logout_token={token}"));
    app.anonymous().send(request, body).await
}

/// A token of the provider's that ends all of Uma's sessions.
fn true_token(app: &TestApp) -> String {
    let token = LogoutToken::for_person(&app.op().clients()[0].id, &Account::uma().sub);
    app.op().logout_token(&token).expect("a token")
}

/// The same with a signature that is not the provider's.
fn forged_token(app: &TestApp) -> String {
    let token = true_token(app);
    let (rest, _) = token.rsplit_once('.').expect("three parts");
    format!("{rest}.{}", "A".repeat(342))
}

fn assert_limited(reply: &Reply) {
    assert_eq!(reply.status, 429, "{}", reply.text);
    let wait: u64 = reply.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

/// SEC-66.
#[tokio::test]
async fn the_table_of_routes_says_which_of_them_are_limited() {
    let limited = routes().into_iter().filter_map(|route| {
        let limit = route.limit?;
        Some((route.method.to_string(), route.path, limit))
    });
    let is_v1 = |(_, path, _): &(_, &str, _)| path.starts_with("/api/v1/");
    let (v1, limited): (Vec<_>, Vec<_>) = limited.partition(is_v1);
    let all_of_v1 = routes()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v1/"));
    assert_eq!(v1.len(), all_of_v1.count());
    assert!(
        v1.iter().all(|(_, _, limit)| *limit == Limit::Api),
        "{v1:?}"
    );
    let expected = [
        ("GET", paths::USER_DATA, Limit::Export),
        ("POST", "/polls/{id}/vote/", Limit::Vote),
        ("POST", "/polls/{id}/review/", Limit::Vote),
        ("POST", "/polls/{id}/receipt/", Limit::Receipt),
        ("GET", paths::CHECK, Limit::Check),
        ("GET", paths::SEAL_JSON, Limit::Export),
        ("GET", "/oidc/authenticate/", Limit::SignIn),
        ("GET", "/oidc/callback/", Limit::Callback),
        ("GET", "/oidc/callback/{provider}/", Limit::Callback),
        ("POST", "/oidc/backchannel-logout/", Limit::LogoutToken),
        ("GET", paths::RESULTS_CSV, Limit::Export),
        ("GET", paths::RESULTS_JSON, Limit::Export),
        ("GET", paths::VOTES_CSV, Limit::Export),
        ("GET", paths::PARTICIPATION_CSV, Limit::Export),
        ("POST", paths::ADMIN_AUDIT_EXPORT, Limit::Export),
        ("GET", paths::ADMIN_SIGN_INS_FILE, Limit::Export),
        ("GET", "/api/public", Limit::Api),
        ("GET", "/api/private", Limit::Api),
        ("GET", "/api/private-scoped", Limit::Api),
        ("GET", "/api/auth/v2/login", Limit::SignIn),
        ("GET", "/api/auth/v2/callback", Limit::Callback),
        ("GET", "/api/auth/v2/callback/{provider}", Limit::Callback),
        ("POST", "/api/auth/v2/token", Limit::Token),
        ("POST", "/api/auth/v2/device", Limit::Device),
        ("POST", "/api/auth/v2/logout", Limit::Token),
        ("GET", "/api/auth/v2/userinfo", Limit::Api),
        ("GET", "/api/auth/v2/.well-known/jwks.json", Limit::Api),
    ];
    let expected = expected.map(|(method, path, limit)| (method.to_owned(), path, limit));
    assert_eq!(limited, expected);
}

/// SEC-66.
#[tokio::test]
async fn a_hundred_sign_ins_in_a_minute_from_one_address_are_too_many_and_others_go_on() {
    let app = limited().await;
    let mut answers = Vec::new();
    for _ in 0..100 {
        let mut person = app.anonymous();
        answers.push(open_from(OFFICE, &mut person, START).await.status.as_u16());
        app.advance(Duration::from_millis(600)).await;
    }
    assert!(answers[..70].iter().all(|status| *status == 303));
    let started = answers.iter().filter(|status| **status == 303).count();
    assert!((85..=91).contains(&started), "{started} of {answers:?}");
    let elsewhere = open_from(ELSEWHERE, &mut app.anonymous(), START).await;
    assert_eq!(elsewhere.status, 303);
}

/// SEC-66.
#[tokio::test]
async fn who_waits_as_long_as_the_page_says_can_sign_in() {
    let app = limited().await;
    let mut uma = app.anonymous();
    let mut reply = open_from(OFFICE, &mut uma, START).await;
    while reply.status == 303 {
        reply = open_from(OFFICE, &mut uma, START).await;
    }
    assert_limited(&reply);
    assert_eq!(reply.text_of("h1"), "Please wait a moment");
    assert!(reply.text_of(".lede").contains("from your network"));
    let wait = reply.header("retry-after").parse().expect("seconds");
    app.advance(Duration::from_secs(wait)).await;
    assert_eq!(open_from(OFFICE, &mut uma, START).await.status, 303);
}

/// SEC-66.
#[tokio::test]
async fn a_program_reads_in_json_when_to_come_back() {
    let app = limited().await;
    let request = || {
        let peer = SocketAddr::from(([198, 51, 100, 9], 50_000));
        let request = Request::get(CALLBACK).extension(ConnectInfo(peer));
        request.header(header::ACCEPT, "application/json")
    };
    let mut program = app.anonymous();
    let mut reply = program.send(request(), Body::empty()).await;
    while reply.status != 429 {
        reply = program.send(request(), Body::empty()).await;
    }
    assert_limited(&reply);
    let body: serde_json::Value = serde_json::from_str(&reply.text).expect("JSON");
    assert_eq!(body["code"], "too_many_requests");
}

/// SEC-66.
#[tokio::test]
async fn a_sign_in_that_comes_back_too_early_goes_on_after_the_wait() {
    let app = limited().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/polls/").await;
    while open_from(OFFICE, &mut app.anonymous(), CALLBACK)
        .await
        .status
        != 429
    {}
    let early = open_from(OFFICE, &mut uma, &callback).await;
    assert_limited(&early);
    assert!(early.text.contains("Yours is not lost"), "{}", early.text);
    app.advance(Duration::from_secs(1)).await;
    let landed = open_from(OFFICE, &mut uma, &callback).await;
    assert_eq!(
        (landed.status.as_u16(), landed.location()),
        (303, "/polls/")
    );
}

/// SEC-66, X11.
#[tokio::test]
async fn a_vote_too_many_is_said_not_to_be_recorded_and_others_vote() {
    let app = limited().await;
    let before = app.clock.now().minus(Duration::from_hours(1));
    let poll = open(&app.state.polls, draft("Tea?", &["Yes", "No"]), before).await;
    let choices = paper(&app.state.polls, poll).await;
    let path = format!("/polls/{poll}/vote/");
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let token = uma.csrf_token().await;
    let mut reply = Reply::default();
    while reply.status != 429 {
        let fields = [("csrf_token", token.as_str())];
        reply = uma.post_without_token(&path, &fields).await;
    }
    assert_limited(&reply);
    assert_eq!(reply.text_of(".note"), "Your vote was not recorded.");
    assert!(reply.text_of("header").contains("Uma"), "the frame stays");
    let choice = choices[0].id.to_string();
    assert_eq!(stan.post(&path, &[("choice", &choice)]).await.status, 303);
    app.advance(Duration::from_secs(2)).await;
    assert_eq!(uma.post(&path, &[("choice", &choice)]).await.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 2);
}

/// X11.
#[tokio::test]
async fn receipts_cannot_be_tried_one_after_the_other() {
    let app = limited().await;
    let mut uma = app.uma().await;
    let token = uma.csrf_token().await;
    let mut asked = 0;
    let mut reply = Reply::default();
    while reply.status != 429 {
        let fields = [("csrf_token", token.as_str()), ("code", "7K3M0Q9XZB2H41FA")];
        reply = uma.post_without_token("/polls/1/receipt/", &fields).await;
        asked += 1;
    }
    assert_limited(&reply);
    assert_eq!(asked, 11);
}

/// SEC-42, SEC-66.
#[tokio::test]
async fn refused_logout_tokens_are_limited_and_a_true_one_from_the_same_address_is_taken() {
    let app = limited().await;
    let _uma = app.uma().await;
    let forged = forged_token(&app);
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(deliver(&app, OFFICE, &forged).await);
    }
    assert!(answers[..30].iter().all(|answer| answer.status == 400));
    answers[30..].iter().for_each(assert_limited);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
    let taken = deliver(&app, OFFICE, &true_token(&app)).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// SEC-42, SEC-43: of a body that is too large no more is kept while it waits for its turn, whatever it
/// begins with.
#[tokio::test]
async fn a_logout_token_in_a_body_that_is_too_large_waits_for_no_turn() {
    let app = limited().await;
    app.uma().await;
    let forged = forged_token(&app);
    for _ in 0..30 {
        deliver(&app, OFFICE, &forged).await;
    }
    let genuine = true_token(&app);
    let (body, read) = endless::body(&format!("logout_token={genuine}&x="));
    let request = from(OFFICE, Request::post(LOGOUT_TOKEN))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_limited(&app.anonymous().send(request, body).await);
    let read = read.load(Ordering::Relaxed);
    assert!(read < LARGEST_FORM + 2 * endless::CHUNK, "{read} bytes");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(deliver(&app, OFFICE, &genuine).await.status, 200);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// SEC-42.
#[tokio::test]
async fn logout_tokens_that_are_taken_do_not_count() {
    let app = limited().await;
    for number in 0..70 {
        let taken = deliver(&app, OFFICE, &true_token(&app)).await;
        assert_eq!(taken.status, 200, "token {number}: {}", taken.text);
    }
}

/// SEC-42.
#[tokio::test]
async fn a_flood_of_forged_tokens_keeps_no_true_one_waiting() {
    let app = limited().await;
    let (forged, genuine) = (forged_token(&app), true_token(&app));
    let flood = (0..300).map(|_| deliver(&app, OFFICE, &forged));
    let (refused, taken) = futures_util::future::join(
        futures_util::future::join_all(flood),
        deliver(&app, ELSEWHERE, &genuine),
    )
    .await;
    assert_eq!(taken.status, 200);
    let limited = refused.iter().filter(|reply| reply.status == 429).count();
    assert_eq!(limited, 270);
}

/// SEC-44.
#[tokio::test]
async fn headers_make_nobody_somebody_else() {
    let app = limited().await;
    let mut last = Reply::default();
    for number in 0..31 {
        let made_up = format!("192.0.2.{number}");
        let request = from(OFFICE, Request::get(START))
            .header("x-forwarded-for", &made_up)
            .header("x_forwarded_for", &made_up)
            .header("forwarded", format!("for={made_up}"))
            .header("x-real-ip", &made_up);
        last = app.anonymous().send(request, Body::empty()).await;
    }
    assert_limited(&last);
}

/// SEC-44, OP-14.
#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_counted_alone() {
    let app = limited_by(RateLimitConfig {
        trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
        ..RateLimitConfig::default()
    })
    .await;
    let ask = async |client: &str| {
        let request = from("10.0.0.7", Request::get(START)).header("x-forwarded-for", client);
        app.anonymous().send(request, Body::empty()).await
    };
    for _ in 0..30 {
        assert_eq!(ask(OFFICE).await.status, 303);
    }
    assert_limited(&ask(&format!("192.0.2.1, {OFFICE}")).await);
    assert_eq!(ask(ELSEWHERE).await.status, 303);
}

#[tokio::test]
async fn a_proxy_that_nobody_has_named_locks_nobody_out() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.site.base_url = Arc::new("https://polls.example.org".parse().expect("an address"));
        config.rate_limit = RateLimitConfig::default();
    })
    .await;
    for _ in 0..100 {
        let request = from("127.0.0.1", Request::get(START)).header("x-forwarded-for", OFFICE);
        let reply = app.anonymous().send(request, Body::empty()).await;
        assert_eq!(reply.status, 303);
    }
}

#[tokio::test]
async fn pages_are_not_limited() {
    let app = limited().await;
    let mut person = app.anonymous();
    for path in ["/", "/polls/", "/user", "/healthz"] {
        for _ in 0..100 {
            assert_eq!(open_from(OFFICE, &mut person, path).await.status, 200);
        }
    }
}

/// The address of a real connection counts.
#[tokio::test]
async fn the_server_tells_from_where_it_was_asked() {
    let app = limited().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (_stop, phase) = watch::channel(Phase::Serving);
    let router = app.state.clone().router();
    tokio::spawn(server::listen(listener, router, Limits::default(), phase));
    let client = http_client();
    let mut statuses = Vec::new();
    for _ in 0..31 {
        let answer = client.get(format!("http://{address}{START}")).send().await;
        statuses.push(answer.expect("an answer").status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 30);
    assert_eq!(statuses.last(), Some(&429));
}

/// SEC-66: late forms are answered as ever, and from one address not all are kept.
#[tokio::test]
async fn one_address_cannot_push_out_the_forms_that_others_have_sent_too_late() {
    let app = limited().await;
    let id = open(
        &app.state.polls,
        draft("Lunch?", &["Soup", "Salad"]),
        app.clock.now(),
    )
    .await;
    let path = paths::with_id(paths::VOTE, id);
    let token = app.uma().await.csrf_token().await;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("choice", "1"), ("csrf_token", token.as_str())])
        .finish();
    for (address, times, expected) in [(OFFICE, 100, 30), (ELSEWHERE, 1, 1)] {
        let mut kept = 0;
        for _ in 0..times {
            let request = from(address, Request::post(&path))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let mut late = app.anonymous();
            let sent = late.send(request, Body::from(body.clone())).await;
            assert_eq!(sent.status, 303, "{}", sent.text);
            kept += usize::from(late.cookies().contains_key("rolecall_form"));
        }
        assert_eq!(kept, expected, "{address}");
    }
}
