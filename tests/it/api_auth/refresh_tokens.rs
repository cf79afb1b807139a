//! How a program stays signed in.

use std::{collections::BTreeSet, time::Duration};

use demo_idp::{Endpoint, Fault, RolesClaim};
use futures_util::future::join_all;

use super::*;

/// P-6, P-20, E-73.
#[tokio::test]
async fn a_refresh_token_works_once_and_brings_the_next() {
    let app = TestApp::start().await;
    let first = signed_in(&app, &Account::uma()).await;
    assert_ne!(first.access, first.refresh);
    let second = Tokens::of(&refresh(&app, &first.refresh).await);
    assert_ne!(second.refresh, first.refresh);
    assert_ne!(second.access, first.access);
    assert_eq!(opens(&app, &second.access).await, 200);
    Tokens::of(&refresh(&app, &second.refresh).await);
}

/// E-73: an access token renews nothing, and a refresh token opens nothing.
#[tokio::test]
async fn one_kind_of_token_is_never_taken_for_the_other() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    assert_error(&refresh(&app, &tokens.access).await, 400, "invalid_grant");
    assert_eq!(opens(&app, &tokens.refresh).await, 401);
    Tokens::of(&refresh(&app, &tokens.refresh).await);
}

/// P-20, N-13: a copy that is used ends the session of both, and the history says so.
#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_the_session() {
    let app = TestApp::start().await;
    let first = signed_in(&app, &Account::uma()).await;
    let bystander = signed_in(&app, &Account::uma()).await;
    let second = Tokens::of(&refresh(&app, &first.refresh).await);
    app.advance(Duration::from_secs(30)).await;
    assert_error(&refresh(&app, &first.refresh).await, 400, "invalid_grant");
    assert_error(&refresh(&app, &second.refresh).await, 400, "invalid_grant");
    assert_eq!(opens(&app, &second.access).await, 401);
    assert_eq!(opens(&app, &bystander.access).await, 200);
    assert_eq!(reused(&app).await, 1);
}

/// P-20, K-4: 20 requests at once are one renewal, and nobody is signed out.
#[tokio::test]
async fn twins_of_a_request_get_the_same_refresh_token() {
    let app = TestApp::with_refresh_tokens().await;
    let first = signed_in(&app, &Account::uma()).await;
    app.op().clear_requests();
    let replies = join_all((0..20).map(|_| refresh(&app, &first.refresh))).await;
    let next: BTreeSet<_> = replies
        .iter()
        .map(|reply| Tokens::of(reply).refresh)
        .collect();
    assert_eq!(next.len(), 1, "one path leads on");
    assert_eq!(app.op().count(Endpoint::UserInfo), 1);
    let next = next.first().expect("a token");
    Tokens::of(&refresh(&app, next).await);
}

/// P-20, P-22: the same over two processes.
#[tokio::test]
async fn twins_that_meet_two_processes_get_the_same_refresh_token() {
    let app = TestApp::start().await;
    let other = app.another_instance(|_| ()).await;
    let first = signed_in(&app, &Account::uma()).await;
    let both = (0..20).map(|number| {
        let instance = if number % 2 == 0 { &app } else { &other };
        refresh(instance, &first.refresh)
    });
    let replies = join_all(both).await;
    let next: BTreeSet<_> = replies
        .iter()
        .map(|reply| Tokens::of(reply).refresh)
        .collect();
    assert_eq!(next.len(), 1);
}

/// P-20: a twin that is late is refused, and costs nobody anything.
#[tokio::test]
async fn a_twin_that_comes_after_the_next_token_was_used_changes_nothing() {
    let app = TestApp::start().await;
    let first = signed_in(&app, &Account::uma()).await;
    let second = Tokens::of(&refresh(&app, &first.refresh).await);
    let third = Tokens::of(&refresh(&app, &second.refresh).await);
    assert_error(&refresh(&app, &first.refresh).await, 400, "invalid_grant");
    Tokens::of(&refresh(&app, &third.refresh).await);
}

/// E-79: nothing is used up before the next is there.
#[tokio::test]
async fn an_outage_of_the_provider_signs_no_program_out() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let down = Fault::Status(503, String::new());
    app.op().set(|k| k.fault(Endpoint::UserInfo, down));
    let within = Tokens::of(&refresh(&app, &tokens.refresh).await);
    app.advance(Duration::from_mins(31)).await;
    let reply = refresh(&app, &within.refresh).await;
    assert_error(&reply, 503, "temporarily_unavailable");
    assert_ne!(reply.header("retry-after"), "");
    app.op().set(|k| k.faults.clear());
    Tokens::of(&refresh(&app, &within.refresh).await);
}

/// E-79, F-15: a secret of ours that was changed there is no program's fault.
#[tokio::test]
async fn a_provider_that_does_not_take_our_secret_signs_no_program_out() {
    let app = TestApp::with_refresh_tokens().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    app.advance(Duration::from_hours(13)).await;
    let invalid_client = r#"{"error":"invalid_client"}"#.to_owned();
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(401, invalid_client)));
    let reply = refresh(&app, &tokens.refresh).await;
    assert_error(&reply, 503, "temporarily_unavailable");
    app.op().set(|k| k.faults.clear());
    Tokens::of(&refresh(&app, &tokens.refresh).await);
}

/// P-20, E-81: the provider is asked at each renewal, and its roles are read.
#[tokio::test]
async fn a_role_is_read_again_at_every_renewal() {
    let app = TestApp::start().await;
    let first = signed_in(&app, &Account::uma()).await;
    let uma = Account::uma().sub;
    app.op()
        .roles(&uma, RolesClaim::of(&["admin"]))
        .expect("Uma");
    let second = Tokens::of(&refresh(&app, &first.refresh).await);
    assert_eq!(second.all["scope"], "user staff admin");
    app.op()
        .roles(&uma, RolesClaim::of(&["user"]))
        .expect("Uma");
    let third = Tokens::of(&refresh(&app, &second.refresh).await);
    assert_eq!(third.all["scope"], "user");
    let now = app.program(&second.access).get(USERINFO).await.json();
    assert_eq!(
        now["roles"],
        serde_json::json!(["user"]),
        "an older token gives no more"
    );
}

/// P-20, K-4: the provider's own tokens are renewed here, once each.
#[tokio::test]
async fn the_tokens_of_the_provider_are_renewed_behind_those_of_the_program() {
    let app = TestApp::with_refresh_tokens().await;
    let mut tokens = signed_in(&app, &Account::uma()).await;
    for _ in 0..3 {
        app.advance(Duration::from_hours(13)).await;
        tokens = Tokens::of(&refresh(&app, &tokens.refresh).await);
    }
    assert_eq!(opens(&app, &tokens.access).await, 200);
}

/// P-20: without a refresh token of the provider nobody can ask for the role for ever.
#[tokio::test]
async fn when_the_provider_cannot_be_asked_any_more_the_program_signs_in_again() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    app.advance(Duration::from_hours(13)).await;
    assert_error(&refresh(&app, &tokens.refresh).await, 400, "invalid_grant");
    assert_eq!(programs(&app).await, 0);
}

/// E-77: 7 days without use, 30 in all.
#[tokio::test]
async fn a_program_stays_signed_in_for_thirty_days_at_most() {
    let app = TestApp::with_refresh_tokens().await;
    let idle = signed_in(&app, &Account::stan()).await;
    let mut busy = signed_in(&app, &Account::uma()).await;
    for _ in 0..9 {
        app.advance(Duration::from_hours(72)).await;
        busy = Tokens::of(&refresh(&app, &busy.refresh).await);
    }
    assert_error(&refresh(&app, &idle.refresh).await, 400, "invalid_grant");
    app.advance(Duration::from_hours(71)).await;
    busy = Tokens::of(&refresh(&app, &busy.refresh).await);
    app.advance(Duration::from_hours(1)).await;
    assert_error(&refresh(&app, &busy.refresh).await, 400, "invalid_grant");
    assert_eq!(opens(&app, &busy.access).await, 401);
    app.state.sessions.sweep().await.expect("a sweep");
    assert_eq!(app.number("SELECT COUNT(*) FROM refresh_tokens").await, 0);
}

/// P-21.
#[tokio::test]
async fn what_has_expired_is_removed_within_one_round() {
    let app = TestApp::start().await;
    for _ in 0..20 {
        device(&app, &[]).await;
    }
    let tokens = signed_in(&app, &Account::uma()).await;
    app.advance(Duration::from_hours(8 * 24)).await;
    app.state
        .authorization_server
        .sweep()
        .await
        .expect("a sweep");
    app.state.sessions.sweep().await.expect("a sweep");
    for table in [
        "SELECT COUNT(*) FROM device_codes",
        "SELECT COUNT(*) FROM refresh_tokens",
        "SELECT COUNT(*) FROM sessions",
    ] {
        assert_eq!(app.number(table).await, 0, "{table}");
    }
    assert_eq!(opens(&app, &tokens.access).await, 401);
}
