//! Which ID tokens and UserInfo answers are believed. Each refusal leaves nobody signed in.

use demo_idp::{Endpoint, Knobs, Signing};
use http::StatusCode;
use rolecall::config::Config;
use serde_json::json;

use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
};

/// How a sign-in ends when the provider is turned like this.
pub async fn sign_in(turn: impl FnOnce(&mut Knobs)) -> (StatusCode, String) {
    sign_in_with(|_| (), turn).await
}

async fn sign_in_with(
    change: impl FnOnce(&mut Config),
    turn: impl FnOnce(&mut Knobs),
) -> (StatusCode, String) {
    let app = TestApp::start_with(Engine::of_this_run(), change).await;
    app.op().set(turn);
    let mut uma = app.anonymous();
    let landed = uma.sign_in("pick-uma", "/user").await;
    let sessions = app.number("SELECT COUNT(*) FROM sessions").await;
    let users = app.number("SELECT COUNT(*) FROM users").await;
    let accepted = i64::from(landed.status == StatusCode::SEE_OTHER);
    assert_eq!((sessions, users), (accepted, accepted), "{}", landed.status);
    (landed.status, landed.text_of("details code"))
}

pub async fn assert_refused(code: &str, turn: impl FnOnce(&mut Knobs)) {
    assert_eq!(
        sign_in(turn).await,
        (StatusCode::BAD_REQUEST, code.to_owned())
    );
}

pub async fn assert_accepted(what: &str, turn: impl FnOnce(&mut Knobs)) {
    let (status, code) = sign_in(turn).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{what}: {code}");
}

pub fn now() -> i64 {
    MORNING.as_seconds()
}

/// Z-18, SEC-08.
#[tokio::test]
async fn the_client_secret_signs_nothing_even_when_the_provider_says_that_it_does() {
    assert_refused("id_token_alg", |k| {
        k.id_token.signing = Signing::ClientSecret;
        let algorithms = json!(["RS256", "HS256", "none"]);
        k.discovery
            .set("id_token_signing_alg_values_supported", algorithms);
    })
    .await;
}

/// Z-18, M-19, oidcc-client-test-idtoken-sig-rs256.
#[tokio::test]
async fn each_announced_asymmetric_algorithm_is_accepted() {
    for signing in [
        Signing::Rs256,
        Signing::Es256,
        Signing::Es384,
        Signing::EdDsa,
    ] {
        assert_accepted(&format!("{signing:?}"), |k| {
            k.jwks.curves = true;
            k.id_token.signing = signing;
        })
        .await;
    }
}

/// Z-18, M-19, SEC-08.
#[tokio::test]
async fn an_algorithm_that_was_not_announced_is_refused() {
    assert_refused("id_token_alg", |k| {
        k.discovery
            .set("id_token_signing_alg_values_supported", json!(["RS256"]));
        k.id_token.signing = Signing::Rs512;
    })
    .await;
}

/// S-7, N-14, SEC-07.
#[tokio::test]
async fn other_audiences_need_azp_or_trust() {
    let app = TestApp::start().await;
    let (client, project) = (
        app.op().clients()[0].id.clone(),
        app.op().project_id().to_owned(),
    );
    for (audience, azp, accepted) in [
        (json!([client, "other-client", project]), true, true),
        (json!([client, project]), false, true),
        (json!([client, "other-client", project]), false, false),
        (json!([client]), false, true),
        (json!(client), false, true),
    ] {
        app.op().set(|k| {
            k.id_token.claims.set("aud", audience.clone());
            if azp {
                k.id_token.claims.keep("azp");
            } else {
                k.id_token.claims.remove("azp");
            }
        });
        let landed = app.anonymous().sign_in("pick-uma", "/user").await;
        assert_eq!(landed.status == 303, accepted, "{audience}, azp: {azp}");
    }
}

#[tokio::test]
async fn a_token_response_needs_no_scope() {
    assert_accepted("no scope", |k| k.token_answer.remove("scope")).await;
}

/// M-4, O-2, FT-16, oidcc-client-test-signing-key-rotation.
#[tokio::test]
async fn a_key_that_is_not_known_yet_is_fetched_once() {
    let app = TestApp::start().await;
    app.uma().await;
    let fetched = app.op().count(Endpoint::Jwks);
    app.op().rotate_keys().expect("a new key");
    app.uma().await;
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 1);
    app.op().replace_key().expect("a new key");
    let refused = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(refused.status, 400, "not twice within ten seconds");
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 1);
    app.clock.advance(std::time::Duration::from_secs(11));
    app.uma().await;
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 2);
}

/// M-4, O-2, FT-16.
#[tokio::test]
async fn made_up_key_ids_do_not_make_us_fetch_keys_all_the_time() {
    let app = TestApp::start().await;
    app.op().set(|k| k.id_token.header.set("kid", "made-up"));
    for _ in 0..5 {
        assert_eq!(app.anonymous().sign_in("pick-uma", "/").await.status, 400);
    }
    assert_eq!(app.op().count(Endpoint::Jwks), 2);
}

/// M-4, oidcc-client-test-kid-absent-single-jwks.
#[tokio::test]
async fn a_token_without_key_id_is_accepted_when_one_key_is_meant() {
    assert_accepted("one key", |k| {
        k.jwks.without_kids = true;
        k.id_token.header.remove("kid");
    })
    .await;
}

/// D-6.
#[tokio::test]
async fn a_provider_without_userinfo_is_fine() {
    assert_accepted("no userinfo", |k| k.discovery.remove("userinfo_endpoint")).await;
}
