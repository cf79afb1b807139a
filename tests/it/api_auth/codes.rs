//! Signing a program in by way of the browser.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::Endpoint;
use rolecall::random::digest;
use url::Url;

use super::*;
use crate::support::person::Person;

const LOGIN: &str = "/api/auth/v2/login";
const LISTENER: &str = "http://127.0.0.1:4711/back";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-rfc-7636";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(VERIFIER))
}

/// The address that a program opens in the browser, with other or further parameters.
pub(super) fn login(changes: &[(&str, &str)]) -> String {
    let challenge = challenge();
    let mut fields = vec![
        ("response_type", "code"),
        ("redirect_uri", LISTENER),
        ("state", "a-state"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for change in changes {
        fields.retain(|(name, _)| *name != change.0);
        fields.push(*change);
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!("{LOGIN}?{query}")
}

/// What the program's listener gets when the person lets it in, and when not.
async fn asked(person: &mut Person<'_>, pick: &str, changes: &[(&str, &str)]) -> (Url, Url) {
    let callback = person.ask_provider_at(&login(changes), pick).await;
    let page = person.get(&callback).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(page.text_of("h1"), "Let a program in?");
    assert!(page.header("content-type").starts_with("text/html"));
    let link = |css| Url::parse(&page.attributes(css, "href").remove(0)).expect("an address");
    (link(".actions a.button"), link(".actions a.secondary"))
}

pub(super) fn parameter(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    let pair = pairs.find(|(key, _)| key == name);
    pair.map_or_else(String::new, |(_, value)| value.into_owned())
}

pub(super) async fn redeem(app: &TestApp, code: &str, changes: &[(&str, &str)]) -> Reply {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", LISTENER),
        ("code_verifier", VERIFIER),
    ];
    for change in changes {
        fields.retain(|(name, _)| *name != change.0);
        fields.push(*change);
    }
    post(app, TOKEN, &fields).await
}

/// P-1, P-4, P-6, P-7, E-60.
#[tokio::test]
async fn a_person_lets_a_program_in_by_way_of_the_browser() {
    let app = TestApp::start().await;
    let mut ada = app.anonymous();
    let (allow, decline) = asked(&mut ada, "pick-ada", &[]).await;
    assert!(allow.as_str().starts_with(LISTENER), "{allow}");
    assert_eq!(parameter(&allow, "state"), "a-state");
    assert_eq!(
        parameter(&allow, "iss"),
        "http://localhost:8000/api/auth/v2"
    );
    assert_eq!(parameter(&decline, "error"), "access_denied");
    assert_eq!(parameter(&decline, "code"), "");
    let tokens = Tokens::of(&redeem(&app, &parameter(&allow, "code"), &[]).await);
    assert_eq!(tokens.all["scope"], "user staff admin");
    assert_eq!(opens(&app, &tokens.access).await, 200);
    assert!(!ada.is_signed_in().await, "the browser itself is not");
    let sent = app.op().last(Endpoint::Authorize).expect("a request");
    let own = sent.param("redirect_uri").unwrap_or_default();
    assert_eq!(own, "http://localhost:8000/api/auth/v2/callback");
    assert!(!sent.raw_query.contains("4711"), "{}", sent.raw_query);
    let verifier = app.op().last(Endpoint::Token).expect("a request");
    let verifier = verifier
        .param("code_verifier")
        .unwrap_or_default()
        .to_owned();
    assert!(
        !sent.raw_query.contains(&verifier),
        "it stays on the server"
    );
}

/// P-2, E-68, S-4.
#[tokio::test]
async fn a_code_goes_nowhere_but_to_this_machine() {
    let app = TestApp::start().await;
    for evil in [
        "https://evil.example/",
        "http://localhost:4711/",
        "http://127.0.0.1:4711@evil.example/",
        "/polls/",
        "",
    ] {
        let reply = app.anonymous().get(&login(&[("redirect_uri", evil)])).await;
        assert_error(&reply, 400, "invalid_request");
        assert_eq!(reply.location(), "");
    }
    assert_eq!(app.op().count(Endpoint::Authorize), 0);
}

/// P-1: nothing begins without what protects it.
#[tokio::test]
async fn a_program_without_state_or_challenge_is_not_signed_in() {
    let app = TestApp::start().await;
    let long = "s".repeat(129);
    for change in [
        ("state", ""),
        ("state", &long),
        ("code_challenge", ""),
        ("code_challenge", "short"),
        ("code_challenge_method", "plain"),
        ("code_challenge_method", ""),
        ("response_type", "token"),
    ] {
        let reply = app.anonymous().get(&login(&[change])).await;
        assert_error(&reply, 400, "invalid_request");
    }
    let twice = format!("{}&state=another", login(&[]));
    assert_error(&app.anonymous().get(&twice).await, 400, "invalid_request");
}

/// P-6: whoever has seen a code go by cannot use it.
#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier_and_address() {
    let app = TestApp::start().await;
    let (allow, _) = asked(&mut app.anonymous(), "pick-uma", &[]).await;
    let code = parameter(&allow, "code");
    for change in [
        (
            "code_verifier",
            "another-verifier-that-is-long-enough-to-be-one",
        ),
        ("redirect_uri", "http://127.0.0.1:4712/back"),
        ("code", "made-up"),
    ] {
        let reply = redeem(&app, &code, &[change]).await;
        assert_error(&reply, 400, "invalid_grant");
    }
    for missing in ["code", "redirect_uri", "code_verifier"] {
        let reply = redeem(&app, &code, &[(missing, "")]).await;
        assert_error(&reply, 400, "invalid_request");
    }
    Tokens::of(&redeem(&app, &code, &[]).await);
}

/// P-6, P-20, N-13: RFC 6749, 4.1.2.
#[tokio::test]
async fn a_code_that_comes_again_ends_what_it_began() {
    let app = TestApp::start().await;
    let (allow, _) = asked(&mut app.anonymous(), "pick-uma", &[]).await;
    let code = parameter(&allow, "code");
    let tokens = Tokens::of(&redeem(&app, &code, &[]).await);
    assert_error(&redeem(&app, &code, &[]).await, 400, "invalid_grant");
    assert_eq!(opens(&app, &tokens.access).await, 401);
    assert_error(&refresh(&app, &tokens.refresh).await, 400, "invalid_grant");
    assert_eq!(reused(&app).await, 1);
    assert_error(&redeem(&app, &code, &[]).await, 400, "invalid_grant");
    assert_eq!(reused(&app).await, 1);
}

/// P-21.
#[tokio::test]
async fn a_code_lives_for_five_minutes_and_its_session_no_longer() {
    let app = TestApp::start().await;
    let (allow, _) = asked(&mut app.anonymous(), "pick-uma", &[]).await;
    app.advance(Duration::from_mins(5)).await;
    let reply = redeem(&app, &parameter(&allow, "code"), &[]).await;
    assert_error(&reply, 400, "invalid_grant");
    app.state.sessions.sweep().await.expect("a sweep");
    app.state
        .authorization_server
        .sweep()
        .await
        .expect("a sweep");
    assert_eq!(programs(&app).await, 0);
}

/// P-5, E-61, E-63, S-2, S-8.
#[tokio::test]
async fn an_answer_that_belongs_to_no_sign_in_here_hands_nothing_over() {
    let app = TestApp::start().await;
    let nothing = app.anonymous().get("/api/auth/v2/callback").await;
    assert_eq!(nothing.status, 400);
    assert_eq!(nothing.text_of("h1"), "There is nothing to see here");
    let made_up = app
        .anonymous()
        .get("/api/auth/v2/callback?code=a&state=made-up")
        .await;
    assert_eq!(made_up.status, 400);
    assert!(made_up.text.contains("state_unknown"), "{}", made_up.text);
    let mut other = app.anonymous();
    let callback = other.ask_provider_at(&login(&[]), "pick-uma").await;
    let elsewhere = app.anonymous().get(&callback).await;
    assert!(elsewhere.text.contains("state_other_browser"));
    app.op().set(|k| k.authorize_error("server_error"));
    let started = other.get(&login(&[])).await;
    let failed = other.pass_provider(started.location()).await;
    let failed = other.get(&failed).await;
    assert_eq!(failed.status, 503, "the provider's error has its own page");
    assert_eq!(programs(&app).await, 0);
    let links = failed.attributes("a", "href").concat();
    assert!(!links.contains("callback"), "no link repeats the answer");
}

/// E-61: a browser's sign-in and a program's cannot be taken for each other.
#[tokio::test]
async fn the_answer_to_a_sign_in_of_a_browser_gives_no_program_a_code() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/polls/").await;
    let moved = callback.replace("/oidc/callback/", "/api/auth/v2/callback");
    let reply = uma.get(&moved).await;
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert_eq!(programs(&app).await, 0);
    let callback = uma.ask_provider_at(&login(&[]), "pick-uma").await;
    let moved = callback.replace("/api/auth/v2/callback", "/oidc/callback/");
    assert_eq!(uma.get(&moved).await.status, 400);
    assert!(!uma.is_signed_in().await);
}

/// P-3, E-62.
#[tokio::test]
async fn a_program_may_ask_that_nothing_is_shown_at_the_provider() {
    let app = TestApp::start().await;
    let mut nobody = app.anonymous();
    let started = nobody.get(&login(&[("prompt", "none")])).await;
    assert!(started.location().contains("prompt=none"));
    let callback = nobody.pass_provider(started.location()).await;
    let answer = nobody.get(&callback).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let answer = Url::parse(answer.location()).expect("an address");
    assert!(answer.as_str().starts_with(LISTENER), "{answer}");
    assert_eq!(parameter(&answer, "error"), "login_required");
    assert_eq!(parameter(&answer, "state"), "a-state");
}

/// Z-4, P-20.
#[tokio::test]
async fn somebody_without_a_role_lets_no_program_in() {
    let app = TestApp::start().await;
    let mut nora = app.anonymous();
    let callback = nora.ask_provider_at(&login(&[]), "pick-nora").await;
    let page = nora.get(&callback).await;
    assert_eq!(page.status, 403);
    assert_eq!(programs(&app).await, 0);
}

/// L-6: the person reads a page, as everybody at a browser does.
#[tokio::test]
async fn a_sign_out_at_the_provider_meanwhile_lets_no_program_in() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider_at(&login(&[]), "pick-uma").await;
    sign_out_at_provider(&app, &Account::uma()).await;
    let page = uma.get(&callback).await;
    assert_eq!(page.status, 400);
    assert_eq!(page.text_of("h1"), "You were signed out meanwhile");
    assert_eq!(programs(&app).await, 0);
}

/// P-16.
#[tokio::test]
async fn a_program_says_on_its_page_what_it_may_do() {
    let app = TestApp::start().await;
    let mut ada = app.anonymous();
    let asks = login(&[("scope", "openid staff")]);
    let callback = ada.ask_provider_at(&asks, "pick-ada").await;
    let page = ada.get(&callback).await;
    assert!(page.text_of(".lede").ends_with("with the role Staff."));
    let allow = page.attributes(".actions a.button", "href").remove(0);
    let code = parameter(&Url::parse(&allow).expect("an address"), "code");
    let tokens = Tokens::of(&redeem(&app, &code, &[]).await);
    assert_eq!(tokens.all["scope"], "user staff");
}
