//! Signing a program in that has no browser.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, Person as Account};
use rolecall::db::Db;

use super::*;

/// P-8, P-6, P-7, P-14, E-65, E-66.
#[tokio::test]
async fn a_program_without_a_browser_is_signed_in_by_its_person_elsewhere() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    assert_eq!(device["interval"], 5);
    assert!(device["verification_uri_complete"].is_string(), "{device}");
    let waiting = poll(&app, &device).await;
    assert_error(&waiting, 400, "authorization_pending");
    decide(&device, &[("sub", &Account::stan().sub)]).await;
    app.advance(Duration::from_secs(5)).await;
    let tokens = Tokens::of(&poll(&app, &device).await);
    assert_eq!(tokens.all["token_type"], "Bearer");
    assert_eq!(tokens.all["scope"], "user staff");
    assert_eq!(tokens.all["expires_in"], 600);
    let now = app.clock.now().as_seconds();
    assert_eq!(tokens.all["expires"], now + 600);
    assert_eq!(tokens.all["refresh_expires"], now + 7 * 24 * 3600);
    let stan = app.program(&tokens.access).get(USERINFO).await.json();
    assert_eq!(stan["sub"], Account::stan().sub);
    assert_eq!(stan["roles"], serde_json::json!(["staff"]));
    assert_error(&poll(&app, &device).await, 400, "invalid_grant");
}

/// P-8, SEC-72: the provider is asked once per interval, whoever asks us.
#[tokio::test]
async fn a_program_that_asks_too_often_waits_five_seconds_longer_each_time() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    poll(&app, &device).await;
    let asked = app.op().count(Endpoint::Token);
    assert_error(&poll(&app, &device).await, 400, "slow_down");
    app.advance(Duration::from_secs(9)).await;
    assert_error(&poll(&app, &device).await, 400, "slow_down");
    assert_eq!(app.op().count(Endpoint::Token), asked);
    app.advance(Duration::from_secs(15)).await;
    let waiting = poll(&app, &device).await;
    assert_error(&waiting, 400, "authorization_pending");
}

/// SEC-72: the provider may be slower than it said.
#[tokio::test]
async fn a_provider_that_wants_to_be_asked_less_often_is() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    poll(&app, &device).await;
    app.execute(
        "UPDATE device_codes SET next_poll_at = $1, interval_seconds = 1",
        app.clock.now().as_millis(),
    )
    .await;
    assert_error(&poll(&app, &device).await, 400, "slow_down");
    app.advance(Duration::from_secs(5)).await;
    assert_error(&poll(&app, &device).await, 400, "slow_down");
}

/// P-8, SEC-72.
#[tokio::test]
async fn whoever_declines_or_waits_too_long_signs_nobody_in() {
    let app = TestApp::start().await;
    let declined = device(&app, &[]).await;
    decide(&declined, &[("deny", "1")]).await;
    assert_error(&poll(&app, &declined).await, 400, "access_denied");
    assert_error(&poll(&app, &declined).await, 400, "invalid_grant");
    let late = device(&app, &[]).await;
    let life = late["expires_in"].as_u64().expect("seconds");
    app.advance(Duration::from_secs(life)).await;
    assert_error(&poll(&app, &late).await, 400, "expired_token");
    assert_eq!(programs(&app).await, 0);
}

/// E-67, P-8.
#[tokio::test]
async fn looking_at_the_address_starts_nothing() {
    let app = TestApp::start().await;
    for path in [DEVICE, TOKEN, LOGOUT] {
        let reply = app.program_without_token().get(path).await;
        assert_eq!(reply.status, 405, "{path}");
        let is_of_tokens = path != LOGOUT;
        assert_eq!(reply.json()["error"] == "invalid_request", is_of_tokens);
    }
    assert_eq!(app.op().count(Endpoint::DeviceAuthorization), 0);
}

/// P-8: the reference answers so; E-64: the provider's own text stays here.
#[tokio::test]
async fn an_answer_of_the_provider_that_lacks_something_is_a_bad_gateway() {
    let app = TestApp::start().await;
    app.op().set(|k| k.device.answer.remove("verification_uri"));
    let reply = post(&app, DEVICE, &[]).await;
    assert_error(&reply, 502, "upstream_malformed_response");
    app.op().set(|k| {
        let words = r#"{"error":"invalid_client","error_description":"wordy"}"#;
        let fault = Fault::Status(401, words.to_owned());
        k.fault(Endpoint::DeviceAuthorization, fault);
    });
    let reply = post(&app, DEVICE, &[]).await;
    assert_error(&reply, 400, "unauthorized_client");
    assert!(!reply.text.contains("wordy"), "{}", reply.text);
}

/// P-8, F-15: a mistake of ours loses nobody's code.
#[tokio::test]
async fn a_code_outlives_a_secret_of_ours_that_is_not_taken() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    decide(&device, &[("sub", &Account::uma().sub)]).await;
    let invalid_client = r#"{"error":"invalid_client"}"#.to_owned();
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(401, invalid_client)));
    let reply = poll(&app, &device).await;
    assert_error(&reply, 503, "temporarily_unavailable");
    app.op().set(|k| k.faults.clear());
    app.advance(Duration::from_secs(5)).await;
    Tokens::of(&poll(&app, &device).await);
}

/// Adds copies of the one code that waits, under other names.
macro_rules! copies {
    ($bytes:literal) => {
        concat!(
            "INSERT INTO device_codes (code_hash, issuer, device_code, interval_seconds,
                                       next_poll_at, created_at, expires_at)
             WITH RECURSIVE numbers (n) AS (
                 SELECT 1001 UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST($1 AS BIGINT))
             SELECT CAST('0000000000000000000000000000' || CAST(n AS TEXT) AS ",
            $bytes,
            "), issuer, device_code, 5, created_at, created_at, expires_at
             FROM numbers, device_codes"
        )
    };
}

/// P-8: nobody's codes are refused for the sake of those that have expired.
#[tokio::test]
async fn codes_that_have_expired_do_not_count_among_those_that_wait() {
    let app = TestApp::start().await;
    let first = device(&app, &[]).await;
    let copies = match app.state.db {
        Db::Sqlite { .. } => copies!("BLOB"),
        Db::Postgres { .. } => copies!("BYTEA"),
    };
    app.execute(copies, 1000 + 4095).await;
    let full = post(&app, DEVICE, &[]).await;
    assert_error(&full, 503, "temporarily_unavailable");
    let life = first["expires_in"].as_u64().expect("seconds");
    app.advance(Duration::from_secs(life)).await;
    device(&app, &[]).await;
}

/// P-18, E-80.
#[tokio::test]
async fn while_the_provider_is_down_a_program_is_told_to_come_back() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(500, String::new())));
    let reply = poll(&app, &device).await;
    assert_error(&reply, 503, "temporarily_unavailable");
    assert_ne!(reply.header("retry-after"), "");
    app.op().set(|k| k.faults.clear());
    decide(&device, &[("sub", &Account::uma().sub)]).await;
    app.advance(Duration::from_secs(5)).await;
    Tokens::of(&poll(&app, &device).await);
}

/// Z-4, P-20: nothing is stored of somebody without a role.
#[tokio::test]
async fn somebody_without_a_role_signs_no_program_in() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    decide(&device, &[("sub", &Account::nora().sub)]).await;
    assert_error(&poll(&app, &device).await, 400, "access_denied");
    assert_eq!(programs(&app).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
    let refused = "SELECT COUNT(*) FROM sign_in_attempts WHERE outcome = 'refused'";
    assert_eq!(app.number(refused).await, 1);
}

/// L-6.
#[tokio::test]
async fn a_sign_out_at_the_provider_meanwhile_counts() {
    let app = TestApp::start().await;
    let device = device(&app, &[]).await;
    decide(&device, &[("sub", &Account::uma().sub)]).await;
    sign_out_at_provider(&app, &Account::uma()).await;
    assert_error(&poll(&app, &device).await, 400, "access_denied");
    assert_eq!(programs(&app).await, 0);
}

/// P-16: a program may ask for less than its person may do, and gets no more.
#[tokio::test]
async fn a_program_may_ask_for_less_than_its_person_may_do() {
    let app = TestApp::start().await;
    let tokens = signed_in_for(&app, &Account::ada(), &[("scope", "openid user")]).await;
    assert_eq!(tokens.all["scope"], "user");
    let next = Tokens::of(&refresh(&app, &tokens.refresh).await);
    assert_eq!(next.all["scope"], "user");
    let ada = app.program(&next.access).get(USERINFO).await.json();
    assert_eq!(ada["roles"], serde_json::json!(["user"]));
    let wider = [
        ("grant_type", "refresh_token"),
        ("refresh_token", next.refresh.as_str()),
        ("scope", "admin"),
    ];
    let wider = Tokens::of(&post(&app, TOKEN, &wider).await);
    assert_eq!(wider.all["scope"], "user");
}
