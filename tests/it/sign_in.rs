//! Sign-in, from the authorization request to the session: what it accepts, what it refuses, and
//! what it says about it.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use demo_idp::{ClientAuth, Endpoint, Person as Account};
use rolecall::{
    config::Secret,
    oidc::store::{NewLogin, PendingLogins},
    paths::ReturnPath,
    random,
};
use url::Url;

use crate::support::{app::TestApp, database::Engine, person::Reply};

/// The parameters of the authorization request that `reply` leads to.
fn parameters(reply: &Reply) -> Vec<(String, String)> {
    let url = Url::parse(reply.location()).expect("a URL");
    url.query_pairs().into_owned().collect()
}

pub fn parameter(reply: &Reply, name: &str) -> String {
    let mut parameters = parameters(reply).into_iter();
    let found = parameters.find(|(key, _)| key == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

/// What the provider answers by itself, without showing a page: the path of the callback.
pub async fn at_provider(start: &Reply) -> String {
    assert_eq!(start.status, 303, "{}", start.text);
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let answer = browser.get(start.location()).send().await;
    let answer = answer.expect("the provider answers");
    let location = answer.headers().get("location").expect("a redirect");
    let url = Url::parse(location.to_str().expect("text")).expect("a URL");
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// Z-8, Z-10, Z-17, Z-38, M-16, M-26, E-15, SEC-01.
#[tokio::test]
async fn the_request_to_the_provider_carries_all_that_its_answer_is_checked_against() {
    let app = TestApp::start().await;
    let start = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(start.status, 303);
    assert_eq!(parameter(&start, "response_type"), "code");
    assert_eq!(parameter(&start, "code_challenge_method"), "S256");
    assert_eq!(parameter(&start, "code_challenge").len(), 43);
    assert_eq!(parameter(&start, "state").len(), 43);
    assert_eq!(parameter(&start, "nonce").len(), 43);
    assert_eq!(
        parameter(&start, "redirect_uri"),
        "http://localhost:8000/oidc/callback/"
    );
    let scope = parameter(&start, "scope");
    let scopes: BTreeSet<_> = scope.split(' ').map(str::to_owned).collect();
    assert_eq!(scopes.len(), scope.split(' ').count(), "no scope twice");
    let audience = format!(
        "urn:zitadel:iam:org:project:id:{}:aud",
        app.op().project_id()
    );
    for expected in [
        "openid",
        "email",
        "phone",
        "profile",
        "urn:zitadel:iam:org:projects:roles",
        &audience,
    ] {
        assert!(scopes.contains(expected), "{expected} in {scope}");
    }
}

/// Z-11, E-31.
#[tokio::test]
async fn no_header_changes_where_the_provider_sends_people_back() {
    let app = TestApp::start().await;
    let request = http::Request::get("/oidc/authenticate/")
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "https");
    let start = app
        .anonymous()
        .send(request, axum::body::Body::empty())
        .await;
    assert_eq!(
        parameter(&start, "redirect_uri"),
        "http://localhost:8000/oidc/callback/"
    );
}

/// M-5, SEC-01.
#[tokio::test]
async fn no_two_sign_ins_share_a_secret() {
    let app = TestApp::start().await;
    let mut seen = BTreeSet::new();
    for _ in 0..1000 {
        let start = app.anonymous().get("/oidc/authenticate/").await;
        for name in ["state", "nonce", "code_challenge"] {
            assert!(seen.insert(parameter(&start, name)), "{name} is new");
        }
    }
}

/// Z-23, Z-24, D-1, E-43.
#[tokio::test]
async fn a_sign_in_leads_back_to_the_page_that_asked_for_it() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let asked = uma.get("/polls/1/?a=b").await;
    assert_eq!(
        asked.location(),
        "/oidc/authenticate/?next=%2Fpolls%2F1%2F%3Fa%3Db"
    );
    assert_eq!(
        uma.sign_in("pick-uma", "/polls/1/?a=b").await.location(),
        "/polls/1/?a=b"
    );
    assert_eq!(
        app.anonymous().sign_in("pick-uma", "").await.location(),
        "/"
    );
    assert_eq!(
        app.anonymous()
            .sign_in("pick-uma", "//evil")
            .await
            .location(),
        "/"
    );
}

/// S-1, E-14, E-110, E-112, SEC-04.
#[tokio::test]
async fn each_tab_lands_on_its_own_page_whichever_finishes_first() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let mut callbacks = Vec::new();
    for tab in 0..10 {
        let next = format!("/polls/?tab={tab}");
        callbacks.push((uma.ask_provider("pick-uma", &next).await, next));
    }
    for (callback, next) in callbacks.into_iter().rev() {
        assert_eq!(uma.get(&callback).await.location(), next);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
}

/// M-6, SEC-04.
#[tokio::test]
async fn a_browser_has_twenty_sign_ins_at_most_and_the_oldest_makes_room() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let oldest = uma.ask_provider("pick-uma", "/user").await;
    for _ in 0..20 {
        app.clock.advance(Duration::from_secs(1));
        uma.get("/oidc/authenticate/").await;
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM pending_logins").await, 20);
    let cookies = uma.cookies().iter();
    assert!(
        cookies
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>()
            < 200
    );
    assert_eq!(uma.get(&oldest).await.status, 400);
    assert_eq!(uma.sign_in("pick-uma", "/user").await.location(), "/user");
}

/// SEC-04.
#[tokio::test]
async fn ten_thousand_begun_sign_ins_leave_little_behind() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let logins = PendingLogins::new(app.state.db.clone());
    let target = format!("/polls/?q={}", "q".repeat(500));
    for n in 0..10_000 {
        let login = NewLogin {
            state_hash: random::digest(&format!("state {n}")),
            browser_hash: random::digest(&format!("browser {n}")),
            provider: app.provider.issuer().to_owned(),
            nonce: "n".repeat(43),
            code_verifier: "v".repeat(95),
            return_path: ReturnPath::parse(&target),
            prompt: None,
        };
        let added = logins.add(login, app.clock.now()).await;
        added.expect("the database answers");
    }
    let kept = app.number("SELECT COUNT(*) FROM pending_logins").await;
    assert!((4096..5000).contains(&kept), "{kept}");
    let pages =
        app.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    assert!(pages.await < 10 << 20);
    let landed = app.anonymous().sign_in("pick-uma", "/user").await;
    assert_eq!(landed.location(), "/user");
}

/// A-2, S-10.
#[tokio::test]
async fn only_known_prompts_reach_the_provider() {
    let app = TestApp::start().await;
    for (query, prompt) in [
        ("?prompt=login", "login"),
        ("?prompt=select_account", "select_account"),
        ("?prompt=create", "create"),
        ("?signup=1", "create"),
        ("?prompt=consent", ""),
        ("?prompt=%22", ""),
    ] {
        let start = app
            .anonymous()
            .get(&format!("/oidc/authenticate/{query}"))
            .await;
        assert_eq!(parameter(&start, "prompt"), prompt, "{query}");
    }
}

///
#[tokio::test]
async fn the_short_addresses_lead_to_sign_in_and_sign_up() {
    let app = TestApp::start().await;
    let mut person = app.anonymous();
    assert_eq!(person.get("/login").await.location(), "/oidc/authenticate/");
    assert_eq!(
        person.get("/login?next=%2Fuser").await.location(),
        "/oidc/authenticate/?next=%2Fuser"
    );
    let sign_up = person.get("/signup").await;
    assert_eq!(
        parameter(&person.get(sign_up.location()).await, "prompt"),
        "create"
    );
}

/// Z-15, M-25, oidcc-client-test-client-secret-basic.
#[tokio::test]
async fn the_client_authenticates_as_the_specification_encodes_it() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0].client_id = "249@rolecall".to_owned();
        config.oidc.providers[0].credential = Secret::new("a+b:%é@ ").into();
    })
    .await;
    let mut uma = app.anonymous();
    let start = uma.get("/oidc/authenticate/").await;
    let state = parameter(&start, "state");
    let refused = uma
        .get(&format!("/oidc/callback/?code=x&state={state}"))
        .await;
    assert_eq!(refused.status, 502, "the provider knows no such client");
    let request = app.op().last(Endpoint::Token).expect("a token request");
    let header = request
        .header("authorization")
        .expect("client_secret_basic");
    assert_eq!(
        header,
        "Basic MjQ5JTQwcm9sZWNhbGw6YSUyQmIlM0ElMjUlQzMlQTklNDAr"
    );
    assert_eq!(request.form("client_secret"), None);
}

/// M-25.
#[tokio::test]
async fn the_secret_goes_into_the_body_when_the_provider_takes_it_nowhere_else() {
    let app = TestApp::start().await;
    app.op().set(|k| k.client_auth = vec![ClientAuth::Post]);
    assert_eq!(
        app.anonymous()
            .sign_in("pick-uma", "/user")
            .await
            .location(),
        "/user"
    );
    let request = app.op().last(Endpoint::Token).expect("a token request");
    assert_eq!(request.header("authorization"), None);
    assert!(request.form("client_secret").is_some());
}

/// SEC-14.
#[tokio::test]
async fn the_provider_names_itself_in_its_answer_when_it_says_that_it_does() {
    const ANNOUNCED: &str = "authorization_response_iss_parameter_supported";
    for (announced, sent, accepted) in [
        (true, Some("right"), true),
        (true, Some("wrong"), false),
        (true, None, false),
        (false, Some("right"), true),
        (false, Some("wrong"), false),
        (false, None, true),
    ] {
        let app = TestApp::start().await;
        let issuer = app.provider.issuer().to_owned();
        app.op().set(|k| {
            k.discovery.set(ANNOUNCED, announced);
            match sent {
                Some("right") => k.authorize.answer.set("iss", issuer),
                Some(other) => k.authorize.answer.set("iss", other),
                None => k.authorize.answer.remove("iss"),
            }
        });
        let landed = app.anonymous().sign_in("pick-uma", "/user").await;
        assert_eq!(
            landed.status == 303,
            accepted,
            "{announced} {sent:?}: {}",
            landed.status
        );
    }
}

/// Z-13, K-2, E-111, SEC-05, SEC-29.
#[tokio::test]
async fn the_cookie_of_a_sign_in_is_guarded_and_opens_nothing() {
    let app = TestApp::start().await;
    let mut person = app.anonymous();
    let start = person.get("/oidc/authenticate/").await;
    let cookie = start.header("set-cookie").to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert!(
        !cookie.contains("Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );
    let value = person.cookies()["rolecall_login"].clone();
    let mut thief = app.anonymous();
    thief.cookies().insert("rolecall".to_owned(), value);
    assert!(!thief.is_signed_in().await);
}

/// Z-11, Z-13, K-2, E-16, E-31, SEC-29.
#[tokio::test]
async fn with_https_every_cookie_is_bound_to_the_host() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.site.base_url = Arc::new(Url::parse("https://polls.example.org").expect("a URL"));
    })
    .await;
    let start = app.anonymous().get("/oidc/authenticate/").await;
    let cookie = start.header("set-cookie");
    assert!(cookie.starts_with("__Host-rolecall_login="), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
    assert_eq!(
        parameter(&start, "redirect_uri"),
        "https://polls.example.org/oidc/callback/"
    );
}

/// M-29, S-5, E-110, SEC-27.
#[tokio::test]
async fn a_session_begins_under_a_new_name_each_time() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    uma.cookies()
        .insert("rolecall".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    uma.sign_in("pick-uma", "/").await;
    let first = uma.cookies()["rolecall"].clone();
    assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA");
    let token = uma.csrf_token().await;
    uma.sign_in("pick-uma", "/").await;
    assert_ne!(uma.cookies()["rolecall"], first);
    let mut next = uma.clone();
    next.sign_in("pick-stan", "/").await;
    assert_ne!(next.csrf_token().await, token, "another person's forms");
    let mut old = app.anonymous();
    old.cookies().insert("rolecall".to_owned(), first);
    assert!(!old.is_signed_in().await);
}

/// A-9, E-101, SEC-28.
#[tokio::test]
async fn what_the_database_holds_opens_nothing() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let uma = app.uma().await;
    let cookie = uma.clone().cookies()["rolecall"].clone();
    let tokens = app
        .op()
        .last(Endpoint::UserInfo)
        .expect("a userinfo request");
    let access_token =
        tokens.header("authorization").expect("a token")["Bearer ".len()..].to_owned();
    let request = app.op().last(Endpoint::Token).expect("a token request");
    let verifier = request.form("code_verifier").expect("PKCE").to_owned();
    let rolecall::db::Db::Sqlite { writer, .. } = &app.state.db else {
        unreachable!("SQLite")
    };
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT data || tokens FROM sessions
         UNION ALL SELECT nonce || CAST(code_verifier AS TEXT) FROM pending_logins",
    )
    .fetch_all(writer)
    .await
    .expect("rows");
    assert_eq!(rows.len(), 2);
    for secret in [cookie, access_token, verifier] {
        assert!(rows.iter().all(|row| !row.contains(&secret)));
    }
}

///
#[tokio::test]
async fn somebody_who_has_just_registered_is_told_that_the_account_exists() {
    let app = TestApp::start().await;
    let mut newcomer = app.anonymous();
    let start = newcomer.get("/oidc/authenticate/?signup=1").await;
    app.op()
        .set(|k| k.authorize.pick = Some(Account::nora().sub));
    let callback = at_provider(&start).await;
    let refused = newcomer.get(&callback).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text_of(".lede").starts_with("Your account exists."));
}
