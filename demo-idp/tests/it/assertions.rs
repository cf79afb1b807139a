//! Clients that sign an assertion instead of showing a secret (RFC 7523).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::{ClientAuth, ClientKey, KeyFormat};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::pkcs8::SecretDocument;
use serde_json::{Value, json};

use crate::support::{Bench, NOW, json as body};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A provider whose client has registered a key, and that key's private half as DER.
async fn bench(format: KeyFormat) -> (Bench, Vec<u8>) {
    let (key, pem) = ClientKey::generate("key-1", format).unwrap();
    let bench = Bench::new().await;
    bench.controls().set(|k| k.client_key = Some(key));
    let (_, der) = SecretDocument::from_pem(&pem).unwrap();
    (bench, der.as_bytes().to_vec())
}

fn claims(bench: &Bench) -> Value {
    json!({
        "iss": bench.client.id, "sub": bench.client.id, "aud": bench.op.issuer(),
        "iat": NOW, "exp": NOW + 60, "jti": "first",
    })
}

fn sign(format: KeyFormat, der: &[u8], header: &Value, claims: &Value) -> String {
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let input = [header, claims].map(|part| encode(part.to_string().as_bytes()));
    let input = input.join(".");
    let random = SystemRandom::new();
    let signature = if format == KeyFormat::P256 {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::from_pkcs8(algorithm, der, &random).unwrap();
        let signature = key.sign(&random, input.as_bytes()).unwrap();
        signature.as_ref().to_vec()
    } else {
        let key = RsaKeyPair::from_der(der).or_else(|_| RsaKeyPair::from_pkcs8(der));
        let key = key.unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature)
            .unwrap();
        signature
    };
    format!("{input}.{}", encode(&signature))
}

/// The error that the token endpoint answers with; `invalid_grant` means that the client was
/// recognised, as there is no such code.
async fn answer(bench: &Bench, assertion: &str, more: &[(&str, &str)]) -> String {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "bogus"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    let form = [&form, more].concat();
    let request = bench.http.post(bench.url("/oauth/v2/token")).form(&form);
    let answer = body(request.send().await.unwrap()).await;
    answer["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_assertion_by_the_registered_key_works_once() {
    for (format, alg) in [
        (KeyFormat::RsaPkcs1, "RS256"),
        (KeyFormat::RsaPkcs8, "RS256"),
        (KeyFormat::P256, "ES256"),
    ] {
        let (bench, der) = bench(format).await;
        let header = json!({"alg": alg, "kid": "key-1"});
        let assertion = sign(format, &der, &header, &claims(&bench));
        assert_eq!(answer(&bench, &assertion, &[]).await, "invalid_grant");
        assert_eq!(answer(&bench, &assertion, &[]).await, "invalid_client");
    }
}

#[tokio::test]
async fn an_assertion_with_anything_wrong_is_refused() {
    let (bench, der) = bench(KeyFormat::P256).await;
    let right = json!({"alg": "ES256", "kid": "key-1"});
    for (name, value) in [
        ("iss", json!("somebody")),
        ("sub", json!("somebody")),
        ("aud", json!("https://elsewhere.example")),
        ("aud", json!(null)),
        ("exp", json!(NOW)),
        ("exp", json!(NOW + 3601)),
        ("exp", json!("soon")),
        ("iat", json!(NOW + 1)),
        ("jti", json!("")),
        ("jti", json!(null)),
    ] {
        let mut claims = claims(&bench);
        claims[name] = value.clone();
        let assertion = sign(KeyFormat::P256, &der, &right, &claims);
        let error = answer(&bench, &assertion, &[]).await;
        assert_eq!(error, "invalid_client", "{name}: {value}");
    }
    for header in [
        json!({"alg": "none", "kid": "key-1"}),
        json!({"alg": "RS256", "kid": "key-1"}),
        json!({"alg": "ES256", "kid": "key-2"}),
        json!({"alg": "ES256"}),
    ] {
        let assertion = sign(KeyFormat::P256, &der, &header, &claims(&bench));
        assert_eq!(answer(&bench, &assertion, &[]).await, "invalid_client");
    }
    let (_, other) = self::bench(KeyFormat::P256).await;
    let forged = sign(KeyFormat::P256, &other, &right, &claims(&bench));
    assert_eq!(answer(&bench, &forged, &[]).await, "invalid_client");
}

#[tokio::test]
async fn an_assertion_stands_alone_and_takes_the_place_of_the_secret() {
    let (bench, der) = bench(KeyFormat::P256).await;
    let header = json!({"alg": "ES256", "kid": "key-1"});
    let assertion = sign(KeyFormat::P256, &der, &header, &claims(&bench));
    let secret = [("client_secret", bench.client.secret.as_str())];
    assert_eq!(answer(&bench, &assertion, &secret).await, "invalid_request");
    let other = [("client_id", "somebody")];
    assert_eq!(answer(&bench, &assertion, &other).await, "invalid_client");
    let refused = bench.post("/oauth/v2/introspect", &[("token", "x")]).await;
    assert_eq!(body(refused).await["error"], "invalid_client");
    bench
        .controls()
        .set(|k| k.client_auth = vec![ClientAuth::Basic]);
    let mut claims = claims(&bench);
    claims["jti"] = json!("second");
    let assertion = sign(KeyFormat::P256, &der, &header, &claims);
    assert_eq!(answer(&bench, &assertion, &[]).await, "invalid_client");
}
