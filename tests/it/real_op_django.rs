//! Django's django-oidc-provider on the other side: a provider without ZITADEL's ways.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    app::{BASE_URL, TestApp},
    person::{Person, Reply},
    real_op::{AtProvider, DjangoOp},
};

/// How often roles are confirmed in these tests. The provider's clock stays behind when ours is
/// moved, and its ID tokens live ten minutes.
const RECHECK: Duration = Duration::from_mins(2);

async fn start() -> (TestApp, DjangoOp) {
    let op = DjangoOp::start(BASE_URL).await;
    (TestApp::start_at(&op.settings(), RECHECK).await, op)
}

/// Fills in Django's sign-in form; where the provider's session is, and the answer to the callback.
async fn sign_in(person: &mut Person<'_>, username: &str) -> (AtProvider, Reply) {
    let mut provider = person.go_to_provider("/user").await;
    assert_eq!(provider.page.text_of("h1"), "Sign in");
    let password = username;
    provider
        .submit(&[("username", username), ("password", password)])
        .await;
    let landed = person.get(&provider.back()).await;
    (provider, landed)
}

/// Somebody who has signed in.
async fn signed_in<'a>(app: &'a TestApp, username: &str) -> (Person<'a>, AtProvider) {
    let mut person = app.anonymous();
    let (provider, landed) = sign_in(&mut person, username).await;
    let why = landed.texts("h1, details code");
    assert_eq!(landed.location(), "/user", "{why:?}");
    (person, provider)
}

/// D-1, D-3, D-4, D-6, Z-1, Z-2, Z-3, Z-4.
#[tokio::test]
async fn three_people_sign_in_with_their_roles_and_nora_is_refused() {
    let (app, _op) = start().await;
    for (username, results_page, console) in
        [("ada", 404, 200), ("stan", 404, 403), ("uma", 403, 403)]
    {
        let (mut person, _) = signed_in(&app, username).await;
        assert_eq!(person.results().await, results_page, "{username}");
        assert_eq!(person.get("/admin/").await.status, console, "{username}");
    }
    let mut nora = app.anonymous();
    let (_, refused) = sign_in(&mut nora, "nora").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text_of("h1"), "You have no role here yet");
    assert!(refused.text.contains("nora@example.org"));
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 3);
}

/// D-3.
#[tokio::test]
async fn somebody_without_a_name_and_an_address_signs_in() {
    let (app, _op) = start().await;
    let (mut robot, _) = signed_in(&app, "robot").await;
    let profile = robot.get("/user").await;
    assert_eq!(profile.status, 200);
    assert!(profile.text.contains("robot"));
    assert!(!profile.text.contains("None"));
}

/// N-2, Z-22, K-6.
#[tokio::test]
async fn a_group_taken_away_is_gone_at_the_next_recheck() {
    let (app, mut op) = start().await;
    let (mut stan, _) = signed_in(&app, "stan").await;
    op.set_roles("stan", &["user"]).await;
    assert_eq!(stan.results().await, 404);
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 403);
    op.set_roles("stan", &[]).await;
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// K-4, N-2.
#[tokio::test]
async fn an_access_token_that_is_over_is_renewed_behind_the_browsers_back() {
    let (app, mut op) = start().await;
    op.tell(json!({ "tokenSeconds": 60 })).await;
    let (mut stan, _) = signed_in(&app, "stan").await;
    // Twice: Django takes each refresh token only once.
    for (roles, status) in [(["admin"], 200), (["staff"], 403)] {
        op.set_roles("stan", &roles).await;
        app.advance(RECHECK).await;
        op.tell(json!({ "tokenSeconds": 600 })).await;
        assert_eq!(stan.get("/admin/").await.status, status);
        op.tell(json!({ "tokenSeconds": 60 })).await;
    }
}

/// Z-9, N-2.
#[tokio::test]
async fn roles_in_the_id_token_come_and_go_as_well() {
    let (app, mut op) = start().await;
    op.tell(json!({ "rolesInIdToken": true })).await;
    let (mut stan, _) = signed_in(&app, "stan").await;
    assert_eq!(stan.results().await, 404);
    op.set_roles("stan", &[]).await;
    app.advance(RECHECK).await;
    assert_eq!(stan.results().await, 303);
}

/// L-1, D-8.
#[tokio::test]
async fn sign_out_ends_the_session_at_django_too_and_comes_back() {
    let (app, _op) = start().await;
    let (mut uma, mut provider) = signed_in(&app, "uma").await;
    uma.go_to_provider("/").await;
    let landed = uma.sign_out_at(&mut provider, &[]).await;
    assert_eq!(landed.text_of("h1"), "You are signed out");
    assert_eq!(
        landed.text_of(".lede"),
        "Your session here and the one at the sign-in provider have ended."
    );
    let again = uma.get("/oidc/authenticate/").await;
    provider.goto(again.location()).await;
    assert_eq!(provider.page.text_of("h1"), "Sign in", "it asks again");
}

/// N-4. Django forgets the session that it has, and asks once.
#[tokio::test]
async fn nora_gets_in_with_another_account() {
    let (app, _op) = start().await;
    let mut nora = app.anonymous();
    let (mut provider, refused) = sign_in(&mut nora, "nora").await;
    let links = refused.attributes("a.button", "href");
    let other = links.iter().find(|link| link.contains("prompt="));
    let start = nora.get(other.expect("use another account")).await;
    provider.goto(start.location()).await;
    assert_eq!(provider.page.text_of("h1"), "Sign in");
    provider
        .submit(&[("username", "uma"), ("password", "uma")])
        .await;
    assert_eq!(nora.get(&provider.back()).await.location(), "/user");
}

/// D-7, N-5.
#[tokio::test]
async fn somebody_who_declines_to_share_is_told_so_and_may_try_again() {
    let (app, mut op) = start().await;
    op.tell(json!({ "requireConsent": true })).await;
    let mut uma = app.anonymous();
    let mut provider = uma.go_to_provider("/user").await;
    provider
        .submit(&[("username", "uma"), ("password", "uma")])
        .await;
    assert_eq!(provider.page.text_of("h1"), "Request for Permission");
    provider.submit(&[]).await;
    assert!(provider.back().contains("error=access_denied"));
    let page = uma.get(&provider.back()).await;
    assert_eq!(page.status, 403);
    assert_eq!(page.text_of("details code"), "access_denied");
    assert!(page.text.contains("next=%2Fuser"));

    let again = uma.get("/oidc/authenticate/?next=/user").await;
    provider.goto(again.location()).await;
    provider.submit(&[("allow", "Authorize")]).await;
    assert_eq!(uma.get(&provider.back()).await.location(), "/user");
}

/// Z-18, SEC-08.
#[tokio::test]
async fn id_tokens_signed_with_the_client_secret_are_refused() {
    let (app, mut op) = start().await;
    op.tell(json!({ "jwtAlg": "HS256" })).await;
    let mut uma = app.anonymous();
    let (_, page) = sign_in(&mut uma, "uma").await;
    assert_eq!(page.text_of("details code"), "id_token_alg");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// O-2, P-24.
#[tokio::test]
async fn a_key_replaced_while_running_is_found() {
    let (app, mut op) = start().await;
    signed_in(&app, "uma").await;
    op.tell(json!({ "rotateKeys": true })).await;
    signed_in(&app, "stan").await;
}
