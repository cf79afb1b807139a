//! Sign-out: what ends, where it leads, and who is told.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, http::StatusCode as Status};
use demo_idp::{Client, Delivery, Knobs, LogoutToken, Person, Signing, knobs::WithoutHint};
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::form_urlencoded;

use crate::support::{ALL_SCOPES, APP, Bench, SIGNED_OUT, decode, id_token, location, param};

/// A client's logout address: keeps the tokens and answers with the statuses it was given.
struct Receiver {
    uri: String,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// Statuses are used from the end; without one it is 200.
    async fn new(statuses: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/logout", listener.local_addr().unwrap());
        let tokens = Arc::new(Mutex::new(Vec::new()));
        let (kept, statuses) = (Arc::clone(&tokens), Arc::new(Mutex::new(statuses)));
        let app = Router::new().fallback(move |body: Bytes| async move {
            let field = form_urlencoded::parse(&body).next().unwrap();
            assert_eq!(field.0, "logout_token");
            kept.lock().unwrap().push(field.1.into_owned());
            Status::from_u16(statuses.lock().unwrap().pop().unwrap_or(200)).unwrap()
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { uri, tokens }
    }

    fn claims(&self) -> Vec<Value> {
        self.tokens
            .lock()
            .unwrap()
            .iter()
            .map(|token| decode(token).1)
            .collect()
    }
}

async fn bench_with(receiver: &Receiver, knobs: Knobs) -> Bench {
    let uri = receiver.uri.clone();
    Bench::with(knobs, |o| o.clients[0].backchannel_logout_uri = Some(uri)).await
}

async fn bench_with_clients(receivers: &[&Receiver]) -> Bench {
    let clients = receivers.iter().map(|receiver| Client {
        backchannel_logout_uri: Some(receiver.uri.clone()),
        ..Client::for_app(APP)
    });
    let clients = clients.collect();
    Bench::with(Knobs::default(), |o| o.clients = clients).await
}

async fn end_session(bench: &Bench, params: &[(&str, &str)]) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    bench
        .browse(
            bench
                .http
                .get(bench.url(&format!("/oidc/v1/end_session?{query}"))),
        )
        .await
}

#[tokio::test]
async fn sign_out_ends_the_session_and_returns_with_state() {
    let receiver = Receiver::new(vec![]).await;
    let mut bench = bench_with(&receiver, Knobs::default()).await;
    let tokens = bench.sign_in(&Person::uma(), ALL_SCOPES).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let id = bench.client.id.clone();
    let params = [
        ("id_token_hint", hint),
        ("client_id", &id),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", "bye"),
    ];
    let response = end_session(&bench, &params).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert!(location(&response).starts_with(SIGNED_OUT));
    assert_eq!(param(&location(&response), "state").as_deref(), Some("bye"));
    assert!(
        response.headers()[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(
        bench.authorize(&[]).await.status(),
        StatusCode::OK,
        "the picker is back"
    );
    assert_eq!(
        bench.userinfo(&tokens).await.status(),
        StatusCode::UNAUTHORIZED
    );
    bench.controls().settled().await;
    let claims = receiver.claims();
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0]["sid"], id_token(&tokens).1["sid"]);
    assert_eq!(claims[0]["sub"], Person::uma().sub);
    assert_eq!(claims[0]["aud"], json!([id]));
    assert!(claims[0].get("nonce").is_none());
    let event = &claims[0]["events"]["http://schemas.openid.net/event/backchannel-logout"];
    assert_eq!(event, &json!({}));
}

#[tokio::test]
async fn an_expired_hint_still_counts_unless_a_test_says_otherwise() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    bench.later(24 * 60 * 60);
    bench
        .controls()
        .set(|k| k.logout.refuse_expired_hints = true);
    let refused = end_session(&bench, &[("id_token_hint", hint)]).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    bench
        .controls()
        .set(|k| k.logout.refuse_expired_hints = false);
    assert_eq!(
        end_session(&bench, &[("id_token_hint", hint)])
            .await
            .status(),
        StatusCode::OK
    );
    assert!(bench.controls().op_sessions(&Person::uma().sub).is_empty());
}

#[tokio::test]
async fn a_wrong_request_signs_nobody_out_and_leads_nowhere() {
    let mut bench = Bench::new().await;
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let unslashed = SIGNED_OUT.trim_end_matches('/');
    for params in [
        vec![
            ("id_token_hint", hint),
            ("post_logout_redirect_uri", unslashed),
        ],
        vec![("id_token_hint", "not.a.token")],
        vec![("id_token_hint", hint), ("client_id", "another")],
    ] {
        let response = end_session(&bench, &params).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{params:?}");
        assert!(!response.headers().contains_key(header::LOCATION));
    }
    assert_eq!(bench.controls().op_sessions(&Person::uma().sub).len(), 1);
}

#[tokio::test]
async fn without_hint_and_client_the_address_is_ignored() {
    let mut bench = Bench::new().await;
    bench.sign_in(&Person::uma(), "openid").await;
    let response = end_session(&bench, &[("post_logout_redirect_uri", SIGNED_OUT)]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("You are signed out")
    );
}

#[tokio::test]
async fn keycloak_asks_first_when_there_is_no_hint() {
    let mut bench = Bench::new().await;
    bench
        .controls()
        .set(|k| k.logout.without_hint = WithoutHint::Confirm);
    bench.sign_in(&Person::uma(), "openid").await;
    let params = [
        ("client_id", bench.client.id.as_str()),
        ("post_logout_redirect_uri", SIGNED_OUT),
    ];
    let question = end_session(&bench, &params).await;
    assert!(
        question
            .text()
            .await
            .unwrap()
            .contains("id=\"confirm-logout\"")
    );
    assert_eq!(bench.controls().op_sessions(&Person::uma().sub).len(), 1);
    let form = [params[0], params[1], ("confirmed", "yes")];
    let post = bench
        .http
        .post(bench.url("/oidc/v1/end_session"))
        .form(&form);
    assert_eq!(location(&bench.browse(post).await), SIGNED_OUT);
    assert!(bench.controls().op_sessions(&Person::uma().sub).is_empty());
}

#[tokio::test]
async fn a_failed_delivery_is_tried_once_more_with_the_same_token() {
    let receiver = Receiver::new(vec![500, 503]).await;
    let mut bench = bench_with(&receiver, Knobs::default()).await;
    let tokens = bench.sign_in(&Person::uma(), "openid").await;
    let sid = id_token(&tokens).1["sid"].as_str().unwrap().to_owned();
    bench.controls().end_op_session(&Person::uma().sub);
    bench.controls().settled().await;
    let claims = receiver.claims();
    assert_eq!(claims.len(), 2);
    assert_eq!(claims[0]["jti"], claims[1]["jti"]);
    let delivery = Delivery {
        client_id: bench.client.id.clone(),
        sid,
        statuses: vec![Some(503), Some(500)],
    };
    assert_eq!(bench.controls().deliveries(), [delivery]);
}

#[tokio::test]
async fn only_clients_that_took_part_are_told() {
    let (here, elsewhere) = (Receiver::new(vec![]).await, Receiver::new(vec![]).await);
    let mut bench = bench_with_clients(&[&here, &elsewhere]).await;
    bench.pick(&Person::ada().sub, &[]).await;
    bench.controls().end_op_session(&Person::ada().sub);
    bench.controls().settled().await;
    assert_eq!((here.claims().len(), elsewhere.claims().len()), (1, 0));
}

#[tokio::test]
async fn every_client_of_a_session_is_told_when_it_ends() {
    let (here, there) = (Receiver::new(vec![]).await, Receiver::new(vec![]).await);
    let mut bench = bench_with_clients(&[&here, &there]).await;
    bench.pick(&Person::ada().sub, &[]).await;
    let other = bench.controls().clients()[1].id.clone();
    bench.authorize(&[("client_id", &other)]).await;
    bench.controls().end_op_session(&Person::ada().sub);
    bench.controls().settled().await;
    assert_eq!(here.claims()[0]["sid"], there.claims()[0]["sid"]);
    assert_ne!(here.claims()[0]["aud"], there.claims()[0]["aud"]);
}

/// N-20.
#[tokio::test]
async fn logout_tokens_can_have_every_defect() {
    let receiver = Receiver::new(vec![]).await;
    let bench = bench_with(&receiver, Knobs::default()).await;
    let mut token = LogoutToken::new(&bench.client.id, "somebody", "V1_1");
    token.jti = Some("again".to_owned());
    token.minting.header.set("typ", "at+jwt");
    token.minting.claims.set("nonce", "n");
    token.minting.claims.remove("events");
    token.minting.signing = Signing::ClientSecret;
    for _ in 0..2 {
        let status = bench
            .controls()
            .send_backchannel_logout(&token)
            .await
            .unwrap();
        assert_eq!(status, Some(200));
    }
    let claims = receiver.claims();
    assert_eq!(claims[0]["jti"], claims[1]["jti"]);
    assert_eq!(claims[0]["nonce"], "n");
    assert!(claims[0].get("events").is_none());
    let (header, _) = decode(&bench.controls().logout_token(&token).unwrap());
    assert_eq!(header, json!({"alg": "HS256", "typ": "at+jwt"}));
    let person = LogoutToken::for_person(&bench.client.id, "somebody");
    let (_, claims) = decode(&bench.controls().logout_token(&person).unwrap());
    assert!(claims.get("sid").is_none());
}
