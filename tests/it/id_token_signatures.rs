//! What signs an ID token, and what its header says about it.

use demo_idp::{Endpoint, Signing};
use serde_json::{Value, json};

use crate::{
    id_tokens::{assert_accepted, assert_refused, sign_in},
    support::{app::TestApp, http_client},
};

/// The `kid` of the published key of this type.
async fn kid(app: &TestApp, kty: &str) -> String {
    let url = format!("{}/oauth/v2/keys", app.provider.issuer());
    let keys = http_client().get(url).send().await.expect("the keys");
    let keys: Value = keys.json().await.expect("JSON");
    let mut keys = keys["keys"].as_array().expect("a list").iter();
    let key = keys.find(|key| key["kty"] == kty).expect("such a key");
    key["kid"].as_str().expect("a kid").to_owned()
}

/// Z-18, M-3, M-24, S-6, SEC-08, oidcc-client-test-idtoken-sig-none.
#[tokio::test]
async fn an_unsigned_id_token_is_refused() {
    assert_refused("id_token_alg", |k| k.id_token.signing = Signing::Unsigned).await;
}

/// M-24, SEC-08.
#[tokio::test]
async fn an_unsigned_id_token_is_refused_even_when_the_provider_announces_it() {
    assert_refused("id_token_alg", |k| {
        k.id_token.signing = Signing::Unsigned;
        k.discovery.set(
            "id_token_signing_alg_values_supported",
            json!(["RS256", "none"]),
        );
    })
    .await;
}

/// Z-18, M-3, S-6, SEC-06, oidcc-client-test-invalid-sig-rs256.
#[tokio::test]
async fn a_wrong_rs256_signature_is_refused() {
    assert_refused("id_token_signature", |k| {
        k.id_token.signing = Signing::Broken;
    })
    .await;
}

/// SEC-06, SEC-08.
#[tokio::test]
async fn a_key_that_was_never_published_signs_nothing() {
    assert_refused("id_token_signature", |k| {
        k.id_token.signing = Signing::ForeignKey;
    })
    .await;
}

/// SEC-08.
#[tokio::test]
async fn a_key_that_the_token_brings_along_signs_nothing() {
    assert_refused("id_token_signature", |k| {
        k.id_token.signing = Signing::EmbeddedKey;
    })
    .await;
}

/// SEC-08.
#[tokio::test]
async fn a_key_address_in_the_header_is_never_fetched() {
    for name in ["jku", "x5u"] {
        let app = TestApp::start().await;
        let address = format!("{}/oauth/v2/introspect", app.provider.issuer());
        app.op().set(|k| {
            k.id_token.signing = Signing::ForeignKey;
            k.id_token.header.set(name, address);
        });
        assert_eq!(app.anonymous().sign_in("pick-uma", "/").await.status, 400);
        assert_eq!(app.op().count(Endpoint::Introspection), 0, "{name}");
    }
}

/// Z-18, S-6, SEC-08, oidcc-client-test-invalid-sig-hs256.
#[tokio::test]
async fn a_signature_with_a_secret_is_refused() {
    for signing in [Signing::ClientSecret, Signing::PublicKeyAsSecret] {
        assert_refused("id_token_alg", |k| k.id_token.signing = signing).await;
    }
}

/// SEC-08, oidcc-client-test-invalid-sig-es256.
#[tokio::test]
async fn a_wrong_es256_signature_is_refused() {
    let app = TestApp::start().await;
    app.op().set(|k| k.jwks.curves = true);
    let kid = kid(&app, "EC").await;
    app.op().set(|k| {
        k.id_token.header.set("alg", "ES256");
        k.id_token.header.set("kid", kid);
    });
    let page = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(page.text_of("details code"), "id_token_signature");
}

/// SEC-08.
#[tokio::test]
async fn a_key_of_another_type_signs_nothing() {
    let app = TestApp::start().await;
    app.op().set(|k| k.jwks.curves = true);
    let kid = kid(&app, "EC").await;
    app.op().set(|k| k.id_token.header.set("kid", kid));
    let page = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(page.status, 400);
    assert_eq!(page.text_of("details code"), "id_token_key");
}

/// M-4, S-6.
#[tokio::test]
async fn a_key_id_that_nobody_knows_is_refused() {
    assert_refused("id_token_key", |k| k.id_token.header.set("kid", "made-up")).await;
}

/// M-4, SEC-08, FT-16, oidcc-client-test-kid-absent-multiple-jwks.
#[tokio::test]
async fn a_token_without_key_id_is_refused_when_several_keys_could_be_meant() {
    let app = TestApp::start().await;
    app.op().rotate_keys().expect("a new key");
    app.op().set(|k| {
        k.jwks.without_kids = true;
        k.id_token.header.remove("kid");
    });
    let page = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(page.text_of("details code"), "id_token_key");
}

/// M-4.
#[tokio::test]
async fn a_token_without_key_id_is_accepted_when_the_other_keys_are_for_other_algorithms() {
    assert_accepted("one RSA key", |k| {
        k.jwks.curves = true;
        k.id_token.header.remove("kid");
    })
    .await;
}

/// SEC-11.
#[tokio::test]
async fn a_header_of_another_kind_of_token_is_refused() {
    for typ in ["at+jwt", "logout+jwt", "application/at+jwt", "secevent+jwt"] {
        assert_refused("id_token_typ", |k| k.id_token.header.set("typ", typ)).await;
    }
    assert_accepted("no typ", |k| k.id_token.header.remove("typ")).await;
}

/// SEC-08.
#[tokio::test]
async fn a_critical_header_that_is_not_understood_is_refused() {
    for critical in [
        json!(["exp"]),
        json!(["b64"]),
        json!(["http://example.org/x"]),
    ] {
        assert_refused("id_token_typ", |k| k.id_token.header.set("crit", critical)).await;
    }
}

/// SEC-08, SEC-12.
#[tokio::test]
async fn names_of_algorithms_are_exact() {
    for alg in ["None", "nOnE", "rs256", "RS256 ", ""] {
        assert_refused("token_response_malformed", |k| {
            k.id_token.header.set("alg", alg);
        })
        .await;
    }
}

/// SEC-09.
#[tokio::test]
async fn a_header_of_the_wrong_type_is_refused() {
    for (name, value) in [
        ("alg", json!(null)),
        ("alg", json!(["RS256"])),
        ("kid", json!(1)),
        ("kid", json!(null)),
        ("typ", json!({})),
        ("crit", json!("exp")),
    ] {
        let (status, code) = sign_in(|k| k.id_token.header.set(name, value.clone())).await;
        assert_eq!(status, 400, "{name}: {value} {code}");
    }
}

/// O-2, FT-16, oidcc-client-test-signing-key-rotation-just-before-signing.
#[tokio::test]
async fn a_key_that_changes_while_somebody_is_at_the_provider_is_found() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let start = uma.get("/oidc/authenticate/?next=%2Fuser").await;
    app.op().rotate_keys().expect("a new key");
    app.op().withdraw_earlier_keys();
    let callback = uma.pick_at_provider(start.location(), "pick-uma").await;
    assert_eq!(uma.get(&callback).await.location(), "/user");
}

/// FT-16.
#[tokio::test]
async fn keys_that_cannot_be_fetched_again_leave_those_that_are_known() {
    let app = TestApp::start().await;
    app.uma().await;
    app.op().set(|k| {
        k.fault(Endpoint::Jwks, demo_idp::Fault::Status(500, String::new()));
        k.id_token.header.set("kid", "made-up");
    });
    assert_eq!(app.anonymous().sign_in("pick-uma", "/").await.status, 503);
    app.op().set(|k| k.id_token.header.keep("kid"));
    app.uma().await;
}

/// FT-16.
#[tokio::test]
async fn old_keys_do_for_a_day_and_no_longer() {
    let app = TestApp::start().await;
    app.uma().await;
    app.op()
        .set(|k| k.fault(Endpoint::Discovery, demo_idp::Fault::Refuse));
    app.advance(std::time::Duration::from_hours(23)).await;
    app.uma().await;
    app.advance(std::time::Duration::from_hours(2)).await;
    assert_eq!(app.anonymous().get("/oidc/authenticate/").await.status, 503);
    app.op()
        .set(|k| k.fault(Endpoint::Discovery, demo_idp::Fault::None));
    app.advance(std::time::Duration::from_secs(11)).await;
    app.uma().await;
}

/// M-36, SEC-13, oidcc-client-test-userinfo-signed.
#[tokio::test]
async fn signed_userinfo_is_verified() {
    assert_accepted("signed", |k| k.userinfo_signed = true).await;
    for signing in [Signing::ForeignKey, Signing::Broken, Signing::Unsigned] {
        assert_refused("userinfo_invalid", |k| {
            k.userinfo_signed = true;
            k.userinfo.signing = signing;
        })
        .await;
    }
}

/// M-37, E-8, E-110, SEC-13, oidcc-client-test-userinfo-invalid-sub.
#[tokio::test]
async fn userinfo_counts_for_the_same_person_only() {
    for sub in ["259000000000000101", "", "259000000000000103 "] {
        assert_refused("userinfo_invalid", |k| k.userinfo.claims.set("sub", sub)).await;
    }
    assert_refused("userinfo_invalid", |k| k.userinfo.claims.remove("sub")).await;
}

/// SEC-13.
#[tokio::test]
async fn userinfo_that_is_no_object_signs_nobody_in() {
    for body in [
        "[]",
        "null",
        "\"259000000000000103\"",
        "[{\"sub\":\"259000000000000103\"}]",
    ] {
        let fault = demo_idp::Fault::Status(200, body.to_owned());
        let (status, code) = sign_in(|k| k.fault(Endpoint::UserInfo, fault)).await;
        assert_eq!(status, 400, "{body}: {code}");
    }
    let (status, _) = sign_in(|k| k.fault(Endpoint::UserInfo, demo_idp::Fault::Html)).await;
    assert_ne!(status, 303, "a page");
}
