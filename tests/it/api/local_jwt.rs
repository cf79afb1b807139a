//! Access tokens that are JWTs: introspected like all others, unless the configuration says that
//! they are verified here (RFC 9068).

use demo_idp::{Endpoint, Person as Account, Signing};
use rolecall::config::{AccessTokens, Config};
use serde_json::{Value, json};

use crate::support::{app::TestApp, database::Engine, person::Reply, token_endpoint::Draft};

/// An application that verifies access tokens itself.
async fn app() -> TestApp {
    let change = |config: &mut Config| {
        config.oidc.providers[0].access_tokens = AccessTokens::VerifiedHere;
    };
    TestApp::start_with(Engine::of_this_run(), change).await
}

/// Uma's access token as RFC 9068 has it, not signed yet.
fn draft(app: &TestApp) -> Draft {
    let mut draft = Draft::proper(app, "");
    for name in ["nonce", "azp"] {
        draft.claims.remove(name);
    }
    draft.header.set("typ", "at+jwt");
    draft
}

async fn ask(app: &TestApp, draft: &Draft) -> Reply {
    app.program(draft.sign(app)).get("/api/private").await
}

fn is_never_asked(app: &TestApp) -> bool {
    app.op().count(Endpoint::Introspection) == 0
}

/// F-4.
#[tokio::test]
async fn a_jwt_goes_to_introspection_as_any_other_token() {
    let app = TestApp::start().await;
    let reply = ask(&app, &draft(&app)).await;
    assert_eq!(reply.code(), "invalid_token_revoked", "nobody issued it");
    assert_eq!(app.op().count(Endpoint::Introspection), 1);
}

#[tokio::test]
async fn a_jwt_of_a_stranger_is_refused_without_asking_anybody() {
    let app = TestApp::start().await;
    let mut draft = draft(&app);
    draft
        .claims
        .insert("iss".to_owned(), json!("https://elsewhere.example"));
    let reply = ask(&app, &draft).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (401, "invalid_token")
    );
    assert!(is_never_asked(&app));
}

#[tokio::test]
async fn a_jwt_is_verified_here_where_the_configuration_says_so() {
    let app = app().await;
    for typ in ["at+jwt", "application/at+jwt", "AT+JWT"] {
        let mut draft = draft(&app);
        draft.header.set("typ", typ);
        assert_eq!(ask(&app, &draft).await.status, 200, "{typ}");
    }
    assert!(is_never_asked(&app));
}

/// SEC-69: an ID token names us as its audience as well.
#[tokio::test]
async fn an_id_token_is_no_access_token() {
    let app = app().await;
    for typ in [Some("JWT"), None] {
        let mut draft = draft(&app);
        match typ {
            Some(typ) => draft.header.set("typ", typ),
            None => draft.header.remove("typ"),
        }
        let reply = ask(&app, &draft).await;
        assert_eq!(reply.code(), "invalid_token_revoked", "{typ:?}");
    }
    assert_eq!(app.op().count(Endpoint::Introspection), 2);
}

#[tokio::test]
async fn a_signature_that_only_the_provider_can_make_is_needed() {
    let app = app().await;
    for signing in [
        Signing::Broken,
        Signing::ForeignKey,
        Signing::EmbeddedKey,
        Signing::Unsigned,
        Signing::ClientSecret,
        Signing::PublicKeyAsSecret,
    ] {
        let draft = Draft {
            signing,
            ..draft(&app)
        };
        let reply = ask(&app, &draft).await;
        assert_eq!(reply.code(), "invalid_token", "{signing:?}");
    }
    assert!(is_never_asked(&app));
}

#[tokio::test]
async fn every_claim_of_a_jwt_has_to_fit() {
    let app = app().await;
    let now = app.clock.now().as_seconds();
    for (claim, value, code) in [
        ("aud", json!("another-client"), "invalid_token"),
        ("aud", Value::Null, "invalid_token"),
        ("exp", json!(now), "invalid_token_expired"),
        ("exp", Value::Null, "invalid_token"),
        ("nbf", json!(now + 3600), "invalid_token"),
        ("sub", Value::Null, "invalid_token"),
        ("cnf", json!({ "jkt": "x" }), "invalid_token"),
    ] {
        let mut draft = draft(&app);
        match value {
            Value::Null => draft.claims.remove(claim),
            ref value => draft.claims.insert(claim.to_owned(), value.clone()),
        };
        let reply = ask(&app, &draft).await;
        assert_eq!(reply.status, 401, "{claim}: {value}");
        assert_eq!(reply.code(), code, "{claim}: {value}");
    }
}

/// P-24: a key that is new is fetched, once.
#[tokio::test]
async fn a_new_key_of_the_provider_works_at_once() {
    let app = app().await;
    assert_eq!(ask(&app, &draft(&app)).await.status, 200);
    app.op().rotate_keys().expect("a new key");
    assert_eq!(ask(&app, &draft(&app)).await.status, 200);
}

/// P-18.
#[tokio::test]
async fn keys_that_cannot_be_had_are_503() {
    let app = app().await;
    let token = draft(&app).sign(&app);
    app.op().set(|k| k.offline = true);
    let reply = app.program(token).get("/api/private").await;
    assert_eq!(reply.status, 503, "{}", reply.text);
}

/// A token is older than what was heard of its person since.
#[tokio::test]
async fn a_role_in_a_jwt_is_worth_no_more_than_the_persons_own() {
    let app = app().await;
    app.uma().await;
    let role = app.op().roles_claim();
    let mut strong = draft(&app);
    strong
        .claims
        .insert(role, json!({ "admin": { "1": "acme.example" } }));
    let token = strong.sign(&app);
    let caller = app
        .state
        .verifiers
        .verify(&token)
        .await
        .expect("a good token");
    assert_eq!(caller.role, Some(rolecall::users::Role::User));
    assert_eq!(caller.identity.subject, Account::uma().sub);
}
