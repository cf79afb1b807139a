//! What the OpenID Foundation's plans for relying parties try beyond the ID token of a sign-in:
//! discovery, refreshed tokens, and the way back from a sign-out.

use std::time::Duration;

use axum::body::Body;
use demo_idp::{Endpoint, LogoutToken, Minting, Person as Account, Signing};
use http::{Request, header};
use serde_json::json;
use url::Url;

use crate::support::{app::TestApp, person::Person};

/// Signed out at the provider; what came back with `state` in the address.
async fn sign_out(person: &mut Person<'_>) -> Url {
    let left = person.post("/oidc/logout/", &[]).await;
    Url::parse(left.location()).expect("the provider's address")
}

/// Z-19, M-1, D-6, E-97, oidcc-client-test-discovery-openid-config,
/// oidcc-client-test-discovery-jwks-uri-keys.
#[tokio::test]
async fn every_address_of_the_provider_comes_from_its_discovery_document() {
    let app = TestApp::start().await;
    let moved = [
        Endpoint::Authorize,
        Endpoint::Token,
        Endpoint::UserInfo,
        Endpoint::Jwks,
        Endpoint::Introspection,
        Endpoint::EndSession,
    ];
    app.op().set(|k| {
        for endpoint in moved {
            k.paths.set(endpoint, format!("/odd/{endpoint:?}"));
        }
        k.discovery
            .set("check_session_iframe", "https://idp.example/iframe");
    });
    let mut uma = app.uma().await;
    let program = app.program_of(&demo_idp::Person::uma());
    assert_eq!(program.get("/api/private").await.status, 200);
    for endpoint in moved.into_iter().take(5) {
        assert!(app.op().count(endpoint) > 0, "{endpoint:?}");
    }
    let end_session = sign_out(&mut uma).await;
    assert_eq!(end_session.path(), "/odd/EndSession");
    assert_eq!(app.op().count(Endpoint::Unknown), 0);
}

/// Stan's tokens are renewed while his new ID token has this claim: where he is led.
async fn renewed_with(claim: &str, value: &str) -> String {
    let app = TestApp::with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    app.op().set(|k| k.id_token.claims.set(claim, value));
    let renewed = app.op().count(Endpoint::Token);
    app.clock.advance(Duration::from_mins(15));
    let page = stan.get("/polls/1/results/").await;
    assert_eq!(app.op().count(Endpoint::Token), renewed + 1);
    page.location().to_owned()
}

const SIGN_IN: &str = "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F";

/// oidcc-client-test-refresh-token-invalid-issuer.
#[tokio::test]
async fn a_refreshed_id_token_of_another_issuer_is_refused() {
    assert!(
        renewed_with("iss", "https://other.example")
            .await
            .starts_with(SIGN_IN)
    );
}

/// oidcc-client-test-refresh-token-invalid-sub.
#[tokio::test]
async fn a_refreshed_id_token_of_another_person_is_refused() {
    assert!(
        renewed_with("sub", &Account::ada().sub)
            .await
            .starts_with(SIGN_IN)
    );
}

/// Z-12, SEC-26.
#[tokio::test]
async fn no_header_changes_where_a_sign_out_leads_back_to() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = uma.csrf_token().await;
    let request = Request::post("/oidc/logout/?post_logout_redirect_uri=https://evil.test/")
        .header(header::HOST, "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.test;proto=https")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let left = uma
        .send(request, Body::from(format!("csrf_token={token}")))
        .await;
    let end_session = Url::parse(left.location()).expect("the provider's address");
    assert!(!left.location().contains("evil"), "{end_session}");
    let back = end_session
        .query_pairs()
        .find(|(name, _)| name == "post_logout_redirect_uri");
    assert_eq!(
        back.expect("an address").1,
        "http://localhost:8000/oidc/logout/"
    );
}

/// SEC-26, L-1, oidcc-client-test-rp-init-logout-other-state.
#[tokio::test]
async fn another_state_after_a_sign_out_says_nothing_of_the_provider() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    sign_out(&mut uma).await;
    let other = "A".repeat(43);
    for path in [
        format!("/oidc/logout/?state={other}"),
        "/oidc/logout/?state=".to_owned(),
    ] {
        let landing = uma.get(&path).await;
        assert_eq!(landing.status, 200, "{path}");
        assert!(
            !landing.text_of(".lede").contains("have ended"),
            "{path}: {}",
            landing.text_of(".lede")
        );
    }
}

/// SEC-26, L-1, oidcc-client-test-rp-init-logout-no-state.
#[tokio::test]
async fn no_state_after_a_sign_out_says_nothing_of_the_provider() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    sign_out(&mut uma).await;
    let landing = uma.get("/oidc/logout/").await;
    assert_eq!(landing.status, 200);
    assert!(!landing.text_of(".lede").contains("have ended"));
}

/// How a logout token for Uma is taken that is made like this, and whether she is signed in
/// afterwards.
async fn logout_token(turn: impl FnOnce(&mut Minting)) -> (u16, bool) {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.clock.advance(Duration::from_secs(1));
    let client = &app.op().clients()[0].id;
    let mut token = LogoutToken::for_person(client, &Account::uma().sub);
    turn(&mut token.minting);
    let token = app.op().logout_token(&token).expect("a token");
    let fields = [("logout_token", token.as_str())];
    let mut provider = app.anonymous();
    let taken = provider
        .post_without_token("/oidc/backchannel-logout/", &fields)
        .await;
    assert_eq!(taken.header("cache-control"), "no-store");
    let is_signed_in = uma.get("/polls/1/").await.status != 303;
    (taken.status.as_u16(), is_signed_in)
}

async fn assert_logout_refused(turn: impl FnOnce(&mut Minting)) {
    assert_eq!(logout_token(turn).await, (400, true));
}

/// L-3, oidcc-client-test-rp-backchannel-rpinitlogout.
#[tokio::test]
async fn a_proper_logout_token_ends_the_session() {
    assert_eq!(logout_token(|_| ()).await, (200, false));
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-alg-none.
#[tokio::test]
async fn an_unsigned_logout_token_is_refused() {
    assert_logout_refused(|minting| minting.signing = Signing::Unsigned).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg.
#[tokio::test]
async fn a_logout_token_signed_with_the_secret_is_refused() {
    assert_logout_refused(|minting| minting.signing = Signing::ClientSecret).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-no-event.
#[tokio::test]
async fn a_logout_token_without_events_is_refused() {
    assert_logout_refused(|minting| minting.claims.remove("events")).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event.
#[tokio::test]
async fn a_logout_token_of_another_event_is_refused() {
    let other = json!({ "http://schemas.openid.net/event/other": {} });
    assert_logout_refused(|minting| minting.claims.set("events", other)).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce.
#[tokio::test]
async fn a_logout_token_with_a_nonce_is_refused() {
    assert_logout_refused(|minting| minting.claims.set("nonce", "n")).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud.
#[tokio::test]
async fn a_logout_token_for_another_client_is_refused() {
    assert_logout_refused(|minting| minting.claims.set("aud", "another")).await;
}

/// L-3, SEC-38, oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss.
#[tokio::test]
async fn a_logout_token_of_another_issuer_is_refused() {
    assert_logout_refused(|minting| minting.claims.set("iss", "https://other.example")).await;
}
