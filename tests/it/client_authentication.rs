//! How the relying party proves to the provider who it is: with an assertion signed by a private
//! key instead of a secret.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::{ClientKey, Endpoint, KeyFormat, Person as Account, RecordedRequest, RolesClaim};
use rolecall::{
    config::{Config, Credential},
    private_key::PrivateKey,
};
use serde_json::{Value, json};

use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
};

/// An application with a key of this format, registered at the provider.
async fn app_with_key(format: KeyFormat) -> TestApp {
    let (public, pem) = ClientKey::generate("key-1", format).expect("a key");
    let key = PrivateKey::from_pem(&pem, "key-1".to_owned()).expect("a usable key");
    let change = |config: &mut Config| {
        let provider = &mut config.oidc.providers[0];
        provider.credential = Credential::PrivateKey(key);
        provider.scopes.push("offline_access".to_owned());
    };
    let app = TestApp::start_with(Engine::of_this_run(), change).await;
    app.op().set(|k| k.client_key = Some(public));
    app
}

/// The header and the claims of the assertion in a request.
fn assertion(request: &RecordedRequest) -> (Value, Value) {
    let assertion = request.form("client_assertion").expect("an assertion");
    let part = |part: &str| {
        let json = URL_SAFE_NO_PAD.decode(part).expect("base64");
        serde_json::from_slice(&json).expect("JSON")
    };
    let mut parts = assertion.split('.').map(str::to_owned);
    let (header, claims) = (parts.next(), parts.next());
    (
        part(&header.expect("a header")),
        part(&claims.expect("claims")),
    )
}

/// S-12, F-11, Z-10.
#[tokio::test]
async fn a_signed_assertion_takes_the_place_of_the_secret() {
    for (format, alg) in [(KeyFormat::RsaPkcs1, "RS256"), (KeyFormat::P256, "ES256")] {
        let app = app_with_key(format).await;
        app.uma().await;
        let request = app.op().last(Endpoint::Token).expect("a token request");
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.form("client_secret"), None);
        let (header, claims) = assertion(&request);
        assert_eq!(header, json!({"alg": alg, "typ": "JWT", "kid": "key-1"}));
        let client = &app.op().clients()[0].id;
        assert_eq!(claims["iss"], json!(client));
        assert_eq!(claims["sub"], json!(client));
        assert_eq!(claims["aud"], app.provider.issuer());
        assert_eq!(claims["iat"], MORNING.as_seconds());
        let life = claims["exp"].as_i64().expect("a time") - MORNING.as_seconds();
        assert!((1..=300).contains(&life), "{life}");
    }
}

/// S-12.
#[tokio::test]
async fn a_refresh_carries_an_assertion_of_its_own() {
    let app = app_with_key(KeyFormat::P256).await;
    app.op().set(|k| k.access_token.lifetime_secs = 60);
    let mut stan = app.stan().await;
    let first = app.op().last(Endpoint::Token).expect("a token request");
    app.op()
        .roles(&Account::stan().sub, RolesClaim::of(&["user"]))
        .expect("Stan is known");
    app.advance(Duration::from_mins(16)).await;
    assert_eq!(stan.get("/polls/1/results/").await.status, 403);
    let second = app.op().last(Endpoint::Token).expect("a token request");
    assert_eq!(second.form("grant_type"), Some("refresh_token"));
    let ((_, first), (_, second)) = (assertion(&first), assertion(&second));
    assert_ne!(first["jti"], second["jti"]);
    assert_eq!(second["iat"], app.clock.now().as_seconds());
}

/// S-12.
#[tokio::test]
async fn a_key_that_the_provider_does_not_know_signs_nobody_in() {
    let app = app_with_key(KeyFormat::P256).await;
    let (other, _) = ClientKey::generate("key-1", KeyFormat::P256).expect("a key");
    app.op().set(|k| k.client_key = Some(other));
    let refused = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(refused.status, 502);
    assert_eq!(refused.text_of("details code"), "invalid_client");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// S-12: the revocation endpoint is told in the same way.
#[tokio::test]
async fn a_revocation_carries_an_assertion_as_well() {
    let app = app_with_key(KeyFormat::P256).await;
    let mut uma = app.uma().await;
    assert_eq!(uma.post("/oidc/logout/", &[]).await.status, 303);
    let revoked = async {
        while app.op().count(Endpoint::Revocation) == 0 {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_mins(1);
    let revoked = tokio::time::timeout(patience, revoked).await;
    revoked.expect("the token is revoked in the background");
    let request = app.op().last(Endpoint::Revocation).expect("a request");
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.form("client_secret"), None);
    let (_, claims) = assertion(&request);
    assert_eq!(claims["aud"], app.provider.issuer());
}
