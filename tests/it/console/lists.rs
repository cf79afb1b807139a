//! The overview and the lists.

use super::{add, open};
use crate::support::{app::TestApp, database::Engine};

#[tokio::test]
async fn the_overview_of_an_empty_site_says_how_to_begin() {
    let app = TestApp::start().await;
    let index = app.ada().await.get("/admin/").await;
    assert_eq!(index.text_of("h1"), "Polls Administration");
    assert_eq!(index.texts(".empty li").len(), 3);
}

#[tokio::test]
async fn the_overview_shows_what_is_open_and_what_keeps_drafts_from_opening() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    open(&mut ada, &[("closes_at", "2026-03-09T10:00")]).await;
    add(&mut ada, &[("question", "New name?"), ("choice", "Roll")]).await;
    let index = ada.get("/admin/").await;
    assert_eq!(index.texts(".stat .figure"), ["1", "1", "1", "0"]);
    let panels = index.texts(".stat:not([aria-labelledby=health]) li");
    assert_eq!(
        panels,
        [
            "Which day suits the weekly meeting? 0 votes · closes 9 March 2026, 10:00 UTC",
            "New name? Give it at least 2 choices.",
        ]
    );
}

#[tokio::test]
async fn polls_are_found_by_state_and_by_the_words_of_question_and_choices() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        add(
            &mut ada,
            &[
                ("question", "Is 100% too much?"),
                ("choice", "Größe"),
                ("choice", "b"),
            ],
        )
        .await;
        open(&mut ada, &[("question", "Is 100 enough?")]).await;
        let closed = open(&mut ada, &[("question", "Which room?")]).await;
        super::take(&mut ada, &closed, "close").await;
        open(
            &mut ada,
            &[("question", "Later?"), ("opens_at", "2026-03-05T10:00")],
        )
        .await;
        let archived = add(&mut ada, &[("question", "Never?")]).await;
        super::take(&mut ada, &archived, "archive").await;
        for (query, found) in [
            (
                "",
                [
                    "Never?",
                    "Later?",
                    "Which room?",
                    "Is 100 enough?",
                    "Is 100% too much?",
                ]
                .as_slice(),
            ),
            ("state=draft", &["Is 100% too much?"]),
            ("state=scheduled", &["Later?"]),
            ("state=open", &["Is 100 enough?"]),
            ("state=closed", &["Which room?"]),
            ("state=archived", &["Never?"]),
            (
                "state=nonsense&page=7&unknown=x",
                &[
                    "Never?",
                    "Later?",
                    "Which room?",
                    "Is 100 enough?",
                    "Is 100% too much?",
                ],
            ),
            ("q=100%25", &["Is 100% too much?"]),
            ("q=GR%C3%96SSE", &[]),
            ("q=gr%C3%96%C3%9Fe", &["Is 100% too much?"]),
            ("q=is+monday", &["Is 100 enough?"]),
            ("q=%22too+much%22", &["Is 100% too much?"]),
            ("q=%22much+too%22", &[]),
            ("q=_", &[]),
            ("q=%27%3B--", &[]),
        ] {
            let page = ada.get(&format!("/admin/polls/?{query}")).await;
            assert_eq!(page.texts("tbody th"), found, "{query}");
        }
        let none = ada.get("/admin/polls/?q=nothing").await;
        assert!(none.text_of(".empty").contains("No polls match"));
    }
}

#[tokio::test]
async fn a_long_list_has_pages_and_keeps_its_filter_through_them_and_through_an_edit() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for number in 1..=51 {
        add(&mut ada, &[("question", &format!("Question {number}?"))]).await;
    }
    let first = ada.get("/admin/polls/?state=draft").await;
    assert_eq!(first.texts("tbody th").len(), 50);
    assert_eq!(
        first.attributes("a[rel=next]", "href"),
        ["/admin/polls/?state=draft&page=2"]
    );
    let beyond = ada.get("/admin/polls/?state=draft&page=99").await;
    assert_eq!(beyond.texts("tbody th"), ["Question 1?"]);
    let edit = beyond.attributes("tbody th a", "href").remove(0);
    let cancel = ada
        .get(&edit)
        .await
        .attributes("form.sheet .actions a", "href");
    assert_eq!(cancel, ["/admin/polls/?page=99&state=draft"]);
}

/// Z-32.
#[tokio::test]
async fn people_are_listed_by_name_with_roles_that_cannot_be_edited_here() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        app.uma().await;
        app.stan().await;
        let mut ada = app.ada().await;
        let page = ada.get("/admin/users/").await;
        let names = page.texts("tbody th");
        assert_eq!(names.len(), 3);
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(
            page.texts("td[data-label=Role]"),
            ["Admin", "Staff", "Voter"]
        );
        assert_eq!(
            page.texts("td[data-label='Last sign-in']"),
            ["2 March 2026"; 3]
        );
        assert!(
            page.text_of("main")
                .contains("managed by your sign-in provider")
        );
        let found = ada.get("/admin/users/?q=UMA").await;
        assert_eq!(found.texts("tbody th"), [names[2].clone()]);
        let none = ada.get("/admin/users/?q=nobody%25").await;
        assert_eq!(none.text_of(".empty h2"), "No people match");
    }
}

#[tokio::test]
async fn a_poll_or_step_that_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &[]).await;
    for missing in [
        "/admin/polls/999/".to_owned(),
        "/admin/polls/x/".to_owned(),
        "/admin/polls/99999999999999999999/preview/".to_owned(),
        format!("{path}explode/"),
        "/admin/polls/999/open/".to_owned(),
    ] {
        assert_eq!(ada.get(&missing).await.status, 404, "{missing}");
    }
}
