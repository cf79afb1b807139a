//! What a failure says, and what it keeps to itself.

use std::net::SocketAddr;

use axum::{Router, body::Body, extract::ConnectInfo, routing};
use http::{Request, header};
use rolecall::{app::layers, config::RateLimitConfig};

use crate::support::{
    app::TestApp,
    database::Engine,
    log,
    person::Reply,
    polls::{draft, open},
};

/// What belongs into the log: causes, places in the program, names of libraries.
const INNER: [&str; 14] = [
    "sqlx",
    "sqlite",
    "SQLITE",
    "postgres",
    "SELECT ",
    "no such table",
    "/src/",
    ".rs:",
    "panicked",
    "rolecall::",
    "tokio",
    "hyper",
    "RUST_BACKTRACE",
    "os error",
];

fn says_nothing_inner(what: &str, reply: &Reply) {
    assert!(
        reply.status.is_client_error() || reply.status.is_server_error(),
        "{what}: {reply:?}"
    );
    for word in INNER {
        assert!(
            !reply.text.contains(word),
            "{what}: {word:?} in {}",
            reply.text
        );
    }
    let id = reply.header("x-request-id");
    assert!(!id.is_empty(), "{what}");
    if reply.status.is_server_error() {
        assert!(
            reply.text.contains(id),
            "{what}: no number to quote in {}",
            reply.text
        );
    }
}

fn form(path: &str) -> http::request::Builder {
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// SEC-65.
#[tokio::test]
async fn twelve_failures_tell_nothing_of_what_is_inside() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.rate_limit = RateLimitConfig::default();
    })
    .await;
    let poll = open(
        &app.state.polls,
        draft("Tea?", &["Yes", "No"]),
        app.clock.now(),
    )
    .await;
    let mut uma = app.uma().await;
    let vote = format!("/polls/{poll}/vote/");

    says_nothing_inner("404", &uma.get("/nowhere/").await);
    says_nothing_inner("404 of a poll", &uma.get("/polls/4711/").await);
    says_nothing_inner("400", &uma.get("/polls/9999999999999999999999/").await);
    says_nothing_inner("403", &uma.get("/admin/").await);
    says_nothing_inner(
        "403 token",
        &uma.post_without_token(&vote, &[("choice", "1")]).await,
    );
    let put = Request::put("/polls/").header(header::ACCEPT, "text/html");
    says_nothing_inner("405", &uma.send(put, Body::empty()).await);
    let large = Body::from("a".repeat(100_000));
    says_nothing_inner("413", &uma.send(form(&vote), large).await);
    says_nothing_inner(
        "414",
        &uma.get(&format!("/polls/?q={}", "a".repeat(9000))).await,
    );
    let json = Request::post(&vote).header(header::CONTENT_TYPE, "application/json");
    let json = json.header(header::ACCEPT, "text/html");
    says_nothing_inner("415", &uma.send(json, Body::from("{}")).await);
    says_nothing_inner("422", &uma.post(&vote, &[("choice", "nothing")]).await);
    let mut reply = Reply::default();
    for _ in 0..100 {
        let peer: SocketAddr = "198.51.100.9:50000".parse().expect("an address");
        let start = Request::get("/oidc/authenticate/").extension(ConnectInfo(peer));
        reply = app
            .anonymous()
            .send(start.header(header::ACCEPT, "text/html"), Body::empty())
            .await;
        if reply.status == 429 {
            break;
        }
    }
    says_nothing_inner("429", &reply);
    app.state.db.close().await;
    says_nothing_inner("503", &uma.get("/user").await);
}

async fn panics() -> &'static str {
    panic!("SECRET-xyz")
}

/// SEC-65: the process lives, and the log has the cause.
#[tokio::test]
async fn a_handler_that_panics_is_a_plain_error_to_its_visitor_alone() {
    let app = TestApp::start().await;
    let pages = Router::new()
        .route("/panics", routing::get(panics))
        .route("/works", routing::get(async || "works"));
    let state = app.state.clone();
    let router = layers(pages, Router::new(), &state).with_state(state);
    let app = app.answered_by(router);
    log::keep();
    for accept in ["text/html", "application/json"] {
        let request = Request::get("/panics").header(header::ACCEPT, accept);
        let reply = app.anonymous().send(request, Body::empty()).await;
        assert_eq!(reply.status, 500);
        says_nothing_inner("a panic", &reply);
        assert!(!reply.text.contains("SECRET"), "{}", reply.text);
        assert_ne!(reply.header("content-security-policy"), "");
    }
    assert!(log::taken().contains("SECRET-xyz"));
    assert_eq!(app.anonymous().get("/works").await.text, "works");
}
