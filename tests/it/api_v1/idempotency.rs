//! A vote that a program sends again counts once, and says so.

use futures_util::future::join_all;
use rolecall::polls::{
    Receipts, Secrecy,
    editing::{PollDraft, Step},
};

use super::*;
use crate::support::{
    database::Engine,
    polls::{draft, open, roll_equals_box, take},
};

const UUID: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";
const KEYS: &str = "SELECT COUNT(*) FROM idempotency_keys";

fn named(key: &str) -> [(&str, &str); 1] {
    [("idempotency-key", key)]
}

async fn open_changeable(app: &TestApp) -> PollId {
    let changeable = PollDraft {
        allow_change: true,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    open(&app.state.polls, changeable, app.clock.now()).await
}

/// V29, X12.
#[tokio::test]
async fn a_vote_that_is_sent_again_is_not_cast_again() {
    let app = TestApp::start().await;
    let Three { uma, stan, .. } = Three::of(&app).await;
    let id = open_changeable(&app).await;
    let keys = choices(&uma, id).await;
    let first = cast(&uma, id, &named(UUID), &one(keys[0])).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let other = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let changed = cast(&uma, id, &named(other), &one(keys[1])).await;
    assert_eq!(changed.json()["outcome"], "changed");
    // The first one comes late, in quotes as the draft of the header has it.
    let late = cast(&uma, id, &named(&format!("\"{UUID}\"")), &one(keys[0])).await;
    assert_eq!(
        (late.status.as_u16(), late.json()["outcome"].as_str()),
        (200, Some("repeated"))
    );
    let own = uma.get(&format!("/api/v1/polls/{id}/ballot")).await.json();
    assert_eq!(own["ballot"]["choices"], json!([keys[1]]));
    // A key is one person's.
    assert_eq!(
        cast(&stan, id, &named(UUID), &one(keys[0])).await.status,
        201
    );
    assert_eq!(app.number(KEYS).await, 3);
    roll_equals_box(&app).await;
}

/// V29: on both databases, and by two instances.
#[tokio::test]
async fn twenty_of_the_same_at_once_are_one_vote() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let Three { uma, .. } = Three::of(&app).await;
        let id = open_changeable(&app).await;
        let key = choices(&uma, id).await[0];
        let replies = (0..20).map(|_| async { cast(&uma, id, &named(UUID), &one(key)).await });
        let replies = join_all(replies).await;
        let outcomes: Vec<_> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        let first = outcomes.iter().filter(|status| **status == 201).count();
        let again = outcomes.iter().filter(|status| **status == 200).count();
        assert_eq!((first, again), (1, 19), "{outcomes:?}");
        assert_eq!(app.number(KEYS).await, 1);
    }
}

/// T1, SEC-34: nothing joins a secret ballot with its voter, the key neither.
#[tokio::test]
async fn of_a_secret_vote_the_receipt_is_given_once_and_the_key_goes_with_the_closing() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        receipts: Receipts::Counted,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let id = open(&app.state.polls, secret, app.clock.now()).await;
    let keys = choices(&uma, id).await;
    let first = cast(&uma, id, &named(UUID), &one(keys[0])).await;
    assert!(first.json()["receipt"].is_string(), "{}", first.text);
    // The choice is not compared: whatever is kept of it could be tried out.
    for key in &keys {
        let again = cast(&uma, id, &named(UUID), &one(*key)).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert_eq!(
            again.json(),
            json!({ "outcome": "repeated", "receipt": null })
        );
    }
    assert_problem(
        &cast(&uma, id, &[], &one(keys[0])).await,
        409,
        "already_voted",
    );
    assert_eq!(app.number(KEYS).await, 1);
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    app.state
        .polls
        .forget_keys()
        .await
        .expect("the database answers");
    assert_eq!(app.number(KEYS).await, 0);
    let late = cast(&uma, id, &named(UUID), &one(keys[0])).await;
    assert_problem(&late, 409, "already_voted");
    roll_equals_box(&app).await;
}

/// X12.
#[tokio::test]
async fn a_refused_vote_uses_no_key_up_and_a_bad_key_is_refused() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let id = open_changeable(&app).await;
    let key = choices(&uma, id).await[0];
    let reply = cast(&uma, id, &named(UUID), &one(0)).await;
    assert_problem(&reply, 422, "invalid_ballot");
    for bad in [
        "1",
        "",
        "fifteen-letters",
        "with blanks between",
        &"k".repeat(256),
    ] {
        let reply = cast(&uma, id, &named(bad), &one(key)).await;
        assert_problem(&reply, 400, "bad_request");
    }
    let twice = [named(UUID)[0], named(UUID)[0]];
    assert_problem(&cast(&uma, id, &twice, &one(key)).await, 400, "bad_request");
    assert_eq!(app.number(KEYS).await, 0);
    assert_eq!(cast(&uma, id, &named(UUID), &one(key)).await.status, 201);
}
