//! While somebody is signed in: how long that lasts, and how roles stay true meanwhile.

mod rechecks;
mod scripts;

use std::{sync::Arc, time::Duration};

use demo_idp::{Endpoint, Person as Account, RolesClaim};
use futures_util::future::join_all;
use url::Url;

use crate::support::{app::TestApp, database::Engine};

const RECHECK: Duration = Duration::from_mins(15);

fn demote_stan(app: &TestApp, roles: RolesClaim) {
    app.op()
        .roles(&Account::stan().sub, roles)
        .expect("Stan is known");
}

/// K-1, E-16, SEC-31.
#[tokio::test]
async fn a_session_ends_after_an_hour_without_a_request() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.clock.advance(Duration::from_mins(59));
    assert!(uma.is_signed_in().await);
    app.clock.advance(Duration::from_mins(61));
    assert!(!uma.is_signed_in().await);
}

/// K-1, E-16, SEC-31.
#[tokio::test]
async fn a_session_ends_after_twelve_hours_in_all() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    for _ in 0..23 {
        app.clock.advance(Duration::from_mins(30));
        uma.get("/user").await;
    }
    assert_ne!(uma.csrf_token().await, "");
    app.clock.advance(Duration::from_mins(31));
    assert_eq!(uma.csrf_token().await, "");
}

#[tokio::test]
async fn a_session_that_cannot_be_saved_means_trying_again_later() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/").await;
    app.execute(
        "CREATE TRIGGER full BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END",
        0,
    )
    .await;
    let landed = uma.get(&callback).await;
    assert_eq!(landed.status, 503);
    assert_ne!(landed.header("retry-after"), "");
    assert_eq!(uma.cookies().get("rolecall"), None);
}

/// K-3, Z-36.
#[tokio::test]
async fn a_session_survives_a_restart() {
    let app = TestApp::start().await;
    let uma = app.uma().await;
    let sweep = app
        .state
        .sessions
        .sweep()
        .await
        .expect("the database answers");
    assert_eq!(sweep, 0);
    assert!(uma.clone().is_signed_in().await);
}

/// SEC-27.
#[tokio::test]
async fn somebody_elses_session_planted_before_sign_in_is_worth_nothing_after_it() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let planted = ada.cookies()["rolecall"].clone();
    let mut victim = app.anonymous();
    victim
        .cookies()
        .insert("rolecall".to_owned(), planted.clone());
    assert_eq!(victim.sign_in("pick-uma", "/").await.status, 303);
    assert_ne!(victim.cookies()["rolecall"], planted);
    assert!(!ada.is_signed_in().await, "the planted session has ended");
}

/// SEC-27.
#[tokio::test]
async fn an_invented_session_id_does_not_become_one() {
    let app = TestApp::start().await;
    let invented = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let mut victim = app.anonymous();
    victim
        .cookies()
        .insert("rolecall".to_owned(), invented.clone());
    assert_eq!(victim.sign_in("pick-uma", "/").await.status, 303);
    assert_ne!(victim.cookies()["rolecall"], invented);
    let mut attacker = app.anonymous();
    attacker.cookies().insert("rolecall".to_owned(), invented);
    assert!(!attacker.is_signed_in().await);
}

/// K-1, SEC-31.
#[tokio::test]
async fn a_short_idle_limit_does_not_sign_out_who_is_active() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.sessions.idle = Duration::from_secs(50);
    })
    .await;
    let mut uma = app.uma().await;
    for _ in 0..12 {
        app.advance(Duration::from_secs(10)).await;
        assert!(uma.is_signed_in().await);
    }
    app.advance(Duration::from_secs(51)).await;
    assert!(!uma.is_signed_in().await);
}

#[tokio::test]
async fn with_https_the_cookie_of_an_ended_session_is_taken_back() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.site.base_url = Arc::new(Url::parse("https://polls.example.org").expect("a URL"));
    })
    .await;
    let mut somebody = app.anonymous();
    somebody.cookies().insert(
        "__Host-rolecall".to_owned(),
        "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    );
    let reply = somebody.get("/polls/1/").await;
    let removal = reply.header("set-cookie");
    assert!(removal.starts_with("__Host-rolecall=;"), "{removal}");
    assert!(
        removal.contains("Secure") && removal.contains("Path=/"),
        "{removal}"
    );
}

/// SEC-36.
#[tokio::test]
async fn a_session_that_ends_under_many_requests_stays_ended() {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere) = (app.uma().await, app.uma().await);
    let requests = (0..200).map(|number| {
        let mut tab = elsewhere.clone();
        async move {
            match number % 2 {
                0 => tab.get("/user").await,
                _ => tab.post("/user", &[("session", "nobody's")]).await,
            }
        }
    });
    let (_, ended) = tokio::join!(
        join_all(requests),
        uma.post("/user", &[("session", "others")])
    );
    assert_eq!(ended.status, 303);
    assert!(!elsewhere.is_signed_in().await);
    let left = "SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL";
    assert_eq!(app.number(left).await, 1);
    assert!(uma.is_signed_in().await);
}

/// SEC-27, SEC-36.
#[tokio::test]
async fn a_session_that_ends_while_its_id_changes_stays_ended() {
    let app = TestApp::with_refresh_tokens().await;
    for _ in 0..10 {
        demote_stan(&app, RolesClaim::of(&["staff"]));
        let mut stan = app.stan().await;
        demote_stan(&app, RolesClaim::of(&["admin"]));
        app.clock.advance(RECHECK);
        let ended = async {
            let asked = app.op().count(Endpoint::UserInfo);
            while app.op().count(Endpoint::UserInfo) == asked {
                tokio::task::yield_now().await;
            }
            app.execute("DELETE FROM sessions WHERE $1 = 0", 0).await;
        };
        let (_, ()) = tokio::join!(stan.results(), ended);
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert!(!stan.is_signed_in().await);
    }
}

/// SEC-27, L-7.
#[tokio::test]
async fn forms_stay_good_when_the_same_person_signs_in_again_in_another_tab() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let (cookie, token) = (uma.cookies()["rolecall"].clone(), uma.csrf_token().await);
    assert_eq!(uma.sign_in("pick-uma", "/").await.status, 303);
    assert_ne!(uma.cookies()["rolecall"], cookie, "a fresh id all the same");
    assert_eq!(uma.csrf_token().await, token);
    let form = [("csrf_token", token.as_str())];
    assert_ne!(
        uma.post_without_token("/polls/1/vote/", &form).await.status,
        403
    );
    let mut thief = app.anonymous();
    thief.cookies().insert("rolecall".to_owned(), cookie);
    assert!(!thief.is_signed_in().await);
}

/// SEC-27.
#[tokio::test]
async fn another_person_in_the_same_browser_gets_another_token() {
    let app = TestApp::start().await;
    let mut browser = app.uma().await;
    let token = browser.csrf_token().await;
    assert_eq!(browser.sign_in("pick-stan", "/").await.status, 303);
    assert_ne!(browser.csrf_token().await, token);
}

/// SEC-27.
#[tokio::test]
async fn the_token_of_a_session_that_has_ended_does_not_come_back() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = uma.csrf_token().await;
    app.advance(Duration::from_mins(61)).await;
    assert_eq!(uma.sign_in("pick-uma", "/").await.status, 303);
    assert_ne!(uma.csrf_token().await, token);
}
