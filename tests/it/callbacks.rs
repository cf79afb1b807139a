//! The way back from the provider: which answers count, how often, and what is said about the
//! others.

use std::time::Duration;

use demo_idp::Endpoint;

use crate::support::{app::TestApp, database::Engine};

/// S-2, E-111, SEC-02.
#[tokio::test]
async fn an_answer_in_another_browser_is_refused_before_the_provider_is_asked() {
    let app = TestApp::start().await;
    let callback = app.anonymous().ask_provider("pick-uma", "/user").await;
    let mut stranger = app.anonymous();
    assert_eq!(stranger.get(&callback).await.status, 400);
    let mut beginner = app.anonymous();
    beginner.get("/oidc/authenticate/").await;
    assert_eq!(beginner.get(&callback).await.status, 400);
    assert!(!beginner.is_signed_in().await);
    assert_eq!(app.op().count(Endpoint::Token), 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// S-2, SEC-02.
#[tokio::test]
async fn a_stranger_with_the_link_cannot_use_up_a_sign_in() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/user").await;
    assert_eq!(app.anonymous().get(&callback).await.status, 400);
    assert_eq!(uma.get(&callback).await.location(), "/user");
}

/// N-1, E-13, E-110, SEC-03, SEC-22.
#[tokio::test]
async fn going_back_to_a_used_callback_leads_on_for_somebody_signed_in() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/polls/").await;
    uma.get(&callback).await;
    let again = uma.get(&callback).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, "/polls/"));
    assert!(uma.is_signed_in().await);
    assert_eq!(app.op().count(Endpoint::Token), 1);
}

/// N-1, E-13, SEC-03.
#[tokio::test]
async fn a_used_callback_offers_somebody_signed_out_to_start_again_with_the_same_target() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/polls/?q=1").await;
    uma.get(&callback).await;
    uma.cookies().remove("rolecall");
    let again = uma.get(&callback).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.text_of("h1"), "This sign-in was already used");
    let links = again.attributes("main a.button", "href");
    assert_eq!(links[0], "/oidc/authenticate/?next=%2Fpolls%2F%3Fq%3D1");
    assert_eq!(app.op().count(Endpoint::Token), 1);
}

/// S-3, SEC-03.
#[tokio::test]
async fn a_sign_in_of_more_than_ten_minutes_starts_again_with_the_same_target() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/user").await;
    app.clock
        .advance(Duration::from_mins(10) + Duration::from_secs(1));
    let late = uma.get(&callback).await;
    assert_eq!(late.status, 400);
    assert_eq!(late.text_of("h1"), "The sign-in took too long");
    assert_eq!(
        late.attributes("main a.button", "href")[0],
        "/oidc/authenticate/?next=%2Fuser"
    );
    assert_eq!(app.op().count(Endpoint::Token), 0);
}

#[tokio::test]
async fn a_sign_in_begun_under_another_key_is_not_called_late() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/user").await;
    app.execute("UPDATE pending_logins SET code_verifier = x'00'", 0)
        .await;
    let page = uma.get(&callback).await;
    assert_eq!(page.status, 500);
    assert_eq!(page.text_of("details code"), "state_sealed");
    assert!(page.text_of(".lede").contains("the same key file"));
    assert_eq!(app.op().count(Endpoint::Token), 0);
}

/// M-28, E-11, SEC-22.
#[tokio::test]
async fn a_made_up_callback_changes_nothing() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    for query in [
        "",
        "?error=access_denied",
        "?code=x",
        "?code=x&state=y",
        "?error=x&state=y",
    ] {
        let path = format!("/oidc/callback/{query}");
        let anonymous = app.anonymous().get(&path).await;
        assert_eq!(anonymous.status, 400, "{path}");
        let signed_in = uma.get(&path).await;
        assert_eq!(
            (signed_in.status.as_u16(), signed_in.location()),
            (303, "/"),
            "{path}"
        );
        assert!(uma.is_signed_in().await, "{path}");
    }
}

/// SEC-21.
#[tokio::test]
async fn a_parameter_given_twice_is_refused() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/user").await;
    assert_eq!(uma.get(&format!("{callback}&code=other")).await.status, 400);
    assert_eq!(uma.get(&format!("{callback}&error=x")).await.status, 400);
    assert_eq!(app.op().count(Endpoint::Token), 0);
}
