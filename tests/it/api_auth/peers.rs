//! Two sites that trust each other's tokens.

use std::time::Duration;

use axum::{Json, Router, extract::State, routing::get};
use rolecall::private_key::PrivateKey;
use serde_json::json;
use tokio::sync::watch;
use url::Url;

use super::*;
use crate::support::{database::Engine, program::free_address};

const OURS: &str = "http://localhost:8000/api/auth/v2";

/// Another site, as far as we see of it: its keys.
struct Peer {
    issuer: String,
    key: PrivateKey,
    published: watch::Sender<(Value, u32)>,
}

fn key() -> PrivateKey {
    PrivateKey::from_pkcs8(&PrivateKey::generate().expect("a key")).expect("a key")
}

impl Peer {
    async fn start() -> Self {
        let key = key();
        let published = watch::Sender::new((json!([key.public_jwk()]), 0));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let router = Router::new()
            .route(JWKS, get(keys))
            .with_state(published.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            issuer: format!("http://{address}/api/auth/v2"),
            key,
            published,
        }
    }

    fn fetches(&self) -> u32 {
        self.published.borrow().1
    }

    /// A token of this site for `audience`, about `sub`.
    fn token(&self, app: &TestApp, sub: &str, change: impl FnOnce(&mut Value)) -> String {
        let now = app.clock.now().as_seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": OURS, "sub": sub, "client_id": "program",
            "iat": now, "exp": now + 600, "jti": "a", "sid": "b",
            "scope": "user staff admin", "roles": ["admin"], "idp": app.provider.issuer(),
        });
        change(&mut claims);
        self.key.typed_jwt("at+jwt", &claims).expect("a token")
    }
}

async fn keys(State(published): State<watch::Sender<(Value, u32)>>) -> Json<Value> {
    published.send_modify(|(_, fetches)| *fetches += 1);
    Json(json!({ "keys": published.borrow().0 }))
}

async fn trusting(peers: &[&Peer]) -> TestApp {
    let issuers = peers
        .iter()
        .map(|peer| Url::parse(&peer.issuer).expect("an address"));
    let issuers: Vec<_> = issuers.collect();
    TestApp::start_with(Engine::of_this_run(), |config| {
        config.trusted_issuers = issuers;
    })
    .await
}

async fn userinfo(app: &TestApp, token: &str) -> Reply {
    app.program(token).get(USERINFO).await
}

/// P-23: somebody who is known here may do no more than here, and whom nobody here has given a role
/// has none.
#[tokio::test]
async fn a_token_of_a_trusted_site_is_believed_within_the_role_here() {
    let peer = Peer::start().await;
    let app = trusting(&[&peer]).await;
    let stranger = userinfo(&app, &peer.token(&app, "somebody", |_| ())).await;
    assert_eq!(stranger.status, 200, "{}", stranger.text);
    assert_eq!(stranger.json()["roles"], json!([]));
    app.uma().await;
    let uma = userinfo(&app, &peer.token(&app, &Account::uma().sub, |_| ())).await;
    assert_eq!(uma.json()["roles"], json!(["user"]));
    assert_ne!(uma.json()["name"], Value::Null);
    assert_eq!(peer.fetches(), 1, "keys are kept");
}

/// P-23, E-75, E-78, SEC-68.
#[tokio::test]
async fn a_peer_vouches_for_its_own_tokens_and_for_this_site_only() {
    let (peer, other) = (Peer::start().await, Peer::start().await);
    let app = trusting(&[&peer, &other]).await;
    let crossed = peer.token(&app, "x", |claims| claims["iss"] = json!(other.issuer));
    let ours = peer.token(&app, "x", |claims| claims["iss"] = json!(OURS));
    let elsewhere = peer.token(&app, "x", |claims| claims["aud"] = json!(peer.issuer));
    let late = peer.token(&app, "x", |claims| claims["exp"] = claims["iat"].clone());
    let unknown = Peer::start().await.token(&app, "x", |_| ());
    for (what, token) in [
        ("in another peer's name", crossed),
        ("in our name", ours),
        ("for another site", elsewhere),
        ("ended", late),
        ("of nobody who is trusted", unknown),
    ] {
        assert_eq!(userinfo(&app, &token).await.status, 401, "{what}");
    }
}

/// P-23, P-24, E-78: made-up key ids cost one fetch a minute, and a new key works then.
#[tokio::test]
async fn keys_of_a_peer_are_fetched_again_once_a_minute_at_most() {
    let mut peer = Peer::start().await;
    let app = trusting(&[&peer]).await;
    let known = peer.token(&app, "x", |_| ());
    assert_eq!(userinfo(&app, &known).await.status, 200);
    peer.key = key();
    let new = peer.token(&app, "x", |_| ());
    for _ in 0..20 {
        assert_eq!(userinfo(&app, &new).await.status, 401);
    }
    assert_eq!(peer.fetches(), 1);
    let jwks = json!([peer.key.public_jwk()]);
    peer.published.send_modify(|(keys, _)| *keys = jwks);
    app.advance(Duration::from_mins(1)).await;
    let new = peer.token(&app, "x", |_| ());
    assert_eq!(userinfo(&app, &new).await.status, 200);
    assert_eq!(peer.fetches(), 2);
    assert_eq!(
        userinfo(&app, &known).await.status,
        401,
        "the old key is withdrawn"
    );
}

/// P-24: what was withdrawn while nobody could be asked is not believed for ever.
#[tokio::test]
async fn keys_of_a_peer_that_is_gone_are_believed_for_a_day() {
    let peer = Peer::start().await;
    let app = trusting(&[&peer]).await;
    let token = peer.token(&app, "x", |_| ());
    assert_eq!(userinfo(&app, &token).await.status, 200);
    let nonsense = Value::Null;
    peer.published.send_modify(|(keys, _)| *keys = nonsense);
    for (hours, status) in [(23, 200), (2, 503)] {
        app.advance(Duration::from_hours(hours)).await;
        let token = peer.token(&app, "x", |_| ());
        assert_eq!(userinfo(&app, &token).await.status, status, "{hours}");
    }
}

/// P-18, P-23.
#[tokio::test]
async fn a_peer_that_is_down_is_nobodys_fault() {
    let peer = Peer {
        issuer: format!("http://{}/api/auth/v2", free_address()),
        key: key(),
        published: watch::Sender::new((json!([]), 0)),
    };
    let app = trusting(&[&peer]).await;
    let reply = userinfo(&app, &peer.token(&app, "x", |_| ())).await;
    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_ne!(reply.header("retry-after"), "");
}

/// P-23: a program asks for a token that the other site takes, and that one alone.
#[tokio::test]
async fn a_program_gets_a_token_for_a_trusted_site() {
    let peer = Peer::start().await;
    let app = trusting(&[&peer]).await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh.as_str()),
        ("resource", peer.issuer.as_str()),
    ];
    let there = Tokens::of(&post(&app, TOKEN, &fields).await);
    assert_eq!(parts(&there.access).1["aud"], peer.issuer);
    assert_eq!(opens(&app, &there.access).await, 401, "it is not for us");
}

/// P-20, P-23, L-3: deactivated is deactivated, whoever vouches.
#[tokio::test]
async fn somebody_who_lost_the_role_here_gets_none_from_a_peer() {
    let peer = Peer::start().await;
    let app = trusting(&[&peer]).await;
    app.uma().await;
    let now = app.clock.now().as_millis();
    app.execute("UPDATE users SET role_lost_at = $1", now).await;
    let uma = userinfo(&app, &peer.token(&app, &Account::uma().sub, |_| ())).await;
    assert_eq!(uma.json()["roles"], json!([]));
    app.execute("UPDATE users SET deactivated_at = $1", now)
        .await;
    let uma = userinfo(&app, &peer.token(&app, &Account::uma().sub, |_| ())).await;
    assert_eq!(uma.status, 403, "{}", uma.text);
}
