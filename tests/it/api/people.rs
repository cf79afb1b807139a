//! Tokens that speak for people who have signed in here as well.

use demo_idp::Person as Account;
use rolecall::{api::refusal::Refusal, users::Role};

use super::{app_with, robot};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_token_of_somebody_known_is_joined_with_the_person() {
    let app = TestApp::start().await;
    app.stan().await;
    let token = app.op().personal_access_token(&Account::stan().sub, None);
    let caller = app
        .state
        .verifiers
        .verify(&token)
        .await
        .expect("a good token");
    let user = caller.user.expect("he has signed in before");
    assert_eq!(user.subject, Account::stan().sub);
    assert_eq!(caller.role, Some(Role::Staff));
}

/// SEC-68: RFC 6750, 3 has a challenge for every token that does not open what was asked for.
#[tokio::test]
async fn a_person_turned_away_by_an_admin_is_turned_away_here_too() {
    let app = TestApp::start().await;
    app.uma().await;
    let token = app.op().personal_access_token(&Account::uma().sub, None);
    let program = app.program(token.clone());
    assert_eq!(program.get("/api/private").await.status, 200);
    app.execute("UPDATE users SET deactivated_at = $1", 1).await;
    let reply = program.get("/api/private").await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.code(), "account_deactivated");
    let challenge = reply.header("www-authenticate");
    assert_eq!(challenge, "Bearer error=\"insufficient_scope\"");
    let refused = app.state.verifiers.verify(&token).await;
    assert!(matches!(refused, Err(Refusal::Deactivated)), "{refused:?}");
}

/// Nora has an account there and no role.
#[tokio::test]
async fn a_person_without_a_role_has_none_here() {
    let app = TestApp::start().await;
    let token = app.op().personal_access_token(&Account::nora().sub, None);
    let caller = app
        .state
        .verifiers
        .verify(&token)
        .await
        .expect("a good token");
    assert_eq!(caller.role, None);
    assert!(caller.user.is_none());
}

/// R-6, SEC-69: the API is no way around what is asked of people who sign in.
#[tokio::test]
async fn somebody_whom_a_sign_in_would_refuse_has_no_role_here() {
    let known_only = app_with(&["admin"], |config| {
        config.oidc.providers[0].create_user = false;
    });
    let verified_only = app_with(&["admin"], |config| {
        config.oidc.providers[0].require_verified_email = true;
    });
    for (app, role) in [
        (app_with(&["admin"], |_| ()).await, Some(Role::Admin)),
        (known_only.await, None),
        (verified_only.await, None),
    ] {
        let token = app.op().personal_access_token(&robot(&[]).sub, None);
        let caller = app.state.verifiers.verify(&token).await;
        assert_eq!(caller.expect("a good token").role, role);
    }
}

/// N-2: what was heard of somebody since their sign-in is not forgotten over a token.
#[tokio::test]
async fn somebody_who_has_lost_the_role_here_signs_in_first() {
    let app = TestApp::start().await;
    app.stan().await;
    let token = app.op().personal_access_token(&Account::stan().sub, None);
    for (lost, role) in [(false, Some(Role::Staff)), (true, None)] {
        if lost {
            app.execute("UPDATE users SET role_lost_at = $1", 1).await;
        }
        let caller = app.state.verifiers.verify(&token).await;
        assert_eq!(caller.expect("a good token").role, role);
    }
}
