//! The three routes of the example, asked by a machine with a token of the provider.

use std::time::Duration;

use demo_idp::RolesClaim;

use super::{app_with, app_with_robot, robot};
use crate::support::app::TestApp;

/// F-1, F-2, F-3, F-4, F-12.
#[tokio::test]
async fn a_machine_with_the_role_reads_all_three_messages() {
    let app = app_with_robot(&["read:messages"]).await;
    let program = app.program_of(&robot(&[]));
    for (path, message) in [
        (
            "/api/public",
            "Public route - You don't need to be authenticated to see this.",
        ),
        (
            "/api/private",
            "Private route - You need to be authenticated to see this.",
        ),
        (
            "/api/private-scoped",
            "Private, scoped route - You need to be authenticated and have the role read:messages \
             to see this.",
        ),
    ] {
        let reply = program.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        assert_eq!(reply.json(), serde_json::json!({ "message": message }));
    }
}

/// F-3, F-8, E-93, SEC-68.
#[tokio::test]
async fn a_machine_without_the_role_is_forbidden_and_told_which_one_is_missing() {
    let app = app_with_robot(&["write:messages"]).await;
    let reply = app.program_of(&robot(&[])).get("/api/private-scoped").await;
    assert_eq!(reply.status, 403);
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"read:messages\"";
    assert_eq!(reply.header("www-authenticate"), challenge);
    assert_eq!(reply.code(), "insufficient_scope");
    let description = "Token has insufficient scope. Route requires: ['read:messages']";
    assert_eq!(reply.json()["description"], description);
}

/// F-6, E-90: what was a 500 there.
#[tokio::test]
async fn without_a_role_claim_there_are_no_roles_and_nothing_breaks() {
    for roles in [RolesClaim::Absent, RolesClaim::empty()] {
        let app = app_with_robot(&[]).await;
        app.op().roles(&robot(&[]).sub, roles).expect("it is there");
        let program = app.program_of(&robot(&[]));
        assert_eq!(program.get("/api/private").await.status, 200);
        assert_eq!(program.get("/api/private-scoped").await.status, 403);
    }
}

/// P-17, E-71.
#[tokio::test]
async fn a_role_of_another_project_or_elsewhere_in_the_answer_gives_nothing() {
    let app = app_with_robot(&["write:messages"]).await;
    app.op().set(|k| {
        k.introspection.set("scope", "openid read:messages");
        k.introspection
            .set("groups", serde_json::json!(["read:messages"]));
        let foreign = "urn:zitadel:iam:org:project:4711:roles";
        let roles = serde_json::json!({ "read:messages": { "1": "x.example" } });
        k.introspection.set(foreign, roles);
    });
    let reply = app.program_of(&robot(&[])).get("/api/private-scoped").await;
    assert_eq!(reply.status, 403);
}

/// F-3: on the very next call when nothing is remembered, else within ten seconds.
#[tokio::test]
async fn a_role_taken_away_at_the_provider_is_gone_here_with_the_next_answer() {
    let roles = ["read:messages"];
    let at_once = app_with(&roles, |config| {
        config.oidc.introspection_cache = Duration::ZERO;
    });
    for (app, wait) in [(at_once.await, 0), (app_with_robot(&roles).await, 10)] {
        let program = app.program_of(&robot(&[]));
        assert_eq!(program.get("/api/private-scoped").await.status, 200);
        let gone = app.op().roles(&robot(&[]).sub, RolesClaim::Absent);
        gone.expect("it is there");
        app.advance(Duration::from_secs(wait)).await;
        assert_eq!(program.get("/api/private-scoped").await.status, 403);
    }
}

/// F-12: programs make nobody a user.
#[tokio::test]
async fn a_machine_leaves_no_trace_among_the_people() {
    let app = app_with_robot(&["admin", "read:messages"]).await;
    let program = app.program_of(&robot(&[]));
    assert_eq!(program.get("/api/private-scoped").await.status, 200);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// SEC-71.
#[tokio::test]
async fn a_bearer_token_opens_no_page() {
    let app = TestApp::start().await;
    let program = app.program_of(&demo_idp::Person::ada());
    assert_eq!(program.get("/api/private").await.status, 200);
    for path in ["/admin/", "/polls/1/results/", "/polls/1/"] {
        assert_eq!(program.get(path).await.status, 303, "{path}");
    }
    let profile = program.get("/user").await;
    assert!(!profile.text.contains("Ada Adler"), "{}", profile.text);
}
