//! The way back from the provider: which answers count, how often, and what is said about the
//! others.

use std::{collections::BTreeSet, time::Duration};

use demo_idp::{Endpoint, knobs::AuthorizeError};

use crate::{
    sign_in::{at_provider, is_signed_in, parameter},
    support::{app::TestApp, database::Engine},
};

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
    assert!(!is_signed_in(&mut beginner).await);
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
    assert!(is_signed_in(&mut uma).await);
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
        assert!(is_signed_in(&mut uma).await, "{path}");
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

/// A-3, D-7, M-20, S-8, N-5, E-12, E-46, E-110, SEC-20.
#[tokio::test]
async fn each_error_of_the_provider_has_its_own_words() {
    let app = TestApp::start().await;
    let mut sentences = BTreeSet::new();
    let codes = [
        ("access_denied", 403),
        ("invalid_request", 400),
        ("invalid_scope", 400),
        ("unauthorized_client", 400),
        ("unsupported_response_type", 400),
        ("server_error", 503),
        ("temporarily_unavailable", 503),
        ("interaction_required", 400),
        ("login_required", 400),
        ("account_selection_required", 400),
        ("consent_required", 400),
        ("invalid_request_uri", 400),
        ("request_not_supported", 400),
        ("registration_not_supported", 400),
        ("something_new", 400),
    ];
    for (code, status) in codes {
        app.op().set(|k| k.authorize_error(code));
        let mut person = app.anonymous();
        let start = person.get("/oidc/authenticate/?next=%2Fuser").await;
        let page = person.get(&at_provider(&start).await).await;
        assert_eq!(page.status, status, "{code}");
        assert!(
            sentences.insert(page.text_of(".lede")),
            "{code} has its own sentence"
        );
        assert!(
            page.text_of("details").contains(code),
            "{code} is in the details"
        );
        assert!(
            page.text.contains("next=%2Fuser"),
            "{code} keeps the target"
        );
        assert_eq!(
            page.header("retry-after").is_empty(),
            status != 503,
            "{code}"
        );
    }
}

/// S-8, SEC-20.
#[tokio::test]
async fn the_providers_own_words_are_escaped_and_short() {
    let app = TestApp::start().await;
    let description = format!("<script>alert(1)</script>{}", "x".repeat(1000));
    let error = AuthorizeError::new("access_denied", &description);
    app.op().set(|k| k.authorize.error = Some(error));
    let mut person = app.anonymous();
    let start = person.get("/oidc/authenticate/").await;
    let page = person.get(&at_provider(&start).await).await;
    assert_eq!(page.status, 403);
    assert!(!page.text.contains("<script>"));
    assert!(
        page.text_of(".note")
            .contains("<script>alert(1)</script>xxx")
    );
    assert!(page.text_of(".note").len() < 250);
}

/// D-9, M-33, E-26.
#[tokio::test]
async fn a_silent_sign_in_becomes_an_ordinary_one_when_the_provider_has_to_ask() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let start = uma
        .get("/oidc/authenticate/?next=%2Fuser&prompt=none")
        .await;
    assert_eq!(parameter(&start, "prompt"), "none");
    let back = uma.get(&at_provider(&start).await).await;
    assert_eq!(back.location(), "/oidc/authenticate/?next=%2Fuser");
    let start = uma.get(back.location()).await;
    assert_eq!(parameter(&start, "prompt"), "");
}
