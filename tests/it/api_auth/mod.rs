//! The authorization server for programs, over its real routes: what a program sends, what it
//! gets, and what its tokens open.

mod access_tokens;
mod codes;
mod commands;
mod devices;
mod endings;
mod exchanges;
mod keys;
mod peers;
mod real_op;
mod refresh_tokens;
mod requests;

use axum::body::Body;
use demo_idp::{LogoutToken, Person as Account};
use http::{Request, header};
use serde_json::Value;

use crate::support::{app::TestApp, http_client, person::Reply};

const TOKEN: &str = "/api/auth/v2/token";
const DEVICE: &str = "/api/auth/v2/device";
const LOGOUT: &str = "/api/auth/v2/logout";
const USERINFO: &str = "/api/auth/v2/userinfo";
const JWKS: &str = "/api/auth/v2/.well-known/jwks.json";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Posts a form as a program does: no cookies, and not as a browser.
async fn post(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::USER_AGENT, "voting-robot/1.0");
    app.program_without_token()
        .send(request, Body::from(body))
        .await
}

/// What a program holds.
#[derive(Clone, Debug)]
struct Tokens {
    access: String,
    refresh: String,
    all: Value,
}

impl Tokens {
    fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.header("cache-control"), "no-store");
        let all = reply.json();
        let text = |name: &str| all[name].as_str().unwrap_or_default().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
            all,
        }
    }
}

/// Asks for a device code.
async fn device(app: &TestApp, fields: &[(&str, &str)]) -> Value {
    let reply = post(app, DEVICE, fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

/// Asks whether the person has decided.
async fn poll(app: &TestApp, device: &Value) -> Reply {
    let code = device["device_code"].as_str().expect("a code");
    post(
        app,
        TOKEN,
        &[("grant_type", DEVICE_CODE), ("device_code", code)],
    )
    .await
}

/// Somebody enters the code on the provider's page, and decides.
async fn decide(device: &Value, fields: &[(&str, &str)]) {
    let page = device["verification_uri"].as_str().expect("an address");
    let code = device["user_code"].as_str().expect("a code");
    let fields = [fields, &[("user_code", code)]].concat();
    let answer = http_client().post(page).form(&fields).send().await;
    assert!(answer.expect("the provider answers").status().is_success());
}

/// A program that `account` has signed in by device code.
async fn signed_in(app: &TestApp, account: &Account) -> Tokens {
    signed_in_for(app, account, &[]).await
}

async fn signed_in_for(app: &TestApp, account: &Account, fields: &[(&str, &str)]) -> Tokens {
    let device = device(app, fields).await;
    decide(&device, &[("sub", &account.sub)]).await;
    Tokens::of(&poll(app, &device).await)
}

/// Trades a refresh token.
async fn refresh(app: &TestApp, token: &str) -> Reply {
    post(
        app,
        TOKEN,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

/// The status of userinfo with this token.
async fn opens(app: &TestApp, token: &str) -> u16 {
    app.program(token).get(USERINFO).await.status.as_u16()
}

/// Asserts an error as RFC 6749, 5.2 has it.
fn assert_error(reply: &Reply, status: u16, error: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    let body = reply.json();
    assert_eq!(body["error"], error);
    assert!(body["error_description"].is_string(), "{body}");
    assert_eq!(reply.header("cache-control"), "no-store");
}

/// The parts of a token, unverified.
fn parts(token: &str) -> (Value, Value) {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |number: usize| {
        let encoded = token.split('.').nth(number).expect("three parts");
        let bytes = URL_SAFE_NO_PAD.decode(encoded).expect("Base64");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    (part(0), part(1))
}

/// Somebody signs out at the provider, which tells us.
async fn sign_out_at_provider(app: &TestApp, account: &Account) {
    let client = app.op().clients()[0].id.clone();
    let sids = app.op().op_sessions(&account.sub);
    let token = LogoutToken::new(&client, &account.sub, &sids[0]);
    let token = app.op().logout_token(&token).expect("a token");
    let fields = [("logout_token", token.as_str())];
    let taken = post(app, "/oidc/backchannel-logout/", &fields).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
}

async fn programs(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM sessions WHERE client IS NOT NULL")
        .await
}

/// How many sessions have ended because something came a second time, by the history.
async fn reused(app: &TestApp) -> i64 {
    let entries = "SELECT COUNT(*) FROM audit_log
                   WHERE action = 'sessions_ended' AND changes LIKE '%_reused%'";
    app.number(entries).await
}
