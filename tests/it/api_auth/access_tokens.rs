//! What an access token says, and which ones are believed.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::core::CoreJsonWebKeySet;
use rolecall::{
    oidc::jws::{self, Signers, Types},
    private_key::PrivateKey,
};
use serde_json::json;

use super::*;

const ISSUER: &str = "http://localhost:8000/api/auth/v2";

/// P-20, P-12: RFC 9068, and no more of the person than programs need.
#[tokio::test]
async fn an_access_token_says_for_whom_it_speaks_and_for_ten_minutes() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::stan()).await;
    let (header, claims) = parts(&tokens.access);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(header["alg"], "ES256");
    let now = app.clock.now().as_seconds();
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], ISSUER);
    assert_eq!(claims["sub"], Account::stan().sub);
    assert_eq!(claims["client_id"], "program");
    assert_eq!(claims["iat"], now);
    assert_eq!(claims["exp"], now + 600);
    assert_eq!(claims["roles"], json!(["staff"]));
    assert_eq!(claims["scope"], "user staff");
    assert_eq!(claims["idp"], app.provider.issuer());
    assert_eq!(claims.get("email"), None);
    assert_eq!(opens(&app, &tokens.access).await, 200);
    app.advance(Duration::from_mins(10)).await;
    let late = app.program(&tokens.access).get(USERINFO).await;
    assert_eq!(late.status, 401);
    assert_eq!(late.code(), "invalid_token_expired");
    assert!(late.header("www-authenticate").contains("invalid_token"));
}

/// P-12: whoever has the published keys can verify a token, and learns no private part.
#[tokio::test]
async fn the_published_keys_verify_the_tokens() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let reply = app.program_without_token().get(JWKS).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    assert!(!reply.text.contains("\"d\""), "{}", reply.text);
    let keys: CoreJsonWebKeySet = serde_json::from_str(&reply.text).expect("keys");
    let signers = Signers {
        keys: keys.keys(),
        algorithms: &[openidconnect::core::CoreJwsSigningAlgorithm::EcdsaP256Sha256],
        secret: None,
    };
    let verified = jws::verify(&tokens.access, signers, Types::Only(&["at+jwt"]));
    assert_eq!(verified, Ok(()));
}

/// P-11.
#[tokio::test]
async fn userinfo_names_the_person_and_nobody_without_a_token() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::ada()).await;
    let reply = app.program(&tokens.access).get(USERINFO).await;
    let (ada, person) = (reply.json(), Account::ada());
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(ada["sub"], person.sub);
    assert_eq!(ada["iss"], app.provider.issuer());
    for name in ["username", "name", "given_name", "family_name", "email"] {
        assert_ne!(ada[name].as_str().unwrap_or_default(), "", "{name}");
    }
    assert_eq!(ada["email_verified"], true);
    assert_eq!(ada["roles"], json!(["admin"]));
    let nobody = app.program_without_token().get(USERINFO).await;
    assert_eq!(nobody.status, 401);
    assert!(nobody.json()["code"].is_string());
}

/// A token as `change` makes it, signed with a key that is not ours.
fn forged(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let (_, mut claims) = parts(token);
    change(&mut claims);
    let key = PrivateKey::generate().expect("a key");
    let key = PrivateKey::from_pkcs8(&key).expect("a key");
    key.typed_jwt("at+jwt", &claims).expect("a token")
}

/// The same with another header, unsigned or with the old signature.
fn reheaded(token: &str, header: &Value) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[0] = URL_SAFE_NO_PAD.encode(header.to_string());
    if header["alg"] == "none" {
        parts[2].clear();
    }
    parts.join(".")
}

/// P-20, E-72, E-75, SEC-68.
#[tokio::test]
async fn a_token_that_we_have_not_signed_opens_nothing() {
    let app = TestApp::start().await;
    let token = signed_in(&app, &Account::uma()).await.access;
    let (header, claims) = parts(&token);
    let kid = header["kid"].clone();
    let widened = {
        let mut claims = claims.clone();
        claims["roles"] = json!(["admin"]);
        let middle = URL_SAFE_NO_PAD.encode(claims.to_string());
        let parts: Vec<_> = token.split('.').collect();
        format!("{}.{middle}.{}", parts[0], parts[2])
    };
    for (what, bad) in [
        ("another key", forged(&token, |_| ())),
        ("another role", widened),
        (
            "no signature",
            reheaded(&token, &json!({"alg": "none", "typ": "at+jwt"})),
        ),
        (
            "another algorithm",
            reheaded(
                &token,
                &json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}),
            ),
        ),
        (
            "another type",
            reheaded(&token, &json!({"alg": "ES256", "typ": "JWT", "kid": kid})),
        ),
        (
            "no type",
            reheaded(&token, &json!({"alg": "ES256", "kid": kid})),
        ),
        ("a piece", token[..token.len() - 1].to_owned()),
    ] {
        let reply = app.program(&bad).get(USERINFO).await;
        assert_eq!(reply.status, 401, "{what}");
        assert_eq!(reply.code(), "invalid_token", "{what}");
    }
    assert_eq!(opens(&app, &token).await, 200);
}

/// P-15, P-16, P-17, E-71, E-72: only the role that the token gives counts, wherever else a word
/// stands that looks like one.
#[tokio::test]
async fn scopes_of_our_tokens_are_enforced() {
    let app = TestApp::start().await;
    let uma = signed_in_for(&app, &Account::uma(), &[("scope", "admin profile")]).await;
    let (_, claims) = parts(&uma.access);
    assert_eq!(claims["scope"], "user");
    let reply = app.program(&uma.access).get("/api/private-scoped").await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.code(), "insufficient_scope");
    assert_eq!(
        app.program(&uma.access).get("/api/private").await.status,
        200
    );
    let bad = app.program("made-up").get("/api/public").await;
    assert_eq!(bad.status, 401, "a bad token is never anonymous");
}

/// SEC-71: a token opens no page, and a cookie no route of programs.
#[tokio::test]
async fn tokens_and_cookies_are_never_taken_for_each_other() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::ada()).await;
    let page = app.program(&tokens.access).get("/admin/").await;
    assert_eq!(page.status, 303, "{}", page.text);
    let mut ada = app.ada().await;
    assert_eq!(ada.get(USERINFO).await.status, 401);
    let (_, claims) = parts(&tokens.access);
    let sid = claims["sid"].as_str().expect("text").to_owned();
    let mut thief = app.anonymous();
    thief.cookies().insert("rolecall".to_owned(), sid);
    assert!(
        !thief.is_signed_in().await,
        "the sid of a token opens nothing"
    );
}
