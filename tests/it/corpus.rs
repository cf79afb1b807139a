//! The corpus in `tests/corpus`, a folder per kind of input with three files: what has to be
//! accepted, what has to be refused, and what may go either way as long as nothing breaks. The
//! braces in it stand for values of the provider under test.

use std::{collections::BTreeMap, fs, time::Duration};

use demo_idp::{Endpoint, Fault};
use rolecall::paths::ReturnPath;
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    token_endpoint::{Attempt, Draft, token_response, without_userinfo},
};

/// The entries of one file, braces filled in; `names` may add to them.
fn entries(app: &TestApp, file: &str) -> Vec<Value> {
    let path = format!("{}/tests/corpus/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("a file of the corpus");
    let text = text
        .replace("{issuer}", app.provider.issuer())
        .replace("{client}", &app.op().clients()[0].id)
        .replace("{project}", &project(app, file));
    let entries: Vec<Value> = serde_json::from_str(&text).expect("a list");
    assert!(!entries.is_empty(), "{file}");
    entries
}

/// A project is an audience in a token and a claim's name among claims.
fn project(app: &TestApp, file: &str) -> String {
    if file.starts_with("claims/") {
        app.op().roles_claim()
    } else {
        app.op().project_id().to_owned()
    }
}

fn text(entry: &Value) -> &str {
    entry.as_str().expect("a text")
}

fn members(entry: &Value, name: &str) -> Vec<(String, Value)> {
    let members = entry[name].as_object().cloned().unwrap_or_default();
    members.into_iter().collect()
}

fn names(entry: &Value, list: &str) -> Vec<String> {
    let names = entry[list].as_array().cloned().unwrap_or_default();
    names.iter().map(|name| text(name).to_owned()).collect()
}

/// S-4, E-100, SEC-24, FZ-01.
#[tokio::test]
async fn return_paths_of_the_corpus() {
    let app = TestApp::start().await;
    for entry in entries(&app, "next/accept") {
        assert_eq!(ReturnPath::parse(text(&entry)).as_str(), text(&entry));
    }
    for entry in entries(&app, "next/reject") {
        assert_eq!(ReturnPath::parse(text(&entry)).as_str(), "/", "{entry}");
    }
    let base = url::Url::parse("https://rolecall.example/").expect("a URL");
    for entry in entries(&app, "next/any") {
        let kept = ReturnPath::parse(text(&entry));
        let landed = base.join(kept.as_str()).expect("a URL");
        assert_eq!(landed.origin(), base.origin(), "{entry}");
    }
}

/// How often the token endpoint is asked by a callback with this query.
async fn exchanges(app: &TestApp, query: &str) -> usize {
    let before = app.op().count(Endpoint::Token);
    let attempt = Attempt::begin(app).await;
    let query = query.replace("{state}", attempt.state());
    let page = attempt.come_back(&query).await;
    assert!(page.status.as_u16() < 500, "{query}: {}", page.status);
    app.op().count(Endpoint::Token) - before
}

/// SEC-02, SEC-21, FZ-02.
#[tokio::test]
async fn callbacks_of_the_corpus() {
    let app = TestApp::start().await;
    for (file, asked) in [("accept", 1), ("reject", 0), ("any", 0)] {
        for entry in entries(&app, &format!("callback/{file}")) {
            assert_eq!(exchanges(&app, text(&entry)).await, asked, "{entry}");
        }
    }
}

const RANK: &str =
    "SELECT CAST(CAST(is_staff AS INTEGER) + CAST(is_superuser AS INTEGER) AS BIGINT)
    FROM users";

/// Z-5, Z-6, Z-7, SEC-17, FZ-05.
#[tokio::test]
async fn claims_of_the_corpus() {
    let app = TestApp::start().await;
    let roles = [("admin", 2), ("staff", 1), ("user", 0)];
    let ranks: BTreeMap<_, i64> = roles.into_iter().collect();
    for (file, status) in [("accept", 303), ("reject", 403)] {
        for entry in entries(&app, &format!("claims/{file}")) {
            app.op().set(|k| {
                (k.roles.assert, k.roles.in_userinfo, k.roles.in_id_token) = nowhere();
                k.userinfo.claims.clear();
                k.id_token.claims.clear();
                for (name, value) in members(&entry, "userinfo") {
                    k.userinfo.claims.set(name, value);
                }
                for (name, value) in members(&entry, "id_token") {
                    k.id_token.claims.set(name, value);
                }
            });
            let landed = app.anonymous().sign_in("pick-uma", "/").await;
            assert_eq!(landed.status, status, "{entry}");
            let rank = app.number(RANK).await;
            let expected = entry["role"].as_str().map_or(0, |role| ranks[role]);
            assert_eq!(rank, expected, "{entry}");
        }
    }
}

/// No roles but those of the corpus.
fn nowhere() -> (bool, demo_idp::Placement, demo_idp::Placement) {
    (
        false,
        demo_idp::Placement::Never,
        demo_idp::Placement::Never,
    )
}

/// The ID token that an entry describes.
fn id_token(app: &TestApp, nonce: &str, entry: &Value) -> String {
    let mut draft = Draft::proper(app, nonce);
    draft.claims.extend(members(entry, "claims"));
    for (name, seconds) in members(entry, "later") {
        let seconds = seconds.as_i64().expect("seconds");
        let time = app.clock.now().as_seconds() + seconds;
        draft.claims.insert(name, json!(time));
    }
    for name in names(entry, "without") {
        draft.claims.remove(&name);
    }
    for (name, value) in members(entry, "header") {
        draft.header.set(name, value);
    }
    for name in names(entry, "header_without") {
        draft.header.remove(name);
    }
    draft.sign(app)
}

/// S-6, SEC-06, SEC-07, SEC-08, SEC-09, SEC-10, SEC-11, FZ-04.
#[tokio::test]
async fn id_tokens_of_the_corpus() {
    let app = without_userinfo().await;
    for (file, status) in [("accept", 303), ("reject", 400)] {
        for entry in entries(&app, &format!("id_token/{file}")) {
            let attempt = Attempt::begin(&app).await;
            let token = id_token(&app, &attempt.nonce, &entry);
            let landed = attempt.finish(&token_response(&token).to_string()).await;
            assert_eq!(
                landed.status,
                status,
                "{entry}: {}",
                landed.text_of("details")
            );
        }
    }
    for entry in entries(&app, "id_token/any") {
        let attempt = Attempt::begin(&app).await;
        let landed = attempt
            .finish(&token_response(text(&entry)).to_string())
            .await;
        assert_eq!(landed.status, 400, "{entry}");
    }
}

/// Whether a sign-in begins once the provider describes itself like this.
async fn begins(app: &TestApp) -> bool {
    app.clock.advance(Duration::from_mins(1));
    let start = app.anonymous().get("/oidc/authenticate/").await;
    assert!(
        [303, 503].contains(&start.status.as_u16()),
        "{}",
        start.status
    );
    start.status == 303
}

/// Z-19, M-1, SEC-15, FZ-06.
#[tokio::test]
async fn discovery_documents_of_the_corpus() {
    let refusing = TestApp::start().await;
    for (file, accepted) in [("reject", false), ("accept", true)] {
        for entry in entries(&refusing, &format!("discovery/{file}")) {
            // Once it is known, the provider stays known.
            let other = if accepted {
                Some(TestApp::start().await)
            } else {
                None
            };
            let app = other.as_ref().unwrap_or(&refusing);
            let filled = entry
                .to_string()
                .replace(refusing.provider.issuer(), app.provider.issuer());
            let entry: Value = serde_json::from_str(&filled).expect("JSON");
            app.op().set(|k| {
                k.discovery.clear();
                for (name, value) in members(&entry, "set") {
                    k.discovery.set(name, value);
                }
                for name in names(&entry, "without") {
                    k.discovery.remove(name);
                }
            });
            assert_eq!(begins(app).await, accepted, "{entry}");
        }
    }
    for entry in entries(&refusing, "discovery/any") {
        let fault = Fault::Status(200, text(&entry).to_owned());
        refusing.op().set(|k| k.fault(Endpoint::Discovery, fault));
        assert!(!begins(&refusing).await, "{entry}");
    }
}
