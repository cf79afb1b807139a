//! Changing a list by hand, and until when.

use std::time::Duration;

use rolecall::polls::roll::{Entry, Invite};

use super::{listed_poll, names, send, upload};
use crate::{
    console,
    support::{app::TestApp, database::Engine, person::Person},
};

/// The key of the person with this name on the page that picks people.
async fn key_of(ada: &mut Person<'_>, path: &str, name: &str) -> String {
    let page = ada.get(&format!("{path}voters/people/?q={name}")).await;
    page.attributes("input[name=user]", "value").remove(0)
}

/// What names the invitation of this address in forms.
fn invited(address: &str) -> String {
    Entry::Invited(Invite::email(address)).to_string()
}

async fn last_word(ada: &mut Person<'_>, path: &str) -> String {
    let page = ada.get(path).await;
    page.texts(".flash").pop().unwrap_or_default()
}

/// V18.
#[tokio::test]
async fn people_are_picked_and_taken_off_until_the_poll_opens_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.uma().await;
        app.stan().await;
        let path = listed_poll(&mut ada, &[]).await;
        let voters = format!("{path}voters/");
        assert!(
            ada.get(&path)
                .await
                .text_of("main")
                .contains("Put at least one person onto the list.")
        );
        let (uma, stan) = (
            key_of(&mut ada, &path, "uma").await,
            key_of(&mut ada, &path, "stan").await,
        );
        let picked = [("user", uma.as_str()), ("user", stan.as_str())];
        let added = ada.post(&format!("{voters}people/"), &picked).await;
        assert_eq!(
            (added.status.as_u16(), added.location()),
            (303, voters.as_str())
        );
        upload(&mut ada, &path, "new@acme.example\n").await;
        assert_eq!(
            names(&mut ada, &path).await,
            ["Stan Stark", "Uma Umbach", "new@acme.example"]
        );
        ada.post(&voters, &[("entry", &stan)]).await;
        ada.post(&voters, &[("entry", &invited("new@acme.example"))])
            .await;
        assert_eq!(names(&mut ada, &path).await, ["Uma Umbach"]);
        ada.post(&voters, &[]).await;
        assert_eq!(
            last_word(&mut ada, &voters).await,
            "Nobody was taken off the list. Tick the box first."
        );
        ada.post(&voters, &[("everybody", "true")]).await;
        assert!(
            ada.get(&voters)
                .await
                .text_of(".empty")
                .contains("Nobody is on the list")
        );
        let told =
            "SELECT COUNT(*) FROM audit_log WHERE action IN ('voters_added', 'voters_removed')";
        assert_eq!(app.number(told).await, 5);
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

/// V18.
#[tokio::test]
async fn an_open_list_only_grows_and_late_entries_are_marked_and_logged() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.uma().await;
        app.stan().await;
        let path = listed_poll(&mut ada, &[]).await;
        let voters = format!("{path}voters/");
        upload(&mut ada, &path, "uma@acme.example\n").await;
        console::take(&mut ada, &path, "open").await;
        send(&mut ada, &path, "late@acme.example\n").await;
        let preview = ada.get(&format!("{voters}preview/")).await;
        assert!(preview.text_of(".note").contains("marked as added later"));
        upload(&mut ada, &path, "late@acme.example\n").await;
        let stan = key_of(&mut ada, &path, "stan").await;
        ada.post(&format!("{voters}people/"), &[("user", &stan)])
            .await;
        let page = ada.get(&voters).await;
        assert_eq!(
            page.texts("td[data-label=Added]"),
            [
                "After the opening",
                "Before the opening",
                "After the opening"
            ]
        );
        ada.post(&voters, &[("entry", &stan)]).await;
        ada.post(&voters, &[("everybody", "true")]).await;
        assert_eq!(names(&mut ada, &path).await.len(), 3);
        let late =
            "SELECT COUNT(*) FROM audit_log WHERE changes LIKE '%\"added_later\":{\"new\":true%'";
        assert_eq!(app.number(late).await, 2);
        console::take(&mut ada, &path, "close").await;
        let refused = send(&mut ada, &path, "later@acme.example\n").await;
        assert_eq!(refused.location(), voters);
        assert!(
            last_word(&mut ada, &voters)
                .await
                .contains("This poll is closed")
        );
        assert_eq!(names(&mut ada, &path).await.len(), 3);
    }
}

#[tokio::test]
async fn the_list_of_a_scheduled_poll_is_written_as_its_ballot_paper_is() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = listed_poll(&mut ada, &[("opens_at", "2026-03-02T10:00")]).await;
        upload(&mut ada, &path, "a@acme.example\nb@acme.example\n").await;
        console::take(&mut ada, &path, "open").await;
        ada.post(
            &format!("{path}voters/"),
            &[("entry", &invited("a@acme.example"))],
        )
        .await;
        upload(&mut ada, &path, "c@acme.example\n").await;
        assert_eq!(
            names(&mut ada, &path).await,
            ["b@acme.example", "c@acme.example"]
        );
        assert_eq!(
            app.number("SELECT COUNT(*) FROM roll_invites WHERE source = 'list'")
                .await,
            2
        );
        assert_eq!(console::state(&mut ada, &path).await, "Scheduled");
        app.advance(Duration::from_hours(1)).await;
        let mut ada = app.ada().await;
        assert_eq!(console::state(&mut ada, &path).await, "Open");
    }
}

#[tokio::test]
async fn a_poll_that_goes_by_role_has_no_list_and_forgets_one_that_it_had() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    upload(&mut ada, &path, "a@acme.example\n").await;
    let mut by_role = console::meeting(&[("version", "1"), ("roll_mode", "role")]);
    by_role.push(("press", "continue"));
    assert_eq!(ada.post(&path, &by_role).await.status, 303);
    let page = ada.get(&format!("{path}voters/")).await;
    assert!(page.text_of(".note").contains("This poll goes by role"));
    for page in [
        "voters/people/",
        "voters/upload/",
        "voters/preview/",
        "voters.csv",
    ] {
        let elsewhere = ada.get(&format!("{path}{page}")).await;
        assert_eq!(elsewhere.location(), format!("{path}voters/"), "{page}");
    }
    app.uma().await;
    console::take(&mut ada, &path, "open").await;
    assert_eq!(app.number("SELECT COUNT(*) FROM roll_invites").await, 0);
}

#[tokio::test]
async fn the_search_finds_people_and_invitations() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.uma().await;
    let path = listed_poll(&mut ada, &[]).await;
    upload(&mut ada, &path, "uma@acme.example\nnora@acme.example\n").await;
    for (words, found) in [("UMA", 1), ("acme", 2), ("nora", 1), ("nobody", 0)] {
        let page = ada.get(&format!("{path}voters/?q={words}")).await;
        assert_eq!(page.texts("tbody tr").len(), found, "{words}");
    }
}

#[tokio::test]
async fn an_invitation_is_found_whatever_the_case_of_its_letters_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = listed_poll(&mut ada, &[]).await;
        upload(&mut ada, &path, "AbC-123\n\u{c4}rzte@acme.example\n").await;
        for words in ["abc", "ABC-1", "%C3%A4rzte", "%C3%84RZTE"] {
            let page = ada.get(&format!("{path}voters/?q={words}")).await;
            assert_eq!(page.texts("tbody tr").len(), 1, "{words}");
        }
    }
}

/// A11.
#[tokio::test]
async fn a_search_among_voters_keeps_the_way_back_to_the_list_of_polls() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    upload(&mut ada, &path, "nora@acme.example\n").await;
    for page in ["voters/", "voters/people/"] {
        let list = ada.get(&format!("{path}{page}?list=state%3Ddraft")).await;
        let carried = list.attributes(".filters input[name=list]", "value");
        assert_eq!(carried, ["state=draft"], "{page}");
    }
}

#[tokio::test]
async fn nobody_is_picked_who_may_not_sign_in() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.uma().await;
    let path = listed_poll(&mut ada, &[]).await;
    let people = format!("{path}voters/people/?q=uma");
    assert_eq!(ada.get(&people).await.texts("tbody th"), ["Uma Umbach"]);
    app.execute(
        "UPDATE users SET deactivated_at = $1 WHERE role = 'user'",
        1,
    )
    .await;
    assert_eq!(ada.get(&people).await.texts("tbody th"), [""; 0]);
}
