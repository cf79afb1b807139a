//! How roles stay true while somebody is signed in.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, Person as Account, Placement, RolesClaim};
use futures_util::future::join_all;

use super::{RECHECK, demote_stan};
use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
};

/// Z-22, M-30, K-6, N-2, SEC-18.
#[tokio::test]
async fn a_weaker_role_takes_effect_within_the_recheck_interval() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    demote_stan(&app, RolesClaim::of(&["user"]));
    app.clock
        .advance(Duration::from_secs(RECHECK.as_secs() - 1));
    assert_eq!(stan.results().await, 404);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(stan.results().await, 403);
    let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'role_changed'";
    assert_eq!(app.number(noted).await, 1);
}

/// SEC-27.
#[tokio::test]
async fn another_role_means_another_session_id_and_no_longer_session() {
    let app = TestApp::with_refresh_tokens().await;
    let mut stan = app.stan().await;
    let (cookie, token) = (stan.cookies()["rolecall"].clone(), stan.csrf_token().await);
    demote_stan(&app, RolesClaim::of(&["admin"]));
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 404);
    assert_ne!(stan.cookies()["rolecall"], cookie);
    assert_eq!(stan.csrf_token().await, token, "open forms still count");
    let mut thief = app.anonymous();
    thief.cookies().insert("rolecall".to_owned(), cookie);
    assert!(!thief.is_signed_in().await);
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 404, "the tokens were kept");
    let age = "SELECT expires_at - 12 * 60 * 60 * 1000 FROM sessions";
    assert_eq!(app.number(age).await, MORNING.as_millis());
}

#[tokio::test]
async fn tokens_that_another_instance_was_faster_to_renew_are_taken_over() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.oidc.providers[0]
            .scopes
            .push("offline_access".to_owned());
        config.oidc.recheck = Duration::from_mins(5);
    })
    .await;
    app.op().set(|k| k.access_token.lifetime_secs = 240);
    let mut stan = app.stan().await;
    app.op().set(|k| k.access_token.lifetime_secs = 3600);
    app.stan().await;
    let refused = r#"{"error":"invalid_grant"}"#.to_owned();
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(400, refused)));
    let exchanged = app.op().count(Endpoint::Token);
    app.clock.advance(Duration::from_mins(5));
    let other_instance = async {
        while app.op().count(Endpoint::Token) == exchanged {
            tokio::task::yield_now().await;
        }
        let renewed = "UPDATE sessions SET tokens =
            (SELECT tokens FROM sessions ORDER BY rowid DESC LIMIT 1)";
        app.execute(renewed, 0).await;
    };
    let (status, ()) = tokio::join!(stan.results(), other_instance);
    assert_eq!(status, 404);
    assert!(stan.is_signed_in().await);
}

/// N-2, K-8, SEC-18.
#[tokio::test]
async fn a_role_that_is_gone_ends_every_session() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let (mut laptop, mut phone) = (app.stan().await, app.stan().await);
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    let asked = laptop.get("/polls/1/results/").await;
    assert_eq!(asked.status, 303);
    assert_eq!(
        asked.location(),
        "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F"
    );
    assert!(!phone.is_signed_in().await);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// M-32, E-25, SEC-18.
#[tokio::test]
async fn a_form_sent_after_the_role_is_gone_is_not_carried_out() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let token = stan.csrf_token().await;
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    let fields = [("choice", "1"), ("csrf_token", token.as_str())];
    let sent = stan.post_without_token("/polls/1/vote/", &fields).await;
    assert_eq!(sent.location(), "/oidc/authenticate/?next=%2Fpolls%2F1%2F");
}

/// M-10, M-34, E-24.
#[tokio::test]
async fn public_pages_never_ask_the_provider() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let asked = app.op().count(Endpoint::UserInfo);
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    for path in [
        "/",
        "/polls/",
        "/user",
        "/oidc/logout/",
        "/healthz",
        "/logout",
    ] {
        assert_eq!(stan.get(path).await.status, 200, "{path}");
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), asked);
}

#[tokio::test]
async fn a_confirmed_role_is_not_asked_for_again_before_its_time() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let asked = app.op().count(Endpoint::UserInfo);
    app.clock.advance(RECHECK);
    for _ in 0..3 {
        assert_eq!(stan.results().await, 404);
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), asked + 1);
}

/// K-4, E-49, E-104, oidcc-client-test-refresh-token.
#[tokio::test]
async fn many_requests_at_once_use_a_refresh_token_once() {
    let app = TestApp::with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    let exchanged = app.op().count(Endpoint::Token);
    app.clock.advance(RECHECK);
    let requests = (0..20).map(|_| {
        let mut tab = stan.clone();
        async move { tab.results().await }
    });
    assert_eq!(join_all(requests).await, [404; 20]);
    assert_eq!(app.op().count(Endpoint::Token), exchanged + 1);
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 404, "the new refresh token was kept");
    assert_eq!(app.op().count(Endpoint::Token), exchanged + 2);
}

/// K-5.
#[tokio::test]
async fn without_a_refresh_token_an_ended_access_token_means_signing_in_again() {
    let app = TestApp::start().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    let asked = stan.get("/polls/1/results/?a=b").await;
    assert_eq!(
        asked.location(),
        "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F%3Fa%3Db&prompt=none"
    );
}

/// K-5.
#[tokio::test]
async fn revoked_tokens_mean_signing_in_again() {
    for app in [TestApp::start().await, TestApp::with_refresh_tokens().await] {
        let mut stan = app.stan().await;
        app.op().revoke_tokens(&Account::stan().sub);
        app.clock.advance(RECHECK);
        assert_eq!(stan.results().await, 303);
        assert!(!stan.is_signed_in().await);
    }
}

#[tokio::test]
async fn roles_that_stand_in_the_id_token_only_are_refreshed_with_it() {
    let app = TestApp::with_refresh_tokens().await;
    app.op().set(|k| {
        k.roles.in_id_token = Placement::Always;
        k.roles.in_userinfo = Placement::Never;
    });
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 404);
    demote_stan(&app, RolesClaim::of(&["user"]));
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 403);
}

#[tokio::test]
async fn roles_that_stand_in_the_id_token_only_are_not_taken_for_gone() {
    let app = TestApp::start().await;
    app.op().set(|k| {
        k.roles.in_id_token = Placement::Always;
        k.roles.in_userinfo = Placement::Never;
    });
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 303, "he has to sign in again");
    let active = "SELECT COUNT(*) FROM users WHERE role_lost_at IS NULL";
    assert_eq!(app.number(active).await, 1);
}

/// K-5.
#[tokio::test]
async fn a_silent_provider_is_borne_for_a_while_and_asked_seldom() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op()
        .set(|k| k.fault(Endpoint::UserInfo, Fault::Status(500, "{}".to_owned())));
    app.op().clear_requests();
    app.clock.advance(RECHECK);
    for _ in 0..5 {
        assert_eq!(stan.results().await, 404);
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), 1);
    app.clock.advance(RECHECK);
    let refused = stan.get("/polls/1/results/").await;
    assert_eq!(refused.status, 503);
    assert_ne!(refused.header("retry-after"), "");
    app.op().set(|k| k.fault(Endpoint::UserInfo, Fault::None));
    app.clock.advance(Duration::from_secs(10));
    assert_eq!(stan.results().await, 404);
}

/// SEC-13.
#[tokio::test]
async fn the_words_of_somebody_else_mean_signing_in_again() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op()
        .set(|k| k.userinfo.claims.set("sub", Account::ada().sub));
    app.clock.advance(RECHECK);
    assert_eq!(stan.results().await, 303);
}
