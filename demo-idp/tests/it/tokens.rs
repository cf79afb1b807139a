//! Codes, tokens, UserInfo, introspection, revocation.

use demo_idp::{ClientAuth, Person, RolesClaim, Signing};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::support::{ALL_SCOPES, Bench, CALLBACK, NOW, VERIFIER, id_token, json};

#[tokio::test]
async fn a_code_brings_tokens_with_zitadel_shaped_claims() {
    let mut bench = Bench::new().await;
    let code = bench.code(&Person::uma(), "openid profile email").await;
    let tokens = json(bench.redeem(&code).await).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert!(tokens.get("refresh_token").is_none());
    let (header, claims) = id_token(&tokens);
    assert_eq!(
        header,
        json!({"alg": "RS256", "typ": "JWT", "kid": bench.controls().kid()})
    );
    assert_eq!(claims["iss"], bench.op.issuer());
    assert_eq!(claims["sub"], Person::uma().sub);
    assert_eq!(
        claims["aud"],
        json!([bench.client.id, bench.controls().project_id()])
    );
    assert_eq!(claims["azp"], bench.client.id);
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(
        (&claims["iat"], &claims["auth_time"]),
        (&json!(NOW), &json!(NOW))
    );
    assert!(claims["sid"].as_str().unwrap().starts_with("V1_"));
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(claims["at_hash"], half_hash(access));
    assert_eq!(claims["c_hash"], half_hash(&code));
    assert!(
        claims.get("email").is_none(),
        "profile claims are in UserInfo only"
    );
}

fn half_hash(token: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use rsa::sha2::{Digest as _, Sha256};
    URL_SAFE_NO_PAD.encode(&Sha256::digest(token)[..16])
}

#[tokio::test]
async fn a_code_works_once_and_its_tokens_die_with_the_second_try() {
    let mut bench = Bench::new().await;
    let code = bench.code(&Person::uma(), "openid").await;
    let tokens = json(bench.redeem(&code).await).await;
    assert_eq!(bench.userinfo(&tokens).await.status(), StatusCode::OK);
    let again = bench.redeem(&code).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(again).await["error"], "invalid_grant");
    assert_eq!(
        bench.userinfo(&tokens).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_code_older_than_ten_minutes_is_refused() {
    let mut bench = Bench::new().await;
    let code = bench.code(&Person::uma(), "openid").await;
    bench.later(600);
    assert_eq!(
        json(bench.redeem(&code).await).await["error"],
        "invalid_grant"
    );
}

/// Z-38.
#[tokio::test]
async fn a_wrong_or_missing_verifier_or_address_is_invalid_grant() {
    let mut bench = Bench::new().await;
    let wrong = "a".repeat(43);
    for (uri, verifier) in [
        (CALLBACK, wrong.as_str()),
        (CALLBACK, ""),
        ("http://localhost:1/", VERIFIER),
    ] {
        let code = bench.code(&Person::uma(), "openid").await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", uri),
            ("code_verifier", verifier),
        ];
        form.retain(|(_, value)| !value.is_empty());
        let answer = json(bench.post("/oauth/v2/token", &form).await).await;
        assert_eq!(answer["error"], "invalid_grant", "{uri} {verifier}");
    }
}

#[tokio::test]
async fn the_client_authenticates_by_basic_or_post_as_allowed() {
    let bench = Bench::new().await;
    let client = bench.client.clone();
    let form = |secret: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", "bogus"),
            ("client_id", client.id.as_str()),
            ("client_secret", secret),
        ];
        bench
            .http
            .post(bench.url("/oauth/v2/token"))
            .form(&form)
            .send()
    };
    let right = form(&client.secret).await.unwrap();
    assert_eq!(json(right).await["error"], "invalid_grant");
    let wrong = form("wrong").await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(wrong.headers().contains_key(header::WWW_AUTHENTICATE));
    assert_eq!(json(wrong).await["error"], "invalid_client");
    bench
        .controls()
        .set(|k| k.client_auth = vec![ClientAuth::Basic]);
    let refused = form(&client.secret).await.unwrap();
    assert_eq!(json(refused).await["error"], "invalid_client");
    let methods = &bench.discovery().await["token_endpoint_auth_methods_supported"];
    assert_eq!(methods, &json!(["client_secret_basic"]));
}

async fn refresh(bench: &Bench, token: &Value) -> reqwest::Response {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str().unwrap()),
    ];
    bench.post("/oauth/v2/token", &form).await
}

#[tokio::test]
async fn a_refresh_token_works_once_and_is_replaced() {
    let mut bench = Bench::new().await;
    let first = bench.sign_in(&Person::uma(), ALL_SCOPES).await;
    let second = json(refresh(&bench, &first["refresh_token"]).await).await;
    assert!(id_token(&second).1.get("nonce").is_none());
    assert_eq!(id_token(&second).1["sid"], id_token(&first).1["sid"]);
    let again = refresh(&bench, &first["refresh_token"]).await;
    assert_eq!(json(again).await["error"], "invalid_grant");
    let third = refresh(&bench, &second["refresh_token"]).await;
    assert_eq!(third.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_cannot_widen_the_scopes() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::uma(), "openid offline_access").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("scope", "email"),
    ];
    let answer = json(bench.post("/oauth/v2/token", &form).await).await;
    assert_eq!(answer["error"], "invalid_scope");
}

#[tokio::test]
async fn revoking_the_refresh_token_ends_the_access_token() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::uma(), ALL_SCOPES).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(bench.introspect(access).await["active"], true);
    let form = [("token", tokens["refresh_token"].as_str().unwrap())];
    assert_eq!(
        bench.post("/oauth/v2/revoke", &form).await.status(),
        StatusCode::OK
    );
    assert_eq!(bench.introspect(access).await, json!({"active": false}));
    assert_eq!(
        bench.post("/oauth/v2/revoke", &form).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn userinfo_holds_profile_and_roles_and_refuses_other_tokens() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::ada(), "openid profile email").await;
    let claims = json(bench.userinfo(&tokens).await).await;
    assert_eq!(claims["sub"], Person::ada().sub);
    assert_eq!(claims["email"], "ada@acme.example");
    let refused = bench.userinfo(&json!({"access_token": "wrong"})).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(refused.headers().contains_key(header::WWW_AUTHENTICATE));
}

#[tokio::test]
async fn names_and_addresses_can_be_missing() {
    let mut bench = Bench::new().await;
    let ada = Person::ada();
    bench
        .controls()
        .person(&ada.sub, |person| {
            person.name = None;
            person.email = None;
            person.claims.set("locale", Value::Null);
        })
        .unwrap();
    let tokens = bench.sign_in(&ada, "openid profile email").await;
    let claims = json(bench.userinfo(&tokens).await).await;
    assert!(claims.get("name").is_none() && claims.get("email_verified").is_none());
    assert_eq!(claims.get("locale"), Some(&Value::Null));
}

#[tokio::test]
async fn userinfo_can_lie_about_the_subject_or_be_signed() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::ada(), "openid").await;
    bench.controls().set(|k| {
        k.userinfo.claims.set("sub", "somebody-else");
    });
    assert_eq!(
        json(bench.userinfo(&tokens).await).await["sub"],
        "somebody-else"
    );
    bench.controls().set(|k| {
        k.userinfo_signed = true;
        k.userinfo.signing = Signing::ForeignKey;
    });
    let signed = bench.userinfo(&tokens).await;
    assert_eq!(signed.headers()[header::CONTENT_TYPE], "application/jwt");
    let (_, claims) = crate::support::decode(&signed.text().await.unwrap());
    assert_eq!(claims["aud"], bench.client.id);
}

#[tokio::test]
async fn a_machine_user_has_a_token_without_an_end() {
    let bench = Bench::new().await;
    let controls = bench.controls();
    controls.add_person(Person::machine(
        "robot",
        "robot",
        RolesClaim::of(&["read:messages"]),
    ));
    let token = controls.personal_access_token("robot", None);
    let answer = bench.introspect(&token).await;
    assert_eq!(answer["active"], true);
    assert!(answer.get("exp").is_none() && answer.get("email").is_none());
    assert!(answer[controls.roles_claim()]["read:messages"].is_object());
    controls.revoke_tokens("robot");
    assert_eq!(bench.introspect(&token).await, json!({"active": false}));
    let page = bench.authorize(&[]).await.text().await.unwrap();
    assert!(!page.contains("robot"));
}

#[tokio::test]
async fn an_expired_token_is_not_active() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::ada(), "openid").await;
    bench.later(12 * 60 * 60);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(bench.introspect(access).await, json!({"active": false}));
}
