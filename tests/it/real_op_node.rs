//! A certified provider on the other side, over a longer time than a browser would sit there:
//! roles that change, tokens that are renewed, keys that are replaced.

use std::time::Duration;

use futures_util::future::join_all;
use rolecall::users::Role;
use serde_json::json;

use crate::support::{
    app::{BASE_URL, TestApp},
    person::{Person, Reply},
    real_op::{AtProvider, RealOp, sub},
};

/// How often roles are confirmed in these tests. The provider's clock stays behind when ours is
/// moved, and an ID token must not be old when it comes.
const RECHECK: Duration = Duration::from_mins(2);

async fn start_with(settings: serde_json::Value) -> (TestApp, RealOp) {
    let mut op = RealOp::start().await;
    op.register(BASE_URL).await;
    op.set(settings).await;
    (TestApp::start_at(&op.settings(), RECHECK).await, op)
}

async fn start() -> (TestApp, RealOp) {
    start_with(json!({})).await
}

/// Presses somebody's button on the provider's page; where the provider's session is, and the
/// answer to the callback.
async fn sign_in(person: &mut Person<'_>, sub: &str) -> (AtProvider, Reply) {
    let mut provider = person.go_to_provider("/user").await;
    assert_eq!(provider.page.text_of("h1"), "Who are you?");
    provider.submit(&[("sub", sub)]).await;
    let landed = person.get(&provider.back()).await;
    (provider, landed)
}

/// Somebody who has signed in.
async fn signed_in<'a>(app: &'a TestApp, sub: &str) -> (Person<'a>, AtProvider) {
    let mut person = app.anonymous();
    let (provider, landed) = sign_in(&mut person, sub).await;
    let why = landed.texts("h1, details code");
    assert_eq!(landed.location(), "/user", "{why:?}");
    (person, provider)
}

/// Z-1, Z-2, Z-3, Z-4.
#[tokio::test]
async fn three_people_sign_in_with_their_roles_and_nora_is_refused() {
    let (app, _op) = start().await;
    for (sub, results_page, console) in [
        (sub::ADA, 404, 200),
        (sub::STAN, 404, 403),
        (sub::UMA, 403, 403),
    ] {
        let (mut person, _) = signed_in(&app, sub).await;
        assert_eq!(person.results().await, results_page, "{sub}");
        assert_eq!(person.get("/admin/").await.status, console, "{sub}");
    }
    let (_, refused) = sign_in(&mut app.anonymous(), sub::NORA).await;
    assert_eq!(refused.status, 403);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 3);
}

/// D-7, N-5.
#[tokio::test]
async fn somebody_who_gives_up_at_the_provider_is_told_so() {
    let (app, _op) = start().await;
    let mut uma = app.anonymous();
    let mut provider = uma.go_to_provider("/user").await;
    provider.submit(&[("cancel", "yes")]).await;
    let page = uma.get(&provider.back()).await;
    assert_eq!(page.status, 403);
    assert_eq!(page.text_of("details code"), "access_denied");
}

/// N-2, Z-22, K-6.
#[tokio::test]
async fn a_role_taken_away_is_gone_at_the_next_recheck() {
    let (app, mut op) = start().await;
    let (mut stan, _) = signed_in(&app, sub::STAN).await;
    op.set_roles(sub::STAN, &["user"]).await;
    assert_eq!(stan.results().await, 404);
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 403);
    op.set_roles(sub::STAN, &[]).await;
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// K-4. The provider ends the whole grant when a refresh token comes a second time.
#[tokio::test]
async fn twenty_requests_at_once_use_each_refresh_token_once() {
    let (app, mut op) = start_with(json!({ "accessTokenSeconds": 60 })).await;
    let (mut stan, _) = signed_in(&app, sub::STAN).await;
    for _ in 0..3 {
        app.advance(RECHECK).await;
        let at_once = (0..20).map(|_| {
            let mut tab = stan.clone();
            async move { tab.results().await }
        });
        assert_eq!(join_all(at_once).await, [404; 20]);
    }
    op.set_roles(sub::STAN, &["user"]).await;
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 403, "and roles are still asked for");
}

/// O-2, P-24.
#[tokio::test]
async fn renewed_id_tokens_may_be_signed_with_a_new_key() {
    let (app, mut op) = start_with(json!({ "accessTokenSeconds": 60 })).await;
    let (mut stan, _) = signed_in(&app, sub::STAN).await;
    op.rotate_keys().await;
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 404);
}

/// D-6.
#[tokio::test]
async fn without_userinfo_and_with_jwt_access_tokens_the_id_token_tells_the_role() {
    let settings = json!({ "jwtAccessTokens": true, "accessTokenSeconds": 60 });
    let (app, mut op) = start_with(settings).await;
    let (mut stan, _) = signed_in(&app, sub::STAN).await;
    for (roles, status) in [(vec!["staff"], 404), (vec!["user"], 403), (vec![], 303)] {
        op.set_roles(sub::STAN, &roles).await;
        app.advance(RECHECK).await;
        assert_eq!(stan.results().await, status, "{roles:?}");
    }
}

/// L-1.
#[tokio::test]
async fn sign_out_ends_the_session_at_the_provider_too_and_comes_back() {
    let (app, _op) = start().await;
    let (mut uma, mut provider) = signed_in(&app, sub::UMA).await;
    let landed = uma.sign_out_at(&mut provider, &[("logout", "yes")]).await;
    assert_eq!(
        landed.text_of(".lede"),
        "Your session here and the one at the sign-in provider have ended."
    );
    let again = uma.get("/oidc/authenticate/").await;
    provider.goto(again.location()).await;
    assert_eq!(provider.page.text_of("h1"), "Who are you?", "it asks again");
}

/// With the address for logout tokens registered.
async fn start_with_logout_tokens() -> (TestApp, RealOp) {
    let (app, mut op) = start().await;
    let address = format!("{}/oidc/backchannel-logout/", app.listen().await);
    op.set(json!({ "backchannelLogoutUri": address })).await;
    (app, op)
}

/// L-3, N-11.
#[tokio::test]
async fn logout_tokens_end_the_sessions_of_one_person_also_when_they_come_again() {
    let (app, mut op) = start_with_logout_tokens().await;
    let (mut stan, _) = signed_in(&app, sub::STAN).await;
    let (mut phone, _) = signed_in(&app, sub::STAN).await;
    let (mut uma, _) = signed_in(&app, sub::UMA).await;
    op.rotate_keys().await;
    for _ in 0..2 {
        // The provider complains about any answer but 200 and 204.
        op.set(json!({ "signOut": sub::STAN })).await;
    }
    assert!(!stan.is_signed_in().await);
    assert!(!phone.is_signed_in().await);
    assert!(uma.is_signed_in().await);
}

/// L-3, N-11.
#[tokio::test]
async fn sign_out_at_the_provider_ends_the_session_of_that_browser_and_no_other() {
    let (app, op) = start_with_logout_tokens().await;
    let (mut stan, mut provider) = signed_in(&app, sub::STAN).await;
    let (mut phone, _) = signed_in(&app, sub::STAN).await;
    let end_session = format!("{}/session/end?client_id={}", op.issuer, RealOp::CLIENT_ID);
    provider.goto(&end_session).await;
    provider.submit(&[("logout", "yes")]).await;
    assert!(!stan.is_signed_in().await);
    assert!(phone.is_signed_in().await);
}

/// N-6: a sign-in without a browser (RFC 8628), whose person is at the provider's page meanwhile.
#[tokio::test]
async fn a_device_sign_in_shows_the_role_that_the_provider_sends() {
    let (app, _op) = start().await;
    let provider = &app.state.oidc.providers()[0];
    let known = provider.known().await.expect("the provider answers");
    let Ok(waiting) = provider.begin_device(known).await else {
        panic!("it takes devices")
    };
    let page = waiting.verification_uri_complete().expect("an address");
    let mut person = AtProvider::open(page).await;
    while !person.page.text.contains("Device connected") {
        person.submit(&[("sub", sub::STAN)]).await;
    }
    let Ok(seen) = waiting.finish().await else {
        panic!("the person has agreed")
    };
    assert_eq!(seen.role, Some(Role::Staff));
    assert_eq!(seen.evidence.subject.as_deref(), Some(sub::STAN));
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
}
