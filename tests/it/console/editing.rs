//! Adding and editing polls.

use super::{add, fields, meeting, open, state, with};
use crate::support::{app::TestApp, database::Engine};

#[tokio::test]
async fn a_saved_poll_is_a_draft_with_its_choices_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[]).await;
        let page = ada.get(&path).await;
        assert_eq!(page.text_of("h1"), "Which day suits the weekly meeting?");
        assert_eq!(page.text_of("p.meta .tag"), "Draft");
        assert_eq!(page.text_of(".flash.success"), "The poll was saved.");
        let choices = page.attributes("input[name=choice]", "value");
        assert_eq!(choices, ["Monday", "Tuesday", "", "", ""]);
    }
}

/// A16.
#[tokio::test]
async fn each_save_button_leads_where_it_says() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for (press, leads) in [
        ("", "/admin/polls/?q=day"),
        ("continue", "/admin/polls/1/?list=q%3Dday"),
        ("another", "/admin/polls/new/?list=q%3Dday"),
    ] {
        let fields = meeting(&[("press", press)]);
        let saved = ada.post("/admin/polls/new/?list=q%3Dday", &fields).await;
        let location = saved.location().replace("/2/", "/1/");
        assert_eq!(
            (saved.status.as_u16(), location.as_str()),
            (303, leads),
            "{press}"
        );
    }
}

/// A17.
#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_all_that_was_typed() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let typed = meeting(&[
        ("question", " "),
        ("description", "As <b>every</b> year."),
        ("choice", "Monday"),
        ("choice", "MONDAY"),
        ("closes_at", "2026-03-09T10:00"),
        ("zone", "Europe/Nowhere"),
    ]);
    let page = ada.post("/admin/polls/new/", &typed).await;
    assert_eq!(page.status, 422);
    assert!(page.text_of("title").starts_with("Error: "));
    assert_eq!(
        page.texts(".error-summary a"),
        [
            "Enter a question.",
            "Choice 2 says the same as one before it.",
            "There is no such time zone. Enter one like Europe/Berlin or UTC.",
        ]
    );
    for link in page.attributes(".error-summary a", "href") {
        assert_eq!(
            page.texts(&format!("[id=\"{}\"]", &link[1..])).len(),
            1,
            "{link}"
        );
    }
    assert_eq!(
        page.attributes("input[name=choice]", "value"),
        ["Monday", "MONDAY"]
    );
    assert_eq!(page.text_of("textarea"), "As <b>every</b> year.");
    assert_eq!(page.attributes("#closes_at", "value"), ["2026-03-09T10:00"]);
    assert_eq!(page.attributes("#role-admin[checked]", "value").len(), 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 0);
}

/// A15.
#[tokio::test]
async fn rows_are_added_and_moved_without_saving() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for (press, rows) in [
        ("add-choice", ["Monday", "Tuesday", ""].as_slice()),
        ("up-2", &["Tuesday", "Monday"]),
        ("down-1", &["Tuesday", "Monday"]),
    ] {
        let page = ada
            .post("/admin/polls/new/", &meeting(&[("press", press)]))
            .await;
        assert_eq!(page.status, 200);
        assert_eq!(
            page.attributes("input[name=choice]", "value"),
            rows,
            "{press}"
        );
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 0);
}

/// A15.
#[tokio::test]
async fn choices_are_reordered_renamed_and_removed_and_keep_their_keys_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(
            &mut ada,
            &[("choice", "a"), ("choice", "b"), ("choice", "c")],
        )
        .await;
        let ids = ada
            .get(&path)
            .await
            .attributes("input[name=choice_id]", "value");
        let edit = meeting(&[
            ("version", "1"),
            ("press", "continue"),
            ("choice_id", &ids[0]),
            ("choice", "b"),
            ("choice_id", &ids[1]),
            ("choice", "a"),
            ("choice_id", &ids[2]),
            ("choice", "c"),
            ("choice_id", ""),
            ("choice", "d"),
            ("position", "2"),
            ("position", "1"),
            ("position", "3"),
            ("position", "4"),
            ("remove", "3"),
        ]);
        let saved = ada.post(&path, &edit).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let page = ada.get(&path).await;
        assert_eq!(
            page.attributes("input[name=choice]", "value")[..3],
            ["a", "b", "d"]
        );
        let now = page.attributes("input[name=choice_id]", "value");
        assert_eq!(now[..2], [ids[1].clone(), ids[0].clone()]);
    }
}

/// A29.
#[tokio::test]
async fn whoever_saves_an_older_version_sees_both_and_loses_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[]).await;
    let old = fields(&mut ada, &path).await;
    let faster = ada
        .post(&path, &with(&old, "question", "Which day is best?"))
        .await;
    assert_eq!(faster.status, 303);
    let slower = ada
        .post(&path, &with(&old, "question", "Which weekday?"))
        .await;
    assert_eq!(slower.status, 409);
    assert_eq!(
        slower.texts("table.data tbody :is(th, td)"),
        ["Question", "Which day is best?", "Which weekday?"]
    );
    assert_eq!(slower.attributes("#question", "value"), ["Which weekday?"]);
    let version = slower.attributes("input[name=version]", "value").remove(0);
    let again = with(&old, "question", "Which weekday?");
    let again: Vec<_> = again
        .into_iter()
        .filter(|(name, _)| *name != "version")
        .collect();
    let again = ada
        .post(&path, &[again, vec![("version", &version)]].concat())
        .await;
    assert_eq!(again.status, 303);
    assert_eq!(ada.get(&path).await.text_of("h1"), "Which weekday?");
}

#[tokio::test]
async fn times_are_meant_in_the_zone_of_the_poll() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let times = [
        ("zone", "Europe/Berlin"),
        ("opens_at", "2026-03-20T09:00"),
        ("closes_at", "2026-04-20T09:00"),
    ];
    let path = add(&mut ada, &times).await;
    // Before and after the change to summer time.
    assert_eq!(
        app.number("SELECT opens_at FROM polls").await,
        1_773_993_600_000
    );
    assert_eq!(
        app.number("SELECT closes_at FROM polls").await,
        1_776_668_400_000
    );
    let page = ada.get(&path).await;
    assert_eq!(page.attributes("#opens_at", "value"), ["2026-03-20T09:00"]);
}

#[tokio::test]
async fn a_time_that_the_clocks_jump_over_is_refused_and_one_that_comes_twice_is_mentioned() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let zone = ("zone", "Europe/Berlin");
    let never = meeting(&[zone, ("closes_at", "2026-03-29T02:30")]);
    let page = ada.post("/admin/polls/new/", &never).await;
    assert_eq!(page.status, 422);
    assert!(
        page.text_of("#closes_at-error")
            .contains("The clocks go forward")
    );
    let path = add(&mut ada, &[zone, ("closes_at", "2026-10-25T02:30")]).await;
    assert!(
        ada.get(&path)
            .await
            .text_of(".flash")
            .contains("it comes twice")
    );
    assert_eq!(
        app.number("SELECT closes_at FROM polls").await,
        1_792_888_200_000
    );
}

#[tokio::test]
async fn a_form_sent_back_as_it_was_changes_nothing_but_the_version() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[("closes_at", "2026-04-20T09:00")]).await;
    app.execute("UPDATE polls SET closes_at = $1", 1_776_668_412_345)
        .await;
    let typed = fields(&mut ada, &path).await;
    let typed: Vec<_> = typed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(ada.post(&path, &typed).await.status, 303);
    assert_eq!(
        app.number("SELECT closes_at FROM polls").await,
        1_776_668_412_345
    );
    assert_eq!(app.number("SELECT version FROM polls").await, 2);
}

#[tokio::test]
async fn the_ballot_paper_of_an_open_poll_cannot_be_edited() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[]).await;
    let typed = fields(&mut ada, &path).await;
    super::take(&mut ada, &path, "open").await;
    let page = ada.get(&path).await;
    assert_eq!(page.texts("form.sheet").len(), 0);
    assert!(page.text_of(".note").contains("The ballot paper is fixed"));
    let version = ada
        .get(&format!("{path}times/"))
        .await
        .attributes("input[name=version]", "value")
        .remove(0);
    let typed = with(&typed, "question", "Another?");
    let typed: Vec<_> = typed
        .into_iter()
        .filter(|(name, _)| *name != "version")
        .collect();
    let refused = ada
        .post(&path, &[typed, vec![("version", &version)]].concat())
        .await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.attributes("#question", "value"), ["Another?"]);
    assert_eq!(
        ada.get(&path).await.text_of("h1"),
        "Which day suits the weekly meeting?"
    );
}

/// R3.
#[tokio::test]
async fn the_time_to_vote_grows_and_results_become_stricter_and_neither_goes_back() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let rules = [("closes_at", "2026-03-09T10:00"), ("results", "live")];
        let path = open(&mut ada, &rules).await;
        let times = format!("{path}times/");
        for (closes_at, results, status) in [
            ("2026-03-09T09:59", "live", 422),
            ("2026-03-10T10:00", "after_close", 303),
            ("2026-03-10T10:00", "live", 422),
            ("", "after_close", 303),
        ] {
            let version = ada
                .get(&times)
                .await
                .attributes("input[name=version]", "value")
                .remove(0);
            let form = [
                ("version", version.as_str()),
                ("closes_at", closes_at),
                ("results", results),
                ("voter_results", "never"),
                ("reason", "The hall is free longer"),
            ];
            let reply = ada.post(&times, &form).await;
            assert_eq!(
                reply.status, status,
                "{closes_at} {results}: {}",
                reply.text
            );
        }
        let announced = 1_773_050_400_000;
        assert_eq!(
            app.number("SELECT extended_from FROM polls").await,
            announced
        );
        assert_eq!(state(&mut ada, &path).await, "Open");
    }
}

#[tokio::test]
async fn a_change_of_times_decided_on_an_older_version_is_shown_the_newer_one() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[("closes_at", "2026-03-09T10:00")]).await;
    let form = |version, closes_at| {
        [
            ("version", version),
            ("closes_at", closes_at),
            ("results", "after_close"),
            ("voter_results", "never"),
            ("reason", "The hall is free longer"),
        ]
    };
    let times = format!("{path}times/");
    let faster = ada.post(&times, &form("2", "2026-03-10T10:00")).await;
    assert_eq!(faster.status, 303);
    let slower = ada.post(&times, &form("2", "2026-03-11T10:00")).await;
    assert_eq!(slower.status, 409);
    let said = slower.text_of(".error-summary");
    assert!(
        said.contains("Now it closes 10 March 2026, 10:00 UTC"),
        "{said}"
    );
    assert_eq!(
        slower.attributes("#closes_at", "value"),
        ["2026-03-11T10:00"]
    );
    assert_eq!(slower.attributes("input[name=version]", "value"), ["3"]);
}

#[tokio::test]
async fn a_poll_that_takes_all_choices_takes_those_that_are_added_later_too() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[("method", "multiple")]).await;
    let page = ada.get(&path).await;
    assert_eq!(page.attributes("#max_choices", "value"), [""]);
    assert_eq!(app.number("SELECT max_choices FROM polls").await, 2);
}

#[tokio::test]
async fn a_change_of_the_times_leads_back_to_the_list_it_came_from() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    for page in ["times/", "close/", "preview/"] {
        let page = ada.get(&format!("{path}{page}?list=state%3Dopen")).await;
        let trail = page.attributes(".breadcrumbs a", "href");
        assert_eq!(trail[1], "/admin/polls/?state=open");
        assert_eq!(trail[2], format!("{path}?list=state%3Dopen"));
    }
    let times = ada.get(&format!("{path}times/?list=state%3Dopen")).await;
    let action = times.attributes("form.sheet", "action");
    assert_eq!(action, [format!("{path}times/?list=state%3Dopen")]);
}
