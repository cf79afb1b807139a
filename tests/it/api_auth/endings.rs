//! What ends a program's session, and that it ends at once.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, LogoutToken, RolesClaim};
use rolecall::{
    audit::Actor,
    users::{Filter, administration::Step},
};

use super::{
    codes::{login, parameter, redeem},
    *,
};

/// What is left of a program that was signed out: nothing.
async fn assert_over(app: &TestApp, tokens: &Tokens) {
    assert_eq!(opens(app, &tokens.access).await, 401);
    assert_error(&refresh(app, &tokens.refresh).await, 400, "invalid_grant");
    assert_eq!(programs(app).await, 0);
}

async fn post_with(app: &TestApp, token: &str, path: &str) -> Reply {
    let request = Request::post(path);
    app.program(token).send(request, Body::empty()).await
}

/// P-9, E-73, E-77: the way back from the provider is ours, whatever is asked for.
#[tokio::test]
async fn a_program_signs_itself_out() {
    let app = TestApp::with_refresh_tokens().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let path = format!("{LOGOUT}?post_logout_redirect_uri=https://evil.example/");
    let reply = post_with(&app, &tokens.access, &path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let address = reply.json()["end_session_uri"].clone();
    let address = url::Url::parse(address.as_str().expect("an address")).expect("an address");
    let sent: std::collections::BTreeMap<_, _> = address.query_pairs().collect();
    let back = "http://localhost:8000/oidc/logout/";
    assert_eq!(sent["post_logout_redirect_uri"], back);
    assert_eq!(sent["client_id"], app.op().clients()[0].id);
    assert!(sent.contains_key("id_token_hint") && sent.contains_key("state"));
    assert_eq!(reply.location(), "");
    assert_over(&app, &tokens).await;
    let again = post_with(&app, &tokens.access, LOGOUT).await;
    assert_eq!(again.status, 200, "what has ended is signed out");
}

/// P-9: the access token may have expired.
#[tokio::test]
async fn a_refresh_token_signs_its_program_out_as_well() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let fields = [("refresh_token", tokens.refresh.as_str())];
    let reply = post(&app, LOGOUT, &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_over(&app, &tokens).await;
    assert_eq!(post(&app, LOGOUT, &fields).await.status, 200);
    assert_eq!(post(&app, LOGOUT, &[]).await.status, 401);
    let bad = post_with(&app, "made-up", LOGOUT).await;
    assert_eq!(bad.status, 401);
}

/// P-10, E-68.
#[tokio::test]
async fn without_a_sign_out_at_the_provider_the_program_is_sent_nowhere() {
    let app = TestApp::start().await;
    app.op().set(|k| k.discovery.remove("end_session_endpoint"));
    let tokens = signed_in(&app, &Account::uma()).await;
    let path = format!("{LOGOUT}?post_logout_redirect_uri=https://evil.example/");
    let reply = post_with(&app, &tokens.access, &path).await;
    assert_eq!(reply.json()["end_session_uri"], Value::Null);
    assert_over(&app, &tokens).await;
}

/// N-19, O-4: the provider's refresh token is worth nothing afterwards, either.
#[tokio::test]
async fn the_refresh_token_of_the_provider_is_revoked() {
    let app = TestApp::with_refresh_tokens().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    post_with(&app, &tokens.access, LOGOUT).await;
    app.state
        .oidc
        .revoke_ended()
        .await
        .expect("the database answers");
    let left = "SELECT COUNT(*) FROM tokens_to_revoke";
    assert_eq!(app.number(left).await, 0);
}

/// P-20, L-3: `sid` ends the programs of that sign-in, `sub` alone all of the person.
#[tokio::test]
async fn a_logout_token_of_the_provider_ends_programs_as_it_ends_browsers() {
    let app = TestApp::start().await;
    let uma = Account::uma();
    let first = signed_in(&app, &uma).await;
    let sid = app.op().op_sessions(&uma.sub).remove(0);
    let second = signed_in(&app, &uma).await;
    let client = app.op().clients()[0].id.clone();
    let send = async |token: LogoutToken| {
        let token = app.op().logout_token(&token).expect("a token");
        let fields = [("logout_token", token.as_str())];
        post(&app, "/oidc/backchannel-logout/", &fields).await
    };
    assert_eq!(
        send(LogoutToken::new(&client, &uma.sub, &sid)).await.status,
        200
    );
    assert_eq!(opens(&app, &first.access).await, 401);
    assert_eq!(opens(&app, &second.access).await, 200);
    assert_eq!(
        send(LogoutToken::for_person(&client, &uma.sub))
            .await
            .status,
        200
    );
    assert_over(&app, &second).await;
}

/// P-20, N-2.
#[tokio::test]
async fn a_role_that_is_lost_ends_every_program_of_its_person() {
    let app = TestApp::start().await;
    let (first, second) = (
        signed_in(&app, &Account::uma()).await,
        signed_in(&app, &Account::uma()).await,
    );
    app.op()
        .roles(&Account::uma().sub, RolesClaim::of(&[]))
        .expect("Uma");
    assert_error(&refresh(&app, &first.refresh).await, 400, "invalid_grant");
    assert_over(&app, &second).await;
}

/// P-20, SEC-35.
#[tokio::test]
async fn somebody_who_is_deactivated_has_no_programs_left() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let everybody = Filter::default();
    let people = app.state.users.keys(&everybody, 1);
    let uma = people.await.expect("people").remove(0);
    let (users, now) = (&app.state.users, app.clock.now());
    let actor = Actor::CommandLine;
    users
        .take(Step::Deactivate, uma, actor.clone(), now)
        .await
        .expect("a step");
    assert_over(&app, &tokens).await;
    users
        .take(Step::Activate, uma, actor, now)
        .await
        .expect("a step");
    assert_over(&app, &tokens).await;
}

/// N-12: a program stands among the sessions of its person, who can end it there.
#[tokio::test]
async fn people_see_their_programs_and_end_them() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let mut uma = app.uma().await;
    let page = uma.get("/user").await;
    assert!(
        page.text.contains("The program voting-robot"),
        "{}",
        page.text
    );
    let handle = page.attributes("td [name=session]", "value").remove(0);
    let ended = uma.post("/user", &[("session", &handle)]).await;
    assert_eq!(ended.status, 303, "{}", ended.text);
    assert_over(&app, &tokens).await;
    assert!(uma.is_signed_in().await);
}

/// P-20: whoever signs out in a browser means the programs that were let in from there, too.
#[tokio::test]
async fn signing_out_in_a_browser_ends_the_programs_of_the_same_sign_in() {
    let app = TestApp::start().await;
    let elsewhere = signed_in(&app, &Account::uma()).await;
    let mut uma = app.uma().await;
    let started = uma.get(&login(&[])).await;
    let callback = uma.pass_provider(started.location()).await;
    let page = uma.get(&callback).await;
    let allow = page.attributes(".actions a.button", "href").remove(0);
    let code = parameter(&allow.parse().expect("an address"), "code");
    let tokens = Tokens::of(&redeem(&app, &code, &[]).await);
    assert!(
        uma.is_signed_in().await,
        "the browser's own session goes on"
    );
    uma.post("/oidc/logout/", &[]).await;
    assert_eq!(opens(&app, &tokens.access).await, 401);
    assert_eq!(opens(&app, &elsewhere.access).await, 200);
}

/// K-1: the limits of browsers are not those of programs.
#[tokio::test]
async fn sessions_that_are_idle_for_a_browser_are_not_for_a_program() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let mut uma = app.uma().await;
    app.advance(Duration::from_hours(2)).await;
    app.state.sessions.sweep().await.expect("a sweep");
    assert!(!uma.is_signed_in().await);
    Tokens::of(&refresh(&app, &tokens.refresh).await);
}

/// P-22, K-3: another process takes the same tokens, also after a restart.
#[tokio::test]
async fn tokens_outlive_the_process_that_gave_them() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let after = app.another_instance(|_| ()).await;
    assert_eq!(opens(&after, &tokens.access).await, 200);
    let next = Tokens::of(&refresh(&after, &tokens.refresh).await);
    assert_eq!(opens(&app, &next.access).await, 200);
}

/// P-18: a token is verified here, so that an outage of the provider is nobody's concern.
#[tokio::test]
async fn a_token_of_ours_needs_no_provider() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    for endpoint in [Endpoint::Introspection, Endpoint::UserInfo, Endpoint::Jwks] {
        app.op().set(|k| k.fault(endpoint, Fault::Refuse));
    }
    assert_eq!(opens(&app, &tokens.access).await, 200);
}
