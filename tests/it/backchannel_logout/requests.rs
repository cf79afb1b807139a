//! Which requests are read: the form, its method, and what stands around it.

use std::sync::LazyLock;

use axum::body::Body;
use http::{Method, Request, header};
use proptest::{prelude::*, test_runner::Config as Cases};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{FORM, PATH, assert_refused, assert_taken, for_uma, post_body};
use crate::support::app::TestApp;

/// SEC-42.
#[tokio::test]
async fn only_a_form_with_one_token_is_read() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let other = app.op().logout_token(&for_uma(&app)).expect("a token");
    let json_body = json!({ "logout_token": token }).to_string();
    for (what, content_type, body) in [
        ("nothing", FORM, String::new()),
        ("no token", FORM, "x=1".to_owned()),
        ("an empty token", FORM, "logout_token=".to_owned()),
        ("no token at all", FORM, "logout_token=a.b".to_owned()),
        (
            "a token that is no JSON",
            FORM,
            "logout_token=YQ.YQ.YQ".to_owned(),
        ),
        (
            "an encrypted one",
            FORM,
            format!("logout_token={token}.a.b"),
        ),
        (
            "two",
            FORM,
            format!("logout_token={token}&logout_token={other}"),
        ),
        (
            "the same twice",
            FORM,
            format!("logout_token={token}&logout_token={token}"),
        ),
        ("JSON", "application/json", json_body),
        ("plain text", "text/plain", format!("logout_token={token}")),
    ] {
        assert_refused(what, &post_body(&app, content_type, body).await);
    }
    let huge = format!("logout_token={token}&x={}", "x".repeat(64 * 1024));
    assert_refused("more than 64 KiB", &post_body(&app, FORM, huge).await);
    assert!(uma.is_signed_in().await);
    let with_more = format!("x=1&logout_token={token}&logout_tokens=2");
    assert_taken(
        &post_body(
            &app,
            "application/x-www-form-urlencoded; charset=utf-8",
            with_more,
        )
        .await,
    );
    assert!(!uma.is_signed_in().await);
}

/// L-3, SEC-42.
#[tokio::test]
async fn the_address_takes_nothing_but_post() {
    let app = TestApp::start().await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method.clone()).uri(PATH);
        let reply = app.anonymous().send(request, Body::empty()).await;
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.header("allow"), "POST", "{method}");
        assert_eq!(reply.header("cache-control"), "no-store", "{method}");
    }
}

/// SEC-42.
#[tokio::test]
async fn neither_cookies_nor_the_origin_of_the_request_count() {
    let app = TestApp::start().await;
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let request = Request::post(PATH)
        .header(header::CONTENT_TYPE, FORM)
        .header(header::ORIGIN, "https://accounts.example")
        .header("sec-fetch-site", "cross-site");
    let body = Body::from(format!("logout_token={token}"));
    assert_taken(&stan.send(request, body).await);
    assert!(stan.is_signed_in().await);
    assert!(!uma.is_signed_in().await);
}

proptest! {
    #![proptest_config(Cases { cases: 48, failure_persistence: None, ..Cases::default() })]

    /// FZ-07, SEC-42.
    #[test]
    fn any_body_is_answered_and_means_nothing(
        body in "(logout_token=)?[A-Za-z0-9_.&=%-]{0,60}|\\PC{0,40}",
    ) {
        static RUNTIME: LazyLock<(Runtime, TestApp)> =
            LazyLock::new(|| {
                let runtime = Runtime::new().expect("a runtime");
                let app = runtime.block_on(TestApp::start());
                (runtime, app)
            });
        let (runtime, app) = &*RUNTIME;
        let reply = runtime.block_on(post_body(app, FORM, body));
        prop_assert_eq!(reply.status.as_u16(), 400);
    }
}
