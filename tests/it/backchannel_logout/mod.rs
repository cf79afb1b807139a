//! The provider signs people out: which logout tokens are believed, and what they end.

mod parts;
mod repeats;
mod requests;
mod sign_ins;
mod tokens;

use std::time::Duration;

use axum::body::Body;
use demo_idp::{LogoutToken, Person as Account};
use http::{Request, header};

use crate::support::{
    app::TestApp,
    browser::{Browser, Options},
    person::Reply,
    served::Served,
};

const PATH: &str = "/oidc/backchannel-logout/";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const FORM: &str = "application/x-www-form-urlencoded";

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
    let left = [first.is_signed_in().await, second.is_signed_in().await];
    assert_eq!(left.iter().filter(|left| **left).count(), 1);
    assert!(stan.is_signed_in().await);
}

/// L-3, SEC-39.
#[tokio::test]
async fn a_token_with_a_subject_only_ends_all_sessions_of_that_person() {
    let app = TestApp::start().await;
    let mut umas = [app.uma().await, app.uma().await, app.uma().await];
    let mut stan = app.stan().await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    for uma in &mut umas {
        assert!(!uma.is_signed_in().await);
    }
    assert!(stan.is_signed_in().await);
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
    assert!(!uma.is_signed_in().await);
}

/// SEC-39.
#[tokio::test]
async fn a_session_of_which_no_session_id_is_known_ends_with_any_token_for_the_person() {
    let app = TestApp::start().await;
    app.op().set(|k| k.id_token.claims.remove("sid"));
    let mut uma = app.uma().await;
    assert_taken(&deliver(&app, &for_session(&app, "of another session")).await);
    assert!(!uma.is_signed_in().await);
}

/// L-3.
#[tokio::test]
async fn a_token_that_meets_nobody_is_taken_like_any_other() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    assert_taken(&deliver(&app, &for_session(&app, "nobody's")).await);
    let stranger = LogoutToken::for_person(&client(&app), "nobody");
    assert_taken(&deliver(&app, &stranger).await);
    assert!(uma.is_signed_in().await);
}

/// K-3, SEC-36.
#[tokio::test]
async fn two_instances_on_one_database_both_see_it() {
    let app = TestApp::start().await;
    let other = app.another_instance(|_| ()).await;
    let mut uma = app.uma().await;
    let mut elsewhere = other.anonymous();
    elsewhere.cookies().clone_from(uma.cookies());
    assert!(elsewhere.is_signed_in().await);
    let token = app.op().logout_token(&for_uma(&app)).expect("a token");
    assert_taken(&post(&other, &token).await);
    assert!(!uma.is_signed_in().await);
    assert!(!elsewhere.is_signed_in().await);
    app.advance(Duration::from_secs(1)).await;
    let mut again = app.uma().await;
    assert_taken(&post(&app, &token).await);
    assert!(again.is_signed_in().await);
}

/// L-3, N-11.
#[tokio::test]
async fn signing_out_at_the_provider_signs_out_here() {
    let site = Served::start_empty().await;
    let browser = Browser::start(Options::default()).await;
    site.sign_in(&browser, "pick-uma", "/user").await;
    assert_eq!(browser.text("h1").await, "Uma Umbach");
    let op = site.provider.controls();
    op.end_op_session(&Account::uma().sub);
    op.settled().await;
    assert_eq!(op.deliveries()[0].statuses, [Some(200)]);
    browser.goto(site.url("/user")).await;
    assert_eq!(browser.text(".lede").await, "You are not signed in.");
}
