//! Keys, their rotation, and tokens made wrong on purpose.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::{Person, Signing};
use reqwest::header;
use rsa::{
    BigUint, Pkcs1v15Sign, RsaPublicKey,
    sha2::{Digest as _, Sha256},
};
use serde_json::{Value, json};

use crate::support::{Bench, NOW, id_token};

/// Whether a published key verifies an RS256 token.
fn verified_by(jwk: &Value, token: &str) -> bool {
    let number = |name: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        BigUint::from_bytes_be(&bytes)
    };
    let key = RsaPublicKey::new(number("n"), number("e")).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    key.verify(
        Pkcs1v15Sign::new::<Sha256>(),
        &Sha256::digest(input),
        &signature,
    )
    .is_ok()
}

async fn raw_id_token(bench: &mut Bench) -> String {
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    tokens["id_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_published_key_verifies_the_id_token() {
    let mut bench = Bench::new().await;
    let token = raw_id_token(&mut bench).await;
    let keys = bench.jwks().await;
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0]["kid"], bench.controls().kid());
    assert!(verified_by(&keys[0], &token));
    let response = bench
        .http
        .get(bench.url("/oauth/v2/keys"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "max-age=300, must-revalidate"
    );
}

#[tokio::test]
async fn a_rotation_publishes_the_new_key_next_to_the_old() {
    let mut bench = Bench::new().await;
    let before = raw_id_token(&mut bench).await;
    bench.controls().rotate_keys().unwrap();
    let after = raw_id_token(&mut bench).await;
    let keys = bench.jwks().await;
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    assert!(verified_by(&keys[0], &after) && verified_by(&keys[1], &before));
    assert!(!verified_by(&keys[0], &before));
    bench.controls().withdraw_earlier_keys();
    assert_eq!(bench.jwks().await.len(), 1);
}

#[tokio::test]
async fn a_key_can_be_replaced_under_its_id() {
    let mut bench = Bench::new().await;
    let (before, kid) = (raw_id_token(&mut bench).await, bench.controls().kid());
    bench.controls().replace_key().unwrap();
    let keys = bench.jwks().await;
    assert_eq!((keys.len(), &keys[0]["kid"]), (1, &json!(kid)));
    assert!(!verified_by(&keys[0], &before));
    assert!(verified_by(&keys[0], &raw_id_token(&mut bench).await));
}

#[tokio::test]
async fn keys_can_be_published_without_ids_and_next_to_strangers() {
    let bench = Bench::new().await;
    bench.controls().rotate_keys().unwrap();
    bench.controls().set(|k| {
        k.jwks.without_kids = true;
        k.jwks
            .extra
            .push(json!({"kty": "OKP", "crv": "X", "kid": "odd"}));
    });
    let keys = bench.jwks().await;
    let ids: Vec<_> = keys.iter().map(|key| key.get("kid")).collect();
    assert_eq!(ids, [None, None, Some(&json!("odd"))]);
}

#[tokio::test]
async fn wrong_signatures_look_right_and_verify_against_no_published_key() {
    let mut bench = Bench::new().await;
    for (signing, alg) in [
        (Signing::Unsigned, "none"),
        (Signing::ClientSecret, "HS256"),
        (Signing::PublicKeyAsSecret, "HS256"),
        (Signing::ForeignKey, "RS256"),
        (Signing::EmbeddedKey, "RS256"),
        (Signing::Broken, "RS256"),
    ] {
        bench.controls().set(|k| k.id_token.signing = signing);
        let token = raw_id_token(&mut bench).await;
        let (header, _) = crate::support::decode(&token);
        assert_eq!(header["alg"], alg, "{signing:?}");
        assert!(!verified_by(&bench.jwks().await[0], &token), "{signing:?}");
        assert_eq!(
            token.ends_with('.'),
            signing == Signing::Unsigned,
            "{signing:?}"
        );
        if signing == Signing::EmbeddedKey {
            assert!(verified_by(&header["jwk"], &token));
        }
    }
}

#[tokio::test]
async fn headers_and_claims_can_be_bent_before_signing() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| {
        k.id_token.header.set("kid", "unknown");
        k.id_token.header.set("typ", "logout+jwt");
        k.id_token.claims.set("exp", NOW - 30);
        k.id_token.claims.set("azp", "another");
        k.id_token.claims.remove("at_hash");
    });
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    let (header, claims) = id_token(&tokens);
    assert_eq!(
        (&header["kid"], &header["typ"]),
        (&json!("unknown"), &json!("logout+jwt"))
    );
    assert_eq!(
        (&claims["exp"], &claims["azp"]),
        (&json!(NOW - 30), &json!("another"))
    );
    assert!(claims.get("at_hash").is_none());
    let token = tokens["id_token"].as_str().unwrap();
    assert!(verified_by(&bench.jwks().await[0], token));
}

#[tokio::test]
async fn access_tokens_can_be_readable() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| k.access_token.jwt = true);
    let tokens = bench.sign_in(&Person::ada(), "openid").await;
    let token = tokens["access_token"].as_str().unwrap();
    let (_, claims) = crate::support::decode(token);
    assert!(claims[bench.controls().roles_claim()]["admin"].is_object());
    assert_eq!(bench.introspect(token).await["jti"], claims["jti"]);
}

#[tokio::test]
async fn elliptic_curve_keys_are_published_and_announced_on_request() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| k.jwks.curves = true);
    let keys = bench.jwks().await;
    let algorithms = ["RS256", "ES256", "ES384", "EdDSA"];
    assert_eq!(
        keys.iter().map(|key| &key["alg"]).collect::<Vec<_>>(),
        algorithms
    );
    let announced = &bench.discovery().await["id_token_signing_alg_values_supported"];
    assert_eq!(announced, &json!(algorithms));
    for (signing, place) in [
        (Signing::Es256, 1),
        (Signing::Es384, 2),
        (Signing::EdDsa, 3),
    ] {
        bench.controls().set(|k| k.id_token.signing = signing);
        let (header, _) = crate::support::decode(&raw_id_token(&mut bench).await);
        assert_eq!(
            (&header["alg"], &header["kid"]),
            (&keys[place]["alg"], &keys[place]["kid"])
        );
    }
}
