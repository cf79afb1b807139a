//! Signing out, here and at the provider, in whatever state either is.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, Person as Account};
use url::Url;

use crate::support::{
    app::TestApp,
    database::Engine,
    http_client,
    person::{Person, Reply},
};

fn parameter(reply: &Reply, name: &str) -> Option<String> {
    let url = Url::parse(reply.location()).expect("a URL");
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Follows the redirect to the provider; the path that it sends the browser back to.
async fn at_provider(reply: &Reply) -> String {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let answer = browser.get(reply.location()).send().await;
    let answer = answer.expect("the provider answers");
    let location = answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    location
        .strip_prefix("http://localhost:8000")
        .expect("our address")
        .to_owned()
}

/// Z-38, A-4, A-20, D-8, N-10, M-17, M-21, M-22, L-1, E-10, E-30, E-103, SEC-32,
/// oidcc-client-test-rp-init-logout.
#[tokio::test]
async fn signing_out_ends_both_sessions_and_says_so() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let copy = uma.clone();
    let left = uma.post("/oidc/logout/", &[]).await;
    assert_eq!(left.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    let endpoint = format!("{}/oidc/v1/end_session?", app.provider.issuer());
    assert!(left.location().starts_with(&endpoint));
    assert_eq!(
        parameter(&left, "client_id").as_ref(),
        Some(&app.op().clients()[0].id)
    );
    assert_eq!(
        parameter(&left, "post_logout_redirect_uri").as_deref(),
        Some("http://localhost:8000/oidc/logout/")
    );
    assert!(parameter(&left, "id_token_hint").is_some_and(|hint| hint.split('.').count() == 3));
    assert!(parameter(&left, "state").is_some_and(|state| state.len() == 43));
    assert_eq!(left.header("clear-site-data"), r#""cache", "storage""#);
    let landing = uma.get(&at_provider(&left).await).await;
    assert_eq!(landing.status, 200);
    assert!(
        landing
            .text_of(".lede")
            .contains("the one at the sign-in provider have ended")
    );
    assert!(app.op().op_sessions(&Account::uma().sub).is_empty());
    assert!(
        !copy.clone().is_signed_in().await,
        "a copied cookie is worth nothing"
    );
}

/// Z-12, Z-37, M-23, E-10, E-44, SEC-33.
#[tokio::test]
async fn only_a_form_of_ours_signs_anybody_out() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    assert_eq!(
        uma.get("/oidc/logout/").await.text_of("h1"),
        "You are still signed in"
    );
    assert_eq!(
        uma.get("/oidc/logout/?state=x&ended=here").await.status,
        200
    );
    assert_eq!(uma.get("/logout").await.text_of("h1"), "Sign out?");
    assert_eq!(
        uma.post_without_token("/oidc/logout/", &[]).await.status,
        403
    );
    let wrong = [("csrf_token", "wrong")];
    assert_eq!(
        uma.post_without_token("/oidc/logout/", &wrong).await.status,
        403
    );
    assert!(uma.is_signed_in().await);
}

/// L-7, N-10.
#[tokio::test]
async fn signing_out_twice_is_no_error() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let mut second_tab = uma.clone();
    let token = second_tab.csrf_token().await;
    uma.post("/oidc/logout/", &[]).await;
    let fields = [("csrf_token", token.as_str())];
    let again = second_tab
        .post_without_token("/oidc/logout/", &fields)
        .await;
    assert_eq!(
        (again.status.as_u16(), again.location()),
        (303, "/oidc/logout/")
    );
    let vote = second_tab
        .post_without_token("/polls/1/vote/", &fields)
        .await;
    assert_eq!(vote.location(), "/oidc/authenticate/?next=%2Fpolls%2F1%2F");
    let landing = second_tab.get(again.location()).await;
    assert_eq!(landing.status, 200);
    assert_eq!(
        landing.text_of(".lede"),
        "Nobody is signed in here in this browser."
    );
}

/// L-2, N-10, A-20, E-102, SEC-34.
#[tokio::test]
async fn with_the_provider_down_the_session_here_ends_and_the_page_says_what_may_remain() {
    for fault in [
        Fault::Refuse,
        Fault::Status(500, String::new()),
        Fault::Html,
    ] {
        let app = TestApp::start().await;
        let mut uma = app.uma().await;
        app.op().set(|k| k.fault(Endpoint::Discovery, fault));
        let left = uma.post("/oidc/logout/", &[]).await;
        assert_eq!(left.location(), "/oidc/logout/?ended=here");
        assert!(!uma.is_signed_in().await);
        let landing = uma.get(left.location()).await;
        assert_eq!(landing.status, 200);
        assert!(
            landing
                .text_of(".lede")
                .contains("your session there may remain")
        );
    }
}

/// D-6, L-2, N-10, A-20, SEC-34.
#[tokio::test]
async fn a_provider_without_sign_out_is_said_to_keep_its_session() {
    let app = TestApp::start().await;
    app.op().set(|k| k.discovery.remove("end_session_endpoint"));
    let mut uma = app.uma().await;
    let left = uma.post("/oidc/logout/", &[]).await;
    assert_eq!(left.location(), "/oidc/logout/?ended=here");
    assert!(!uma.is_signed_in().await);
}

/// Z-12, SEC-26.
#[tokio::test]
async fn nothing_in_the_request_changes_where_the_provider_sends_people_back() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let fields = [
        ("next", "//evil"),
        ("post_logout_redirect_uri", "https://evil.test"),
    ];
    let left = uma.post("/oidc/logout/?next=//evil", &fields).await;
    assert_eq!(
        parameter(&left, "post_logout_redirect_uri").as_deref(),
        Some("http://localhost:8000/oidc/logout/")
    );
}

#[tokio::test]
async fn pages_let_their_forms_lead_to_the_provider() {
    let app = TestApp::start().await;
    let policy = app
        .anonymous()
        .get("/")
        .await
        .header("content-security-policy")
        .to_owned();
    let issuer = app.provider.issuer();
    assert!(
        policy.contains(&format!("form-action 'self' {issuer};")),
        "{policy}"
    );
    app.op().set(|k| {
        k.discovery
            .set("end_session_endpoint", "https://out.example.org/end");
    });
    let mut uma = app.uma().await;
    let policy = uma
        .get("/")
        .await
        .header("content-security-policy")
        .to_owned();
    assert!(policy.contains("https://out.example.org"), "{policy}");
    assert!(policy.contains(issuer), "{policy}");
}

/// Signs out, goes to the provider and back; what the page then says.
async fn farewell(person: &mut Person<'_>) -> Reply {
    let left = person.post("/oidc/logout/", &[]).await;
    assert!(!person.clone().is_signed_in().await);
    let landing = person.get(&at_provider(&left).await).await;
    assert_eq!(landing.status, 200);
    landing
}

const BOTH: &str = "Your session here and the one at the sign-in provider have ended.";

/// N-10, A-20.
#[tokio::test]
async fn an_id_token_that_has_expired_still_tells_the_provider_whose_session_ends() {
    let app = TestApp::start().await;
    app.op().set(|k| k.id_token_secs = 120);
    let mut uma = app.uma().await;
    app.advance(Duration::from_mins(10)).await;
    assert_eq!(farewell(&mut uma).await.text_of(".lede"), BOTH);
    assert!(app.op().op_sessions(&Account::uma().sub).is_empty());
}

/// N-10.
#[tokio::test]
async fn a_provider_that_refuses_an_expired_id_token_cannot_keep_anybody_signed_in_here() {
    let app = TestApp::start().await;
    app.op().set(|k| {
        k.id_token_secs = 120;
        k.logout.refuse_expired_hints = true;
    });
    let mut uma = app.uma().await;
    app.advance(Duration::from_mins(10)).await;
    let left = uma.post("/oidc/logout/", &[]).await;
    assert!(parameter(&left, "client_id").is_some());
    assert!(!uma.is_signed_in().await);
    let landing = uma.get("/oidc/logout/").await;
    assert_eq!(landing.text_of("h1"), "You are signed out");
}

/// N-10, A-20.
#[tokio::test]
async fn without_a_readable_id_token_the_provider_is_asked_with_the_client_id_alone() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.execute("UPDATE sessions SET tokens = 'unreadable' WHERE $1 = 0", 0)
        .await;
    let left = uma.post("/oidc/logout/", &[]).await;
    assert_eq!(parameter(&left, "id_token_hint"), None);
    assert!(parameter(&left, "client_id").is_some());
    let landing = uma.get(&at_provider(&left).await).await;
    assert_eq!(landing.text_of(".lede"), BOTH);
}

/// N-10.
#[tokio::test]
async fn somebody_whose_session_has_ended_already_lands_on_the_same_page() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = uma.csrf_token().await;
    app.execute("DELETE FROM sessions WHERE $1 = 0", 0).await;
    let fields = [("csrf_token", token.as_str())];
    let left = uma.post_without_token("/oidc/logout/", &fields).await;
    assert_eq!(
        (left.status.as_u16(), left.location()),
        (303, "/oidc/logout/")
    );
    assert_eq!(uma.get("/oidc/logout/").await.status, 200);
}

/// N-10, A-20.
#[tokio::test]
async fn somebody_whom_the_provider_has_signed_out_already_is_signed_out_here() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.op().set(|k| k.logout.silent = true);
    app.op().end_op_session(&Account::uma().sub);
    assert_eq!(farewell(&mut uma).await.text_of(".lede"), BOTH);
}

/// Comes back once the provider was asked this often.
async fn until_asked(app: &TestApp, endpoint: Endpoint, times: usize) {
    let asked = async {
        while app.op().count(endpoint) < times {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, asked)
        .await
        .expect("the provider is asked");
}

/// What the provider says to a refresh token, up to the first comma.
async fn refresh(app: &TestApp, token: &str) -> String {
    let client = &app.op().clients()[0];
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
    ];
    let endpoint = format!("{}/oauth/v2/token", app.provider.issuer());
    let answer = http_client().post(endpoint).form(&form).send().await;
    let text = answer.expect("the provider answers").text().await;
    let text = text.expect("an answer");
    text.split(',').next().unwrap_or_default().to_owned()
}

/// N-19.
#[tokio::test]
async fn the_refresh_token_is_revoked_at_the_provider() {
    for post in [false, true] {
        let app = TestApp::with_refresh_tokens().await;
        if post {
            app.op()
                .set(|k| k.client_auth = vec![demo_idp::ClientAuth::Post]);
        }
        let mut uma = app.uma().await;
        uma.post("/oidc/logout/", &[]).await;
        until_asked(&app, Endpoint::Revocation, 1).await;
        let asked = app.op().last(Endpoint::Revocation).expect("a request");
        assert_eq!(asked.form("token_type_hint"), Some("refresh_token"));
        assert_eq!(asked.header("authorization").is_none(), post);
        let token = asked.form("token").expect("a token");
        assert_eq!(refresh(&app, token).await, r#"{"error":"invalid_grant""#);
    }
}

/// N-19.
#[tokio::test]
async fn without_a_refresh_token_there_is_nothing_to_revoke() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    farewell(&mut uma).await;
    assert_eq!(app.op().count(Endpoint::Revocation), 0);
}

/// N-19: however a session ends.
#[tokio::test]
async fn the_refresh_tokens_of_sessions_that_others_end_are_revoked() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_with(engine, |config| {
            let scopes = &mut config.oidc.providers[0].scopes;
            scopes.push("offline_access".to_owned());
        })
        .await;
        let revoked = async || {
            app.state.oidc.revoke_ended().await.expect("an answer");
            app.op().count(Endpoint::Revocation)
        };
        let (mut uma, _phone) = (app.uma().await, app.uma().await);
        assert_eq!(revoked().await, 0);
        uma.post("/user", &[("session", "others")]).await;
        assert_eq!(revoked().await, 1, "she ends her other session");
        assert!(uma.is_signed_in().await);
        let sessions = "SELECT COUNT(*) FROM sessions";
        app.execute("DELETE FROM sessions WHERE user_id > $1", 0)
            .await;
        assert_eq!(app.number(sessions).await, 0);
        assert_eq!(revoked().await, 2, "an admin, the command line, time");
        assert_eq!(revoked().await, 2, "each once");
        let token = app.op().last(Endpoint::Revocation).expect("a request");
        let token = token.form("token").expect("a token").to_owned();
        assert_eq!(refresh(&app, &token).await, r#"{"error":"invalid_grant""#);
    }
}

/// N-19: what the provider would end with it is still in use.
#[tokio::test]
async fn signing_in_again_at_the_same_provider_session_revokes_nothing() {
    let app = TestApp::with_refresh_tokens().await;
    let mut uma = app.uma().await;
    let start = uma.get("/oidc/authenticate/?next=%2F").await;
    let callback = uma.pass_provider(start.location()).await;
    assert_eq!(uma.get(&callback).await.location(), "/");
    let left = "SELECT COUNT(*) FROM tokens_to_revoke";
    assert_eq!(app.number(left).await, 1, "of the session before");
    app.state.oidc.revoke_ended().await.expect("an answer");
    assert_eq!(app.op().count(Endpoint::Revocation), 0);
    assert_eq!(app.number(left).await, 0);
    assert!(uma.is_signed_in().await);
}

/// N-19.
#[tokio::test]
async fn nobody_waits_for_the_revocation() {
    for fault in [
        Fault::Hang,
        Fault::Refuse,
        Fault::Status(503, String::new()),
    ] {
        let app = TestApp::with_refresh_tokens().await;
        app.op().set(|k| k.fault(Endpoint::Revocation, fault));
        let mut uma = app.uma().await;
        assert_eq!(farewell(&mut uma).await.text_of(".lede"), BOTH);
        until_asked(&app, Endpoint::Revocation, 1).await;
    }
}

/// SEC-27, SEC-32.
#[tokio::test]
async fn after_signing_out_and_in_again_forms_carry_another_token() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let before = uma.csrf_token().await;
    uma.post("/oidc/logout/", &[]).await;
    assert_eq!(uma.csrf_token().await, "");
    uma.sign_in("pick-uma", "/").await;
    let after = uma.csrf_token().await;
    assert!(!after.is_empty() && after != before);
}
