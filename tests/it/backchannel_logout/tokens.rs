//! Which logout tokens are believed.

use std::time::Duration;

use demo_idp::{LogoutToken, Signing};
use serde_json::json;

use super::{
    EVENT, assert_refused, assert_taken, deliver, for_session, for_uma, post, sessions, sids,
};
use crate::support::app::{MORNING, TestApp};

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
    assert!(uma.is_signed_in().await);
    assert_taken(&deliver(&app, &for_session(&app, &sid)).await);
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
    assert!(uma.is_signed_in().await);
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
        assert!(!uma.is_signed_in().await, "{what}");
        app.advance(Duration::from_secs(1)).await;
    }
}
