//! Something done to several people or sessions at once.

use rolecall::users::{
    UserId,
    administration::{Step, Taken},
};

use super::confirm;
use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Ada chooses an action for all on the page of the list.
async fn ask(ada: &mut Person<'_>, list: &str, action: &str) -> Reply {
    let page = ada.get(list).await;
    let form = page.attributes("#bulk", "action").remove(0);
    let rows = page.attributes("input[name=row]", "value");
    let mut fields = vec![("action", action), ("which", "page")];
    fields.extend(rows.iter().map(|row| ("row", row.as_str())));
    let asked = ada.post(&form, &fields).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    asked
}

/// Confirms, and reads what the list says then.
async fn done(ada: &mut Person<'_>, asked: &Reply, list: &str) -> String {
    let done = confirm(ada, asked, &[]).await;
    assert_eq!(done.location(), list);
    ada.get(list).await.text_of(".flash")
}

/// A12, A13, A27, SEC-35.
#[tokio::test]
async fn several_people_are_deactivated_but_never_oneself_and_activated_again() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut uma, _stan) = (app.ada().await, app.uma().await, app.stan().await);
        let list = "/admin/users/?sort=name";
        let labels = ada
            .get(list)
            .await
            .attributes("input[name=id]", "aria-label");
        assert_eq!(
            labels,
            ["Select Ada Adler", "Select Stan Stark", "Select Uma Umbach"]
        );
        let asked = ask(&mut ada, list, "deactivate").await;
        assert_eq!(asked.text_of("h1"), "Deactivate 2 people?");
        assert_eq!(
            asked.texts("main h1 ~ ul li"),
            [
                "Stan Stark 1 session",
                "Uma Umbach 1 session",
                "Ada Adler This is you"
            ]
        );
        assert_eq!(asked.text_of("h2"), "1 stays as it is");
        let said = done(&mut ada, &asked, list).await;
        assert_eq!(said, "2 people were deactivated.");
        assert!(!uma.is_signed_in().await);
        assert!(ada.is_signed_in().await);
        let standing = ada.get(list).await.texts("td[data-label=Active]");
        assert_eq!(standing, ["Yes", "No, deactivated", "No, deactivated"]);
        let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'user_deactivated'";
        assert_eq!(app.number(told).await, 2);

        let asked = ask(&mut ada, list, "activate").await;
        assert_eq!(asked.text_of("h1"), "Activate 2 people?");
        let said = done(&mut ada, &asked, list).await;
        assert_eq!(said, "2 people were activated.");
        assert_eq!(app.uma().await.get("/user").await.status, 200);
    }
}

/// A12: somebody else was faster, and a forged form names oneself.
#[tokio::test]
async fn who_was_deactivated_meanwhile_is_left_and_so_is_oneself() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.uma().await;
        app.stan().await;
        let list = "/admin/users/";
        let asked = ask(&mut ada, list, "deactivate").await;
        app.execute(
            "UPDATE users SET deactivated_at = $1 WHERE role = 'staff'",
            7,
        )
        .await;
        let said = done(&mut ada, &asked, list).await;
        assert_eq!(
            said,
            "1 person was deactivated. 1 was left as they are: somebody else was faster."
        );
        let forged = [("action", "deactivate"), ("confirmed", "1,2,3")];
        ada.post("/admin/users/bulk/", &forged).await;
        let admins = "SELECT COUNT(*) FROM users WHERE is_superuser";
        assert_eq!(app.number(admins).await, 1);
    }
}

/// A27, SEC-35: an operator, who is nobody in the list, cannot turn all admins away either.
#[tokio::test]
async fn when_no_admin_would_be_left_nobody_is_deactivated() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, _) = (app.ada().await, app.uma().await);
        let users = &app.state.users;
        let everybody = users.keys(&rolecall::users::Filter::default(), 10).await;
        let everybody: std::collections::BTreeSet<UserId> =
            everybody.expect("an answer").into_iter().collect();
        let actor = rolecall::audit::Actor::CommandLine;
        let taken = users.take_all(Step::Deactivate, everybody, actor, app.clock.now());
        assert_eq!(taken.await.expect("an answer"), [Taken::LastAdmin]);
        let inactive = "SELECT COUNT(*) FROM users WHERE deactivated_at IS NOT NULL";
        assert_eq!(app.number(inactive).await, 0);
        assert!(ada.is_signed_in().await);
    }
}

/// A12, N-12, SEC-35.
#[tokio::test]
async fn the_sessions_of_several_people_end_but_not_the_one_that_asks() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let (mut uma, mut stan) = ([app.uma().await, app.uma().await], app.stan().await);
        let list = "/admin/users/?sort=name";
        let asked = ask(&mut ada, list, "end").await;
        assert_eq!(asked.text_of("h1"), "End all sessions of 2 people?");
        assert_eq!(
            asked.texts("main h1 ~ ul li"),
            [
                "Stan Stark 1 session",
                "Uma Umbach 2 sessions",
                "Ada Adler 0 sessions"
            ]
        );
        let said = done(&mut ada, &asked, list).await;
        assert_eq!(said, "3 sessions have ended.");
        for person in &mut uma {
            assert!(!person.is_signed_in().await);
        }
        assert!(!stan.is_signed_in().await);
        assert!(ada.is_signed_in().await);
    }
}

/// A12, N-12, SEC-35.
#[tokio::test]
async fn ticked_sessions_end_and_the_one_that_asks_is_skipped() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let (mut uma, mut stan) = ([app.uma().await, app.uma().await], app.stan().await);
        let list = "/admin/sessions/?sort=person";
        let page = ada.get(list).await;
        let ticks = page.attributes("input[name=id]", "value");
        assert_eq!(ticks.len(), 4);
        let form = page.attributes("#bulk", "action").remove(0);
        // Ada's own and one of Uma's: the list is sorted by name.
        let fields = [
            ("action", "end"),
            ("id", &ticks[0] as &str),
            ("id", &ticks[2]),
        ];
        let asked = ada.post(&form, &fields).await;
        assert_eq!(asked.text_of("h1"), "End 1 session?");
        assert_eq!(asked.text_of("h2"), "1 stays as it is");
        assert!(asked.text_of("main h1 ~ ul").starts_with("Uma Umbach"));
        let said = done(&mut ada, &asked, list).await;
        assert_eq!(said, "1 session has ended.");
        let left = [uma[0].is_signed_in().await, uma[1].is_signed_in().await];
        assert_eq!(left.iter().filter(|left| **left).count(), 1);
        assert!(stan.is_signed_in().await);
        assert!(ada.is_signed_in().await);
        let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'sessions_ended'";
        assert_eq!(app.number(told).await, 1);
    }
}

/// A12: all that the search finds.
#[tokio::test]
async fn all_sessions_that_a_search_finds_end_at_once() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let (mut uma, mut stan) = ([app.uma().await, app.uma().await], app.stan().await);
        let list = "/admin/sessions/?q=uma";
        let form = ada.get(list).await.attributes("#bulk", "action").remove(0);
        let asked = ada
            .post(&form, &[("action", "end"), ("which", "all")])
            .await;
        assert_eq!(asked.text_of("h1"), "End 2 sessions?");
        confirm(&mut ada, &asked, &[]).await;
        for person in &mut uma {
            assert!(!person.is_signed_in().await);
        }
        assert!(stan.is_signed_in().await);
        let forged = [("action", "end"), ("confirmed", "1.x,2,.,9.AAAAAAAAAAAA")];
        let nothing = ada.post("/admin/sessions/bulk/", &forged).await;
        assert_eq!(nothing.status, 303);
        assert!(ada.is_signed_in().await && stan.is_signed_in().await);
    }
}

/// A12: only one's own session was ticked, or only a person who is not signed in.
#[tokio::test]
async fn when_nothing_could_be_done_the_page_says_so_and_why() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for (list, why) in [
        (
            "/admin/sessions/",
            "To end the session that you are in, sign out:",
        ),
        ("/admin/users/", "They are not signed in anywhere else:"),
    ] {
        let asked = ask(&mut ada, list, "end").await;
        assert_eq!(asked.text_of("h1"), "There is nothing to do");
        assert_eq!(asked.text_of("h2"), "1 stays as it is");
        assert_eq!(asked.text_of("main h2 ~ p"), why);
        assert!(asked.texts("main form").is_empty());
        assert_eq!(asked.attributes("main .actions a", "href"), [list]);
    }
}
