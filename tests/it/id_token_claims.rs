//! Each claim of an ID token that can be wrong, missing or of the wrong type, one by one.

use demo_idp::Endpoint;
use serde_json::json;

use crate::{
    id_tokens::{assert_accepted, assert_refused, now},
    support::app::TestApp,
};

/// S-6, E-8, SEC-06, oidcc-client-test-invalid-iss.
#[tokio::test]
async fn an_id_token_of_another_issuer_is_refused() {
    assert_refused("id_token_iss", |k| {
        k.id_token.claims.set("iss", "https://other.example");
    })
    .await;
}

/// S-6, SEC-06.
#[tokio::test]
async fn the_issuer_of_an_id_token_is_compared_to_the_letter() {
    let app = TestApp::start().await;
    let issuer = app.provider.issuer().to_owned();
    for iss in [
        format!("{issuer}/"),
        issuer.to_uppercase(),
        format!("{issuer} "),
    ] {
        app.op().set(|k| k.id_token.claims.set("iss", iss.clone()));
        let page = app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(page.text_of("details code"), "id_token_iss", "{iss:?}");
    }
}

/// SEC-06.
#[tokio::test]
async fn an_id_token_without_an_issuer_is_refused() {
    assert_refused("token_response_malformed", |k| {
        k.id_token.claims.remove("iss");
    })
    .await;
}

/// S-6, E-8, SEC-06, oidcc-client-test-invalid-aud.
#[tokio::test]
async fn an_id_token_for_another_client_is_refused() {
    for aud in [
        json!("somebody-else"),
        json!(["somebody-else"]),
        json!([]),
        json!(""),
    ] {
        assert_refused("id_token_aud", |k| k.id_token.claims.set("aud", aud)).await;
    }
}

/// SEC-06, oidcc-client-test-missing-aud.
#[tokio::test]
async fn an_id_token_without_an_audience_is_refused() {
    assert_refused("id_token_aud", |k| k.id_token.claims.remove("aud")).await;
}

/// S-6, S-7, N-14, E-8, SEC-07.
#[tokio::test]
async fn an_id_token_authorized_for_another_party_is_refused() {
    for azp in ["somebody-else", ""] {
        assert_refused("id_token_azp", |k| k.id_token.claims.set("azp", azp)).await;
    }
}

/// M-5, S-6, SEC-06, oidcc-client-test-nonce-invalid.
#[tokio::test]
async fn an_id_token_of_another_sign_in_is_refused() {
    assert_refused("id_token_nonce", |k| {
        k.id_token.claims.set("nonce", "replayed");
    })
    .await;
}

/// M-5, E-111, SEC-06.
#[tokio::test]
async fn an_id_token_without_a_nonce_is_refused() {
    assert_refused("id_token_nonce", |k| k.id_token.claims.remove("nonce")).await;
}

/// A-14, SEC-06, oidcc-client-test-missing-sub.
#[tokio::test]
async fn an_id_token_without_a_subject_is_refused() {
    assert_refused("token_response_malformed", |k| {
        k.id_token.claims.remove("sub");
    })
    .await;
}

///
#[tokio::test]
async fn a_subject_that_is_empty_too_long_or_no_plain_text_is_refused() {
    for sub in [String::new(), "u\0ma".to_owned(), "x".repeat(256)] {
        assert_refused("id_token_sub", |k| k.id_token.claims.set("sub", sub)).await;
    }
}

/// SEC-06, oidcc-client-test-missing-iat.
#[tokio::test]
async fn an_id_token_that_does_not_say_when_it_was_issued_is_refused() {
    assert_refused("token_response_malformed", |k| {
        k.id_token.claims.remove("iat");
    })
    .await;
}

/// SEC-06.
#[tokio::test]
async fn an_id_token_without_an_end_is_refused() {
    assert_refused("token_response_malformed", |k| {
        k.id_token.claims.remove("exp");
    })
    .await;
}

/// S-6, E-8, SEC-06, SEC-10.
#[tokio::test]
async fn an_id_token_may_have_ended_less_than_a_minute_ago() {
    for offset in [-59, -30, -11, 0, 11] {
        assert_accepted(&format!("exp {offset}"), |k| {
            k.id_token.claims.set("exp", now() + offset);
        })
        .await;
    }
    for offset in [-61, -60, -120, -86_400] {
        assert_refused("id_token_exp", |k| {
            k.id_token.claims.set("exp", now() + offset);
        })
        .await;
    }
}

/// S-6, SEC-10.
#[tokio::test]
async fn an_id_token_is_issued_in_the_last_ten_minutes_give_or_take_a_minute() {
    for offset in [-600, -120, -11, 11, 30, 59, 60] {
        assert_accepted(&format!("iat {offset}"), |k| {
            k.id_token.claims.set("iat", now() + offset);
        })
        .await;
    }
    for offset in [-86_400, -601, 61, 120, 600] {
        assert_refused("id_token_iat", |k| {
            k.id_token.claims.set("iat", now() + offset);
        })
        .await;
    }
}

/// SEC-10.
#[tokio::test]
async fn an_id_token_that_does_not_count_yet_is_refused() {
    for offset in [-120, -11, 11, 59, 60] {
        assert_accepted(&format!("nbf {offset}"), |k| {
            k.id_token.claims.set("nbf", now() + offset);
        })
        .await;
    }
    for offset in [61, 120] {
        assert_refused("id_token_nbf", |k| {
            k.id_token.claims.set("nbf", now() + offset);
        })
        .await;
    }
}

/// SEC-09.
#[tokio::test]
async fn a_claim_of_the_wrong_type_is_refused_and_not_skipped() {
    let app = TestApp::start().await;
    let tomorrow = now() + 86_400;
    for (name, value) in [
        ("exp", json!("999")),
        ("exp", json!("2099-01-01T00:00:00Z")),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(null)),
        ("exp", json!([tomorrow])),
        ("exp", json!(true)),
        ("iat", json!("now")),
        ("iat", json!(null)),
        ("iat", json!({})),
        ("nbf", json!("0")),
        ("nbf", json!(null)),
        ("nbf", json!(1e300)),
        ("aud", json!({})),
        ("aud", json!(1)),
        ("aud", json!(null)),
        ("aud", json!([["rolecall"]])),
        ("iss", json!(1)),
        ("sub", json!(259)),
        ("sub", json!(null)),
        ("nonce", json!(1)),
        ("nonce", json!(null)),
        ("azp", json!(["x"])),
        ("azp", json!(null)),
        ("at_hash", json!(1)),
        ("at_hash", json!(null)),
    ] {
        app.op().set(|k| k.id_token.claims.set(name, value.clone()));
        let page = app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(page.status, 400, "{name}: {value}");
        app.op().set(|k| k.id_token.claims.keep(name));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
}

/// SEC-09.
#[tokio::test]
async fn a_time_with_a_fraction_is_a_time() {
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
    let tomorrow = (now() + 86_400) as f64 + 0.5;
    assert_accepted("a fraction", |k| k.id_token.claims.set("exp", tomorrow)).await;
}

/// S-6, SEC-12.
#[tokio::test]
async fn an_id_token_for_another_access_token_is_refused() {
    for hash in ["AAAAAAAAAAAAAAAAAAAAAA", ""] {
        assert_refused("id_token_at_hash", |k| {
            k.id_token.claims.set("at_hash", hash);
        })
        .await;
    }
    assert_accepted("no at_hash", |k| k.id_token.claims.remove("at_hash")).await;
}

/// SEC-06.
#[tokio::test]
async fn a_token_response_without_an_id_token_signs_nobody_in() {
    assert_refused("id_token_missing", |k| k.token_answer.remove("id_token")).await;
}

/// SEC-11.
#[tokio::test]
async fn a_logout_token_is_no_id_token() {
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_refused("id_token_typ", |k| k.id_token.claims.set("events", event)).await;
}

/// SEC-11.
#[tokio::test]
async fn an_access_token_is_no_id_token() {
    let app = TestApp::start().await;
    app.op().set(|k| k.access_token.jwt = true);
    app.uma().await;
    let request = app.op().last(Endpoint::UserInfo).expect("a request");
    let bearer = request.header("authorization").expect("a token");
    let access_token = bearer["Bearer ".len()..].to_owned();
    app.op()
        .set(|k| k.token_answer.set("id_token", access_token));
    let page = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(page.status, 400);
    assert_eq!(page.text_of("details code"), "id_token_nonce");
}
