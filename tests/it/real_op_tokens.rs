//! Access tokens of a certified provider, opaque and as JWTs, shown to the API.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall::{
    config::{Environment, OidcConfig},
    users::Role,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::support::{
    app::{BASE_URL, TestApp},
    http_client,
    real_op::{AtProvider, RealOp, sub},
};

const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-to-be-happy";

/// The provider, and an application that knows it with further settings.
async fn start(settings: Value, ours: &[(&str, &str)]) -> (TestApp, RealOp) {
    let mut op = RealOp::start().await;
    op.register(BASE_URL).await;
    op.set(settings).await;
    let four = [
        ("OIDC_OP_BASE_URL", op.issuer.as_str()),
        ("OIDC_RP_CLIENT_ID", RealOp::CLIENT_ID),
        ("OIDC_RP_CLIENT_SECRET", RealOp::CLIENT_SECRET),
        ("ZITADEL_PROJECT", RealOp::PROJECT_ID),
    ];
    let environment: Environment = four.into_iter().chain(ours.iter().copied()).collect();
    let recheck = OidcConfig::new(Vec::new()).recheck;
    (TestApp::start_at(&environment, recheck).await, op)
}

/// The access token of somebody, as another program of the same project gets it.
async fn access_token(op: &RealOp, sub: &str) -> String {
    let redirect_uri = format!("{BASE_URL}/oidc/callback/");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let authorize = Url::parse_with_params(
        &format!("{}/auth", op.issuer),
        [
            ("response_type", "code"),
            ("client_id", RealOp::CLIENT_ID),
            ("redirect_uri", &redirect_uri),
            ("scope", "openid profile"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    let mut provider = AtProvider::open(authorize.expect("a URL").as_str()).await;
    provider.submit(&[("sub", sub)]).await;
    let back = Url::parse(BASE_URL).and_then(|base| base.join(&provider.back()));
    let back = back.expect("a URL");
    let code = back.query_pairs().find(|(name, _)| name == "code");
    let (_, code) = code.expect("a code");
    let secret: String =
        url::form_urlencoded::byte_serialize(RealOp::CLIENT_SECRET.as_bytes()).collect();
    let answer = http_client()
        .post(format!("{}/token", op.issuer))
        .basic_auth(RealOp::CLIENT_ID, Some(secret))
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", VERIFIER),
        ])
        .send();
    let answer: Value = answer.await.expect("an answer").json().await.expect("JSON");
    let token = answer["access_token"].as_str();
    token.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn role(app: &TestApp, token: &str) -> Option<Role> {
    let caller = app.state.verifiers.verify(token).await;
    caller.expect("a good token").role
}

/// F-4, F-6, SEC-69.
#[tokio::test]
async fn an_opaque_token_is_introspected_and_gives_the_role_of_the_moment() {
    let (app, mut op) = start(json!({}), &[("OIDC_INTROSPECTION_CACHE", "0")]).await;
    let token = access_token(&op, sub::STAN).await;
    assert!(!token.contains('.'), "{token}");
    assert_eq!(app.program(&*token).get("/api/private").await.status, 200);
    assert_eq!(role(&app, &token).await, Some(Role::Staff));
    assert_eq!(
        app.program(&*token).get("/api/private-scoped").await.status,
        403
    );
    let made_up = app.program("made-up").get("/api/private").await;
    assert_eq!(made_up.code(), "invalid_token_revoked");
    op.set_roles(sub::UMA, &["user", "read:messages"]).await;
    let token = access_token(&op, sub::UMA).await;
    assert_eq!(
        app.program(token).get("/api/private-scoped").await.status,
        200
    );
}

/// F-4.
#[tokio::test]
async fn a_jwt_is_verified_here() {
    let settings = [
        ("OIDC_API_TOKENS", "jwt"),
        ("OIDC_AUDIENCE", "urn:example:api"),
    ];
    let (app, mut op) = start(json!({ "jwtAccessTokens": true }), &settings).await;
    let token = access_token(&op, sub::ADA).await;
    assert_eq!(token.split('.').count(), 3, "{token}");
    assert_eq!(role(&app, &token).await, Some(Role::Admin));
    op.rotate_keys().await;
    app.advance(Duration::from_secs(10)).await;
    let newer = access_token(&op, sub::STAN).await;
    assert_eq!(role(&app, &newer).await, Some(Role::Staff));
}

/// F-16, SEC-69.
#[tokio::test]
async fn a_jwt_for_another_audience_is_refused() {
    let settings = [("OIDC_API_TOKENS", "jwt")];
    let (app, op) = start(json!({ "jwtAccessTokens": true }), &settings).await;
    let token = access_token(&op, sub::ADA).await;
    let reply = app.program(token).get("/api/private").await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (401, "invalid_token")
    );
}

/// F-15, E-92, SEC-69.
#[tokio::test]
async fn a_secret_of_ours_that_is_not_taken_and_a_provider_that_is_gone_are_503() {
    let wrong = [
        ("OIDC_API_CLIENT_ID", RealOp::CLIENT_ID),
        ("OIDC_API_CLIENT_SECRET", "not-the-secret"),
    ];
    let (app, op) = start(json!({}), &wrong).await;
    let token = access_token(&op, sub::STAN).await;
    let reply = app.program(&*token).get("/api/private").await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (503, "idp_unavailable")
    );
    let (app, op) = start(json!({}), &[("OIDC_INTROSPECTION_CACHE", "0")]).await;
    let token = access_token(&op, sub::STAN).await;
    assert_eq!(app.program(&*token).get("/api/private").await.status, 200);
    drop(op);
    let reply = app.program(&*token).get("/api/private").await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (503, "idp_unavailable")
    );
    assert_ne!(reply.header("retry-after"), "");
}
