//! Trading a token of the provider for one of ours.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, Person as Account, RolesClaim};

use super::*;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

async fn exchange(app: &TestApp, token: &str) -> Reply {
    exchange_as(app, token, ACCESS_TOKEN).await
}

async fn exchange_as(app: &TestApp, token: &str, kind: &str) -> Reply {
    let fields = [
        ("grant_type", EXCHANGE),
        ("subject_token", token),
        ("subject_token_type", kind),
    ];
    post(app, TOKEN, &fields).await
}

/// P-20, E-81.
#[tokio::test]
async fn a_token_of_the_provider_is_traded_for_one_of_ours() {
    let app = TestApp::start().await;
    app.stan().await;
    let theirs = app.op().personal_access_token(&Account::stan().sub, None);
    let tokens = Tokens::of(&exchange(&app, &theirs).await);
    assert_eq!(tokens.all["issued_token_type"], ACCESS_TOKEN);
    assert_eq!(
        tokens.refresh, "",
        "whoever holds the provider's can exchange again"
    );
    assert_eq!(tokens.all["scope"], "user staff");
    assert_eq!(opens(&app, &tokens.access).await, 200);
    app.advance(Duration::from_mins(10)).await;
    assert_eq!(opens(&app, &tokens.access).await, 401);
}

/// P-20: RFC 8693, 2.2.2. Whoever asks for a token for another gets none for us instead.
#[tokio::test]
async fn a_token_for_somebody_who_is_not_known_is_not_given() {
    let app = TestApp::start().await;
    app.stan().await;
    let theirs = app.op().personal_access_token(&Account::stan().sub, None);
    let ours = "http://localhost:8000/api/auth/v2";
    let ask = async |targets: &[(&str, &str)]| {
        let fields = [
            ("grant_type", EXCHANGE),
            ("subject_token", &theirs),
            ("subject_token_type", ACCESS_TOKEN),
        ];
        post(&app, TOKEN, &[&fields[..], targets].concat()).await
    };
    for (name, other) in [("audience", "resource"), ("resource", "audience")] {
        let elsewhere = (name, "https://elsewhere.example/");
        assert_error(&ask(&[elsewhere]).await, 400, "invalid_target");
        let both = [(other, ours), elsewhere];
        assert_error(&ask(&both).await, 400, "invalid_target");
        Tokens::of(&ask(&[(name, ours)]).await);
    }
}

/// P-20: ours never outlives theirs.
#[tokio::test]
async fn a_token_that_ends_soon_is_traded_for_one_that_does() {
    let app = TestApp::start().await;
    app.stan().await;
    let theirs = app
        .op()
        .personal_access_token(&Account::stan().sub, Some(60));
    let tokens = Tokens::of(&exchange(&app, &theirs).await);
    assert_eq!(tokens.all["expires_in"], 60);
}

/// P-20, E-75: the confused deputy. A token for another client, one that has ended, one of ours
/// and a thing that is none are all refused, in the same words.
#[tokio::test]
async fn only_an_active_token_of_the_provider_for_this_site_is_traded() {
    let app = TestApp::start().await;
    app.stan().await;
    let ours = signed_in(&app, &Account::stan()).await.access;
    let ended = app
        .op()
        .personal_access_token(&Account::stan().sub, Some(1));
    app.advance(Duration::from_secs(2)).await;
    for token in [ours.as_str(), &ended, "made-up"] {
        assert_error(&exchange(&app, token).await, 400, "invalid_request");
    }
    let theirs = app.op().personal_access_token(&Account::stan().sub, None);
    app.op().set(|k| {
        k.introspection.set("aud", "another-client");
        k.introspection.set("client_id", "another-client");
    });
    assert_error(&exchange(&app, &theirs).await, 400, "invalid_request");
    app.op().set(|k| k.introspection.clear());
    for kind in ["urn:ietf:params:oauth:token-type:id_token", ""] {
        let reply = exchange_as(&app, &theirs, kind).await;
        assert_error(&reply, 400, "invalid_request");
    }
    Tokens::of(&exchange(&app, &theirs).await);
}

/// F-12, P-20: nobody becomes a user of the site by way of the API.
#[tokio::test]
async fn somebody_who_never_came_with_a_browser_gets_no_token_of_ours() {
    let app = TestApp::start().await;
    let theirs = app.op().personal_access_token(&Account::uma().sub, None);
    assert_error(&exchange(&app, &theirs).await, 400, "invalid_request");
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(programs(&app).await, 0);
}

/// P-20: what the provider says now counts.
#[tokio::test]
async fn a_role_that_was_taken_away_is_not_traded() {
    let app = TestApp::start().await;
    app.ada().await;
    let theirs = app.op().personal_access_token(&Account::ada().sub, None);
    app.op()
        .roles(&Account::ada().sub, RolesClaim::of(&["user"]))
        .expect("Ada");
    let tokens = Tokens::of(&exchange(&app, &theirs).await);
    assert_eq!(tokens.all["scope"], "user");
}

/// P-18, F-15.
#[tokio::test]
async fn while_the_provider_is_down_nothing_is_traded_and_nobody_blamed() {
    let app = TestApp::start().await;
    app.stan().await;
    let theirs = app.op().personal_access_token(&Account::stan().sub, None);
    app.op()
        .set(|k| k.fault(Endpoint::Introspection, Fault::Refuse));
    let reply = exchange(&app, &theirs).await;
    assert_error(&reply, 503, "temporarily_unavailable");
    assert_ne!(reply.header("retry-after"), "");
}
