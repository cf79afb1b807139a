//! A token that comes again: one that was taken means nothing, one that could not be counts.

use std::time::Duration;

use demo_idp::{Endpoint, Fault};
use futures_util::future::join_all;

use super::{assert_refused, assert_taken, deliver, for_uma, post};
use crate::support::{app::TestApp, database::Engine};

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
