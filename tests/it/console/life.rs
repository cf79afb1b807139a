//! The steps of a poll's life.

use super::{add, meeting, open, state, take, uma_votes};
use crate::support::{app::TestApp, database::Engine, person::Person};

/// What the page at `path` says of the votes.
async fn votes(ada: &mut Person<'_>, path: &str) -> String {
    let facts = ada.get(path).await.texts("dl > div");
    let votes = facts.iter().find_map(|fact| fact.strip_prefix("Votes"));
    votes.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn ada_opens_a_poll_and_uma_votes_in_it_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[]).await;
        app.uma().await;
        let asked = ada.get(&format!("{path}open/")).await;
        assert_eq!(asked.text_of("h1"), "Open this poll now?");
        assert!(
            asked
                .text_of("dl")
                .contains("1 person with a voting role who may vote.")
        );
        take(&mut ada, &path, "open").await;
        assert_eq!(state(&mut ada, &path).await, "Open");
        uma_votes(&app, &path).await;
        assert_eq!(votes(&mut ada, &path).await, "1. They cannot be changed.");
    }
}

#[tokio::test]
async fn a_poll_without_enough_choices_is_not_opened_and_the_page_says_why() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[("choice", "Monday")]).await;
    assert!(
        ada.get(&path)
            .await
            .text_of("main")
            .contains("Give it at least 2 choices.")
    );
    let asked = ada.get(&format!("{path}open/")).await;
    assert_eq!(asked.texts("main form").len(), 0);
    assert_eq!(asked.texts(".note li"), ["Give it at least 2 choices."]);
    let forced = ada.post(&format!("{path}open/"), &[("version", "1")]).await;
    assert_eq!(forced.status, 409);
    assert_eq!(state(&mut ada, &path).await, "Draft");
}

#[tokio::test]
async fn a_draft_with_an_opening_time_is_published_and_opens_by_itself() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[("opens_at", "2026-03-02T10:00")]).await;
    let asked = ada.get(&format!("{path}open/")).await;
    assert_eq!(asked.text_of("h1"), "Publish this poll now?");
    take(&mut ada, &path, "open").await;
    assert_eq!(state(&mut ada, &path).await, "Scheduled");
    app.advance(std::time::Duration::from_hours(1)).await;
    let mut ada = app.ada().await;
    assert_eq!(state(&mut ada, &path).await, "Open");
}

#[tokio::test]
async fn a_scheduled_poll_can_still_be_edited_and_can_be_opened_at_once() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[("opens_at", "2026-03-05T10:00")]).await;
    assert!(
        ada.get(&path)
            .await
            .text_of("main")
            .contains("This poll is listed already.")
    );
    let edit = meeting(&[
        ("version", "2"),
        ("question", "Which day?"),
        ("opens_at", "2026-03-05T10:00"),
    ]);
    assert_eq!(ada.post(&path, &edit).await.status, 303);
    assert_eq!(state(&mut ada, &path).await, "Scheduled");
    take(&mut ada, &path, "open").await;
    assert_eq!(state(&mut ada, &path).await, "Open");
}

#[tokio::test]
async fn a_step_taken_already_is_told_and_not_taken_again() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    let again = ada.post(&format!("{path}open/"), &[("version", "1")]).await;
    assert_eq!(
        (again.status.as_u16(), again.location()),
        (303, path.as_str())
    );
    assert_eq!(
        ada.get(&path).await.texts(".flash").last().unwrap(),
        "This poll is open already."
    );
    assert_eq!(
        app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'poll_opened'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_step_that_does_not_fit_changes_nothing_and_says_so() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[]).await;
    let refused = ada.get(&format!("{path}close/")).await;
    assert_eq!(refused.status, 303);
    let page = ada.get(&path).await;
    assert!(
        page.texts(".flash.error")
            .contains(&"This poll is a draft. Nothing was changed.".to_owned())
    );
}

#[tokio::test]
async fn a_step_decided_on_an_older_version_is_asked_again() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[]).await;
    let stale = ada.post(&format!("{path}open/"), &[("version", "7")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text_of(".note").contains("Nothing was done."));
    assert_eq!(stale.attributes("input[name=version]", "value"), ["1"]);
    assert_eq!(state(&mut ada, &path).await, "Draft");
}

#[tokio::test]
async fn an_archived_poll_is_gone_for_voters_and_comes_back_with_its_ballots() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = open(&mut ada, &[]).await;
        uma_votes(&app, &path).await;
        take(&mut ada, &path, "close").await;
        take(&mut ada, &path, "archive").await;
        assert_eq!(state(&mut ada, &path).await, "Archived");
        let mut uma = app.uma().await;
        let public = path.replace("/admin", "");
        assert_eq!(uma.get(&public).await.status, 410);
        take(&mut ada, &path, "restore").await;
        assert_eq!(state(&mut ada, &path).await, "Closed");
        assert_eq!(uma.get(&public).await.status, 200);
        assert_eq!(votes(&mut ada, &path).await, "1");
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

#[tokio::test]
async fn every_step_leaves_a_line_in_the_history_with_who_and_which_request() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    take(&mut ada, &path, "close").await;
    let index = ada.get("/admin/").await;
    let what = index.texts("table.data td:nth-child(3)");
    let question = "Which day suits the weekly meeting?";
    assert_eq!(
        what,
        [
            format!("Closed {question}"),
            format!("Opened {question}"),
            format!("Created {question}")
        ]
    );
    assert_eq!(
        app.number(
            "SELECT COUNT(*) FROM audit_log WHERE length(request_id) = 16 AND actor_role = 'admin'"
        )
        .await,
        3
    );
}

#[tokio::test]
async fn the_preview_is_the_ballot_paper_and_sends_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[("description", "See https://example.org/.")]).await;
    let preview = ada.get(&format!("{path}preview/")).await;
    assert_eq!(preview.texts(".choice"), ["Monday", "Tuesday"]);
    assert_eq!(preview.texts("main form").len(), 0);
    assert_eq!(preview.texts("fieldset[disabled]").len(), 1);
    assert_eq!(
        preview.attributes("fieldset a", "href"),
        ["https://example.org/"]
    );
    let public = path.replace("/admin", "");
    assert_eq!(ada.get(&public).await.status, 404);
}
