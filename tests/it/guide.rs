//! What the guides promise of pages and addresses, and defects of the systems that they describe.

use axum::body::Body;
use demo_idp::{Person as Account, RolesClaim};
use futures_util::future::join_all;
use http::{Method, Request, header};
use rolecall::app::routes;

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
    polls::{draft, open, paper},
};

fn links(page: &Reply) -> Vec<String> {
    page.attributes("header a, header form", "href")
}

/// Z-26.
#[tokio::test]
async fn the_home_page_is_public_and_asks_the_provider_nothing() {
    let app = TestApp::start().await;
    let home = app.anonymous().get("/").await;
    assert_eq!(home.status, 200);
    let links = home.attributes("a", "href");
    for start in ["/polls/", "/oidc/authenticate/"] {
        assert!(
            links.iter().any(|link| link.starts_with(start)),
            "{links:?}"
        );
    }
    assert_eq!(app.op().requests().len(), 0);
}

///
#[tokio::test]
async fn the_sign_in_link_leads_back_to_the_page_it_stands_on() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/polls/?q=tea").await;
    assert!(links(&page).contains(&"/oidc/authenticate/?next=%2Fpolls%2F%3Fq%3Dtea".to_owned()));
    assert_eq!(page.attributes("header form", "action"), [""; 0]);
    let page = app.uma().await.get("/polls/?q=tea").await;
    assert!(!page.text_of("header").contains("Sign in"));
    assert_eq!(page.attributes("header form", "action"), ["/oidc/logout/"]);
    assert_eq!(page.attributes("header form", "method"), ["post"]);
}

/// A-6, E-48.
#[tokio::test]
async fn links_to_console_and_results_are_for_those_who_may() {
    let app = TestApp::start().await;
    for (person, results, console) in [
        (&mut app.anonymous(), false, false),
        (&mut app.uma().await, false, false),
        (&mut app.stan().await, true, false),
        (&mut app.ada().await, true, true),
    ] {
        let links = links(&person.get("/").await);
        assert_eq!(
            links.contains(&"/#results".to_owned()),
            results,
            "{links:?}"
        );
        assert_eq!(links.contains(&"/admin/".to_owned()), console, "{links:?}");
    }
}

/// Z-25, Z-35.
#[tokio::test]
async fn an_address_without_its_last_slash_leads_to_the_one_with_it() {
    let app = TestApp::start().await;
    for path in [
        "/polls",
        "/admin",
        "/oidc/authenticate",
        "/oidc/logout",
        "/polls/1",
    ] {
        let reply = app.anonymous().get(&format!("{path}?a=b")).await;
        assert_eq!(reply.status, 308, "{path}");
        assert_eq!(reply.location(), format!("{path}/?a=b"));
    }
}

/// E-32.
#[tokio::test]
async fn error_pages_tell_nothing_of_the_inside() {
    let app = TestApp::start().await;
    let secret = app.op().clients()[0].secret.clone();
    app.execute("ALTER TABLE polls RENAME TO gone", 0).await;
    let mut uma = app.uma().await;
    for (path, statuses) in [
        ("/nowhere/", &[404][..]),
        ("/polls/1/", &[500, 503]),
        ("/polls/", &[500, 503]),
    ] {
        let page = uma.get(path).await;
        assert!(
            statuses.contains(&page.status.as_u16()),
            "{path}: {}",
            page.status
        );
        assert_eq!(page.texts("nav").len(), 1, "{path}: the frame stays");
        for inside in [
            "sqlx",
            "SELECT",
            "panicked",
            "src/",
            "relation",
            "no such table",
            &secret,
        ] {
            assert!(!page.text.contains(inside), "{path}: {inside}");
        }
    }
}

/// E-1, N-2, N-13.
#[tokio::test]
async fn an_admin_whose_claim_holds_an_unknown_role_is_no_admin_any_more() {
    let app = TestApp::start().await;
    let (mut ada, mut elsewhere) = (app.ada().await, app.ada().await);
    app.op()
        .roles(&Account::ada().sub, RolesClaim::of(&["auditor"]))
        .expect("Ada is known");
    let refused = ada.sign_in("pick-ada", "/admin/").await;
    assert_eq!(refused.status, 403);
    for session in [&mut ada, &mut elsewhere] {
        assert_eq!(session.get("/admin/").await.status, 303);
    }
    let flags = "SELECT COUNT(*) FROM users WHERE is_active OR is_staff OR is_superuser";
    assert_eq!(app.number(flags).await, 0);
    let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'role_lost'";
    assert_eq!(app.number(noted).await, 1);
}

/// Z-36, K-3.
#[tokio::test]
async fn people_and_their_sessions_are_there_after_a_restart() {
    let app = TestApp::start().await;
    let mut before = app.uma().await;
    let restarted = app.another_instance(|_| ()).await;
    let mut after = restarted.anonymous();
    after.cookies().extend(before.cookies().clone());
    assert!(
        after
            .get("/user")
            .await
            .text_of("main")
            .contains("Uma Umbach")
    );
    assert_eq!(after.csrf_token().await, before.csrf_token().await);
}

/// Z-30, E-20.
#[tokio::test]
async fn the_address_of_the_vote_shows_no_form_of_its_own() {
    let app = TestApp::start().await;
    let now = app.clock.now();
    let id = open(&app.state.polls, draft("Tea?", &["Yes", "No"]), now).await;
    let page = app.uma().await.get(&format!("/polls/{}/vote/", id.0)).await;
    assert_eq!(page.status, 303);
    assert_eq!(page.location(), format!("/polls/{}/", id.0));
}

/// E-22.
#[tokio::test]
async fn as_many_votes_are_counted_as_were_acknowledged() {
    let app = TestApp::start().await;
    let now = app.clock.now();
    let id = open(&app.state.polls, draft("Tea?", &["Yes", "No"]), now).await;
    let choice = paper(&app.state.polls, id).await[0].id.0.to_string();
    let vote = format!("/polls/{}/vote/", id.0);
    let mut voters = Vec::new();
    for n in 0..30 {
        let subject = format!("voter {n}");
        app.op().set(|k| {
            k.id_token.claims.set("sub", subject.clone());
            k.userinfo.claims.set("sub", subject);
        });
        voters.push(app.uma().await);
    }
    let votes = voters.iter_mut().map(|voter| async {
        let fields = [("choice", choice.as_str())];
        voter.post(&vote, &fields).await.location() == format!("/polls/{}/voted/", id.0)
    });
    let acknowledged = join_all(votes).await.into_iter().filter(|yes| *yes).count();
    assert_eq!(acknowledged, 30);
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 30);
}

async fn post(person: &mut Person<'_>, path: &str, token: &str) -> Reply {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    person
        .send(request, Body::from(format!("csrf_token={token}")))
        .await
}

/// E-114, SEC-25.
#[tokio::test]
async fn no_form_is_ever_sent_on_to_another_address() {
    let app = TestApp::start().await;
    let posts = routes()
        .into_iter()
        .filter(|route| route.method == Method::POST);
    let paths = posts.map(|route| route.path.replace("{id}", "1").replace("{step}", "close"));
    for path in paths.chain(["/polls/1/vote".to_owned(), "/oidc/logout".to_owned()]) {
        let mut ada = app.ada().await;
        let token = ada.csrf_token().await;
        for reply in [
            post(&mut app.anonymous(), &path, "").await,
            post(&mut ada, &path, &token).await,
        ] {
            let status = reply.status.as_u16();
            assert!(![301, 302, 307, 308].contains(&status), "{path}: {status}");
        }
    }
    let start = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(start.status, 303);
}
