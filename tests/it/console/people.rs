//! Admins look after people: end their sessions, deactivate them, activate them again.

use rolecall::{
    audit::{self, Actor},
    users::{
        UserId,
        administration::{Step, Taken},
    },
};

use super::{open, uma_votes};
use crate::support::{app::TestApp, database::Engine, person::Person};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

async fn is_signed_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/4711/").await.status == 404
}

/// The address of somebody's page, as the list of people links it.
async fn page_of(ada: &mut Person<'_>, name: &str) -> String {
    let list = ada.get(&format!("/admin/users/?q={name}")).await;
    list.attributes("tbody th a", "href").remove(0)
}

/// Takes the step that the page at `path` offers, after it was asked.
async fn take_step(ada: &mut Person<'_>, path: &str) -> String {
    let page = ada.get(path).await;
    let ask = page.attributes("main .actions a", "href").remove(0);
    let asked = ada.get(&ask).await;
    let action = asked.attributes("main form", "action").remove(0);
    let done = ada.post(&action, &[]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, path));
    ada.get(path).await.text_of(".flash")
}

/// A26, SEC-50.
#[tokio::test]
async fn a_person_is_shown_with_a_role_that_is_managed_elsewhere_and_with_their_sessions() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let (_laptop, _phone) = (app.stan().await, app.stan().await);
        let path = page_of(&mut ada, "stan").await;
        let page = ada.get(&path).await;
        assert_eq!(page.text_of("h1"), "Stan Stark");
        let facts = page.texts("dl.facts dd");
        assert_eq!(facts[0], "Yes");
        assert!(
            facts[1].starts_with("Staff, managed at the sign-in provider, last confirmed 2 March 2026, 09:00 UTC from urn:zitadel"),
            "{}",
            facts[1]
        );
        let issuer = app.provider.issuer().to_owned();
        assert!(facts.contains(&issuer), "{facts:?}");
        assert!(facts.contains(&"2 March 2026".to_owned()));
        assert_eq!(page.texts("table.data tbody tr").len(), 2);
        let forms = page.attributes("main form", "method");
        assert_eq!(forms, ["post"; 3], "to end one, the other, and all");
        assert!(
            page.attributes("main select, main input[name=role]", "name")
                .is_empty()
        );
    }
}

/// SEC-35, N-12.
#[tokio::test]
async fn an_admin_ends_one_session_of_somebody_or_all_of_them_and_no_others() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let mut uma = app.uma().await;
        let mut stan = [app.stan().await, app.stan().await, app.stan().await];
        let path = page_of(&mut ada, "stan").await;
        let page = ada.get(&path).await;
        let handle = page
            .attributes("table input[name=session]", "value")
            .remove(0);
        let ended = ada.post(&path, &[("session", &handle)]).await;
        assert_eq!(
            (ended.status.as_u16(), ended.location()),
            (303, path.as_str())
        );
        let page = ada.get(&path).await;
        assert_eq!(page.text_of(".flash"), "1 session has ended.");
        assert_eq!(page.texts("table.data tbody tr").len(), 2);
        ada.post(&path, &[("session", &handle)]).await;
        let again = ada.get(&path).await.text_of(".flash");
        assert_eq!(again, "There was no session to end.");
        let left = [
            is_signed_in(&mut stan[0]).await,
            is_signed_in(&mut stan[1]).await,
            is_signed_in(&mut stan[2]).await,
        ];
        assert_eq!(left.iter().filter(|left| **left).count(), 2);

        ada.post(&path, &[("session", "all")]).await;
        let page = ada.get(&path).await;
        assert_eq!(page.text_of(".flash"), "2 sessions have ended.");
        assert!(page.text_of("main").contains("Nowhere at the moment."));
        for browser in &mut stan {
            assert!(!is_signed_in(browser).await);
        }
        assert!(is_signed_in(&mut uma).await);
        assert!(is_signed_in(&mut ada).await);
    }
}

/// A27, SEC-35.
#[tokio::test]
async fn a_deactivated_person_is_out_at_once_cannot_come_back_and_their_ballot_stays() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let poll = open(&mut ada, &[]).await;
        uma_votes(&app, &poll).await;
        let mut uma = [app.uma().await, app.uma().await];
        let path = page_of(&mut ada, "uma").await;
        let asked = ada.get(&ada_asks(&path)).await;
        assert_eq!(asked.text_of("h1"), "Deactivate Uma Umbach?");
        assert!(
            asked
                .text_of("dl")
                .contains("with 3 sessions at the moment")
        );
        let said = take_step(&mut ada, &path).await;
        assert_eq!(
            said,
            "Uma Umbach is deactivated now. 3 sessions have ended."
        );
        for browser in &mut uma {
            assert!(!is_signed_in(browser).await);
        }
        let refused = app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(refused.status, 403);
        assert_eq!(refused.text_of("h1"), "This account was deactivated here");
        assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);

        let page = ada.get(&path).await;
        assert_eq!(
            page.texts("dl.facts dd")[0],
            "No, deactivated 2 March 2026, 09:00 UTC"
        );
        let said = take_step(&mut ada, &path).await;
        assert_eq!(said, "Uma Umbach is active now.");
        assert!(
            !is_signed_in(&mut uma[0]).await,
            "an ended session stays ended"
        );
        assert!(is_signed_in(&mut app.uma().await).await);
    }
}

/// The address that asks before the person at `path` is deactivated.
fn ada_asks(path: &str) -> String {
    path.replacen("/?", "/deactivate/?", 1)
}

/// A27, SEC-50.
#[tokio::test]
async fn nobody_deactivates_themselves_or_ends_the_session_that_they_use() {
    let app = TestApp::start().await;
    let (mut ada, mut elsewhere) = (app.ada().await, app.ada().await);
    let path = page_of(&mut ada, "ada").await;
    let page = ada.get(&path).await;
    assert!(
        page.text_of("main")
            .contains("You cannot deactivate yourself")
    );
    assert_eq!(page.texts("main a.danger"), [""; 0]);
    for reply in [
        ada.get(&ada_asks(&path)).await,
        ada.post(&ada_asks(&path), &[]).await,
    ] {
        assert_eq!(
            (reply.status.as_u16(), reply.location()),
            (303, path.as_str())
        );
    }
    let said = ada.get(&path).await.text_of(".flash");
    assert!(said.starts_with("You cannot deactivate yourself"), "{said}");
    ada.post(&path, &[("session", "all")]).await;
    assert!(is_signed_in(&mut ada).await);
    assert!(!is_signed_in(&mut elsewhere).await);
}

/// A27.
#[tokio::test]
async fn of_two_admins_who_deactivate_each_other_at_once_one_stays() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (_ada, _stan) = (app.ada().await, app.stan().await);
        app.execute("UPDATE users SET role = 'admin' WHERE id > $1", 0)
            .await;
        let ids = [
            app.number("SELECT MIN(id) FROM users").await,
            app.number("SELECT MAX(id) FROM users").await,
        ];
        let by = |id: i64| Actor::Person {
            id,
            name: "An admin".to_owned(),
            role: "admin",
            request_id: String::new(),
            sub_hash: None,
        };
        let (users, now) = (&app.state.users, app.clock.now());
        let (one, other) = tokio::join!(
            users.take(Step::Deactivate, UserId(ids[0]), by(ids[1]), now),
            users.take(Step::Deactivate, UserId(ids[1]), by(ids[0]), now),
        );
        let taken = [one.expect("an answer"), other.expect("an answer")];
        assert!(taken.contains(&Taken::Done(1)), "{taken:?}");
        assert!(taken.contains(&Taken::LastAdmin), "{taken:?}");
        let sessions = app.number("SELECT COUNT(*) FROM sessions").await;
        assert_eq!(sessions, 1, "what was refused has ended no session");
        let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'user_deactivated'";
        assert_eq!(app.number(noted).await, 1);
    }
}

/// SEC-35.
#[tokio::test]
async fn everybodys_sessions_end_but_the_one_that_asks() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut elsewhere) = (app.ada().await, app.ada().await);
        let (mut uma, mut stan) = (app.uma().await, app.stan().await);
        let list = ada.get("/admin/sessions/?q=a").await;
        let ask = list.attributes(".page-head a", "href").remove(0);
        let asked = ada.get(&ask).await;
        assert!(
            asked
                .text_of("dl")
                .contains("4 sessions of 3 people, you among them"),
            "{}",
            asked.text_of("dl")
        );
        let action = asked.attributes("main form", "action").remove(0);
        let done = ada.post(&action, &[]).await;
        assert_eq!(done.location(), "/admin/sessions/?q=a");
        let list = ada.get(done.location()).await;
        assert_eq!(list.text_of(".flash"), "3 sessions have ended.");
        for person in [&mut elsewhere, &mut uma, &mut stan] {
            assert!(!is_signed_in(person).await);
        }
        assert!(is_signed_in(&mut ada).await);
        let asked = ada.get(&ask).await;
        assert!(asked.text_of("dl").contains("yours is the only session"));
    }
}

/// SEC-50, SEC-76, N-13.
#[tokio::test]
async fn what_admins_do_with_people_stands_in_the_history() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let _browsers = [app.stan().await, app.stan().await, app.uma().await];
    let path = page_of(&mut ada, "stan").await;
    ada.post(&path, &[("session", "all")]).await;
    ada.post(&path, &[("session", "all")]).await;
    take_step(&mut ada, &path).await;
    take_step(&mut ada, &path).await;
    ada.post("/admin/sessions/end/", &[]).await;
    let index = ada.get("/admin/").await;
    let recent = index.texts("table.data tbody tr td:nth-child(3)");
    assert_eq!(
        recent,
        [
            "Ended sessions of everybody",
            "Activated again Stan Stark",
            "Deactivated Stan Stark",
            "Ended sessions of Stan Stark",
        ],
        "and nothing of the second try, which ended no session"
    );
    let who = index.texts("table.data tbody tr td:nth-child(2)");
    assert_eq!(who, ["Ada Adler"; 4]);
    let href = index.attributes("table.data a", "href").remove(0);
    assert_eq!(ada.get(&href).await.text_of("h1"), "Stan Stark");
    let kinds = "SELECT COUNT(*) FROM audit_log WHERE action = 'sessions_ended'
        AND changes LIKE '%\"kind\":{\"new\":\"admin\",\"old\":null}%'
        AND changes LIKE '%\"sessions_ended\":{\"new\":%'";
    assert_eq!(app.number(kinds).await, 2);
    let chain = audit::verify(&app.state.db).await;
    assert_eq!(chain.expect("an answer"), None);
}

/// SEC-50.
#[tokio::test]
async fn a_form_without_its_token_changes_nothing_and_other_fields_are_ignored() {
    let app = TestApp::start().await;
    let (mut ada, mut stan, mut uma) = (app.ada().await, app.stan().await, app.uma().await);
    let path = page_of(&mut ada, "stan").await;
    let deactivate = ada_asks(&path);
    for (path, fields) in [
        (path.as_str(), [("session", "all")].as_slice()),
        (&deactivate, &[]),
        ("/admin/sessions/end/", &[]),
    ] {
        assert_eq!(ada.post_without_token(path, fields).await.status, 403);
    }
    assert!(is_signed_in(&mut stan).await);
    let uma_id = page_of(&mut ada, "uma").await;
    let uma_id = uma_id.trim_start_matches("/admin/users/");
    let uma_id = uma_id.split('/').next().expect("a number");
    let extra = [("id", uma_id), ("role", "admin"), ("is_superuser", "1")];
    ada.post(&deactivate, &extra).await;
    assert!(!is_signed_in(&mut stan).await);
    assert!(is_signed_in(&mut uma).await);
    let admins = "SELECT COUNT(*) FROM users WHERE role = 'admin'";
    assert_eq!(app.number(admins).await, 1);
}

#[tokio::test]
async fn a_person_or_a_step_that_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for path in [
        "/admin/users/4711/",
        "/admin/users/x/",
        "/admin/users/01/",
        "/admin/users/1/promote/",
        "/admin/users/4711/deactivate/",
    ] {
        assert_eq!(ada.get(path).await.status, 404, "{path}");
    }
    assert_eq!(
        ada.post("/admin/users/4711/deactivate/", &[]).await.status,
        404
    );
}

#[tokio::test]
async fn the_way_back_from_a_person_leads_to_the_list_as_it_was_filtered() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.stan().await;
    let path = page_of(&mut ada, "stan").await;
    let page = ada.get(&path).await;
    let back = page.attributes("main .actions a.quiet", "href");
    assert_eq!(back, ["/admin/users/?q=stan"]);
    let asked = ada.get(&ada_asks(&path)).await;
    assert_eq!(asked.attributes("main .actions a.quiet", "href"), [path]);
}
