//! Requests to the authorization server that are not in order.

use rolecall::config::RateLimitConfig;

use super::*;
use crate::support::{database::Engine, log};

/// P-6, E-66: errors as RFC 6749, 5.2 has them.
#[tokio::test]
async fn a_token_request_is_read_strictly() {
    let app = TestApp::start().await;
    for (fields, error) in [
        (&[][..], "invalid_request"),
        (&[("grant_type", "")], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (
            &[("grant_type", "client_credentials")],
            "unsupported_grant_type",
        ),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (
            &[("grant_type", "refresh_token"), ("refresh-token", "a")],
            "invalid_request",
        ),
        (
            &[("grant_type", "refresh_token"), ("refresh_token", "a")],
            "invalid_grant",
        ),
        (
            &[("grant_type", DEVICE_CODE), ("device_code", "a")],
            "invalid_grant",
        ),
        (
            &[("grant_type", DEVICE_CODE), ("device-code", "a")],
            "invalid_request",
        ),
        (
            &[
                ("grant_type", "refresh_token"),
                ("grant_type", "refresh_token"),
            ],
            "invalid_request",
        ),
        (
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", "a"),
                ("scope", "ADMIN"),
            ],
            "invalid_scope",
        ),
        (
            &[
                ("grant_type", "refresh_token"),
                ("resource", "https://evil.example/"),
            ],
            "invalid_target",
        ),
    ] {
        assert_error(&post(&app, TOKEN, fields).await, 400, error);
    }
}

/// P-6: no other kind of body is read.
#[tokio::test]
async fn a_token_request_is_a_form() {
    let app = TestApp::start().await;
    for content_type in ["application/json", "multipart/form-data", "text/plain"] {
        let request = Request::post(TOKEN).header(header::CONTENT_TYPE, content_type);
        let body = Body::from(r#"{"grant_type":"refresh_token"}"#);
        let reply = app.program_without_token().send(request, body).await;
        assert_error(&reply, 400, "invalid_request");
    }
    let request =
        Request::post(TOKEN).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from("x=".to_owned() + &"a".repeat(65 * 1024));
    let reply = app.program_without_token().send(request, body).await;
    assert!(reply.status.is_client_error(), "{}", reply.status);
}

/// E-65: a program has no form token to send, and needs none.
#[tokio::test]
async fn a_program_needs_no_form_token() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    Tokens::of(&refresh(&app, &tokens.refresh).await);
}

/// P-18: 429 with the time to wait.
#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.rate_limit = RateLimitConfig::default();
    })
    .await;
    for (path, allowed) in [(DEVICE, 20), (TOKEN, 60)] {
        let mut last = Reply::default();
        for _ in 0..=allowed {
            let request = Request::post(path).extension(axum::extract::ConnectInfo(
                std::net::SocketAddr::from(([203, 0, 113, 5], 50_000)),
            ));
            last = app
                .program_without_token()
                .send(request, Body::empty())
                .await;
        }
        assert_error(&last, 429, "temporarily_unavailable");
        assert_ne!(last.header("retry-after"), "");
    }
}

/// O-4, E-64, E-76: nothing of what was sent reaches the answer or the log.
#[tokio::test]
async fn an_error_says_nothing_of_what_was_sent() {
    let app = TestApp::start().await;
    log::keep();
    let secret = "a-secret-that-somebody-has-sent";
    for (grant, name) in [
        ("refresh_token", "refresh_token"),
        (DEVICE_CODE, "device_code"),
        ("authorization_code", "code"),
        (secret, secret),
    ] {
        let fields = [
            ("grant_type", grant),
            (name, secret),
            ("redirect_uri", secret),
            ("code_verifier", secret),
        ];
        let reply = post(&app, TOKEN, &fields).await;
        assert_eq!(reply.status, 400, "{grant}");
        assert!(!reply.text.contains(secret), "{}", reply.text);
    }
    let log = log::taken();
    assert!(log.contains("a program gets no tokens"), "{log}");
    assert!(!log.contains(secret), "{log}");
}
