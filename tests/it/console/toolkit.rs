//! What every list can do, on the list of polls.

use std::sync::Arc;

use rolecall::clock::Timestamp;

use super::{add, open};
use crate::support::{app::TestApp, database::Engine, person::Person};

/// The questions that the list shows, in order.
async fn questions(ada: &mut Person<'_>, query: &str) -> Vec<String> {
    ada.get(&format!("/admin/polls/?{query}"))
        .await
        .texts("tbody th")
}

/// A4.
#[tokio::test]
async fn a_list_is_sorted_by_one_column_and_within_it_by_another() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        for (question, closes) in [
            ("Banana?", "2026-03-05T10:00"),
            ("apple?", "2026-03-06T10:00"),
            ("Cherry?", "2026-03-05T10:00"),
            ("Date?", ""),
        ] {
            add(&mut ada, &[("question", question), ("closes_at", closes)]).await;
        }
        for (sort, order) in [
            ("question", ["apple?", "Banana?", "Cherry?", "Date?"]),
            ("-question", ["Date?", "Cherry?", "Banana?", "apple?"]),
            ("closes", ["Banana?", "Cherry?", "apple?", "Date?"]),
            (
                "-closes,question",
                ["apple?", "Banana?", "Cherry?", "Date?"],
            ),
            (
                "closes,-question",
                ["Cherry?", "Banana?", "apple?", "Date?"],
            ),
            ("nonsense", ["Date?", "Cherry?", "apple?", "Banana?"]),
        ] {
            assert_eq!(
                questions(&mut ada, &format!("sort={sort}")).await,
                order,
                "{sort}"
            );
        }
        let page = ada.get("/admin/polls/?sort=-closes,question").await;
        assert_eq!(page.texts("[aria-sort=descending]"), ["Closes"]);
        assert_eq!(page.texts("[aria-sort]").len(), 1);
    }
}

/// R4: the place in the list must not tell how many have voted in a secret poll.
#[tokio::test]
async fn sorting_by_votes_tells_nothing_of_secret_polls() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let voted = open(&mut ada, &[("question", "A?"), ("secrecy", "secret")]).await;
    open(&mut ada, &[("question", "B?"), ("secrecy", "secret")]).await;
    let before = questions(&mut ada, "sort=-votes").await;
    super::uma_votes(&app, &voted).await;
    assert_eq!(questions(&mut ada, "sort=-votes").await, before);
}

/// A6, A8.
#[tokio::test]
async fn filters_are_combined_counted_on_request_and_taken_away_one_by_one() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[("question", "Open and named?")]).await;
        open(
            &mut ada,
            &[("question", "Open and secret?"), ("secrecy", "secret")],
        )
        .await;
        add(
            &mut ada,
            &[("question", "Draft for staff?"), ("roles", "staff")],
        )
        .await;
        assert_eq!(
            questions(&mut ada, "state=open&secrecy=secret").await,
            ["Open and secret?"]
        );
        assert_eq!(questions(&mut ada, "role=user").await.len(), 2);
        let page = ada.get("/admin/polls/?state=open&facets=1").await;
        assert_eq!(
            page.texts("#secrecy option"),
            ["Any", "Named votes (1)", "Secret ballot (1)"]
        );
        assert_eq!(
            page.text_of("main > div p.small, .console p.small"),
            "2 of 3 polls"
        );
        let tags = page.attributes(".chips a", "href");
        assert_eq!(tags, ["/admin/polls/?facets=1", "/admin/polls/"]);
    }
}

/// A7, A9.
#[tokio::test]
async fn a_list_is_narrowed_to_dates_by_a_range_by_a_period_and_step_by_step() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[("question", "On the second?")]).await;
        app.advance(std::time::Duration::from_hours(72)).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[("question", "On the fifth?")]).await;
        for (query, found) in [
            ("from=2026-03-03", vec!["On the fifth?"]),
            ("to=2026-03-02", vec!["On the second?"]),
            (
                "from=2026-03-02&to=2026-03-05",
                vec!["On the fifth?", "On the second?"],
            ),
            ("when=today", vec!["On the fifth?"]),
            ("date=2026-03-02", vec!["On the second?"]),
            ("date=2025", vec![]),
            ("from=soon", vec!["On the fifth?", "On the second?"]),
        ] {
            assert_eq!(questions(&mut ada, query).await, found, "{query}");
        }
        let steps = |page: &crate::support::person::Reply| page.texts("nav.dates li");
        let page = ada.get("/admin/polls/").await;
        assert_eq!(
            page.attributes("nav.dates", "aria-label"),
            ["By date: Published"]
        );
        assert_eq!(steps(&page), ["2026"]);
        let page = ada.get("/admin/polls/?date=2026-03").await;
        assert_eq!(steps(&page), ["All dates", "2026", "March", "2", "5"]);
    }
}

/// A10.
#[tokio::test]
async fn a_page_has_the_size_that_was_chosen_and_a_short_list_is_shown_whole() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for number in 1..=60 {
        add(&mut ada, &[("question", &format!("Question {number}?"))]).await;
    }
    assert_eq!(questions(&mut ada, "").await.len(), 50);
    assert_eq!(questions(&mut ada, "size=25&page=3").await.len(), 10);
    let whole = ada.get("/admin/polls/?size=all").await;
    assert_eq!(whole.texts("tbody th").len(), 60);
    let sizes = whole.texts("nav[aria-label='Rows on a page'] li");
    assert_eq!(sizes, ["25", "50", "100", "All", "on a page"]);
}

/// A3.
#[tokio::test]
async fn a_poll_was_published_recently_for_a_day_and_not_before() {
    let app = TestApp::start().await;
    let poll = {
        let id = crate::support::polls::open(
            &app.state.polls,
            crate::support::polls::draft("Which day?", &["Monday", "Tuesday"]),
            app.clock.now(),
        )
        .await;
        app.state
            .polls
            .find(id)
            .await
            .expect("an answer")
            .expect("a poll")
    };
    let mut poll = Arc::unwrap_or_clone(poll);
    let day = 24 * 60 * 60 * 1000;
    let at = |offset: i64| Timestamp::from_millis(app.clock.now().as_millis() + offset);
    for (published, recently) in [
        (-day - 1, false),
        (-day, true),
        (-1, true),
        (0, true),
        (1, false),
    ] {
        poll.published_at = Some(at(published));
        assert_eq!(
            poll.was_published_recently(app.clock.now()),
            recently,
            "{published}"
        );
    }
    let mut ada = app.ada().await;
    assert_eq!(
        ada.get("/admin/polls/")
            .await
            .text_of("td[data-label='Published recently']"),
        "✓ Yes"
    );
    app.advance(std::time::Duration::from_hours(25)).await;
    let mut ada = app.ada().await;
    assert_eq!(
        ada.get("/admin/polls/")
            .await
            .text_of("td[data-label='Published recently']"),
        "– No"
    );
}
