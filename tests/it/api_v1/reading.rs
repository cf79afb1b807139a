//! Listing polls and reading one.

use std::time::Duration;

use rolecall::polls::editing::{PollDraft, Step};

use super::*;
use crate::support::polls::{create, draft, open, take};

/// Opens so many polls, one each minute; the last is the newest.
async fn open_polls(app: &TestApp, count: usize) {
    for number in 1..=count {
        let question = format!("Question {number}?");
        let now = app.clock.now();
        open(&app.state.polls, draft(&question, &["Yes", "No"]), now).await;
        app.advance(Duration::from_mins(1)).await;
    }
}

fn questions(reply: &Reply) -> Vec<String> {
    let list = reply.json();
    let polls = list["polls"].as_array().expect("polls").iter();
    polls
        .map(|poll| poll["question"].as_str().expect("text").to_owned())
        .collect()
}

/// X12, SEC-71.
#[tokio::test]
async fn a_list_goes_on_where_its_part_has_ended() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    open_polls(&app, 5).await;
    let first = uma.get("/api/v1/polls?limit=2").await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!(questions(&first), ["Question 5?", "Question 4?"]);
    // What is published meanwhile moves nothing.
    open_polls(&app, 1).await;
    let link = first.header("link");
    let next = first.json()["next"].as_str().expect("a cursor").to_owned();
    let base = "<http://localhost:8000/api/v1/polls?cursor=";
    assert_eq!(link, format!("{base}{next}&limit=2>; rel=\"next\""));
    let path = link.trim_start_matches("<http://localhost:8000");
    let path = path.split('>').next().expect("an address");
    let second = uma.get(path).await;
    assert_eq!(questions(&second), ["Question 3?", "Question 2?"]);
    let next = second.json()["next"].as_str().expect("a cursor").to_owned();
    let last = uma.get(&format!("/api/v1/polls?cursor={next}")).await;
    assert_eq!(questions(&last), ["Question 1?"]);
    assert_eq!(last.json()["next"], Value::Null);
    assert_eq!(last.header("link"), "");
}

/// X12.
#[tokio::test]
async fn a_list_is_narrowed_to_a_state() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let later = PollDraft {
        opens_at: Some(now.plus(Duration::from_hours(1))),
        ..draft("Later?", &["Yes", "No"])
    };
    let later = create(polls, later, now).await;
    take(polls, Step::Open, later, now).await;
    open(polls, draft("Now?", &["Yes", "No"]), now).await;
    let over = open(polls, draft("Over?", &["Yes", "No"]), now).await;
    take(polls, Step::Close, over, now).await;
    create(polls, draft("Draft?", &["Yes", "No"]), now).await;
    for (state, expected) in [
        ("scheduled", "Later?"),
        ("open", "Now?"),
        ("closed", "Over?"),
    ] {
        let list = uma.get(&format!("/api/v1/polls?state={state}")).await;
        assert_eq!(questions(&list), [expected], "{state}");
        assert_eq!(list.json()["polls"][0]["state"], state);
    }
    for state in ["draft", "archived", "released"] {
        let list = uma.get(&format!("/api/v1/polls?state={state}")).await;
        assert_eq!(questions(&list), [""; 0], "{state}");
    }
    assert_eq!(questions(&uma.get("/api/v1/polls").await).len(), 3);
}

/// X12.
#[tokio::test]
async fn a_query_that_cannot_be_read_is_a_bad_request() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=99999999999999999999",
        "limit=1&limit=2",
        "cursor=x",
        "cursor=",
        "cursor=MQ",
        "state=nowhere",
        "page=2",
    ] {
        let reply = uma.get(&format!("/api/v1/polls?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text);
        assert_problem(&reply, 400, "bad_request");
    }
}

/// X12, F-2.
#[tokio::test]
async fn a_poll_is_read_with_its_ballot_paper_and_what_the_person_may_do() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let id = open(polls, draft("Tea or coffee?", &["Tea", "Coffee"]), now).await;
    let reply = uma.get(&format!("/api/v1/polls/{id}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let poll = reply.json();
    assert_eq!(poll["question"], "Tea or coffee?");
    assert_eq!(poll["state"], "open");
    assert_eq!(poll["standing"], "can_vote");
    assert_eq!(poll["has_voted"], false);
    assert_eq!(poll["opens_at"], "2026-03-02T09:00:00Z");
    assert_eq!(poll["closes_at"], Value::Null);
    assert_eq!(poll["roles"], json!(["user", "staff", "admin"]));
    let texts: Vec<_> = poll["choices"]
        .as_array()
        .expect("choices")
        .iter()
        .collect();
    assert_eq!((texts[0]["text"].as_str(), texts.len()), (Some("Tea"), 2));
    assert!(poll.get("ballots").is_none(), "{poll}");
}

/// X12: drafts and archived polls, as on pages.
#[tokio::test]
async fn what_pages_do_not_show_is_not_read_here_either() {
    let app = TestApp::start().await;
    let Three { uma, ada, .. } = Three::of(&app).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let hidden = create(polls, draft("Draft?", &["Yes", "No"]), now).await;
    let gone = open(polls, draft("Gone?", &["Yes", "No"]), now).await;
    take(polls, Step::Close, gone, now).await;
    take(polls, Step::Archive, gone, now).await;
    for program in [&uma, &ada] {
        let path = format!("/api/v1/polls/{hidden}");
        assert_problem(&program.get(&path).await, 404, "not_found");
        let path = format!("/api/v1/polls/{gone}");
        assert_problem(&program.get(&path).await, 410, "gone");
    }
    for id in ["0", "-1", "x", "007", "+1", "99999999999999999999"] {
        let reply = uma.get(&format!("/api/v1/polls/{id}")).await;
        assert_problem(&reply, 404, "not_found");
    }
}

/// X12: RFC 9110, 13.1.2.
#[tokio::test]
async fn what_a_program_has_already_is_not_sent_again() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let now = app.clock.now();
    let id = open(&app.state.polls, draft("Now?", &["Yes", "No"]), now).await;
    for path in ["/api/v1/polls", &format!("/api/v1/polls/{id}")] {
        let first = uma.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        let again = get_with(&uma, path, ("if-none-match", &tag)).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        assert_eq!(again.header("etag"), tag);
        let key = choices(&uma, id).await[0];
        cast(&uma, id, &[], &one(key)).await;
        let changed = get_with(&uma, path, ("if-none-match", &tag)).await;
        if path.ends_with("polls") {
            assert_eq!(changed.status, 200, "the person has voted now");
        }
    }
}

/// F-2, SEC-68.
#[tokio::test]
async fn without_a_good_token_nothing_is_read() {
    let app = TestApp::start().await;
    let reply = app.program_without_token().get("/api/v1/polls").await;
    assert_problem(&reply, 401, "missing_authorization");
    assert_eq!(
        reply.header("www-authenticate"),
        "Bearer realm=\"rolecall\""
    );
    let reply = app.program("nobody's").get("/api/v1/polls").await;
    assert_eq!(reply.status, 401);
    // Somebody who has never signed in with a browser.
    let reply = app.program_of(&Account::uma()).get("/api/v1/polls").await;
    assert_problem(&reply, 403, "account_unknown");
}

/// X12: 404, 405 and 406, whoever asks.
#[tokio::test]
async fn addresses_methods_and_formats_that_there_are_not_are_told_so() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    assert_problem(&uma.get("/api/v1/none").await, 404, "not_found");
    let reply = send(&uma, Method::PATCH, "/api/v1/polls", &[], &json!({})).await;
    assert_problem(&reply, 405, "method_not_allowed");
    assert_eq!(reply.header("allow"), "GET,HEAD");
    for accept in ["text/html", "text/csv;q=1", "application/json;q=0"] {
        let reply = get_with(&uma, "/api/v1/polls", ("accept", accept)).await;
        assert_problem(&reply, 406, "not_acceptable");
    }
    for accept in ["*/*", "application/json", "text/html, application/*;q=0.5"] {
        let reply = get_with(&uma, "/api/v1/polls", ("accept", accept)).await;
        assert_eq!(reply.status, 200, "{accept}");
    }
}
