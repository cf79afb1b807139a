//! People see their own sessions and end them.

use axum::body::Body;
use http::{Request, header};

use crate::support::{app::TestApp, person::Reply};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0";

/// The handles of the sessions that can be ended, as the page's forms carry them.
fn handles(profile: &Reply) -> Vec<String> {
    profile.attributes("table input[name=session]", "value")
}

fn rows(profile: &Reply) -> usize {
    profile.texts("table.data tbody tr").len()
}

/// N-12.
#[tokio::test]
async fn the_profile_lists_sessions_with_browser_and_times_and_marks_this_one() {
    let app = TestApp::start().await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider("pick-uma", "/").await;
    let request = Request::get(callback).header(header::USER_AGENT, FIREFOX);
    assert_eq!(uma.send(request, Body::empty()).await.status, 303);
    let alone = uma.get("/user").await;
    assert_eq!(rows(&alone), 1);
    let row = alone.text_of("table.data tbody tr");
    let morning = "2 March 2026, 09:00 UTC";
    assert_eq!(
        row,
        format!("Firefox on Linux {morning} {morning} This browser")
    );
    assert_eq!(handles(&alone), [""; 0]);
    assert!(alone.text.contains("You are signed in nowhere else."));

    app.advance(std::time::Duration::from_mins(5)).await;
    app.uma().await;
    let both = uma.get("/user").await;
    assert_eq!(rows(&both), 2);
    assert!(
        both.text_of("table.data tbody tr")
            .ends_with("This browser")
    );
    let other = both.texts("table.data tbody tr").remove(1);
    assert!(other.starts_with("An unknown browser 2 March 2026, 09:05 UTC"));
    assert_eq!(handles(&both).len(), 1);
}

/// N-12, SEC-35.
#[tokio::test]
async fn ending_one_session_signs_out_that_browser_from_its_next_request_on() {
    let app = TestApp::start().await;
    let (mut laptop, mut phone, mut tablet) = (app.uma().await, app.uma().await, app.uma().await);
    let profile = laptop.get("/user").await;
    let handle = handles(&profile).remove(0);
    let ended = laptop.post("/user", &[("session", &handle)]).await;
    assert_eq!((ended.status.as_u16(), ended.location()), (303, "/user"));
    let profile = laptop.get("/user").await;
    assert_eq!(
        profile.text_of(".flash"),
        "That session has ended. Its browser is signed out."
    );
    assert_eq!(rows(&profile), 2);
    assert!(laptop.is_signed_in().await);
    let left = [phone.is_signed_in().await, tablet.is_signed_in().await];
    assert_eq!(left.iter().filter(|left| **left).count(), 1);
    laptop.post("/user", &[("session", &handle)]).await;
    let again = laptop.get("/user").await;
    assert_eq!(again.text_of(".flash"), "That session had ended already.");
}

/// N-12, SEC-35.
#[tokio::test]
async fn all_other_sessions_end_at_once_however_many_there_are() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let mut stan = app.stan().await;
    let mut others = Vec::new();
    for _ in 0..30 {
        others.push(app.uma().await);
    }
    assert_eq!(rows(&uma.get("/user").await), 31);
    uma.post("/user", &[("session", "others")]).await;
    let profile = uma.get("/user").await;
    assert_eq!(
        profile.text_of(".flash"),
        "Your 30 other sessions have ended. Their browsers are signed out."
    );
    assert_eq!(rows(&profile), 1);
    for other in &mut others {
        assert!(!other.is_signed_in().await);
    }
    assert!(uma.is_signed_in().await);
    assert!(stan.is_signed_in().await);
}

/// SEC-35.
#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere, mut stan) = (app.uma().await, app.uma().await, app.stan().await);
    let handle = handles(&uma.get("/user").await).remove(0);
    stan.post("/user", &[("session", &handle)]).await;
    let said = stan.get("/user").await.text_of(".flash");
    assert_eq!(said, "That session had ended already.");
    for nonsense in ["", "%", "'", "AAAA", "AAAAAAAAAAAA", "OTHERS", "\u{0}"] {
        stan.post("/user", &[("session", nonsense)]).await;
    }
    stan.post("/user", &[("session", "others")]).await;
    assert!(uma.is_signed_in().await);
    assert!(elsewhere.is_signed_in().await);
}

/// N-12.
#[tokio::test]
async fn ending_sessions_takes_a_form_of_ours() {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere) = (app.uma().await, app.uma().await);
    let others = [("session", "others")];
    assert_eq!(uma.post_without_token("/user", &others).await.status, 403);
    let forged = [("session", "others"), ("csrf_token", "forged")];
    assert_eq!(uma.post_without_token("/user", &forged).await.status, 403);
    assert_eq!(uma.post("/user", &[]).await.status, 422);
    assert!(elsewhere.is_signed_in().await);
    let mut nobody = app.anonymous();
    let asked = nobody.post_without_token("/user", &others).await;
    assert_eq!(asked.location(), "/oidc/authenticate/?next=%2F");
}

/// SEC-28.
#[tokio::test]
async fn the_page_holds_nothing_that_opens_a_session() {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere) = (app.uma().await, app.uma().await);
    let profile = uma.get("/user").await;
    for cookie in [uma.cookies(), elsewhere.cookies()] {
        assert!(!profile.text.contains(&cookie["rolecall"]));
    }
    let mut thief = app.anonymous();
    let handle = handles(&profile).remove(0);
    thief.cookies().insert("rolecall".to_owned(), handle);
    assert!(!thief.is_signed_in().await);
}

/// N-12.
#[tokio::test]
async fn sessions_that_are_over_are_not_listed() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.uma().await;
    app.advance(std::time::Duration::from_mins(40)).await;
    assert_eq!(rows(&uma.get("/user").await), 2);
    app.advance(std::time::Duration::from_mins(40)).await;
    assert_eq!(rows(&uma.get("/user").await), 1);
}
