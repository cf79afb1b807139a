//! While somebody is signed in: how long that lasts, and how roles stay true meanwhile.

use std::time::Duration;

use axum::body::Body;
use demo_idp::{Endpoint, Fault, Person as Account, Placement, RolesClaim};
use futures_util::future::join_all;
use serde_json::Value;
use url::Url;

use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
    person::Person,
};

const RECHECK: Duration = Duration::from_mins(15);

pub async fn with_refresh_tokens() -> TestApp {
    TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0]
            .scopes
            .push("offline_access".to_owned());
    })
    .await
}

async fn is_signed_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/1/").await.status == 404
}

/// 404 for those who may, as there is no such poll.
async fn results(person: &mut Person<'_>) -> u16 {
    person.get("/polls/1/results/").await.status.as_u16()
}

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
    assert!(is_signed_in(&mut uma).await);
    app.clock.advance(Duration::from_mins(61));
    assert!(!is_signed_in(&mut uma).await);
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

/// Z-22, M-30, K-6, N-2, SEC-18.
#[tokio::test]
async fn a_weaker_role_takes_effect_within_the_recheck_interval() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    demote_stan(&app, RolesClaim::of(&["user"]));
    app.clock
        .advance(Duration::from_secs(RECHECK.as_secs() - 1));
    assert_eq!(results(&mut stan).await, 404);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(results(&mut stan).await, 403);
    let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'role_changed'";
    assert_eq!(app.number(noted).await, 1);
}

/// SEC-27.
#[tokio::test]
async fn another_role_means_another_session_id_and_no_longer_session() {
    let app = with_refresh_tokens().await;
    let mut stan = app.stan().await;
    let (cookie, token) = (stan.cookies()["rolecall"].clone(), stan.csrf_token().await);
    demote_stan(&app, RolesClaim::of(&["admin"]));
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 404);
    assert_ne!(stan.cookies()["rolecall"], cookie);
    assert_eq!(stan.csrf_token().await, token, "open forms still count");
    let mut thief = app.anonymous();
    thief.cookies().insert("rolecall".to_owned(), cookie);
    assert!(!is_signed_in(&mut thief).await);
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 404, "the tokens were kept");
    let age = "SELECT expires_at - 12 * 60 * 60 * 1000 FROM sessions";
    assert_eq!(app.number(age).await, MORNING.as_millis());
}

#[tokio::test]
async fn tokens_that_another_instance_was_faster_to_renew_are_taken_over() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.oidc.providers[0]
            .scopes
            .push("offline_access".to_owned());
        config.oidc.recheck = Duration::from_mins(5);
    })
    .await;
    app.op().set(|k| k.access_token.lifetime_secs = 240);
    let mut stan = app.stan().await;
    app.op().set(|k| k.access_token.lifetime_secs = 3600);
    app.stan().await;
    let refused = r#"{"error":"invalid_grant"}"#.to_owned();
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(400, refused)));
    let exchanged = app.op().count(Endpoint::Token);
    app.clock.advance(Duration::from_mins(5));
    let other_instance = async {
        while app.op().count(Endpoint::Token) == exchanged {
            tokio::task::yield_now().await;
        }
        let renewed = "UPDATE sessions SET tokens =
            (SELECT tokens FROM sessions ORDER BY rowid DESC LIMIT 1)";
        app.execute(renewed, 0).await;
    };
    let (status, ()) = tokio::join!(results(&mut stan), other_instance);
    assert_eq!(status, 404);
    assert!(is_signed_in(&mut stan).await);
}

/// N-2, K-8, SEC-18.
#[tokio::test]
async fn a_role_that_is_gone_ends_every_session() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let (mut laptop, mut phone) = (app.stan().await, app.stan().await);
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    let asked = laptop.get("/polls/1/results/").await;
    assert_eq!(asked.status, 303);
    assert_eq!(
        asked.location(),
        "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F"
    );
    assert!(!is_signed_in(&mut phone).await);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// M-32, E-25, SEC-18.
#[tokio::test]
async fn a_form_sent_after_the_role_is_gone_is_not_carried_out() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let token = stan.csrf_token().await;
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    let fields = [("choice", "1"), ("csrf_token", token.as_str())];
    let sent = stan.post_without_token("/polls/1/vote/", &fields).await;
    assert_eq!(sent.location(), "/oidc/authenticate/?next=%2Fpolls%2F1%2F");
}

/// M-10, M-34, E-24.
#[tokio::test]
async fn public_pages_never_ask_the_provider() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let asked = app.op().count(Endpoint::UserInfo);
    demote_stan(&app, RolesClaim::Absent);
    app.clock.advance(RECHECK);
    for path in [
        "/",
        "/polls/",
        "/user",
        "/oidc/logout/",
        "/healthz",
        "/logout",
    ] {
        assert_eq!(stan.get(path).await.status, 200, "{path}");
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), asked);
}

#[tokio::test]
async fn a_confirmed_role_is_not_asked_for_again_before_its_time() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let asked = app.op().count(Endpoint::UserInfo);
    app.clock.advance(RECHECK);
    for _ in 0..3 {
        assert_eq!(results(&mut stan).await, 404);
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), asked + 1);
}

/// K-4, E-49, E-104, oidcc-client-test-refresh-token.
#[tokio::test]
async fn many_requests_at_once_use_a_refresh_token_once() {
    let app = with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    let exchanged = app.op().count(Endpoint::Token);
    app.clock.advance(RECHECK);
    let requests = (0..20).map(|_| {
        let mut tab = stan.clone();
        async move { results(&mut tab).await }
    });
    assert_eq!(join_all(requests).await, [404; 20]);
    assert_eq!(app.op().count(Endpoint::Token), exchanged + 1);
    app.clock.advance(RECHECK);
    assert_eq!(
        results(&mut stan).await,
        404,
        "the new refresh token was kept"
    );
    assert_eq!(app.op().count(Endpoint::Token), exchanged + 2);
}

/// K-5.
#[tokio::test]
async fn without_a_refresh_token_an_ended_access_token_means_signing_in_again() {
    let app = TestApp::start().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    let asked = stan.get("/polls/1/results/?a=b").await;
    assert_eq!(
        asked.location(),
        "/oidc/authenticate/?next=%2Fpolls%2F1%2Fresults%2F%3Fa%3Db&prompt=none"
    );
}

/// K-5.
#[tokio::test]
async fn revoked_tokens_mean_signing_in_again() {
    for app in [TestApp::start().await, with_refresh_tokens().await] {
        let mut stan = app.stan().await;
        app.op().revoke_tokens(&Account::stan().sub);
        app.clock.advance(RECHECK);
        assert_eq!(results(&mut stan).await, 303);
        assert!(!is_signed_in(&mut stan).await);
    }
}

/// M-31, S-9, E-24, E-114.
#[tokio::test]
async fn a_script_learns_that_a_sign_in_is_needed_and_where() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op().revoke_tokens(&Account::stan().sub);
    app.clock.advance(RECHECK);
    let request = http::Request::get("/polls/1/results/").header("accept", "application/json");
    let answer = stan.send(request, Body::empty()).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text.contains("login_required"));
}

/// M-31, S-9, N-17.
#[tokio::test]
async fn a_script_is_told_to_come_back_to_its_page_and_not_to_its_own_address() {
    let app = TestApp::start().await;
    for (referer, next) in [
        (
            "http://localhost:8000/polls/?q=1#top",
            "%2Fpolls%2F%3Fq%3D1",
        ),
        ("http://evil.example/polls/", "%2F"),
        ("http://localhost:8000/oidc/logout/", "%2F"),
        ("", "%2F"),
    ] {
        for (name, value) in [
            ("x-requested-with", "XMLHttpRequest"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-dest", "empty"),
            ("accept", "application/json"),
        ] {
            let request = http::Request::get("/polls/1/results/?api=1")
                .header("referer", referer)
                .header(name, value);
            let answer = app.anonymous().send(request, Body::empty()).await;
            assert_eq!(answer.status, 401, "{name}");
            let body: Value = serde_json::from_str(&answer.text).expect("JSON");
            let login_url = format!("/oidc/authenticate/?next={next}");
            assert_eq!(body["login_url"], login_url.as_str(), "{referer} {name}");
            assert_eq!(body.get("fate"), None);
        }
    }
}

#[tokio::test]
async fn a_script_learns_what_became_of_a_refused_vote() {
    let app = TestApp::start().await;
    let request = http::Request::post("/polls/1/vote/").header("accept", "application/json");
    let answer = app.anonymous().send(request, Body::empty()).await;
    assert_eq!(answer.status, 401);
    let body: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(body["fate"], "Your vote was not recorded.");
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

#[tokio::test]
async fn roles_that_stand_in_the_id_token_only_are_refreshed_with_it() {
    let app = with_refresh_tokens().await;
    app.op().set(|k| {
        k.roles.in_id_token = Placement::Always;
        k.roles.in_userinfo = Placement::Never;
    });
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 404);
    demote_stan(&app, RolesClaim::of(&["user"]));
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 403);
}

#[tokio::test]
async fn roles_that_stand_in_the_id_token_only_are_not_taken_for_gone() {
    let app = TestApp::start().await;
    app.op().set(|k| {
        k.roles.in_id_token = Placement::Always;
        k.roles.in_userinfo = Placement::Never;
    });
    let mut stan = app.stan().await;
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 303, "he has to sign in again");
    let active = "SELECT COUNT(*) FROM users WHERE role_lost_at IS NULL";
    assert_eq!(app.number(active).await, 1);
}

/// K-5.
#[tokio::test]
async fn a_silent_provider_is_borne_for_a_while_and_asked_seldom() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op()
        .set(|k| k.fault(Endpoint::UserInfo, Fault::Status(500, "{}".to_owned())));
    app.op().clear_requests();
    app.clock.advance(RECHECK);
    for _ in 0..5 {
        assert_eq!(results(&mut stan).await, 404);
    }
    assert_eq!(app.op().count(Endpoint::UserInfo), 1);
    app.clock.advance(RECHECK);
    let refused = stan.get("/polls/1/results/").await;
    assert_eq!(refused.status, 503);
    assert_ne!(refused.header("retry-after"), "");
    app.op().set(|k| k.fault(Endpoint::UserInfo, Fault::None));
    app.clock.advance(Duration::from_secs(10));
    assert_eq!(results(&mut stan).await, 404);
}

/// SEC-13.
#[tokio::test]
async fn the_words_of_somebody_else_mean_signing_in_again() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    app.op()
        .set(|k| k.userinfo.claims.set("sub", Account::ada().sub));
    app.clock.advance(RECHECK);
    assert_eq!(results(&mut stan).await, 303);
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
    assert!(is_signed_in(&mut uma.clone()).await);
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
    assert!(
        !is_signed_in(&mut ada).await,
        "the planted session has ended"
    );
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
    assert!(!is_signed_in(&mut attacker).await);
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
        assert!(is_signed_in(&mut uma).await);
    }
    app.advance(Duration::from_secs(51)).await;
    assert!(!is_signed_in(&mut uma).await);
}

#[tokio::test]
async fn with_https_the_cookie_of_an_ended_session_is_taken_back() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.site.base_url = Url::parse("https://polls.example.org").expect("a URL");
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
    assert!(!is_signed_in(&mut elsewhere).await);
    let left = "SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL";
    assert_eq!(app.number(left).await, 1);
    assert!(is_signed_in(&mut uma).await);
}

/// SEC-27, SEC-36.
#[tokio::test]
async fn a_session_that_ends_while_its_id_changes_stays_ended() {
    let app = with_refresh_tokens().await;
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
        let (_, ()) = tokio::join!(results(&mut stan), ended);
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert!(!is_signed_in(&mut stan).await);
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
    assert!(!is_signed_in(&mut thief).await);
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
