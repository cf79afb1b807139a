//! Something done to several polls at once.

use rolecall::{
    audit::Actor,
    polls::{PollId, editing::Step},
};

use super::{add, confirm, open};
use crate::support::{
    app::TestApp,
    database::Engine,
    person::Person,
    polls::{self, draft},
};

const BULK: &str = "/admin/polls/bulk/";

/// The keys of the polls that the list shows.
async fn keys(ada: &mut Person<'_>, query: &str) -> Vec<String> {
    let page = ada.get(&format!("/admin/polls/?{query}")).await;
    page.attributes("input[name=id]", "value")
}

/// A12, A13.
#[tokio::test]
async fn ticked_polls_are_closed_after_a_page_that_says_which_and_why_not_the_others() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[("question", "One?")]).await;
        open(&mut ada, &[("question", "Two?")]).await;
        add(&mut ada, &[("question", "Draft?")]).await;
        let list = ada.get("/admin/polls/?q=%3F").await;
        assert!(
            list.attributes("input[name=id]", "aria-label")
                .contains(&"Select poll: One?".to_owned())
        );
        let action = list.attributes("#bulk", "action").remove(0);
        let ids = keys(&mut ada, "").await;
        let mut fields = vec![("action", "close")];
        fields.extend(ids.iter().map(|id| ("id", id.as_str())));
        let asked = ada.post(&action, &fields).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        assert_eq!(asked.text_of("h1"), "Close 2 polls?");
        assert_eq!(asked.text_of("h2"), "1 stays as it is");
        assert!(
            asked
                .text_of("main")
                .contains("Only an open poll can be closed")
        );
        let cancel = asked.attributes("main .actions a", "href");
        assert_eq!(cancel, ["/admin/polls/?q=%3F"]);
        let done = confirm(&mut ada, &asked, &[]).await;
        assert_eq!(done.location(), "/admin/polls/?q=%3F");
        let list = ada.get(done.location()).await;
        assert_eq!(list.text_of(".flash"), "2 polls were closed.");
        assert_eq!(keys(&mut ada, "state=closed").await.len(), 2);
        let told = app
            .number("SELECT COUNT(*) FROM audit_log WHERE action = 'poll_closed'")
            .await;
        assert_eq!(told, 2);
    }
}

/// A12: all that a filter finds, over several pages, and some of them changed by somebody else
/// between the question and the answer.
#[tokio::test]
async fn all_of_a_list_are_taken_across_pages_and_what_changed_meanwhile_is_left() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        let mut ids = Vec::new();
        for number in 0..60 {
            let question = format!("Open {number}?");
            ids.push(polls::open(store, draft(&question, &["a", "b"]), now).await);
        }
        polls::create(store, draft("Draft?", &["a"]), now).await;
        let mut ada = app.ada().await;
        let list = ada.get("/admin/polls/?state=open&size=25").await;
        assert!(
            list.texts("#which option")
                .contains(&"all 60 polls of this list".to_owned())
        );
        let action = list.attributes("#bulk", "action").remove(0);
        let asked = ada
            .post(&action, &[("action", "close"), ("which", "all")])
            .await;
        assert_eq!(asked.text_of("h1"), "Close 60 polls?");
        for id in ids.iter().take(2) {
            polls::take(store, Step::Close, *id, now).await;
        }
        let done = confirm(&mut ada, &asked, &[]).await;
        let list = ada.get(done.location()).await;
        assert!(
            list.text_of(".flash")
                .starts_with("58 polls were closed. 2 were left as they are"),
            "{}",
            list.text_of(".flash")
        );
    }
}

/// A12, A18.
#[tokio::test]
async fn drafts_are_deleted_and_whatever_was_open_once_is_not() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        add(&mut ada, &[("question", "Draft?")]).await;
        let opened = open(&mut ada, &[("question", "Open?")]).await;
        super::take(&mut ada, &opened, "close").await;
        let rows = keys(&mut ada, "").await;
        let mut fields = vec![("action", "delete"), ("which", "page")];
        fields.extend(rows.iter().map(|id| ("row", id.as_str())));
        let asked = ada.post(BULK, &fields).await;
        assert_eq!(asked.text_of("h1"), "Delete 1 poll?");
        let forged = [("action", "delete"), ("confirmed", &rows.join(",") as &str)];
        let done = ada.post(BULK, &forged).await;
        assert_eq!(done.status, 303);
        assert_eq!(ada.get("/admin/polls/").await.texts("tbody th"), ["Open?"]);
        let told = app
            .number("SELECT COUNT(*) FROM audit_log WHERE action = 'poll_deleted'")
            .await;
        assert_eq!(told, 1);
    }
}

/// A12, R4: how many have voted stands in the file where it may be told.
#[tokio::test]
async fn ticked_polls_or_all_of_a_list_come_as_a_file_without_a_question() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[("question", "=One?")]).await;
        let secret = [("question", "Two?"), ("secrecy", "secret")];
        open(&mut ada, &secret).await;
        add(&mut ada, &[("question", "Draft?")]).await;
        let list = ada.get("/admin/polls/?state=open").await;
        let action = list.attributes("#bulk", "action").remove(0);
        let fields = [("action", "export"), ("which", "all")];
        let file = ada.post(&action, &fields).await;
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"polls.csv\""
        );
        let rows: Vec<_> = file.text.lines().collect();
        assert_eq!(
            rows[0],
            "\u{feff}id,question,state,method,secrecy,opens_at,closes_at,votes"
        );
        assert!(
            rows[1].ends_with(",Two?,open,single,secret,2026-03-02T09:00:00Z,,"),
            "{}",
            rows[1]
        );
        assert!(
            rows[2].ends_with(",'=One?,open,single,named,2026-03-02T09:00:00Z,,0"),
            "{}",
            rows[2]
        );
        assert_eq!(rows.len(), 3);
        let drafts = keys(&mut ada, "state=draft").await;
        let fields = [("action", "export"), ("id", drafts[0].as_str())];
        let file = ada.post(BULK, &fields).await;
        assert!(file.text.contains("Draft?,draft"), "{}", file.text);
        let nothing = ada.post(BULK, &[("action", "export")]).await;
        assert_eq!(nothing.status, 303);
    }
}

#[tokio::test]
async fn without_an_action_or_a_poll_nothing_is_done_and_that_is_said() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    add(&mut ada, &[]).await;
    for (fields, said) in [
        (vec![("id", "1")], "choose an action first"),
        (
            vec![("action", "explode"), ("id", "1")],
            "choose an action first",
        ),
        (vec![("action", "archive")], "tick the rows"),
    ] {
        let done = ada.post(BULK, &fields).await;
        let list = ada.get(done.location()).await;
        assert!(
            list.text_of(".flash").contains(said),
            "{}",
            list.text_of(".flash")
        );
    }
}

/// One transaction: when the database refuses one of them, none is changed.
#[tokio::test]
async fn polls_that_are_not_there_change_nothing_of_the_others() {
    let app = TestApp::start().await;
    let (store, now) = (&app.state.polls, app.clock.now());
    let id = polls::open(store, draft("Open?", &["a", "b"]), now).await;
    let bulk = rolecall::polls::bulk::Bulk::Take(Step::Close);
    let ids = vec![PollId(999), id];
    let details = rolecall::polls::editing::Details::default();
    let done = store
        .take_all(bulk, ids, details, Actor::System, now)
        .await
        .expect("an answer");
    assert_eq!((done.done, done.skipped), (vec![id], vec![]));
}
