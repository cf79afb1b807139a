//! Endpoints that fail, an unreachable provider, and a discovery document that misleads.

use std::time::Duration;

use demo_idp::{Endpoint, Error, Fault, Options, Person, start};
use reqwest::{StatusCode, header};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{APP, Bench, json};

const DISCOVERY: &str = "/.well-known/openid-configuration";

/// N-20.
#[tokio::test]
async fn the_discovery_document_has_zitadel_s_paths() {
    let bench = Bench::new().await;
    let document = bench.discovery().await;
    let issuer = bench.op.issuer();
    assert!(issuer.starts_with("http://localhost:"));
    assert_eq!(document["issuer"], issuer);
    for (member, path) in [
        ("authorization_endpoint", "/oauth/v2/authorize"),
        ("token_endpoint", "/oauth/v2/token"),
        ("userinfo_endpoint", "/oidc/v1/userinfo"),
        ("introspection_endpoint", "/oauth/v2/introspect"),
        ("revocation_endpoint", "/oauth/v2/revoke"),
        ("end_session_endpoint", "/oidc/v1/end_session"),
        (
            "device_authorization_endpoint",
            "/oauth/v2/device_authorization",
        ),
        ("jwks_uri", "/oauth/v2/keys"),
    ] {
        assert_eq!(document[member], format!("{issuer}{path}"));
    }
}

/// N-20.
#[tokio::test]
async fn endpoints_can_move_and_members_can_go() {
    let bench = Bench::new().await;
    bench.controls().set(|k| {
        k.paths.set(Endpoint::Jwks, "/odd/place");
        k.discovery.remove("userinfo_endpoint");
        k.discovery.set("issuer", "https://wrong.example");
    });
    let document = bench.discovery().await;
    assert_eq!(document["issuer"], "https://wrong.example");
    assert!(document.get("userinfo_endpoint").is_none());
    let moved = bench
        .http
        .get(document["jwks_uri"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(moved.status(), StatusCode::OK);
    let old = bench
        .http
        .get(bench.url("/oauth/v2/keys"))
        .send()
        .await
        .unwrap();
    assert_eq!(old.status(), StatusCode::NOT_FOUND);
    assert_eq!(bench.controls().count(Endpoint::Unknown), 1);
}

#[tokio::test]
async fn the_token_answer_can_lack_members() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| {
        k.token_answer.remove("scope");
        k.token_answer.remove("id_token");
        k.token_answer.set("token_type", "bearer");
    });
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    assert!(tokens.get("scope").is_none() && tokens.get("id_token").is_none());
    assert_eq!(tokens["token_type"], "bearer");
}

#[tokio::test]
async fn an_endpoint_can_answer_with_any_status_page_or_redirect() {
    let bench = Bench::new().await;
    let get = || async { bench.http.get(bench.url(DISCOVERY)).send().await.unwrap() };
    let controls = bench.controls();
    let fault = |fault| controls.set(|k| k.fault(Endpoint::Discovery, fault));
    fault(Fault::Status(
        503,
        json!({"error": "server_error"}).to_string(),
    ));
    assert_eq!(get().await.status(), StatusCode::SERVICE_UNAVAILABLE);
    fault(Fault::Html);
    assert!(
        get()
            .await
            .text()
            .await
            .unwrap()
            .starts_with("<!doctype html>")
    );
    fault(Fault::EmptyBody);
    assert_eq!(get().await.bytes().await.unwrap().len(), 0);
    fault(Fault::Redirect("http://elsewhere.example/".to_owned()));
    assert_eq!(
        get().await.headers()[header::LOCATION],
        "http://elsewhere.example/"
    );
    fault(Fault::TruncatedJson);
    let cut = get().await.text().await.unwrap();
    assert!(cut.starts_with('{') && serde_json::from_str::<serde_json::Value>(&cut).is_err());
    fault(Fault::None);
    assert_eq!(json(get().await).await["issuer"], bench.op.issuer());
}

#[tokio::test]
async fn a_huge_body_is_64_mebibytes() {
    let bench = Bench::new().await;
    bench
        .controls()
        .set(|k| k.fault(Endpoint::Jwks, Fault::HugeBody));
    let mut response = bench
        .http
        .get(bench.url("/oauth/v2/keys"))
        .send()
        .await
        .unwrap();
    let mut length = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        length += piece.len();
    }
    assert_eq!(length, 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_slow_answer_is_the_proper_one() {
    let bench = Bench::new().await;
    let slow = Fault::Slow(Duration::from_millis(20));
    bench.controls().set(|k| k.fault(Endpoint::Discovery, slow));
    assert_eq!(bench.discovery().await["issuer"], bench.op.issuer());
}

#[tokio::test]
async fn a_hanging_endpoint_answers_nobody_and_does_not_keep_the_provider_from_stopping() {
    let bench = Bench::new().await;
    bench
        .controls()
        .set(|k| k.fault(Endpoint::Token, Fault::Hang));
    let call = bench
        .http
        .post(bench.url("/oauth/v2/token"))
        .timeout(Duration::from_millis(50));
    assert!(call.send().await.unwrap_err().is_timeout());
    let waiting = tokio::spawn(bench.http.post(bench.url("/oauth/v2/token")).send());
    let controls = bench.controls().clone();
    while controls.count(Endpoint::Token) < 2 {
        tokio::task::yield_now().await;
    }
    bench.op.stop().await;
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn refused_connections_and_an_offline_provider_are_connection_errors() {
    let bench = Bench::new().await;
    bench
        .controls()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Refuse));
    let refused = bench.http.get(bench.url(DISCOVERY)).send().await;
    let broken = match refused {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(broken);
    bench.controls().set(|k| k.offline = true);
    let fresh = crate::support::http();
    assert!(fresh.get(bench.url("/oauth/v2/keys")).send().await.is_err());
    bench.controls().set(|k| k.offline = false);
    assert_eq!(bench.jwks().await.len(), 1);
}

#[tokio::test]
async fn the_date_header_follows_the_clock_and_its_shift() {
    let bench = Bench::new().await;
    let date = || async {
        let response = bench.http.get(bench.url(DISCOVERY)).send().await.unwrap();
        response.headers()[header::DATE]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(date().await, "Mon, 21 Sep 2026 14:13:20 GMT");
    bench.controls().set(|k| k.date_shift_secs = -3600);
    assert_eq!(date().await, "Mon, 21 Sep 2026 13:13:20 GMT");
}

#[tokio::test]
async fn an_address_open_to_the_network_is_refused() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = start(Options::demo(listener, APP)).await.unwrap_err();
    assert!(matches!(error, Error::NotLoopback(_)));
    assert!(error.to_string().contains("loopback addresses only"));
}

#[tokio::test]
async fn a_dropped_provider_frees_its_address() {
    let bench = Bench::new().await;
    let (url, http) = (bench.url(DISCOVERY), bench.http.clone());
    assert!(http.get(&url).send().await.is_ok());
    drop(bench.op);
    while crate::support::http().get(&url).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_root_explains_the_demo_only_when_asked_to() {
    let shown = Bench::new().await;
    let page = shown.http.get(shown.url("/")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Ada Adler"));
    let hidden = Bench::with(demo_idp::Knobs::default(), |o| o.demo_page = false).await;
    let page = hidden.http.get(hidden.url("/")).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_stylesheet_is_served_where_the_pages_expect_it() {
    let bench = Bench::with(demo_idp::Knobs::default(), |o| {
        o.base_path = "/op".to_owned();
    })
    .await;
    let page = bench
        .http
        .get(bench.url("/"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("href=\"/op/demo-idp.css\""));
    let css = bench
        .http
        .get(bench.url("/demo-idp.css"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        css.headers()[header::CONTENT_TYPE],
        "text/css; charset=utf-8"
    );
}

#[tokio::test]
async fn a_wrong_method_is_not_allowed() {
    let bench = Bench::new().await;
    let get = bench
        .http
        .get(bench.url("/oauth/v2/token"))
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    let post = bench.http.post(bench.url(DISCOVERY)).send().await.unwrap();
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}
