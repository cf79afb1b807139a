//! A provider that cannot say whether a token is good: never an answer about the token.

use std::time::Duration;

use demo_idp::{Endpoint, Fault};
use rolecall::config::{ApiClient, Secret};

use super::{app_with, app_with_robot, robot};
use crate::support::{app::TestApp, log, person::Reply};

/// Says that it cannot be found out, and when to come back.
fn assert_unavailable(reply: &Reply, what: &str) {
    assert_eq!(reply.status, 503, "{what}: {}", reply.text);
    assert_eq!(reply.code(), "idp_unavailable", "{what}");
    assert_ne!(reply.header("retry-after"), "", "{what}");
    assert_eq!(reply.header("www-authenticate"), "", "{what}");
}

/// F-15, E-92, P-18, SEC-69.
#[tokio::test]
async fn whatever_goes_wrong_there_is_503_and_never_the_tokens_fault() {
    let status = |status| Fault::Status(status, "{\"active\":false}".to_owned());
    for fault in [
        status(500),
        status(503),
        status(429),
        status(404),
        status(400),
        status(204),
        Fault::Status(200, "{\"active\":\"true\"}".to_owned()),
        Fault::Status(200, "{}".to_owned()),
        Fault::Status(200, "[true]".to_owned()),
        Fault::Html,
        Fault::EmptyBody,
        Fault::TruncatedJson,
        Fault::HugeBody,
        Fault::Redirect("https://elsewhere.example/".to_owned()),
        Fault::Refuse,
    ] {
        let app = app_with_robot(&[]).await;
        app.op()
            .set(|k| k.fault(Endpoint::Introspection, fault.clone()));
        let program = app.program_of(&robot(&[]));
        let reply = program.get("/api/private").await;
        assert_unavailable(&reply, &format!("{fault:?}"));
        app.op()
            .set(|k| k.fault(Endpoint::Introspection, Fault::None));
        assert_eq!(program.get("/api/private").await.status, 200, "{fault:?}");
    }
}

/// F-15, E-92.
#[tokio::test]
async fn a_provider_that_is_silent_or_gone_is_503() {
    let app = app_with(&[], |config| {
        config.oidc.timeout = Duration::from_millis(200);
    })
    .await;
    app.op()
        .set(|k| k.fault(Endpoint::Introspection, Fault::Hang));
    let reply = app.program_of(&robot(&[])).get("/api/private").await;
    assert_unavailable(&reply, "silent");
    let app = TestApp::start().await;
    app.op().set(|k| k.offline = true);
    let reply = app.program("a-token").get("/api/private").await;
    assert_unavailable(&reply, "gone");
}

/// F-15, E-92: what was a 500 there.
#[tokio::test]
async fn a_wrong_secret_of_ours_is_503_and_the_log_says_whose_mistake_it_is() {
    log::keep();
    let app = app_with(&[], |config| {
        let id = config.oidc.providers[0].client_id.clone();
        let credential = Secret::new("not the secret").into();
        config.oidc.providers[0].api_client = Some(ApiClient { id, credential });
    });
    let app = app.await;
    let reply = app.program_of(&robot(&[])).get("/api/private").await;
    assert_unavailable(&reply, "our secret");
    let log = log::taken();
    let lines = log
        .lines()
        .filter(|line| line.contains("ERROR") && line.contains("rolecall::"));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("our credentials"), "{log}");
}

/// A provider without introspection leaves the site to say that it cannot tell.
#[tokio::test]
async fn a_provider_that_cannot_be_asked_is_503() {
    let app = app_with_robot(&[]).await;
    app.op()
        .set(|k| k.discovery.remove("introspection_endpoint"));
    let reply = app.program_of(&robot(&[])).get("/api/private").await;
    assert_unavailable(&reply, "no endpoint");
}

/// The public route needs nobody's word.
#[tokio::test]
async fn the_public_route_does_not_miss_the_provider() {
    let app = TestApp::start().await;
    app.op().set(|k| k.offline = true);
    let reply = app.program_without_token().get("/api/public").await;
    assert_eq!(reply.status, 200);
}
