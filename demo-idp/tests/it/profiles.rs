//! Other makers' habits.

use demo_idp::{Endpoint, Person, Placement, profile};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{Bench, SIGNED_OUT, id_token, json};

/// Signs Ada in with the endpoints of the discovery document; ID token and UserInfo claims.
async fn sign_in(bench: &Bench) -> (Value, Value) {
    let document = bench.discovery().await;
    let endpoint = |name: &str| document[name].as_str().unwrap().to_owned();
    bench
        .controls()
        .set(|k| k.authorize.pick = Some(Person::ada().sub));
    let query = bench.authorization_query(&[]);
    let url = format!("{}?{query}", endpoint("authorization_endpoint"));
    let back = crate::support::location(&bench.http.get(url).send().await.unwrap());
    let code = crate::support::param(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", crate::support::CALLBACK),
        ("code_verifier", crate::support::VERIFIER),
    ];
    let request = bench.http.post(endpoint("token_endpoint")).form(&form);
    let request = request.basic_auth(&bench.client.id, Some(&bench.client.secret));
    let tokens = json(request.send().await.unwrap()).await;
    let access = tokens["access_token"].as_str().unwrap();
    let userinfo = bench
        .http
        .get(endpoint("userinfo_endpoint"))
        .bearer_auth(access);
    (
        id_token(&tokens).1,
        json(userinfo.send().await.unwrap()).await,
    )
}

#[tokio::test]
async fn auth0_ends_its_issuer_with_a_slash_and_namespaces_roles() {
    let bench = Bench::with(profile::auth0("https://app.example/roles"), |_| {}).await;
    assert!(bench.op.issuer().ends_with('/'));
    let url = format!("{}.well-known/openid-configuration", bench.op.issuer());
    let document = json(bench.http.get(url).send().await.unwrap()).await;
    assert_eq!(document["issuer"], bench.op.issuer());
    let jwks = format!("{}.well-known/jwks.json", bench.op.issuer());
    assert_eq!(document["jwks_uri"], jwks);
}

/// N-20.
#[tokio::test]
async fn auth0_has_a_string_audience_and_roles_in_the_id_token() {
    let mut knobs = profile::auth0("https://app.example/roles");
    knobs.issuer_suffix.clear();
    let bench = Bench::with(knobs, |_| {}).await;
    let (id_token, _) = sign_in(&bench).await;
    assert_eq!(id_token["aud"], bench.client.id);
    assert_eq!(id_token["https://app.example/roles"], json!(["admin"]));
    assert_eq!(id_token["email"], "ada@acme.example");
    bench.controls().set(|k| k.authorize.pick = None);
    let query = bench.authorization_query(&[("screen_hint", "signup")]);
    let page = bench
        .http
        .get(bench.url(&format!("/authorize?{query}")))
        .send()
        .await
        .unwrap();
    assert!(page.text().await.unwrap().contains("id=\"pick-new\""));
}

/// N-20.
#[tokio::test]
async fn keycloak_shows_roles_only_after_a_mapper_was_added() {
    let bench = Bench::with(profile::keycloak(), |o| {
        o.base_path = "/realms/demo".to_owned();
    })
    .await;
    assert!(bench.op.issuer().ends_with("/realms/demo"));
    let (id_token, userinfo) = sign_in(&bench).await;
    assert!(id_token.get("realm_access").is_none() && userinfo.get("realm_access").is_none());
    bench
        .controls()
        .set(|k| k.roles.in_userinfo = Placement::Always);
    let (_, userinfo) = sign_in(&bench).await;
    assert_eq!(userinfo["realm_access"]["roles"], json!(["admin"]));
}

#[tokio::test]
async fn keycloak_refuses_unknown_scopes() {
    let bench = Bench::with(profile::keycloak(), |_| {}).await;
    let query = bench.authorization_query(&[("scope", "openid urn:zitadel:something")]);
    let url = bench.url(&format!("/protocol/openid-connect/auth?{query}"));
    let response = bench.http.get(url).send().await.unwrap();
    assert_eq!(
        crate::support::error(&response).as_deref(),
        Some("invalid_scope")
    );
}

/// D-3, N-20.
#[tokio::test]
async fn django_oidc_provider_says_little() {
    let bench = Bench::with(profile::django_oidc_provider(), |o| {
        o.base_path = "/openid".to_owned();
    })
    .await;
    let document = bench.discovery().await;
    for member in ["scopes_supported", "code_challenge_methods_supported"] {
        assert!(document.get(member).is_none(), "{member}");
    }
    let (id_token, _) = sign_in(&bench).await;
    let claims: Vec<_> = id_token.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "at_hash",
        "aud",
        "auth_time",
        "exp",
        "iat",
        "iss",
        "nonce",
        "sub",
    ];
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn auth0_returns_to_its_own_parameter() {
    let mut knobs = profile::auth0("https://app.example/roles");
    knobs.issuer_suffix.clear();
    knobs.paths.set(Endpoint::EndSession, "/v2/logout");
    let bench = Bench::with(knobs, |_| {}).await;
    let query = [
        ("client_id", bench.client.id.as_str()),
        ("returnTo", SIGNED_OUT),
    ];
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let response = bench
        .http
        .get(bench.url(&format!("/v2/logout?{query}")))
        .send()
        .await
        .unwrap();
    assert_eq!(crate::support::location(&response), SIGNED_OUT);
}
