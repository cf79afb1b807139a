//! The last resort of keeping roles fresh: a page goes by way of the provider, which shows
//! nothing.

use std::time::Duration;

use axum::body::Body;
use demo_idp::{Person as Account, RolesClaim};
use http::{Request, header};

use crate::{
    sign_in::parameter,
    support::{
        app::TestApp,
        database::Engine,
        person::{Person, Reply},
        polls::{draft, open, paper},
    },
};

const RECHECK: Duration = Duration::from_mins(15);
const RESULTS: &str = "/polls/1/results/";
const ONCE_MORE: &str = "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F";

/// Stan's role was not confirmed for a while, and cannot be behind his browser's back.
async fn unconfirmed_stan(app: &TestApp) -> Person<'_> {
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let stan = app.stan().await;
    app.advance(RECHECK).await;
    stan
}

/// Opens a page and passes by the provider; the answer to the callback.
async fn check_silently(stan: &mut Person<'_>, path: &str) -> Reply {
    let sent = stan.get(path).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(
        sent.location().ends_with("&prompt=none"),
        "{}",
        sent.location()
    );
    let start = stan.get(sent.location()).await;
    assert_eq!(parameter(&start, "prompt"), "none");
    let callback = stan.pass_provider(start.location()).await;
    stan.get(&callback).await
}

/// M-30, P-3, SEC-18.
#[tokio::test]
async fn the_same_session_goes_on_once_the_provider_has_vouched_for_the_person_again() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut stan = unconfirmed_stan(&app).await;
        let token = stan.csrf_token().await;
        let back = check_silently(&mut stan, "/polls/1/results/?a=b").await;
        assert_eq!(back.location(), "/polls/1/results/?a=b");
        assert_eq!(stan.get(RESULTS).await.status, 404, "there is no such poll");
        assert_eq!(stan.csrf_token().await, token, "open forms still count");
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
        let begun = "SELECT expires_at - 12 * 60 * 60 * 1000 FROM sessions";
        let begun = app.number(begun).await;
        assert_eq!(
            begun,
            app.clock.now().minus(RECHECK).as_millis(),
            "it gets no longer"
        );
        let attempts = "SELECT COUNT(*) FROM sign_in_attempts";
        assert_eq!(
            app.number(attempts).await,
            1,
            "a confirmation is no sign-in"
        );
    }
}

/// M-30, SEC-18: what the provider says on the way counts.
#[tokio::test]
async fn a_changed_role_is_heard_on_the_way() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    let cookie = stan.cookies()["rolecall"].clone();
    app.op()
        .roles(&Account::stan().sub, RolesClaim::of(&["user"]))
        .expect("Stan is known");
    let back = check_silently(&mut stan, RESULTS).await;
    assert_eq!(stan.get(back.location()).await.status, 403);
    assert_ne!(
        stan.cookies()["rolecall"],
        cookie,
        "another role, another id"
    );
    app.advance(RECHECK).await;
    app.op()
        .roles(&Account::stan().sub, RolesClaim::Absent)
        .expect("Stan is known");
    let refused = check_silently(&mut stan, RESULTS).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text_of("h1"), "You have no role here yet");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// M-33, D-9, E-79: one interactive sign-in, with the same target and no loop.
#[tokio::test]
async fn a_provider_that_has_to_ask_is_asked_openly_once() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    app.op().end_op_session(&Account::stan().sub);
    app.op().settled().await;
    let back = check_silently(&mut stan, RESULTS).await;
    assert_eq!(back.location(), ONCE_MORE);
    assert_eq!(stan.get("/user").await.status, 200);
    let start = stan.get(back.location()).await;
    assert_eq!(parameter(&start, "prompt"), "");
    let callback = stan.pick_at_provider(start.location(), "pick-stan").await;
    assert_eq!(stan.get(&callback).await.location(), RESULTS);
    assert_eq!(stan.get(RESULTS).await.status, 404);
}

/// E-79.
#[tokio::test]
async fn the_session_is_there_until_the_provider_has_answered() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    for _ in 0..2 {
        let sent = stan.get(RESULTS).await;
        assert!(sent.location().ends_with("&prompt=none"));
    }
    app.op().set(|k| k.offline = true);
    app.advance(Duration::from_secs(15)).await;
    let sent = stan.get(RESULTS).await;
    assert_eq!(stan.get(sent.location()).await.status, 503);
    assert_ne!(stan.csrf_token().await, "", "he is still signed in");
    app.op().set(|k| k.offline = false);
    app.advance(Duration::from_secs(30)).await;
    let back = check_silently(&mut stan, RESULTS).await;
    assert_eq!(back.location(), RESULTS);
}

/// M-32.
#[tokio::test]
async fn a_form_is_never_sent_by_way_of_the_provider_and_nothing_is_written() {
    let app = TestApp::start().await;
    let polls = &app.state.polls;
    let poll = open(
        polls,
        draft("Which day?", &["Monday", "Tuesday"]),
        app.clock.now(),
    )
    .await;
    let mut stan = unconfirmed_stan(&app).await;
    let token = stan.csrf_token().await;
    let choice = paper(polls, poll).await[0].id.to_string();
    let fields = [("choice", choice.as_str()), ("csrf_token", token.as_str())];
    let sent = stan
        .post_without_token(&format!("/polls/{poll}/vote/"), &fields)
        .await;
    assert_eq!(sent.status, 303);
    assert_eq!(
        sent.location(),
        format!("/oidc/authenticate/?next=%2Fpolls%2F{poll}%2F")
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 0);
}

/// M-31, S-9: a redirect would lead a script astray.
#[tokio::test]
async fn a_script_is_told_to_sign_in() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    for (name, value) in [
        ("accept", "application/json"),
        ("x-requested-with", "XMLHttpRequest"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
    ] {
        let request = Request::get(RESULTS)
            .header(header::REFERER, "http://localhost:8000/polls/?q=1")
            .header(name, value);
        let answer = stan.send(request, Body::empty()).await;
        assert_eq!(answer.status, 401, "{name}");
        let body: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
        assert_eq!(body["code"], "login_required");
        assert_eq!(
            body["login_url"],
            "/oidc/authenticate/?next=%2Fpolls%2F%3Fq%3D1"
        );
    }
    let image = Request::get(RESULTS)
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-mode", "no-cors");
    let answer = stan.send(image, Body::empty()).await;
    assert_eq!(
        answer.location(),
        ONCE_MORE,
        "no part of a page is sent silently"
    );
}

/// M-34.
#[tokio::test]
async fn public_pages_are_never_sent_by_way_of_the_provider() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    for path in ["/", "/polls/", "/user", "/logout", "/oidc/logout/"] {
        let page = stan.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text_of("header").contains("Stan"), "{path}");
    }
}

/// N-4: nobody becomes somebody else behind their back.
#[tokio::test]
async fn another_person_at_the_provider_means_choosing_an_account() {
    let app = TestApp::start().await;
    let mut stan = unconfirmed_stan(&app).await;
    let sent = stan.get(RESULTS).await;
    let start = stan.get(sent.location()).await;
    let mut uma = app.anonymous();
    uma.sign_in("pick-uma", "/").await;
    let callback = uma.pass_provider(start.location()).await;
    let back = stan.get(&callback).await;
    assert_eq!(
        back.location(),
        format!("{ONCE_MORE}&prompt=select_account")
    );
    assert!(stan.get("/user").await.text_of("main").contains("Stan"));
}
