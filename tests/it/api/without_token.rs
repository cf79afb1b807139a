//! What programs meet that have no token, and browsers that come here.

use axum::body::Body;
use http::{Method, Request, header};

use crate::support::app::TestApp;

/// F-1.
#[tokio::test]
async fn the_public_route_answers_everybody() {
    let app = TestApp::start().await;
    let reply = app.program_without_token().get("/api/public").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json");
    let message = r#"{"message":"Public route - You don't need to be authenticated to see this."}"#;
    assert_eq!(reply.text, message);
}

/// F-2, M-35, E-69, E-95, E-113, SEC-68.
#[tokio::test]
async fn without_a_token_a_private_route_says_how_to_send_one() {
    let app = TestApp::start().await;
    for path in ["/api/private", "/api/private-scoped"] {
        let reply = app.program_without_token().get(path).await;
        assert_eq!(reply.status, 401);
        assert_eq!(
            reply.header("www-authenticate"),
            "Bearer realm=\"rolecall\""
        );
        assert_eq!(reply.code(), "missing_authorization");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

/// F-13, SEC-70.
#[tokio::test]
async fn credentials_of_another_kind_are_refused_in_the_same_shape() {
    let app = TestApp::start().await;
    for (value, code) in [
        ("Basic dTpw", "unsupported_token_type"),
        ("Bearer", "invalid_token"),
        ("Bearer %", "invalid_token"),
        ("bearer  x", "invalid_token_revoked"),
    ] {
        let request = Request::get("/api/private").header(header::AUTHORIZATION, value);
        let program = app.program_without_token();
        let reply = program.send(request, Body::empty()).await;
        assert_eq!(reply.status, 401, "{value}");
        assert_eq!(reply.code(), code, "{value}");
        assert!(reply.json()["description"].is_string());
    }
}

/// SEC-68.
#[tokio::test]
async fn a_token_sent_twice_is_a_bad_request() {
    let app = TestApp::start().await;
    let request = Request::get("/api/private").header(header::AUTHORIZATION, "Bearer a");
    let reply = app.program("a").send(request, Body::empty()).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.code(), "invalid_request");
    let challenge = reply.header("www-authenticate");
    assert_eq!(challenge, "Bearer error=\"invalid_request\"");
}

/// P-15: a bad token is never taken for anonymous.
#[tokio::test]
async fn a_bad_token_is_refused_where_none_is_needed() {
    let app = TestApp::start().await;
    let reply = app.program("nonsense").get("/api/public").await;
    assert_eq!(reply.status, 401, "{}", reply.text);
}

/// SEC-71.
#[tokio::test]
async fn a_cookie_opens_no_route_of_the_api_and_is_not_looked_at() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let seen = "SELECT COALESCE(MAX(last_seen_at), 0) FROM sessions";
    let before = app.number(seen).await;
    app.advance(std::time::Duration::from_mins(5)).await;
    for path in ["/api/private", "/api/private-scoped", "/api/v1/none"] {
        let reply = ada.get(path).await;
        assert_ne!(reply.status, 200, "{path}");
        assert_eq!(reply.header("set-cookie"), "", "{path}");
    }
    assert_eq!(app.number(seen).await, before);
}

/// What is not there is said in JSON, whoever asks.
#[tokio::test]
async fn other_addresses_and_methods_are_refused_in_json() {
    let app = TestApp::start().await;
    let mut browser = app.anonymous();
    for path in ["/api/", "/api/none", "/api/none/none/"] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.code(), "not_found", "{path}");
    }
    let reply = browser.get("/api/v1/none").await;
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.json()["title"], "Not Found");
    assert_eq!(reply.json()["status"], 404);
    let request = Request::builder().method(Method::POST).uri("/api/public");
    let reply = browser.send(request, Body::empty()).await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.code(), "method_not_allowed");
    assert_eq!(reply.header("allow"), "GET,HEAD");
}

/// No page of another site may read what programs read.
#[tokio::test]
async fn other_origins_are_not_invited() {
    let app = TestApp::start().await;
    let request = Request::get("/api/public").header(header::ORIGIN, "https://elsewhere.example");
    let reply = app
        .program_without_token()
        .send(request, Body::empty())
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), "");
}
