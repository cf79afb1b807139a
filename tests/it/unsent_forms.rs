//! A form that is sent after the session has ended: not carried out, and not lost.

use std::{sync::atomic::Ordering, time::Duration};

use axum::body::Body;
use demo_idp::Person as Account;
use http::{Request, header};
use rolecall::{
    paths,
    polls::{PollId, Secrecy, editing::PollDraft},
    route::LARGEST_ROWS,
};

use crate::{
    console,
    support::{
        app::TestApp,
        database::Engine,
        endless,
        person::{Person, Reply},
        polls::{create, draft, open, paper},
    },
};

pub const KEPT: &str = "SELECT COUNT(*) FROM unsent_forms";
pub const BALLOTS: &str = "SELECT COUNT(*) FROM ballots";
const HOUR: Duration = Duration::from_hours(1);

pub fn lunch() -> PollDraft {
    draft("What is for lunch?", &["Soup", "Salad"])
}

pub async fn opened(app: &TestApp, draft: PollDraft) -> PollId {
    open(&app.state.polls, draft, app.clock.now()).await
}

/// The value of the second choice.
pub async fn salad(app: &TestApp, id: PollId) -> String {
    paper(&app.state.polls, id).await[1].id.to_string()
}

/// Sends the fields with the token of a session that has ended meanwhile.
pub async fn send_late(
    app: &TestApp,
    person: &mut Person<'_>,
    path: &str,
    fields: &[(&str, &str)],
) -> Reply {
    let token = person.csrf_token().await;
    app.advance(HOUR).await;
    let fields = [fields, &[("csrf_token", token.as_str())]].concat();
    let sent = person.post_without_token(path, &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(sent.location().starts_with("/oidc/authenticate/"));
    sent
}

/// Follows the redirect of a late form through the sign-in; the page that it leads to.
pub async fn come_back(person: &mut Person<'_>, pick: &str, sent: &Reply) -> Reply {
    let start = person.get(sent.location()).await;
    let callback = person.pick_at_provider(start.location(), pick).await;
    let landed = person.get(&callback).await;
    assert_eq!(landed.status, 303, "{}", landed.text);
    person.get(landed.location()).await
}

pub fn ticked(page: &Reply) -> Vec<String> {
    page.attributes("input[name=choice][checked]", "value")
}

/// N-9, V30, M-32.
#[tokio::test]
async fn a_late_vote_comes_back_filled_in_and_counts_once_it_is_sent_again() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let id = opened(&app, lunch()).await;
        let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
        let path = paths::with_id(paths::VOTE, id);
        let sent = send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
        let page = come_back(&mut uma, "pick-uma", &sent).await;
        assert_eq!(ticked(&page), [salad.as_str()]);
        let said = page.text_of(".flash.error");
        assert!(
            said.contains("not recorded") && said.contains("filled in below"),
            "{said}"
        );
        assert_eq!(app.number(BALLOTS).await, 0);
        let again = uma.get(&paths::poll(id)).await;
        assert!(ticked(&again).is_empty(), "it is told once");
        assert!(again.texts(".flash").is_empty());
        let voted = uma.post(&path, &[("choice", &salad)]).await;
        assert_eq!(voted.location(), paths::with_id(paths::VOTED, id));
        assert_eq!(app.number(BALLOTS).await, 1);
    }
}

/// N-9, M-32: a role that cannot be confirmed is no reason to lose a form either.
#[tokio::test]
async fn a_vote_of_an_unconfirmed_session_comes_back_filled_in() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    app.op().revoke_tokens(&Account::uma().sub);
    app.advance(Duration::from_mins(15)).await;
    let path = paths::with_id(paths::VOTE, id);
    let sent = uma.post(&path, &[("choice", &salad)]).await;
    let page = come_back(&mut uma, "pick-uma", &sent).await;
    assert_eq!(ticked(&page), [salad.as_str()]);
    assert_eq!(app.number(BALLOTS).await, 0);
}

/// V30, SEC-50: a secret choice is put nowhere.
#[tokio::test]
async fn a_late_vote_of_a_secret_poll_is_kept_nowhere() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..lunch()
    };
    let id = opened(&app, secret).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    for route in [paths::VOTE, paths::REVIEW] {
        let path = paths::with_id(route, id);
        let sent = send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
        assert_eq!(app.number(KEPT).await, 0, "{path}");
        assert!(!sent.text.contains(&salad) && !sent.location().contains("choice"));
        let page = come_back(&mut uma, "pick-uma", &sent).await;
        assert!(ticked(&page).is_empty());
        assert!(page.text_of(".flash.error").contains("choose again"));
    }
}

/// N-9.
#[tokio::test]
async fn a_new_poll_that_was_typed_for_too_long_comes_back_as_it_was_typed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let fields = [
            ("version", "0"),
            ("question", "Which day suits?"),
            ("description", "Two\nlines & <b>more</b>"),
            ("choice", "Monday"),
            ("choice", "Tuesday"),
            ("choice", ""),
            ("method", "single"),
            ("roles", "staff"),
            ("results", "after_close"),
            ("voter_results", "never"),
            ("zone", "UTC"),
            ("opens_at", ""),
            ("closes_at", "2026-03-09T10:00"),
            ("press", "continue"),
        ];
        let path = "/admin/polls/new/?list=state%3Ddraft";
        let sent = send_late(&app, &mut ada, path, &fields).await;
        assert!(
            sent.location()
                .ends_with("next=%2Fadmin%2Fpolls%2Fnew%2F%3Flist%3Dstate%253Ddraft")
        );
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 0);
        let page = come_back(&mut ada, "pick-ada", &sent).await;
        assert!(page.text_of(".note.warn").contains("nothing was saved"));
        assert_eq!(page.attributes("#question", "value"), ["Which day suits?"]);
        let choices = page.attributes("input[name=choice]", "value");
        assert_eq!(choices[..2], ["Monday", "Tuesday"]);
        assert!(
            page.text.contains("Two\nlines &#38; &#60;b&#62;more"),
            "{}",
            page.text
        );
        assert_eq!(
            page.attributes("input[name=roles][checked]", "value"),
            ["staff"]
        );
        let saved = ada.post(path, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 1);
    }
}

/// N-9: and it is told when somebody else was faster.
#[tokio::test]
async fn an_edit_that_came_too_late_is_held_against_what_is_stored_when_it_is_saved() {
    let app = TestApp::start().await;
    let id = create(&app.state.polls, lunch(), app.clock.now()).await;
    let mut ada = app.ada().await;
    let path = paths::with_id(paths::ADMIN_POLL, id);
    let mut fields = console::fields(&mut ada, &path).await;
    for (name, value) in &mut fields {
        if name == "question" {
            "What is for dinner?".clone_into(value);
        }
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let sent = send_late(&app, &mut ada, &path, &fields).await;
    app.execute("UPDATE polls SET version = version + 1 WHERE id = $1", id.0)
        .await;
    let page = come_back(&mut ada, "pick-ada", &sent).await;
    assert_eq!(
        page.attributes("#question", "value"),
        ["What is for dinner?"]
    );
    assert_eq!(ada.post(&path, &fields).await.status, 409);
}

/// N-9: what may still change once a poll is open.
#[tokio::test]
async fn a_closing_time_that_was_sent_too_late_comes_back_as_it_was_typed() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let mut ada = app.ada().await;
    let path = paths::with_id(paths::ADMIN_POLL_TIMES, id);
    let fields = [
        ("closes_at", "2026-09-09T10:00"),
        ("results", "on_release"),
        ("voter_results", "never"),
    ];
    let sent = send_late(&app, &mut ada, &path, &fields).await;
    let page = come_back(&mut ada, "pick-ada", &sent).await;
    assert_eq!(page.attributes("#closes_at", "value"), ["2026-09-09T10:00"]);
    assert!(
        page.text_of(".error-summary")
            .contains("nothing was changed"),
        "{}",
        page.text
    );
    let stored = "SELECT COUNT(*) FROM polls WHERE closes_at IS NOT NULL";
    assert_eq!(app.number(stored).await, 0);
}

#[tokio::test]
async fn a_kept_form_is_sealed_and_holds_no_token() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let mut ada = app.ada().await;
    let token = ada.csrf_token().await;
    let fields = [("question", "MARKED-question")];
    send_late(&app, &mut ada, "/admin/polls/new/", &fields).await;
    assert_eq!(app.number(KEPT).await, 1);
    let in_clear = "SELECT COUNT(*) FROM unsent_forms WHERE fields LIKE '%MARKED%'";
    assert_eq!(app.number(in_clear).await, 0);
    let cookie = ada.cookies()["rolecall_form"].clone();
    assert!(!cookie.contains("MARKED") && cookie.len() == 43);
    assert_ne!(cookie, token);
}

#[tokio::test]
async fn another_browser_does_not_find_it_and_this_one_not_for_long() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    let path = paths::with_id(paths::VOTE, id);
    send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
    let mut phone = app.uma().await;
    phone
        .cookies()
        .insert("rolecall_form".to_owned(), "A".repeat(43));
    assert!(ticked(&phone.get(&paths::poll(id)).await).is_empty());
    uma.sign_in("pick-uma", "/").await;
    app.advance(Duration::from_mins(20)).await;
    assert!(ticked(&uma.get(&paths::poll(id)).await).is_empty());
    app.state.unsent.sweep().await.expect("swept");
    assert_eq!(app.number(KEPT).await, 0);
}

/// M-31: a script keeps its own form.
#[tokio::test]
async fn the_form_of_a_script_is_not_kept() {
    let app = TestApp::start().await;
    let request = Request::post("/admin/polls/new/")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = app
        .anonymous()
        .send(request, Body::from("question=x"))
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(app.number(KEPT).await, 0);
}

/// SEC-43: where files are taken, of a stranger's form no more is kept than of one without files.
#[tokio::test]
async fn a_late_form_has_no_room_for_a_file() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = console::add(&mut ada, &[("roll_mode", "list")]).await;
    let form = || {
        Request::post(format!("{path}voters/upload/"))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    };
    let (body, read) = endless::body("file=");
    let answer = app.anonymous().send(form(), body).await;
    assert_eq!(answer.status, 413, "{}", answer.text);
    let read = read.load(Ordering::Relaxed);
    assert!(read < LARGEST_ROWS + 2 * endless::CHUNK, "{read} bytes");
    assert_eq!(app.number(KEPT).await, 0);
    // Of somebody who is signed in it is read: it is refused for being no file.
    let (body, read) = endless::body("file=");
    let answer = ada.send(form(), body).await;
    assert_ne!(answer.status, 413, "{}", answer.text);
    assert!(read.load(Ordering::Relaxed) > 7 << 20);
}

/// SEC-48: a vote that a stranger sends to a draft is answered like one to no poll at all.
#[tokio::test]
async fn what_is_kept_does_not_tell_a_draft_from_nothing() {
    let app = TestApp::start().await;
    let draft = create(&app.state.polls, lunch(), app.clock.now()).await;
    let mut answers = Vec::new();
    for id in [draft, PollId(4711)] {
        let mut stranger = app.anonymous();
        let path = paths::with_id(paths::VOTE, id);
        let sent = stranger.post_without_token(&path, &[("choice", "1")]).await;
        let cookies: Vec<_> = stranger.cookies().keys().cloned().collect();
        answers.push((sent.status, cookies));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(app.number(KEPT).await, 0);
}
