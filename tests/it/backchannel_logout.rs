//! The provider signs people out: which logout tokens are believed, and what they end.

use std::time::Duration;

use axum::body::Body;
use demo_idp::{Endpoint, Fault, LogoutToken, Person as Account, Signing};
use futures_util::future::join_all;
use http::{Method, Request, header};
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{
    app::{MORNING, TestApp},
    browser::Browser,
    database::Engine,
    person::{Person, Reply},
    served::Served,
};

const PATH: &str = "/oidc/backchannel-logout/";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const FORM: &str = "application/x-www-form-urlencoded";

async fn is_signed_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/1/").await.status == 404
}

/// Posts a body as a provider does: without cookies, and not as a browser.
async fn post_body(app: &TestApp, content_type: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post(PATH).header(header::CONTENT_TYPE, content_type);
    app.anonymous().send(request, body.into()).await
}

async fn post(app: &TestApp, token: &str) -> Reply {
    post_body(app, FORM, format!("logout_token={token}")).await
}

async fn deliver(app: &TestApp, token: &LogoutToken) -> Reply {
    post(app, &app.op().logout_token(token).expect("a token")).await
}

fn client(app: &TestApp) -> String {
    app.op().clients()[0].id.clone()
}

/// For Uma's sessions here that began with this one at the provider.
fn for_session(app: &TestApp, sid: &str) -> LogoutToken {
    LogoutToken::new(&client(app), &Account::uma().sub, sid)
}

/// For all of Uma's sessions.
fn for_uma(app: &TestApp) -> LogoutToken {
    LogoutToken::for_person(&client(app), &Account::uma().sub)
}

fn sids(app: &TestApp) -> Vec<String> {
    app.op().op_sessions(&Account::uma().sub)
}

async fn sessions(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM sessions").await
}

fn assert_taken(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("set-cookie"), "");
}

fn assert_refused(what: &str, reply: &Reply) {
    assert_eq!(reply.status, 400, "{what}");
    assert_eq!(reply.text, r#"{"error":"invalid_request"}"#, "{what}");
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
    assert_eq!(reply.header("set-cookie"), "", "{what}");
}

/// L-3, SEC-38, SEC-39, N-11.
#[tokio::test]
async fn a_token_with_a_session_id_ends_the_sessions_of_that_one_and_no_other() {
    let app = TestApp::start().await;
    let (mut first, mut second, mut stan) = (app.uma().await, app.uma().await, app.stan().await);
    let sids = sids(&app);
    assert_eq!(sids.len(), 2, "two browsers, two sessions at the provider");
    assert_taken(&deliver(&app, &for_session(&app, &sids[0])).await);
    let left = [
        is_signed_in(&mut first).await,
        is_signed_in(&mut second).await,
    ];
    assert_eq!(left.iter().filter(|left| **left).count(), 1);
    assert!(is_signed_in(&mut stan).await);
}

/// L-3, SEC-39.
#[tokio::test]
async fn a_token_with_a_subject_only_ends_all_sessions_of_that_person() {
    let app = TestApp::start().await;
    let mut umas = [app.uma().await, app.uma().await, app.uma().await];
    let mut stan = app.stan().await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    for uma in &mut umas {
        assert!(!is_signed_in(uma).await);
    }
    assert!(is_signed_in(&mut stan).await);
}

/// SEC-39.
#[tokio::test]
async fn a_token_with_a_session_id_only_is_enough() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = LogoutToken {
        sub: None,
        ..for_session(&app, &sids(&app)[0])
    };
    assert_taken(&deliver(&app, &token).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// SEC-39.
#[tokio::test]
async fn a_session_of_which_no_session_id_is_known_ends_with_any_token_for_the_person() {
    let app = TestApp::start().await;
    app.op().set(|k| k.id_token.claims.remove("sid"));
    let mut uma = app.uma().await;
    assert_taken(&deliver(&app, &for_session(&app, "of another session")).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// L-3.
#[tokio::test]
async fn a_token_that_meets_nobody_is_taken_like_any_other() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    assert_taken(&deliver(&app, &for_session(&app, "nobody's")).await);
    let stranger = LogoutToken::for_person(&client(&app), "nobody");
    assert_taken(&deliver(&app, &stranger).await);
    assert!(is_signed_in(&mut uma).await);
}

type Bend = fn(&mut LogoutToken);

/// Every way to be refused that a signed token can have.
const REFUSED: [(&str, Bend); 44] = [
    ("unsigned", |t| t.minting.signing = Signing::Unsigned),
    ("signed with the client secret", |t| {
        t.minting.signing = Signing::ClientSecret;
    }),
    ("signed with the public key as a secret", |t| {
        t.minting.signing = Signing::PublicKeyAsSecret;
    }),
    ("signed with a foreign key", |t| {
        t.minting.signing = Signing::ForeignKey;
    }),
    ("signed with the key in its header", |t| {
        t.minting.signing = Signing::EmbeddedKey;
    }),
    ("with a broken signature", |t| {
        t.minting.signing = Signing::Broken;
    }),
    ("with an algorithm that was not announced", |t| {
        t.minting.header.set("alg", "PS256");
    }),
    ("with an algorithm in the wrong case", |t| {
        t.minting.header.set("alg", "rs256");
    }),
    ("without an algorithm", |t| t.minting.header.remove("alg")),
    ("with an unknown key id", |t| {
        t.minting.header.set("kid", "made-up");
    }),
    ("with a number as key id", |t| {
        t.minting.header.set("kid", 1);
    }),
    ("of the type of access tokens", |t| {
        t.minting.header.set("typ", "at+jwt");
    }),
    ("of a type that only begins alike", |t| {
        t.minting.header.set("typ", "logout+jwt2");
    }),
    ("with an extension that must be understood", |t| {
        t.minting.header.set("crit", json!(["exp"]));
    }),
    ("with another token inside", |t| {
        t.minting.header.set("cty", "JWT");
    }),
    ("from another issuer", |t| {
        t.minting.claims.set("iss", "https://other.example");
    }),
    ("without issuer", |t| t.minting.claims.remove("iss")),
    ("for another client", |t| {
        t.minting.claims.set("aud", json!(["somebody-else"]));
    }),
    ("for another client, as text", |t| {
        t.minting.claims.set("aud", "somebody-else");
    }),
    ("without audience", |t| t.minting.claims.remove("aud")),
    ("with an object as audience", |t| {
        t.minting.claims.set("aud", json!({}));
    }),
    ("without time of issue", |t| t.minting.claims.remove("iat")),
    ("with a text as time of issue", |t| {
        t.minting.claims.set("iat", "now");
    }),
    ("from the future", |t| {
        t.minting.claims.set("iat", MORNING.as_seconds() + 61);
    }),
    ("older than ten minutes", |t| {
        t.minting.claims.set("iat", MORNING.as_seconds() - 601);
    }),
    ("without end", |t| t.minting.claims.remove("exp")),
    ("that has expired", |t| {
        t.minting.claims.set("exp", MORNING.as_seconds() - 61);
    }),
    ("with a text as end", |t| {
        t.minting.claims.set("exp", "2099-01-01T00:00:00Z");
    }),
    ("that is not valid yet", |t| {
        t.minting.claims.set("nbf", MORNING.as_seconds() + 61);
    }),
    ("without events", |t| t.minting.claims.remove("events")),
    ("with a list of events", |t| {
        t.minting.claims.set("events", json!([EVENT]));
    }),
    ("with other events", |t| {
        t.minting
            .claims
            .set("events", json!({ "urn:other:event": {} }));
    }),
    ("with a text as event", |t| {
        t.minting.claims.set("events", json!({ EVENT: "" }));
    }),
    ("with null as event", |t| {
        t.minting.claims.set("events", json!({ EVENT: null }));
    }),
    ("with a nonce", |t| t.minting.claims.set("nonce", "n")),
    ("with null as nonce", |t| {
        t.minting.claims.set("nonce", json!(null));
    }),
    ("without subject and session id", |t| {
        t.sub = None;
        t.sid = None;
    }),
    ("with an empty subject", |t| t.sub = Some(String::new())),
    ("with a number as subject", |t| {
        t.minting.claims.set("sub", 259);
    }),
    ("with a number as session id", |t| {
        t.minting.claims.set("sid", 259);
    }),
    ("with a session id that is too long", |t| {
        t.sid = Some("x".repeat(256));
    }),
    ("without id", |t| t.minting.claims.remove("jti")),
    ("with an empty id", |t| t.jti = Some(String::new())),
    ("with a list as id", |t| {
        t.minting.claims.set("jti", json!(["a"]));
    }),
];

/// L-3, SEC-38, SEC-40.
#[tokio::test]
async fn a_token_that_is_not_in_order_is_refused_and_ends_nothing() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let sid = sids(&app).remove(0);
    for (what, bend) in REFUSED {
        let mut token = for_session(&app, &sid);
        bend(&mut token);
        assert_refused(what, &deliver(&app, &token).await);
        assert_eq!(sessions(&app).await, 1, "{what}");
    }
    let remembered = "SELECT COUNT(*) FROM revoked_logout_tokens";
    assert_eq!(app.number(remembered).await, 0);
    assert!(is_signed_in(&mut uma).await);
    assert_taken(&deliver(&app, &for_session(&app, &sid)).await);
}

/// L-3, SEC-38, Z-18.
#[tokio::test]
async fn where_the_client_secret_signs_id_tokens_it_signs_logout_tokens() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0].sign_algo = Some("HS256".to_owned());
    })
    .await;
    app.op().set(|k| {
        let algorithms = json!(["RS256", "HS256"]);
        k.discovery
            .set("id_token_signing_alg_values_supported", algorithms);
        k.id_token.signing = Signing::ClientSecret;
    });
    let mut uma = app.uma().await;
    for signing in [
        Signing::Rs256,
        Signing::Unsigned,
        Signing::PublicKeyAsSecret,
        Signing::ForeignKey,
        Signing::Broken,
    ] {
        let mut token = for_uma(&app);
        token.minting.signing = signing;
        assert_refused("signed otherwise", &deliver(&app, &token).await);
    }
    assert!(is_signed_in(&mut uma).await);
    let mut token = for_uma(&app);
    token.minting.signing = Signing::ClientSecret;
    assert_taken(&deliver(&app, &token).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// L-3, SEC-38.
#[tokio::test]
async fn an_id_token_is_no_logout_token() {
    let app = TestApp::start().await;
    let (mut uma, mut other) = (app.uma().await, app.uma().await);
    let left = other.post("/oidc/logout/", &[]).await;
    let address = url::Url::parse(left.location()).expect("a URL");
    let mut parameters = address.query_pairs();
    let (_, id_token) = parameters
        .find(|(name, _)| name == "id_token_hint")
        .expect("a hint");
    assert_refused("an ID token", &post(&app, &id_token).await);
    assert!(is_signed_in(&mut uma).await);
}

/// L-3, SEC-38.
#[tokio::test]
async fn what_the_specification_leaves_open_is_accepted() {
    let accepted: [(&str, Bend); 14] = [
        ("from a clock that is slow", |t| {
            t.minting.claims.set("exp", MORNING.as_seconds() - 59);
        }),
        ("almost too old", |t| {
            t.minting.claims.set("iat", MORNING.as_seconds() - 598);
        }),
        ("from a clock that is fast", |t| {
            t.minting.claims.set("iat", MORNING.as_seconds() + 60);
        }),
        ("without type", |t| t.minting.header.remove("typ")),
        ("of the type JWT", |t| t.minting.header.set("typ", "JWT")),
        ("of its own type", |t| {
            t.minting.header.set("typ", "logout+jwt");
        }),
        ("of its own type, at full length", |t| {
            t.minting.header.set("typ", "application/Logout+JWT");
        }),
        ("without key id", |t| t.minting.header.remove("kid")),
        ("signed with ES256", |t| t.minting.signing = Signing::Es256),
        ("signed with EdDSA", |t| t.minting.signing = Signing::EdDsa),
        ("with more claims", |t| {
            t.minting.claims.set("trace_id", json!({"a": 1}));
        }),
        ("with more events", |t| {
            let events = json!({ EVENT: {"x": 1}, "urn:other:event": {} });
            t.minting.claims.set("events", events);
        }),
        ("for several clients", |t| {
            let audience = json!([t.client_id, "somebody-else"]);
            t.minting.claims.set("aud", audience);
        }),
        ("for one client, as text", |t| {
            let audience = t.client_id.clone();
            t.minting.claims.set("aud", audience);
        }),
    ];
    let app = TestApp::start().await;
    app.op().set(|k| k.jwks.curves = true);
    for (what, bend) in accepted {
        let mut uma = app.uma().await;
        let mut token = for_uma(&app);
        bend(&mut token);
        let reply = deliver(&app, &token).await;
        assert_eq!(reply.status, 200, "{what}: {}", reply.text);
        assert!(!is_signed_in(&mut uma).await, "{what}");
        app.advance(Duration::from_secs(1)).await;
    }
}

/// SEC-42.
#[tokio::test]
async fn only_a_form_with_one_token_is_read() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let other = app.op().logout_token(&for_uma(&app)).expect("a token");
    let json_body = json!({ "logout_token": token }).to_string();
    for (what, content_type, body) in [
        ("nothing", FORM, String::new()),
        ("no token", FORM, "x=1".to_owned()),
        ("an empty token", FORM, "logout_token=".to_owned()),
        ("no token at all", FORM, "logout_token=a.b".to_owned()),
        (
            "a token that is no JSON",
            FORM,
            "logout_token=YQ.YQ.YQ".to_owned(),
        ),
        (
            "an encrypted one",
            FORM,
            format!("logout_token={token}.a.b"),
        ),
        (
            "two",
            FORM,
            format!("logout_token={token}&logout_token={other}"),
        ),
        (
            "the same twice",
            FORM,
            format!("logout_token={token}&logout_token={token}"),
        ),
        ("JSON", "application/json", json_body),
        ("plain text", "text/plain", format!("logout_token={token}")),
    ] {
        assert_refused(what, &post_body(&app, content_type, body).await);
    }
    let huge = format!("logout_token={token}&x={}", "x".repeat(64 * 1024));
    assert_refused("more than 64 KiB", &post_body(&app, FORM, huge).await);
    assert!(is_signed_in(&mut uma).await);
    let with_more = format!("x=1&logout_token={token}&logout_tokens=2");
    assert_taken(
        &post_body(
            &app,
            "application/x-www-form-urlencoded; charset=utf-8",
            with_more,
        )
        .await,
    );
    assert!(!is_signed_in(&mut uma).await);
}

/// L-3, SEC-42.
#[tokio::test]
async fn the_address_takes_nothing_but_post() {
    let app = TestApp::start().await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method.clone()).uri(PATH);
        let reply = app.anonymous().send(request, Body::empty()).await;
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.header("allow"), "POST", "{method}");
        assert_eq!(reply.header("cache-control"), "no-store", "{method}");
    }
}

/// SEC-42.
#[tokio::test]
async fn neither_cookies_nor_the_origin_of_the_request_count() {
    let app = TestApp::start().await;
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let request = Request::post(PATH)
        .header(header::CONTENT_TYPE, FORM)
        .header(header::ORIGIN, "https://accounts.example")
        .header("sec-fetch-site", "cross-site");
    let body = Body::from(format!("logout_token={token}"));
    assert_taken(&stan.send(request, body).await);
    assert!(is_signed_in(&mut stan).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// L-5, SEC-40.
#[tokio::test]
async fn a_token_that_comes_again_does_not_end_a_later_session() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&app, &token).await);
    assert!(!is_signed_in(&mut uma).await);
    app.advance(Duration::from_secs(1)).await;
    let mut again = app.uma().await;
    for _ in 0..3 {
        assert_taken(&post(&app, &token).await);
    }
    assert!(is_signed_in(&mut again).await);
}

/// L-5, SEC-40.
#[tokio::test]
async fn a_token_is_remembered_for_longer_than_it_is_believed() {
    let app = TestApp::start().await;
    let remembered = "SELECT COUNT(*) FROM revoked_logout_tokens";
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&app, &token).await);
    let sweep = async || app.state.oidc.sweep().await.expect("an answer");
    app.advance(Duration::from_mins(15)).await;
    sweep().await;
    assert_eq!(app.number(remembered).await, 1, "it has just expired");
    let mut uma = app.uma().await;
    assert_refused("an expired token", &post(&app, &token).await);
    assert!(is_signed_in(&mut uma).await);
    app.advance(Duration::from_mins(5)).await;
    sweep().await;
    assert_eq!(app.number(remembered).await, 0);
}

/// SEC-41.
#[tokio::test]
async fn a_token_that_met_a_locked_database_counts_when_it_comes_again() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.uma().await;
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    let lock = app.state.db.begin().await.expect("the only writer");
    let refused = post(&app, &token).await;
    assert_eq!(refused.status, 503);
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(refused.header("cache-control"), "no-store");
    drop(lock);
    assert!(is_signed_in(&mut uma).await);
    assert_taken(&post(&app, &token).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// SEC-41.
#[tokio::test]
async fn a_token_whose_keys_cannot_be_fetched_counts_when_it_comes_again() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.op().rotate_keys().expect("a new key");
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::Refuse));
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_eq!(post(&app, &token).await.status, 503);
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::None));
    app.advance(Duration::from_secs(11)).await;
    assert_taken(&post(&app, &token).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// SEC-41, SEC-42: a made-up key id that met the outage first does not turn true tokens away.
#[tokio::test]
async fn while_the_keys_cannot_be_fetched_every_token_is_asked_for_again() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.op().rotate_keys().expect("a new key");
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::Refuse));
    let mut forged = for_uma(&app);
    forged.minting.header.set("kid", "forged");
    assert_eq!(deliver(&app, &forged).await.status, 503);
    let fetched = app.op().count(Endpoint::Jwks);
    assert_eq!(deliver(&app, &for_uma(&app)).await.status, 503);
    assert_eq!(app.op().count(Endpoint::Jwks), fetched);
    app.op().set(|k| k.fault(Endpoint::Jwks, Fault::None));
    app.advance(Duration::from_secs(11)).await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    assert_refused("forged", &deliver(&app, &forged).await);
    assert!(!is_signed_in(&mut uma).await);
}

/// SEC-42.
#[tokio::test]
async fn forged_key_ids_neither_make_us_fetch_keys_all_the_time_nor_keep_a_true_token_out() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let fetched = app.op().count(Endpoint::Jwks);
    let forged = (0..50).map(|number| {
        let mut token = for_uma(&app);
        token.minting.header.set("kid", format!("forged-{number}"));
        let app = &app;
        async move { assert_refused("forged", &deliver(app, &token).await) }
    });
    let genuine = for_uma(&app);
    let (_, taken) = tokio::join!(join_all(forged), deliver(&app, &genuine));
    assert_taken(&taken);
    assert!(!is_signed_in(&mut uma).await);
    assert_eq!(app.op().count(Endpoint::Jwks), fetched + 1);
}

/// L-6, N-11.
#[tokio::test]
async fn a_sign_in_whose_session_ended_on_the_way_is_refused_with_a_page_of_its_own() {
    for by_session in [true, false] {
        let app = TestApp::start().await;
        let mut uma = app.anonymous();
        let callback = uma.ask_provider("pick-uma", "/polls/").await;
        let token = if by_session {
            for_session(&app, &sids(&app)[0])
        } else {
            for_uma(&app)
        };
        assert_taken(&deliver(&app, &token).await);
        let landed = uma.get(&callback).await;
        assert_eq!(landed.status, 400);
        assert_eq!(landed.text_of("h1"), "You were signed out meanwhile");
        assert_eq!(landed.text_of("details code"), "signed_out_meanwhile");
        assert_eq!(sessions(&app).await, 0);
        assert!(!is_signed_in(&mut uma).await);
        app.advance(Duration::from_secs(1)).await;
        let again = landed.attributes(".actions a.button", "href").remove(0);
        assert_eq!(again, "/oidc/authenticate/?next=%2Fpolls%2F");
        assert_eq!(uma.sign_in("pick-uma", "/polls/").await.status, 303);
        assert!(is_signed_in(&mut uma).await);
    }
}

/// L-6.
#[tokio::test]
async fn somebody_elses_sign_in_goes_on() {
    let app = TestApp::start().await;
    let mut stan = app.anonymous();
    let callback = stan.ask_provider("pick-stan", "/").await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    assert_taken(&deliver(&app, &for_session(&app, "uma's")).await);
    assert_eq!(stan.get(&callback).await.status, 303);
    assert!(is_signed_in(&mut stan).await);
}

/// L-6, SEC-36.
#[tokio::test]
async fn a_token_and_a_callback_at_the_same_time_leave_nobody_signed_in() {
    let app = TestApp::start().await;
    for _ in 0..25 {
        let mut uma = app.anonymous();
        let callback = uma.ask_provider("pick-uma", "/").await;
        let token = for_uma(&app);
        let (landed, taken) = tokio::join!(uma.get(&callback), deliver(&app, &token));
        assert_taken(&taken);
        assert!([303, 400].contains(&landed.status.as_u16()));
        assert_eq!(sessions(&app).await, 0);
        assert!(!is_signed_in(&mut uma).await);
        app.advance(Duration::from_secs(1)).await;
    }
}

/// K-3, SEC-36.
#[tokio::test]
async fn two_instances_on_one_database_both_see_it() {
    let app = TestApp::start().await;
    let other = app.another_instance(|_| ()).await;
    let mut uma = app.uma().await;
    let mut elsewhere = other.anonymous();
    elsewhere.cookies().clone_from(uma.cookies());
    assert!(is_signed_in(&mut elsewhere).await);
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&other, &token).await);
    assert!(!is_signed_in(&mut uma).await);
    assert!(!is_signed_in(&mut elsewhere).await);
    app.advance(Duration::from_secs(1)).await;
    let mut again = app.uma().await;
    assert_taken(&post(&app, &token).await);
    assert!(is_signed_in(&mut again).await);
}

/// L-3, N-11.
#[tokio::test]
async fn signing_out_at_the_provider_signs_out_here() {
    let site = Served::start_empty().await;
    let browser = Browser::start(crate::support::browser::Options::default()).await;
    site.sign_in(&browser, "pick-uma", "/user").await;
    assert_eq!(browser.text("h1").await, "Uma Umbach");
    let op = site.provider.controls();
    op.end_op_session(&Account::uma().sub);
    op.settled().await;
    assert_eq!(op.deliveries()[0].statuses, [Some(200)]);
    browser.goto(site.url("/user")).await;
    assert_eq!(browser.text(".lede").await, "You are not signed in.");
}

/// One claim or header of a token: in order, or one of several ways not to be.
fn parts() -> impl Strategy<Value = Vec<(&'static str, Option<Value>)>> {
    let now = MORNING.as_seconds();
    let part = |name: &'static str, bad: Vec<Option<Value>>| {
        let bad = prop::sample::select(bad).prop_map(move |value| vec![(name, value)]);
        prop_oneof![6 => Just(Vec::new()), 1 => bad]
    };
    let junk = || {
        vec![
            None,
            Some(json!(null)),
            Some(json!(true)),
            Some(json!({})),
            Some(json!("")),
        ]
    };
    let times = |bad: [i64; 2]| {
        let mut values = junk();
        values.extend(bad.map(|time| Some(json!(time))));
        values
    };
    let with = |more: Value| {
        let mut values = junk();
        values.push(Some(more));
        values
    };
    let nonces = vec![Some(json!("n")), Some(json!(null)), Some(json!(1))];
    let types = vec![Some(json!("at+jwt")), Some(json!(1)), Some(json!(""))];
    let all = (
        part("iss", with(json!("https://other.example"))),
        part("aud", with(json!(["other"]))),
        part("iat", times([now + 61, now - 601])),
        part("exp", times([now - 61, 0])),
        part("events", with(json!({ EVENT: [] }))),
        part("jti", with(json!("a\nb"))),
        part("sub", with(json!(1)).split_off(1)),
        part("nonce", nonces),
        part("typ", types),
    );
    all.prop_map(|(a, b, c, d, e, f, g, h, i)| [a, b, c, d, e, f, g, h, i].concat())
}

/// FZ-07, SEC-38.
#[test]
fn a_token_is_taken_exactly_when_every_part_of_it_is_in_order() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let app = runtime.block_on(TestApp::start());
    app.op().set(|k| k.jwks.curves = true);
    let mut runner = TestRunner::new(Cases {
        cases: 128,
        failure_persistence: None,
        ..Cases::default()
    });
    let outcome = runner.run(&parts(), |bad| {
        let mut token = for_session(&app, "nobody's");
        token.minting.signing = Signing::EdDsa;
        for (name, value) in &bad {
            let patch = match *name {
                "typ" => &mut token.minting.header,
                _ => &mut token.minting.claims,
            };
            match value {
                Some(value) => patch.set(*name, value.clone()),
                None => patch.remove(*name),
            }
        }
        let reply = runtime.block_on(deliver(&app, &token));
        let expected = if bad.is_empty() { 200 } else { 400 };
        prop_assert_eq!(reply.status.as_u16(), expected, "{:?}", bad);
        Ok(())
    });
    outcome.expect("every case");
}

proptest! {
    #![proptest_config(Cases { cases: 48, failure_persistence: None, ..Cases::default() })]

    /// FZ-07, SEC-42.
    #[test]
    fn any_body_is_answered_and_means_nothing(
        body in "(logout_token=)?[A-Za-z0-9_.&=%-]{0,60}|\\PC{0,40}",
    ) {
        static RUNTIME: std::sync::LazyLock<(tokio::runtime::Runtime, TestApp)> =
            std::sync::LazyLock::new(|| {
                let runtime = tokio::runtime::Runtime::new().expect("a runtime");
                let app = runtime.block_on(TestApp::start());
                (runtime, app)
            });
        let (runtime, app) = &*RUNTIME;
        let reply = runtime.block_on(post_body(app, FORM, body));
        prop_assert_eq!(reply.status.as_u16(), 400);
    }
}
