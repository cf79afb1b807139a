//! Headers, on every answer of every route.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, header};
use rolecall::{app::routes, paths, seed};
use url::Url;

use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

/// The site as visitors from outside see it.
async fn https() -> TestApp {
    TestApp::start_with(Engine::of_this_run(), |config| {
        config.site.base_url = Arc::new(Url::parse("https://polls.example.org").expect("a URL"));
    })
    .await
}

/// Points as the MDN HTTP Observatory gives them, from 100; A+ needs 100 at the end.
fn score(reply: &Reply, is_https: bool) -> i32 {
    let policy = reply.header("content-security-policy");
    let has = |directive: &str| policy.split("; ").any(|stands| stands.trim() == directive);
    let is_strict = has("default-src 'none'")
        && !policy.contains("unsafe-")
        && !policy.contains(" * ")
        && has("base-uri 'none'")
        && has("object-src 'none'");
    let mut points = 100;
    points += if is_strict { 10 } else { -25 };
    points += if has("frame-ancestors 'none'") {
        5
    } else {
        -20
    };
    points += if reply.header("x-content-type-options") == "nosniff" {
        0
    } else {
        -5
    };
    let referrer = ["no-referrer", "same-origin", "strict-origin"];
    points += if referrer.contains(&reply.header("referrer-policy")) {
        5
    } else {
        -5
    };
    let transport = reply.header("strict-transport-security");
    let age = transport
        .split(';')
        .find_map(|part| part.trim().strip_prefix("max-age="));
    let is_long = age.is_some_and(|age| age.parse().unwrap_or(0) >= 15_552_000);
    points += if is_long || !is_https { 0 } else { -20 };
    points += if reply.header("cross-origin-resource-policy") == "same-origin" {
        10
    } else {
        0
    };
    for cookie in reply.headers.get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().expect("text");
        let is_safe = ["Secure", "HttpOnly", "SameSite="]
            .iter()
            .all(|flag| cookie.contains(flag) || !is_https && *flag == "Secure");
        points += if is_safe && (cookie.starts_with("__Host-") || !is_https) {
            0
        } else {
            -40
        };
    }
    points -= if reply.headers.contains_key("access-control-allow-origin") {
        50
    } else {
        0
    };
    points
}

fn is_complete(what: &str, reply: &Reply, is_https: bool) {
    let points = score(reply, is_https);
    assert!(
        points >= 125,
        "{what}: {points} points, {:?}",
        reply.headers
    );
    assert_eq!(
        reply.header("cross-origin-opener-policy"),
        "same-origin",
        "{what}"
    );
    assert!(
        reply.header("permissions-policy").contains("camera=()"),
        "{what}"
    );
    for name in ["server", "x-powered-by"] {
        assert!(!reply.headers.contains_key(name), "{what}: {name}");
    }
    let policy = reply.header("content-security-policy");
    assert!(
        policy.contains("require-trusted-types-for 'script'"),
        "{what}: {policy}"
    );
    says_what_it_is(what, reply);
    assert_ne!(reply.header("cache-control"), "", "{what}");
}

/// No body is left to guessing.
fn says_what_it_is(what: &str, reply: &Reply) {
    let kind = reply.header("content-type");
    if reply.text.is_empty() {
        return;
    }
    let known = [
        "text/html; charset=utf-8",
        "text/css; charset=utf-8",
        "text/csv; charset=utf-8",
        "text/plain; charset=utf-8",
        "text/javascript; charset=utf-8",
        "application/json",
        "application/problem+json",
        "application/x-ndjson",
        "image/svg+xml",
    ];
    let is_known = known.iter().any(|known| {
        kind.eq_ignore_ascii_case(known) || kind.starts_with("text/csv; charset=utf-8")
    });
    assert!(is_known, "{what}: {kind:?}");
    let begins = reply.text.trim_start();
    let is_page = begins.starts_with("<!DOCTYPE html>") || begins.starts_with("<!doctype html>");
    assert_eq!(is_page, kind.starts_with("text/html"), "{what}: {kind}");
}

fn fill(path: &str) -> String {
    path.replace("/users/{id}/{step}", "/users/1/deactivate")
        .replace("{id}", "1")
        .replace("{step}", "close")
        .replace("{provider}", "partner")
        .replace("/static/{*file}", rolecall::assets::APP_CSS.as_str())
}

async fn ask(person: &mut Person<'_>, method: &Method, path: &str) -> Reply {
    let request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header(header::ACCEPT, "text/html,*/*")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    person.send(request, Body::empty()).await
}

async fn all_answers_are_complete(app: &TestApp, person: &mut Person<'_>) {
    let is_https = app.config.site.base_url.scheme() == "https";
    for route in routes() {
        let path = fill(route.path);
        for method in [&route.method, &Method::DELETE, &Method::OPTIONS] {
            let reply = ask(&mut person.clone(), method, &path).await;
            let what = format!("{method} {path} {}", reply.status);
            is_complete(&what, &reply, is_https);
            let is_for_all = path.starts_with("/static/") || path == paths::API_JWKS;
            if !is_for_all && reply.status.is_success() {
                let caching = reply.header("cache-control");
                assert!(!caching.contains("public"), "{what}: {caching}");
            }
        }
    }
    for path in ["/nowhere/", "/static/nothing.css", "/polls/%ff/", "/admin"] {
        is_complete(path, &ask(person, &Method::GET, path).await, is_https);
    }
    let large = Request::post("/polls/1/vote/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let large = person.send(large, Body::from("a".repeat(100_000))).await;
    is_complete("413", &large, is_https);
    app.state.db.close().await;
    let away = app.anonymous().get("/polls/").await;
    is_complete("503", &away, is_https);
}

/// SEC-55, SEC-57, SEC-60.
#[tokio::test]
async fn every_answer_to_a_stranger_is_worth_an_a_plus() {
    let app = https().await;
    let (polls, users) = (&app.state.polls, &app.state.users);
    seed::seed(polls, users, app.clock.now())
        .await
        .expect("samples");
    all_answers_are_complete(&app, &mut app.anonymous()).await;
}

/// SEC-55, SEC-57, SEC-60.
#[tokio::test]
async fn every_answer_to_an_admin_is_worth_an_a_plus() {
    let app = TestApp::start().await;
    let (polls, users) = (&app.state.polls, &app.state.users);
    seed::seed(polls, users, app.clock.now())
        .await
        .expect("samples");
    all_answers_are_complete(&app, &mut app.ada().await).await;
}
