//! Tokens that the provider is asked about (RFC 7662).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use demo_idp::{ClientKey, Endpoint, KeyFormat};
use futures_util::future::join_all;
use rolecall::{
    config::{ApiClient, Credential, Secret},
    private_key::PrivateKey,
};
use serde_json::json;

use super::{app_with, app_with_robot, robot};
use crate::support::{app::TestApp, log};

/// F-5, E-96.
#[tokio::test]
async fn the_question_is_a_form_with_the_clients_own_name_and_secret() {
    let app = TestApp::start().await;
    app.program("a-token").get("/api/private").await;
    let asked = app.op().last(Endpoint::Introspection).expect("a question");
    let fields = [
        ("token".to_owned(), "a-token".to_owned()),
        ("token_type_hint".to_owned(), "access_token".to_owned()),
    ];
    assert_eq!(asked.form, fields);
    let content_type = asked.header("content-type");
    assert_eq!(content_type, Some("application/x-www-form-urlencoded"));
    let client = &app.op().clients()[0];
    let pair = BASE64.encode(format!("{}:{}", client.id, client.secret));
    assert_eq!(
        asked.header("authorization"),
        Some(&*format!("Basic {pair}"))
    );
}

/// F-5, Z-15, E-96.
#[tokio::test]
async fn another_client_can_ask_and_its_pair_is_form_encoded() {
    let app = app_with(&[], |config| {
        config.oidc.providers[0].api_client = Some(ApiClient {
            id: "249@api".to_owned(),
            credential: Secret::new("a:b c+d").into(),
        });
    });
    let app = app.await;
    app.program("a-token").get("/api/private").await;
    let asked = app.op().last(Endpoint::Introspection).expect("a question");
    let pair = BASE64.encode("249%40api:a%3Ab+c%2Bd");
    assert_eq!(
        asked.header("authorization"),
        Some(&*format!("Basic {pair}"))
    );
}

/// F-11.
#[tokio::test]
async fn a_signed_assertion_can_take_the_place_of_the_secret() {
    let (public, pem) = ClientKey::generate("key-1", KeyFormat::P256).expect("a key");
    let key = PrivateKey::from_pem(&pem, "key-1".to_owned()).expect("a usable key");
    let app = app_with(&[], |config| {
        config.oidc.providers[0].credential = Credential::PrivateKey(key);
    });
    let app = app.await;
    app.op().set(|k| k.client_key = Some(public));
    let program = app.program_of(&robot(&[]));
    assert_eq!(program.get("/api/private").await.status, 200);
    let asked = app.op().last(Endpoint::Introspection).expect("a question");
    assert!(asked.form("client_assertion").is_some());
    assert_eq!(asked.header("authorization"), None);
}

/// F-8, F-14, E-91, SEC-69.
#[tokio::test]
async fn a_token_that_is_not_active_is_refused_whatever_the_cause() {
    let app = app_with_robot(&[]).await;
    let robot = robot(&[]);
    let revoked = app.program_of(&robot);
    app.op().revoke_tokens(&robot.sub);
    let ended = app.op().personal_access_token(&robot.sub, Some(-1));
    for program in [revoked, app.program(ended), app.program("never-issued")] {
        let reply = program.get("/api/private").await;
        assert_eq!(reply.status, 401);
        assert_eq!(
            reply.header("www-authenticate"),
            "Bearer error=\"invalid_token\""
        );
        assert_eq!(reply.code(), "invalid_token_revoked");
        assert_eq!(reply.json()["description"], "Token was revoked.");
    }
}

/// F-14, Z-6: what was a 500 there.
#[tokio::test]
async fn a_token_without_an_end_is_good() {
    let app = app_with_robot(&[]).await;
    let token = app.op().personal_access_token(&robot(&[]).sub, None);
    assert_eq!(app.program(token).get("/api/private").await.status, 200);
}

/// F-8, F-14, F-16, SEC-69.
#[tokio::test]
async fn an_active_token_still_has_to_fit() {
    let now = crate::support::app::MORNING.as_seconds();
    for (member, value, code) in [
        ("exp", json!(now), "invalid_token_expired"),
        ("exp", json!("tomorrow"), "invalid_token"),
        ("nbf", json!(now + 3600), "invalid_token"),
        ("iss", json!("https://elsewhere.example"), "invalid_token"),
        ("aud", json!("another-client"), "invalid_token"),
        (
            "aud",
            json!(["another-client", "another-project"]),
            "invalid_token",
        ),
        ("aud", json!([]), "invalid_token"),
        ("sub", json!(""), "invalid_token"),
        ("sub", json!(null), "invalid_token"),
        ("token_type", json!("DPoP"), "invalid_token"),
        ("typ", json!("Refresh"), "invalid_token"),
        ("cnf", json!({ "jkt": "x" }), "invalid_token"),
    ] {
        let app = app_with_robot(&["read:messages"]).await;
        app.op().set(|k| k.introspection.set(member, value.clone()));
        let reply = app.program_of(&robot(&[])).get("/api/private").await;
        assert_eq!(reply.status, 401, "{member}: {value}");
        assert_eq!(reply.code(), code, "{member}: {value}");
    }
}

/// F-8.
#[tokio::test]
async fn a_token_past_its_end_is_said_to_have_expired() {
    let app = app_with_robot(&[]).await;
    let past = app.clock.now().as_seconds() - 1;
    app.op().set(|k| k.introspection.set("exp", past));
    let reply = app.program_of(&robot(&[])).get("/api/private").await;
    assert_eq!(reply.json()["description"], "Token has expired.");
}

/// F-16: where a provider says no audience, the client has to be ours.
#[tokio::test]
async fn without_an_audience_the_client_decides() {
    let app = app_with_robot(&[]).await;
    app.op().set(|k| k.introspection.remove("aud"));
    let program = app.program_of(&robot(&[]));
    assert_eq!(program.get("/api/private").await.status, 200);
    app.op()
        .set(|k| k.introspection.set("client_id", "another"));
    let other = app.program_of(&robot(&[]));
    assert_eq!(other.get("/api/private").await.status, 401);
}

/// F-9.
#[tokio::test]
async fn a_good_answer_is_remembered_for_ten_seconds() {
    let app = app_with_robot(&[]).await;
    let program = app.program_of(&robot(&[]));
    for _ in 0..5 {
        assert_eq!(program.get("/api/private").await.status, 200);
    }
    assert_eq!(app.op().count(Endpoint::Introspection), 1);
    app.advance(Duration::from_secs(10)).await;
    assert_eq!(program.get("/api/private").await.status, 200);
    assert_eq!(app.op().count(Endpoint::Introspection), 2);
}

/// F-9, SEC-69.
#[tokio::test]
async fn nothing_is_remembered_past_the_tokens_end() {
    let app = app_with_robot(&[]).await;
    let token = app.op().personal_access_token(&robot(&[]).sub, Some(3));
    let program = app.program(token);
    assert_eq!(program.get("/api/private").await.status, 200);
    app.advance(Duration::from_secs(3)).await;
    assert_eq!(program.get("/api/private").await.status, 401);
}

/// F-9.
#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let app = app_with_robot(&[]).await;
    app.op()
        .set(|k| k.introspection.set("aud", "another-client"));
    let program = app.program_of(&robot(&[]));
    assert_eq!(program.get("/api/private").await.status, 401);
    app.op().set(|k| k.introspection.clear());
    assert_eq!(program.get("/api/private").await.status, 200);
}

/// F-9.
#[tokio::test]
async fn twenty_requests_at_once_are_one_question() {
    let app = app_with_robot(&[]).await;
    let program = app.program_of(&robot(&[]));
    let replies = join_all((0..20).map(|_| program.get("/api/private"))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_eq!(app.op().count(Endpoint::Introspection), 1);
}

/// O-4, E-94, E-76, SEC-69.
#[tokio::test]
async fn no_token_stands_in_the_log() {
    let app = app_with_robot(&["read:messages"]).await;
    let good = app.op().personal_access_token(&robot(&[]).sub, None);
    log::keep();
    for token in [good.as_str(), "a-made-up-token"] {
        app.program(token).get("/api/private-scoped").await;
    }
    app.op().set(|k| k.offline = true);
    app.program("another-made-up-token")
        .get("/api/private")
        .await;
    let log = log::taken();
    assert!(
        log.contains("an access token could not be checked"),
        "{log}"
    );
    for secret in [
        good.as_str(),
        "made-up-token",
        &app.op().clients()[0].secret,
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
