//! Signing out, here and at the provider, in whatever state either is.

use demo_idp::{Endpoint, Fault, Person as Account};
use url::Url;

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
};

async fn is_signed_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/1/").await.status == 404
}

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

/// Z-38, A-4, A-20, D-8, M-17, M-21, M-22, L-1, E-10, E-30, E-103, SEC-32,
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
        !is_signed_in(&mut copy.clone()).await,
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
    assert!(is_signed_in(&mut uma).await);
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
        assert!(!is_signed_in(&mut uma).await);
        let landing = uma.get(left.location()).await;
        assert_eq!(landing.status, 200);
        assert!(
            landing
                .text_of(".lede")
                .contains("your session there may remain")
        );
    }
}

/// D-6, N-10, SEC-34.
#[tokio::test]
async fn a_provider_without_sign_out_is_said_to_keep_its_session() {
    let app = TestApp::start().await;
    app.op().set(|k| k.discovery.remove("end_session_endpoint"));
    let mut uma = app.uma().await;
    let left = uma.post("/oidc/logout/", &[]).await;
    assert_eq!(left.location(), "/oidc/logout/?ended=here");
    assert!(!is_signed_in(&mut uma).await);
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
