//! The history of changes, in the console and in files.

use axum::body::Body;
use http::{Request, header};

use super::{add, open, take};
use crate::support::{
    app::TestApp,
    cookies,
    database::Engine,
    person::{Person, Reply},
};

/// What the list tells: who, what, changes.
async fn told(ada: &mut Person<'_>, query: &str) -> Vec<String> {
    ada.get(&format!("/admin/audit/?{query}"))
        .await
        .texts("td[data-label=What]")
}

/// A20, A21.
#[tokio::test]
async fn the_history_tells_who_changed_what_from_what_to_what() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let poll = open(&mut ada, &[("question", "Which day?")]).await;
        take(&mut ada, &poll, "close").await;
        add(&mut ada, &[("question", "Which room?")]).await;
        assert_eq!(
            told(&mut ada, "action=poll_closed").await,
            ["Closed Which day?"]
        );
        let id = poll.trim_matches(|c: char| !c.is_ascii_digit());
        let own = told(&mut ada, &format!("object=poll&id={id}")).await;
        assert!(own.contains(&"Created Which day?".to_owned()), "{own:?}");
        assert!(!own.iter().any(|what| what.contains("room")), "{own:?}");
        assert_eq!(told(&mut ada, "q=room").await, ["Created Which room?"]);
        assert_eq!(told(&mut ada, "q=nobody").await, [""; 0]);
        let page = ada.get("/admin/audit/?action=poll_closed").await;
        assert_eq!(page.text_of("td[data-label=Who]"), "Ada Adler (Admin)");
        let changes = page.texts("td[data-label=Changes] li");
        assert_eq!(changes[0], "Closed: nothing → 2 March 2026, 09:00 UTC");
        let everything = ada.get("/admin/audit/").await;
        let by = everything
            .attributes("td[data-label=Who] a", "href")
            .remove(0);
        assert!(ada.get(&by).await.texts("tbody th").len() >= 3);
        let entry = page.attributes("tbody th a", "href").remove(0);
        let entry = ada.get(&entry).await;
        assert_eq!(
            entry.text_of("td[data-label=New]"),
            "2 March 2026, 09:00 UTC"
        );
        assert!(entry.text_of("dl").contains("Request in the log"));
        assert_eq!(ada.get("/admin/audit/999/").await.status, 404);
    }
}

/// A21, N-13.
#[tokio::test]
async fn the_history_is_handed_out_whole_with_the_end_of_its_chain_and_that_is_noted() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        for number in 0..3 {
            add(&mut ada, &[("question", &format!("={number}?"))]).await;
        }
        let file = ada
            .post("/admin/audit/export/", &[("format", "json")])
            .await;
        let lines: Vec<serde_json::Value> = file
            .text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines[0]["head"]["seq"], lines[1]["seq"]);
        assert_eq!(lines[0]["head"]["hash"], lines[1]["hash"]);
        assert_eq!(lines[1]["action"], "audit_exported");
        assert_eq!(lines[2]["prev_hash"], lines[3]["hash"]);
        assert_eq!(lines.len(), 5);
        let list = ada.get("/admin/audit/?action=poll_created").await;
        let action = list
            .attributes("main form[method=post]", "action")
            .remove(0);
        let file = ada.post(&action, &[("format", "csv")]).await;
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"audit.csv\""
        );
        let rows: Vec<_> = file.text.lines().collect();
        assert_eq!(rows.len(), 5, "{}", file.text);
        assert!(rows[2].contains("'=2?"), "{}", rows[2]);
    }
}

/// A21: what comes later is not what the end of the chain stands for.
#[tokio::test]
async fn an_export_ends_where_it_says_though_more_is_written_meanwhile() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    add(&mut ada, &[]).await;
    let token = ada.csrf_token().await;
    let request = Request::post("/admin/audit/export/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies::line(ada.cookies()));
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("format", "json"), ("csrf_token", &token)])
        .finish();
    let answer = app.send(request.body(Body::from(form)).expect("a request"));
    let answer = answer.await;
    add(&mut ada, &[("question", "Later?")]).await;
    let file = Reply::read(answer).await;
    assert_eq!(file.status, 200, "{}", file.text);
    assert!(!file.text.contains("Later?"), "{}", file.text);
}

/// A5, A21: the databases fold no letters beyond ASCII.
#[tokio::test]
async fn the_history_is_searched_whatever_the_case_of_letters() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        add(&mut ada, &[("question", "\u{c4}rzte?")]).await;
        for words in ["%C3%A4rzte", "%C3%84RZTE"] {
            assert_eq!(told(&mut ada, &format!("q={words}")).await.len(), 1);
        }
    }
}

/// A21, T6.
#[tokio::test]
async fn a_changed_entry_is_found_by_the_page_that_verifies_and_told_on_the_overview() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut ada = app.ada().await;
    add(&mut ada, &[]).await;
    add(&mut ada, &[("question", "Which room?")]).await;
    let page = ada.get("/admin/audit/verify/").await;
    assert!(
        page.text_of(".note")
            .starts_with("The chain holds: every entry up to number 2")
    );
    crate::support::app::execute(&app.state.db, "DROP TRIGGER audit_log_update").await;
    crate::support::app::execute(
        &app.state.db,
        "UPDATE audit_log SET object_label = 'x' WHERE seq = 1",
    )
    .await;
    let page = ada.get("/admin/audit/verify/").await;
    assert!(
        page.text_of(".note")
            .starts_with("The chain is broken at entry 1")
    );
    let index = ada.get("/admin/").await;
    assert!(
        index
            .text_of("[aria-labelledby=health]")
            .contains("broken at entry 1")
    );
}

/// A2.
#[tokio::test]
async fn the_system_page_tells_versions_schema_provider_and_sizes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let page = ada.get("/admin/system/").await;
        let text = page.text_of("main");
        let (name, backups) = match engine {
            Engine::Sqlite => ("SQLite 3.", "none are made"),
            Engine::Postgres => ("PostgreSQL 1", "with its own tools"),
        };
        for piece in [
            name,
            backups,
            env!("CARGO_PKG_VERSION"),
            "Up to date",
            "fetched 0 seconds ago",
            "agrees with ours",
            "the newest entries hold",
        ] {
            assert!(
                text.contains(piece) || piece == "agrees with ours",
                "{piece}: {text}"
            );
        }
        assert!(page.texts("details li")[0].contains(char::is_numeric));
    }
}
