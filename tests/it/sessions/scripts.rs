//! What a script is answered when its page needs a sign-in.

use axum::body::Body;
use demo_idp::Person as Account;
use serde_json::Value;

use super::RECHECK;
use crate::support::app::TestApp;

/// M-31, S-9, E-24, E-114.
#[tokio::test]
async fn a_script_learns_that_a_sign_in_is_needed_and_where() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op().revoke_tokens(&Account::stan().sub);
    app.clock.advance(RECHECK);
    let request = http::Request::get("/polls/1/results/").header("accept", "application/json");
    let answer = stan.send(request, Body::empty()).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text.contains("login_required"));
}

/// M-31, S-9, N-17.
#[tokio::test]
async fn a_script_is_told_to_come_back_to_its_page_and_not_to_its_own_address() {
    let app = TestApp::start().await;
    for (referer, next) in [
        (
            "http://localhost:8000/polls/?q=1#top",
            "%2Fpolls%2F%3Fq%3D1",
        ),
        ("http://evil.example/polls/", "%2F"),
        ("http://localhost:8000/oidc/logout/", "%2F"),
        ("", "%2F"),
    ] {
        for (name, value) in [
            ("x-requested-with", "XMLHttpRequest"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-dest", "empty"),
            ("accept", "application/json"),
        ] {
            let request = http::Request::get("/polls/1/results/?api=1")
                .header("referer", referer)
                .header(name, value);
            let answer = app.anonymous().send(request, Body::empty()).await;
            assert_eq!(answer.status, 401, "{name}");
            let body: Value = serde_json::from_str(&answer.text).expect("JSON");
            let login_url = format!("/oidc/authenticate/?next={next}");
            assert_eq!(body["login_url"], login_url.as_str(), "{referer} {name}");
            assert_eq!(body.get("fate"), None);
        }
    }
}

#[tokio::test]
async fn a_script_learns_what_became_of_a_refused_vote() {
    let app = TestApp::start().await;
    let request = http::Request::post("/polls/1/vote/").header("accept", "application/json");
    let answer = app.anonymous().send(request, Body::empty()).await;
    assert_eq!(answer.status, 401);
    let body: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(body["fate"], "Your vote was not recorded.");
}
