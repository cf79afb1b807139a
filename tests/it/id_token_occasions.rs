//! What an ID token has to fit because of when it came, and what it says about the session.

use std::time::Duration;

use demo_idp::{Endpoint, Knobs, Signing};
use http::StatusCode;
use rolecall::config::{Config, ProviderConfig};
use serde_json::{Value, json};

use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
};

async fn app_with(change: impl FnOnce(&mut ProviderConfig)) -> TestApp {
    let change = |config: &mut Config| change(&mut config.oidc.providers[0]);
    TestApp::start_with(Engine::of_this_run(), change).await
}

/// How Uma's sign-in ends when the provider is turned like this: the code of the failure, or
/// nothing.
async fn sign_in(app: &TestApp, turn: impl FnOnce(&mut Knobs)) -> String {
    app.op().set(turn);
    let landed = app.anonymous().sign_in("pick-uma", "/user").await;
    let code = landed.text_of("details code");
    assert_eq!(landed.status == StatusCode::SEE_OTHER, code.is_empty());
    code
}

/// S-6.
#[tokio::test]
async fn a_code_hash_belongs_to_the_code_or_is_not_there() {
    let app = TestApp::start().await;
    for wrong in [json!("AAAAAAAAAAAAAAAAAAAAAA"), json!("")] {
        let code = sign_in(&app, |k| k.id_token.claims.set("c_hash", wrong)).await;
        assert_eq!(code, "id_token_c_hash");
    }
    let code = sign_in(&app, |k| k.id_token.claims.set("c_hash", 1)).await;
    assert_eq!(code, "token_response_malformed");
    assert_eq!(
        sign_in(&app, |k| k.id_token.claims.remove("c_hash")).await,
        ""
    );
    assert_eq!(
        sign_in(&app, |k| k.id_token.claims.keep("c_hash")).await,
        ""
    );
}

/// Whether somebody is still signed in after a refresh whose ID token says this.
async fn is_kept_by_refresh(claim: &str, value: Option<Value>) -> bool {
    let app = app_with(|provider| provider.scopes.push("offline_access".to_owned())).await;
    app.op().set(|k| k.access_token.lifetime_secs = 60);
    let mut stan = app.stan().await;
    let authorize = app.op().last(Endpoint::Authorize).expect("a request");
    let nonce = authorize.param("nonce").expect("a nonce").to_owned();
    app.op().set(|k| match value {
        Some(Value::String(text)) if text == "the same" => k.id_token.claims.set(claim, nonce),
        Some(value) => k.id_token.claims.set(claim, value),
        None => k.id_token.claims.remove(claim),
    });
    app.advance(Duration::from_mins(16)).await;
    let answer = stan.get("/polls/1/results/").await;
    let refresh = app.op().last(Endpoint::Token).expect("a request");
    assert_eq!(refresh.form("grant_type"), Some("refresh_token"));
    answer.status == StatusCode::NOT_FOUND
}

/// SEC-06, S-6: OpenID Connect Core, 12.2.
#[tokio::test]
async fn a_refreshed_id_token_agrees_with_the_first_one() {
    let signed_in_at = MORNING.as_seconds();
    for (claim, value, kept) in [
        ("nonce", None, true),
        ("nonce", Some(json!("the same")), true),
        ("nonce", Some(json!("another")), false),
        ("auth_time", Some(json!(signed_in_at)), true),
        ("auth_time", None, true),
        ("auth_time", Some(json!(signed_in_at + 1)), false),
        ("sub", Some(json!("somebody-else")), false),
        ("iss", Some(json!("https://other.example")), false),
        ("aud", Some(json!("somebody-else")), false),
        ("c_hash", Some(json!("of no code")), true),
    ] {
        let what = format!("{claim}: {value:?}");
        assert_eq!(is_kept_by_refresh(claim, value).await, kept, "{what}");
    }
}

/// K-7.
#[tokio::test]
async fn the_provider_can_end_a_session_sooner_and_not_later() {
    const LENGTH: &str = "SELECT expires_at - created_at FROM sessions";
    let now = MORNING.as_seconds();
    for (expiry, length) in [(now + 1800, 1_800_000), (now + 86_400, 43_200_000)] {
        let app = TestApp::start().await;
        let turn = |k: &mut Knobs| k.id_token.claims.set("session_expiry", expiry);
        assert_eq!(sign_in(&app, turn).await, "");
        assert_eq!(app.number(LENGTH).await, length);
    }
    for (expiry, code) in [
        (json!(now), "id_token_session_expiry"),
        (json!(-1), "id_token_session_expiry"),
        (json!("tomorrow"), "id_token_malformed"),
    ] {
        let app = TestApp::start().await;
        let turn = |k: &mut Knobs| k.id_token.claims.set("session_expiry", expiry);
        assert_eq!(sign_in(&app, turn).await, code);
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    }
}

/// K-7: with refreshed tokens, too.
#[tokio::test]
async fn refreshed_tokens_can_end_a_session_sooner_and_not_later() {
    let now = MORNING.as_seconds() + 16 * 60;
    for (expiry, kept, length) in [
        (now + 600, true, 26 * 60 * 1000),
        (now + 86_400, true, 43_200_000),
        (now, false, 43_200_000),
    ] {
        let app = TestApp::with_refresh_tokens().await;
        app.op().set(|k| k.access_token.lifetime_secs = 60);
        let mut stan = app.stan().await;
        app.op()
            .set(|k| k.id_token.claims.set("session_expiry", expiry));
        app.advance(Duration::from_mins(16)).await;
        let goes_on = stan.results().await == 404;
        assert_eq!(goes_on, kept, "{expiry}");
        let left = app.number("SELECT expires_at - created_at FROM sessions");
        assert_eq!(left.await, length, "{expiry}");
    }
}

/// K-7.
#[tokio::test]
async fn a_session_is_over_when_the_provider_said_so() {
    let app = TestApp::start().await;
    let expiry = MORNING.as_seconds() + 1800;
    app.op()
        .set(|k| k.id_token.claims.set("session_expiry", expiry));
    let mut uma = app.uma().await;
    app.advance(Duration::from_mins(29)).await;
    assert_eq!(uma.get("/polls/1/").await.status, StatusCode::NOT_FOUND);
    app.advance(Duration::from_mins(1)).await;
    assert_eq!(uma.get("/polls/1/").await.status, StatusCode::SEE_OTHER);
}

fn announce(algorithms: &[&str]) -> impl FnOnce(&mut Knobs) {
    let name = "id_token_signing_alg_values_supported";
    let algorithms = json!(algorithms);
    move |k| k.discovery.set(name, algorithms)
}

/// Z-18, SEC-08.
#[tokio::test]
async fn the_client_secret_signs_where_that_is_configured_and_nothing_else_does_then() {
    for (signing, code) in [
        (Signing::ClientSecret, ""),
        (Signing::Rs256, "id_token_alg"),
        (Signing::Unsigned, "id_token_alg"),
        (Signing::PublicKeyAsSecret, "id_token_signature"),
        (Signing::Broken, "id_token_alg"),
    ] {
        let app = app_with(|provider| provider.sign_algo = Some("HS256".to_owned())).await;
        app.op().set(announce(&["RS256", "HS256"]));
        let turn = |k: &mut Knobs| k.id_token.signing = signing;
        assert_eq!(sign_in(&app, turn).await, code, "{signing:?}");
    }
}

/// Z-18: the provider has to agree.
#[tokio::test]
async fn an_algorithm_that_the_provider_does_not_announce_is_not_used() {
    let app = app_with(|provider| provider.sign_algo = Some("HS256".to_owned())).await;
    let start = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(start.status, StatusCode::SERVICE_UNAVAILABLE);
}

/// Z-18, SEC-08.
#[tokio::test]
async fn one_algorithm_can_be_chosen_among_those_of_the_provider() {
    for (signing, code) in [(Signing::Es256, ""), (Signing::Rs256, "id_token_alg")] {
        let app = app_with(|provider| provider.sign_algo = Some("ES256".to_owned())).await;
        let turn = |k: &mut Knobs| {
            k.jwks.curves = true;
            k.id_token.signing = signing;
        };
        assert_eq!(sign_in(&app, turn).await, code);
    }
}

/// S-10.
#[tokio::test]
async fn a_sign_in_at_the_provider_is_as_fresh_as_was_asked_for() {
    let now = MORNING.as_seconds();
    for (auth_time, code) in [
        (Some(json!(now)), ""),
        (Some(json!(now - 359)), ""),
        (Some(json!(now - 400)), "id_token_auth_time"),
        (Some(json!(now + 400)), "id_token_auth_time"),
        (None, "id_token_auth_time"),
    ] {
        let app = app_with(|provider| provider.max_age = Some(Duration::from_mins(5))).await;
        let what = format!("{auth_time:?}");
        let turn = |k: &mut Knobs| match auth_time {
            Some(time) => k.id_token.claims.set("auth_time", time),
            None => k.id_token.claims.remove("auth_time"),
        };
        assert_eq!(sign_in(&app, turn).await, code, "{what}");
        let authorize = app.op().last(Endpoint::Authorize).expect("a request");
        assert_eq!(authorize.param("max_age"), Some("300"));
    }
}
