//! A token that comes again: one that was taken means nothing, one that could not be counts.

use std::time::Duration;

use demo_idp::{Endpoint, Fault};
use futures_util::future::join_all;
use serde_json::json;

use super::{assert_refused, assert_taken, deliver, for_uma, post};
use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
};

/// L-5, SEC-40.
#[tokio::test]
async fn a_token_that_comes_again_does_not_end_a_later_session() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&app, &token).await);
    assert!(!uma.is_signed_in().await);
    app.advance(Duration::from_secs(1)).await;
    let mut again = app.uma().await;
    for _ in 0..3 {
        assert_taken(&post(&app, &token).await);
    }
    assert!(again.is_signed_in().await);
}

/// L-5, SEC-40.
#[tokio::test]
async fn a_token_is_remembered_for_longer_than_it_is_believed() {
    let app = TestApp::start().await;
    let remembered = "SELECT COUNT(*) FROM revoked_logout_tokens";
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&app, &token).await);
    let sweep = async || app.state.oidc.sweep().await.expect("an answer");
    app.advance(Duration::from_mins(15)).await;
    sweep().await;
    assert_eq!(app.number(remembered).await, 1, "it has just expired");
    let mut uma = app.uma().await;
    assert_refused("an expired token", &post(&app, &token).await);
    assert!(uma.is_signed_in().await);
    app.advance(Duration::from_mins(5)).await;
    sweep().await;
    assert_eq!(app.number(remembered).await, 0);
}

/// SEC-41.
#[tokio::test]
async fn a_token_that_met_a_locked_database_counts_when_it_comes_again() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let lock = app.state.db.begin().await.expect("the only writer");
    let refused = post(&app, &token).await;
    assert_eq!(refused.status, 503);
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(refused.header("cache-control"), "no-store");
    drop(lock);
    assert!(uma.is_signed_in().await);
    assert_taken(&post(&app, &token).await);
    assert!(!uma.is_signed_in().await);
}

/// SEC-41.
#[tokio::test]
async fn a_token_whose_keys_cannot_be_fetched_counts_when_it_comes_again() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.op().rotate_keys().expect("a new key");
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::Refuse));
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_eq!(post(&app, &token).await.status, 503);
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::None));
    app.advance(Duration::from_secs(11)).await;
    assert_taken(&post(&app, &token).await);
    assert!(!uma.is_signed_in().await);
}

/// SEC-42.
#[tokio::test]
async fn forged_key_ids_neither_make_us_fetch_keys_all_the_time_nor_keep_a_true_token_out() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let fetched = app.op().count(Endpoint::Jwks);
    let forged = (0..50).map(|number| {
        let mut token = for_uma(&app);
        token.minting.header.set("kid", format!("forged-{number}"));
        let app = &app;
        async move { assert_refused("forged", &deliver(app, &token).await) }
    });
    let genuine = for_uma(&app);
    let (_, taken) = tokio::join!(join_all(forged), deliver(&app, &genuine));
    assert_taken(&taken);
    assert!(!uma.is_signed_in().await);
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 1);
}

/// SEC-42: what anybody can see is looked at before any signature.
#[tokio::test]
async fn a_token_that_no_signature_could_save_makes_us_fetch_nothing() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let fetched = app.op().count(Endpoint::Jwks);
    let (past, future) = (MORNING.as_seconds() - 3600, MORNING.as_seconds() + 3600);
    for (claim, value) in [
        ("aud", json!(["another client"])),
        ("exp", json!(past)),
        ("iat", json!(future)),
        ("events", json!({})),
        ("nonce", json!("n")),
        ("jti", json!(1)),
        ("sub", json!("")),
    ] {
        let mut token = for_uma(&app);
        token.minting.header.set("kid", "forged");
        token.minting.claims.set(claim, value);
        assert_refused(claim, &deliver(&app, &token).await);
    }
    assert_eq!(app.op().count(Endpoint::Jwks), fetched);
    let mut forged = for_uma(&app);
    forged.minting.header.set("kid", "forged");
    assert_refused("kid", &deliver(&app, &forged).await);
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 1);
    assert!(uma.is_signed_in().await);
}

/// SEC-41, SEC-42: a made-up key id that met the outage first does not turn true tokens away.
#[tokio::test]
async fn while_the_keys_cannot_be_fetched_every_token_is_asked_for_again() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.op().rotate_keys().expect("a new key");
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::Refuse));
    let mut forged = for_uma(&app);
    forged.minting.header.set("kid", "forged");
    assert_eq!(deliver(&app, &forged).await.status, 503);
    let fetched = app.op().count(Endpoint::Jwks);
    assert_eq!(deliver(&app, &for_uma(&app)).await.status, 503);
    assert_eq!(app.op().count(Endpoint::Jwks), fetched);
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::None));
    app.advance(Duration::from_secs(11)).await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    assert_refused("forged", &deliver(&app, &forged).await);
    assert!(!uma.is_signed_in().await);
}
