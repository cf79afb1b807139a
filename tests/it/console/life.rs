//! The steps of a poll's life.

use super::{add, meeting, open, state, take, uma_votes};
use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

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

/// V4.
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
            format!("Sealed {question}"),
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

/// Takes a step with these fields beside the version; the answer.
async fn step_with(ada: &mut Person<'_>, path: &str, step: &str, fields: &[(&str, &str)]) -> Reply {
    let path = format!("{path}{step}/");
    let asked = ada.get(&path).await;
    let version = asked.attributes("input[name=version]", "value").remove(0);
    ada.post(&path, &[&[("version", version.as_str())], fields].concat())
        .await
}

/// R2, A19, A30.
#[tokio::test]
async fn numbers_that_wait_for_their_release_are_released_once_and_for_all() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut stan) = (app.ada().await, app.stan().await);
        let rules = [("results", "on_release"), ("voter_results", "on_release")];
        let path = open(&mut ada, &rules).await;
        let public = path.replace("/admin", "");
        uma_votes(&app, &path).await;
        let early = ada.get(&format!("{path}release/")).await;
        assert_eq!(early.status, 303, "an open poll has nothing to release");
        take(&mut ada, &path, "close").await;
        let mut uma = app.uma().await;
        assert!(
            uma.get(&public)
                .await
                .text_of("main")
                .contains("Results will be published after review.")
        );
        let hidden = stan.get(&format!("{public}results/")).await;
        assert!(
            hidden
                .text_of(".note")
                .contains("once an administrator has released them")
        );
        let next = ada
            .get(&path)
            .await
            .attributes("p.actions a.button", "href")
            .remove(0);
        assert_eq!(next, format!("{path}release/"));
        let asked = ada.get(&next).await;
        let said = asked.text_of("dl.facts");
        assert!(said.contains("Staff see the numbers from now on. Voters see them on the poll\u{2019}s page from now on."), "{said}");
        take(&mut ada, &path, "release").await;
        assert_eq!(state(&mut ada, &path).await, "Results released");
        assert_eq!(uma.get(&public).await.texts("table.results").len(), 1);
        assert_eq!(
            stan.get(&format!("{public}results/"))
                .await
                .texts("table.results")
                .len(),
            1
        );
        ada.get(&format!("{path}release/")).await;
        let told = ada.get(&path).await.texts(".flash");
        assert_eq!(told.last().unwrap(), "This poll is released already.");
        take(&mut ada, &path, "archive").await;
        take(&mut ada, &path, "restore").await;
        assert_eq!(state(&mut ada, &path).await, "Results released");
    }
}

/// V10.
#[tokio::test]
async fn closing_before_the_time_that_was_told_needs_a_reason_and_voters_read_it() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[("closes_at", "2026-03-09T10:00")]).await;
    let refused = step_with(&mut ada, &path, "close", &[("reason", "  ")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.text_of("#reason-error"),
        "Error: Say why: voters were told another closing time."
    );
    let reason = [("reason", "The hall is booked on Friday")];
    assert_eq!(
        step_with(&mut ada, &path, "close", &reason).await.status,
        303
    );
    let mut uma = app.uma().await;
    let page = uma.get(&path.replace("/admin", "")).await;
    assert!(
        page.text_of("main")
            .contains("It was closed early: The hall is booked on Friday")
    );
    let logged = "SELECT COUNT(*) FROM audit_log WHERE changes LIKE '%The hall is booked%'";
    assert_eq!(app.number(logged).await, 1);
}

/// V10.
#[tokio::test]
async fn a_named_poll_is_reopened_with_a_reason_and_says_that_it_was_extended() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = open(&mut ada, &[("closes_at", "2026-03-02T10:00")]).await;
        app.advance(std::time::Duration::from_hours(2)).await;
        let mut ada = app.ada().await;
        assert_eq!(state(&mut ada, &path).await, "Closed");
        for (closes_at, reason, field) in [
            ("2026-03-05T10:00", "", "#reason-error"),
            ("2026-03-02T11:00", "Late mail", "#closes_at-error"),
            ("soon", "Late mail", "#closes_at-error"),
        ] {
            let fields = [("closes_at", closes_at), ("reason", reason)];
            let refused = step_with(&mut ada, &path, "reopen", &fields).await;
            assert_eq!(refused.status, 422, "{closes_at} {reason}");
            assert_eq!(refused.texts(field).len(), 1, "{closes_at} {reason}");
        }
        let fields = [("closes_at", "2026-03-05T10:00"), ("reason", "Late mail")];
        assert_eq!(
            step_with(&mut ada, &path, "reopen", &fields).await.status,
            303
        );
        assert_eq!(state(&mut ada, &path).await, "Open");
        let mut uma = app.uma().await;
        let paper = uma.get(&path.replace("/admin", "")).await;
        let terms = paper.text_of("ul.terms");
        assert!(
            terms.contains(
                "Open until 5 March 2026, 10:00 UTC, extended from 2 March 2026, 10:00 UTC."
            ),
            "{terms}"
        );
        uma_votes(&app, &path).await;
    }
}

/// V10.
#[tokio::test]
async fn a_secret_poll_that_has_closed_is_not_reopened() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[("secrecy", "secret")]).await;
    take(&mut ada, &path, "close").await;
    assert!(!ada.get(&path).await.text_of("main").contains("Reopen"));
    let refused = ada.get(&format!("{path}reopen/")).await;
    assert_eq!(refused.status, 303);
    let forced = ada
        .post(
            &format!("{path}reopen/"),
            &[("version", "3"), ("reason", "x")],
        )
        .await;
    assert_eq!(forced.status, 303);
    assert_eq!(state(&mut ada, &path).await, "Closed");
}

/// A16, A32.
#[tokio::test]
async fn a_copy_has_the_question_choices_and_rules_and_nothing_of_the_voting() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let rules = [
        ("closes_at", "2026-03-09T10:00"),
        ("results", "live"),
        ("roll_mode", "list"),
    ];
    let path = add(&mut ada, &rules).await;
    let copied = ada.post(&format!("{path}copy/"), &[]).await;
    assert_eq!(copied.status, 303);
    let copy = copied.location().to_owned();
    assert_ne!(copy, path);
    let page = ada.get(&copy).await;
    assert!(
        page.texts(".flash")
            .pop()
            .unwrap()
            .contains("The list of voters was not copied.")
    );
    assert_eq!(
        page.attributes("#question", "value"),
        ["Which day suits the weekly meeting?"]
    );
    assert_eq!(page.attributes("#closes_at", "value"), [""]);
    assert_eq!(
        page.attributes("[name=results][checked]", "value"),
        ["live"]
    );
    assert_eq!(
        page.attributes("[name=roll_mode][checked]", "value"),
        ["list"]
    );
    let as_new = meeting(&[
        ("version", "1"),
        ("question", "Which week?"),
        ("press", "new"),
    ]);
    let saved = ada.post(&path, &as_new).await;
    let third = ada.get(saved.location()).await;
    assert_eq!(third.attributes("#question", "value"), ["Which week?"]);
    assert_eq!(
        ada.get(&path).await.text_of("h1"),
        "Which day suits the weekly meeting?"
    );
}

/// A18.
#[tokio::test]
async fn a_poll_that_nobody_has_seen_is_deleted_and_one_that_was_published_stays() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[("roll_mode", "list")]).await;
        let delete = format!("{path}delete/");
        let asked = ada.get(&delete).await;
        assert!(
            asked
                .text_of("dl")
                .contains("The poll with its 2 choices. It has no ballots.")
        );
        let unsure = ada
            .post(&delete, &[("version", "1"), ("number", "0")])
            .await;
        assert_eq!(unsure.status, 422);
        let number = path.trim_matches(|c: char| !c.is_ascii_digit());
        let stale = ada
            .post(&delete, &[("version", "9"), ("number", number)])
            .await;
        assert_eq!(stale.location(), path);
        let done = ada
            .post(&delete, &[("version", "1"), ("number", number)])
            .await;
        assert_eq!(done.location(), "/admin/polls/");
        assert_eq!(ada.get(&path).await.status, 404);
        let seen = open(&mut ada, &[]).await;
        let refused = ada.get(&format!("{seen}delete/")).await;
        assert!(refused.text_of(".note").contains("Archive it instead"));
        assert_eq!(refused.texts("main form").len(), 0);
        let forced = ada
            .post(&format!("{seen}delete/"), &[("version", "2")])
            .await;
        assert_eq!(forced.location(), seen);
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 1);
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

/// V26.
#[tokio::test]
async fn the_address_of_a_poll_can_be_copied_and_comes_as_a_qr_code() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    let page = ada.get(&path).await;
    let address = format!("http://localhost:8000{}", path.replace("/admin", ""));
    assert!(page.text_of("main").contains(&address));
    let code = page.attributes("main img", "src").remove(0);
    let svg = ada.get(&code).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.text.starts_with("<svg ") && !svg.text.contains("style"));
}

/// V26: whoever reads the poll can pass it on.
#[tokio::test]
async fn the_page_of_a_poll_tells_its_address() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    let public = path.replace("/admin", "");
    let address = format!("http://localhost:8000{public}");
    let mut uma = app.uma().await;
    let paper = uma.get(&public).await;
    uma_votes(&app, &path).await;
    let voted = uma.get(&public).await;
    for page in [paper, voted] {
        assert_eq!(page.texts("code.hash"), [address.as_str()]);
    }
}

/// A30.
#[tokio::test]
async fn the_page_of_a_poll_says_what_comes_next_and_what_stands_in_its_way() {
    const BOX: &str = "section[aria-labelledby=next-step]";
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let bare = add(&mut ada, &[("choice", "Monday")]).await;
    let page = ada.get(&bare).await;
    assert_eq!(
        page.texts(&format!("{BOX} li")),
        ["Give it at least 2 choices."]
    );
    assert!(page.texts(&format!("{BOX} a")).is_empty());
    let path = add(&mut ada, &[("results", "on_release")]).await;
    for (step, says) in [
        ("open", "Everything is there."),
        ("close", "until you close it"),
        ("release", "its results wait for their release"),
        ("archive", "nothing has to be done"),
        ("restore", "Voters no longer see it."),
    ] {
        let page = ada.get(&path).await;
        let said = page.text_of(BOX);
        assert!(said.contains(says), "{said}");
        let leads = page.attributes(&format!("{BOX} a.button"), "href");
        assert_eq!(leads, [format!("{path}{step}/")]);
        take(&mut ada, &path, step).await;
    }
}

/// V20.
#[tokio::test]
async fn a_changed_vote_stands_in_the_history_without_what_it_says() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = open(&mut ada, &[("allow_change", "true")]).await;
        let log = "SELECT COUNT(*) FROM audit_log WHERE action = 'vote_changed'";
        uma_votes(&app, &path).await;
        assert_eq!(app.number(log).await, 0);
        uma_votes(&app, &path).await;
        assert_eq!(app.number(log).await, 1);
        let bare = "SELECT COUNT(*) FROM audit_log
            WHERE action = 'vote_changed' AND changes = '{}' AND actor_label = 'Uma Umbach'";
        assert_eq!(app.number(bare).await, 1);
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

/// A33: without its opening time it would open when it was published.
#[tokio::test]
async fn a_scheduled_poll_that_would_close_before_it_was_published_is_refused_beside_the_field() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[("opens_at", "2026-03-02T12:00")]).await;
        take(&mut ada, &path, "open").await;
        assert_eq!(state(&mut ada, &path).await, "Scheduled");
        let page = ada.get(&path).await;
        let version = page.attributes("input[name=version]", "value").remove(0);
        for closes_at in ["2026-03-02T08:00", "2026-03-02T09:00"] {
            let changes = [("version", version.as_str()), ("closes_at", closes_at)];
            let sent = [meeting(&changes), vec![("press", "continue")]].concat();
            let refused = ada.post(&path, &sent).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            let fields = refused.attributes(".error-summary a", "href");
            assert_eq!(fields, ["#closes_at"]);
        }
        assert_eq!(state(&mut ada, &path).await, "Scheduled");
    }
}
