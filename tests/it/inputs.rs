//! Input that nobody sends in earnest: whatever it is, it opens nothing, breaks nothing and leads
//! nowhere else.

use std::time::Duration;

use axum::body::Body;
use demo_idp::{Endpoint, Fault};
use http::{HeaderValue, Request, StatusCode, header};
use rolecall::oidc::query::AuthenticateQuery;
use serde_json::{Map, Value, json};

use crate::support::{
    app::TestApp,
    http_client, oracle,
    person::Reply,
    samples::{samples, spoiled, texts},
    token_endpoint::{Attempt, Draft, token_response, without_userinfo},
};

const BASE_URL: &str = "http://localhost:8000/";

/// What addresses that lead elsewhere are made of.
const NEXT: [&str; 41] = [
    "/",
    "/",
    "/",
    "\\",
    "//",
    "%2f",
    "%2F",
    "%5c",
    "%5C",
    "\t",
    "\n",
    "\r",
    "\0",
    "%09",
    "%0a",
    "%0d",
    "%00",
    ".",
    "..",
    "%2e",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "http:",
    "https:",
    "javascript:",
    "data:",
    "polls",
    "user",
    " ",
    "\u{a0}",
    "\u{2028}",
    "\u{ff0f}",
    "\u{3002}",
    "[::1]",
    "%",
    ";",
    "ä",
    "oidc/logout/",
];

fn query(next: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish()
}

/// S-4, E-100, SEC-24, FZ-01.
#[tokio::test]
async fn no_return_path_leads_to_another_site() {
    let generated = samples(&texts(&NEXT, 7), 1500);
    let below = samples(&texts(&NEXT, 3), 500);
    let below = below.into_iter().map(|text| format!("/polls/{text}"));
    let fixed = [
        "//x", "/\\x", "/\t/x", "/%09/x", "/%5cx", "https:x", "/.//x", "/..//x",
    ];
    let payloads = generated
        .into_iter()
        .chain(below)
        .chain(fixed.map(str::to_owned));
    let mut questions = Vec::new();
    for payload in payloads {
        let kept = AuthenticateQuery::parse(&query(&payload)).next;
        assert!(kept.as_str().starts_with('/'), "{payload:?}");
        let again = AuthenticateQuery::parse(&query(kept.as_str())).next;
        assert_eq!(again, kept, "{payload:?}");
        questions.push(json!({ "url": kept.as_str(), "base": BASE_URL, "was": payload }));
    }
    let elsewhere = questions
        .iter()
        .filter(|question| question["url"] != "/")
        .count();
    assert!(elsewhere > 100, "{elsewhere} payloads are kept");
    let origins = oracle::ask(&json!({}), &questions).await;
    for (question, origin) in questions.iter().zip(origins) {
        assert_eq!(origin, "http://localhost:8000", "{question}");
    }
}

/// S-4, SEC-24, FZ-01.
#[tokio::test]
async fn no_sign_in_ends_at_another_site() {
    let app = without_userinfo().await;
    let mut payloads = samples(&texts(&NEXT, 5), 80);
    payloads.push("/x".repeat(1024));
    let mut questions = Vec::new();
    for payload in payloads {
        let attempt = Attempt::to(&app, &query(&payload)).await;
        let token = Draft::proper(&app, &attempt.nonce).sign(&app);
        let landed = attempt.finish(&token_response(&token).to_string()).await;
        assert_eq!(landed.status, 303, "{payload:?}");
        questions.push(json!({ "url": landed.location(), "base": BASE_URL, "was": payload }));
    }
    for (question, origin) in questions
        .iter()
        .zip(oracle::ask(&json!({}), &questions).await)
    {
        assert_eq!(origin, "http://localhost:8000", "{question}");
    }
}

/// SEC-24.
#[tokio::test]
async fn a_return_path_that_is_no_text_leads_home() {
    let app = TestApp::start().await;
    for next in ["%ff", "%2f%ff", "%c0%af", "%2f%2f%ff", "", "%00"] {
        let reply = app.anonymous().get(&format!("/login?next={next}")).await;
        assert_eq!(reply.status, 303, "{next}");
        let location = reply.location();
        assert!(
            location.starts_with("/oidc/authenticate/"),
            "{next}: {location}"
        );
    }
}

/// What callbacks are made of.
const CALLBACK: [&str; 22] = [
    "state=",
    "code=",
    "error=",
    "iss=",
    "error_description=",
    "&",
    "&",
    "&",
    "=",
    "%",
    "%00",
    "%ff",
    "+",
    "a",
    "STATE",
    "login_required",
    "server_error",
    "<script>",
    "\u{e4}",
    "code[]=",
    "?",
    ";",
];

/// SEC-02, FZ-02.
#[tokio::test]
async fn no_callback_reaches_the_provider_without_its_state_and_its_browser() {
    let app = TestApp::start().await;
    let attempt = Attempt::begin(&app).await;
    let mut uma = app.uma().await;
    let exchanged = app.op().count(Endpoint::Token);
    for text in samples(&texts(&CALLBACK, 9), 250) {
        let text = text.replace("STATE", attempt.state());
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let text = text
            .replace("%3D", "=")
            .replace("%26", "&")
            .replace("%25", "%");
        let path = format!("/oidc/callback/?{text}");
        let stranger = app.anonymous().get(&path).await;
        assert_eq!(stranger.status, 400, "{path}");
        let signed_in = uma.get(&path).await;
        assert!(
            [303, 400].contains(&signed_in.status.as_u16()),
            "{path}: {}",
            signed_in.status
        );
    }
    assert_ne!(uma.csrf_token().await, "", "still signed in");
    assert_eq!(app.op().count(Endpoint::Token), exchanged);
}

/// What Cookie headers are made of.
const COOKIES: [&str; 20] = [
    "rolecall=",
    "rolecall_login=",
    "rolecall_logout=",
    "__Host-rolecall=",
    "; ",
    "; ",
    ";",
    "=",
    "\"",
    ",",
    " ",
    "%",
    "%00",
    "\u{e4}",
    "\u{ff}",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "null",
    "{}",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "../",
];

async fn with_cookies(app: &TestApp, cookies: &str) -> (StatusCode, StatusCode) {
    let ask = async |path: &str| {
        let value = HeaderValue::from_bytes(cookies.as_bytes()).expect("a header");
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, value);
        let request = request.body(Body::empty()).expect("a request");
        Reply::read(app.send(request).await).await.status
    };
    (
        ask("/polls/1/").await,
        ask("/oidc/callback/?code=x&state=y").await,
    )
}

/// SEC-37, FZ-03.
#[tokio::test]
async fn whatever_cookies_hold_that_we_did_not_set_is_nobody() {
    let app = TestApp::start().await;
    let mut headers = samples(&texts(&COOKIES, 12), 250);
    let thousand = |value: &str| format!("rolecall={value}; ").repeat(1000);
    headers.push(thousand("AAAAAAAAAAAAAAAAAAAAAA"));
    headers.push(thousand("x"));
    headers.push(format!("rolecall={}", "A".repeat(16 * 1024)));
    for cookies in headers {
        let met = with_cookies(&app, &cookies).await;
        assert_eq!(
            met,
            (StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST),
            "{cookies:?}"
        );
    }
}

/// Statuses of a sign-in that is accepted, refused, or beyond the provider's means.
const DECIDED: [u16; 5] = [303, 400, 403, 502, 503];

/// O-8, FZ-06.
#[tokio::test]
async fn no_token_response_is_an_error_of_ours() {
    let app = without_userinfo().await;
    let mut accepted = 0;
    for body in samples(&spoiled(token_response("ID-TOKEN")), 120) {
        let attempt = Attempt::begin(&app).await;
        let token = Draft::proper(&app, &attempt.nonce).sign(&app);
        let reply = attempt.finish(&body.replace("ID-TOKEN", &token)).await;
        let start: String = body.chars().take(300).collect();
        assert!(
            DECIDED.contains(&reply.status.as_u16()),
            "{}: {start}",
            reply.status
        );
        accepted += u32::from(reply.status == 303);
    }
    assert!(accepted > 5, "{accepted}");
}

/// O-8, SEC-13, FZ-06.
#[tokio::test]
async fn no_userinfo_is_an_error_of_ours() {
    let app = TestApp::start().await;
    let proper = json!({
        "sub": demo_idp::Person::uma().sub,
        "name": "Uma",
        "email": "uma@acme.example",
        "email_verified": true,
        "locale": "de",
        "updated_at": 1,
        "address": { "country": "CH" },
        (app.op().roles_claim()): { "user": { "ORG": "acme.example" } },
    });
    for body in samples(&spoiled(proper), 120) {
        let fault = Fault::Status(200, body.clone());
        app.op().set(|k| k.fault(Endpoint::UserInfo, fault));
        let attempt = Attempt::begin(&app).await;
        let token = Draft::proper(&app, &attempt.nonce).sign(&app);
        let reply = attempt.finish(&token_response(&token).to_string()).await;
        let start: String = body.chars().take(300).collect();
        assert!(
            DECIDED.contains(&reply.status.as_u16()),
            "{}: {start}",
            reply.status
        );
    }
}

/// O-8, FZ-06.
#[tokio::test]
async fn no_discovery_document_or_key_set_is_an_error_of_ours() {
    let app = TestApp::start().await;
    for (endpoint, path) in [
        (Endpoint::Discovery, "/.well-known/openid-configuration"),
        (Endpoint::Jwks, "/oauth/v2/keys"),
    ] {
        let url = format!("{}{path}", app.provider.issuer());
        let proper = http_client().get(url).send().await.expect("an answer");
        let proper: Value = proper.json().await.expect("JSON");
        for body in samples(&spoiled(proper), 100) {
            let fault = Fault::Status(200, body.clone());
            app.op().set(|k| k.fault(endpoint, fault));
            app.clock.advance(Duration::from_hours(2));
            let start = app.anonymous().get("/oidc/authenticate/").await;
            let text: String = body.chars().take(300).collect();
            assert!(
                [303, 503].contains(&start.status.as_u16()),
                "{}: {text}",
                start.status
            );
        }
        app.op().set(|k| k.fault(endpoint, Fault::None));
    }
    app.clock.advance(Duration::from_hours(2));
    app.uma().await;
}

fn many_roles() -> Map<String, Value> {
    let mut roles: Map<String, Value> = (0..10_000)
        .map(|n| {
            (
                format!("role-{n}"),
                json!({ "259000000000000050": "acme.example" }),
            )
        })
        .collect();
    roles.insert("user".to_owned(), json!({}));
    roles
}

/// SEC-17, SEC-30.
#[tokio::test]
async fn cookies_stay_small_whatever_the_claims_are() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let small: usize = uma.cookies().values().map(String::len).sum();
    let claim = app.op().roles_claim();
    app.op().set(|k| {
        k.userinfo.claims.set(claim, many_roles());
        k.userinfo.claims.set("name", "n".repeat(400_000));
    });
    let mut uma = app.uma().await;
    let large: usize = uma.cookies().values().map(String::len).sum();
    assert_eq!(large, small);
    assert!(large < 200, "{large}");
    assert!(uma.get("/user").await.text.len() < 20_000);
}

/// L-1, N-10, SEC-30.
#[tokio::test]
async fn an_id_token_too_long_for_an_address_is_no_hint() {
    let app = TestApp::start().await;
    let claim = app.op().roles_claim();
    app.op().set(|k| k.id_token.claims.set(claim, many_roles()));
    let mut uma = app.uma().await;
    let left = uma.post("/oidc/logout/", &[]).await;
    assert_eq!(left.status, 303);
    let location = left.location();
    assert!(location.len() < 8192, "{}", location.len());
    assert!(
        location.contains("client_id=") && location.contains("state="),
        "{location}"
    );
}
