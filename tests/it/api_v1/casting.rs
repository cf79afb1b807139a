//! Casting a ballot, and what its voter finds again.

use rolecall::{
    polls::{
        Method as Filling, Receipts, Roles, Secrecy,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use super::*;
use crate::support::polls::{create, draft, open, roll_equals_box, take};

async fn open_with(app: &TestApp, change: impl FnOnce(&mut PollDraft)) -> PollId {
    let mut draft = draft("Tea or coffee?", &["Tea", "Coffee", "Water"]);
    change(&mut draft);
    open(&app.state.polls, draft, app.clock.now()).await
}

/// V5, X12.
#[tokio::test]
async fn a_vote_counts_once_whether_a_page_or_a_program_sends_it() {
    let app = TestApp::start().await;
    let Three { uma, stan, .. } = Three::of(&app).await;
    let id = open_with(&app, |_| ()).await;
    let keys = choices(&uma, id).await;
    let reply = cast(&uma, id, &[], &one(keys[0])).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(
        reply.header("location"),
        format!("/api/v1/polls/{id}/ballot")
    );
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(
        reply.json(),
        json!({ "outcome": "recorded", "receipt": null })
    );
    let again = cast(&uma, id, &[], &one(keys[1])).await;
    assert_problem(&again, 409, "already_voted");
    assert_eq!(again.json()["fate"], "Your earlier vote stands.");
    let mut page = app.uma().await;
    let vote = page
        .post(
            &format!("/polls/{id}/vote/"),
            &[("choice", &keys[1].to_string())],
        )
        .await;
    assert_eq!(vote.location(), format!("/polls/{id}/voted/"));
    assert_eq!(cast(&stan, id, &[], &one(keys[1])).await.status, 201);
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 2);
    roll_equals_box(&app).await;
    let own = uma.get(&format!("/api/v1/polls/{id}/ballot")).await.json();
    let ballot = json!({
        "choices": [keys[0]], "abstain": false, "cast_at": "2026-03-02T09:00:00Z",
    });
    let expected = json!({ "standing": "voted", "has_voted": true, "ballot": ballot });
    assert_eq!(own, expected);
}

/// V5: several of one kind, in order, or none.
#[tokio::test]
async fn rankings_several_choices_and_abstentions_are_cast_as_they_are_sent() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let ranked = open_with(&app, |draft| {
        (draft.method, draft.max_choices) = (Filling::Ranked, 3);
    })
    .await;
    let several = open_with(&app, |draft| {
        (draft.method, draft.max_choices) = (Filling::Multiple, 2);
    })
    .await;
    let any = open_with(&app, |draft| draft.allow_abstain = true).await;
    let keys = choices(&uma, ranked).await;
    let order = json!([keys[2], keys[0]]);
    let reply = cast(&uma, ranked, &[], &json!({ "choices": order })).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let own = uma
        .get(&format!("/api/v1/polls/{ranked}/ballot"))
        .await
        .json();
    assert_eq!(own["ballot"]["choices"], order);
    let keys = choices(&uma, several).await;
    let both = json!({ "choices": [keys[1], keys[0]] });
    assert_eq!(cast(&uma, several, &[], &both).await.status, 201);
    let abstention = json!({ "abstain": true, "paper": choices(&uma, any).await[0] });
    assert_eq!(cast(&uma, any, &[], &abstention).await.status, 201);
    let own = uma.get(&format!("/api/v1/polls/{any}/ballot")).await.json();
    assert_eq!(own["ballot"]["abstain"], true);
}

/// V5, X9: what is no ballot is told, and nothing is stored.
#[tokio::test]
async fn what_is_no_ballot_is_refused_and_the_answer_says_that_nothing_was_recorded() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let id = open_with(&app, |_| ()).await;
    let keys = choices(&uma, id).await;
    for (ballot, code) in [
        (json!({}), "invalid_ballot"),
        (json!({ "choices": [] }), "invalid_ballot"),
        (json!({ "choices": [keys[0], keys[1]] }), "invalid_ballot"),
        (json!({ "choices": [keys[0], keys[0]] }), "invalid_ballot"),
        (json!({ "choices": [999_999] }), "invalid_ballot"),
        (
            json!({ "choices": [keys[0]], "abstain": true }),
            "invalid_ballot",
        ),
        (json!({ "abstain": true }), "invalid_ballot"),
        (
            json!({ "abstain": true, "paper": keys[0] }),
            "invalid_ballot",
        ),
        (
            json!({ "choices": [keys[0]], "paper": 999_999 }),
            "invalid_ballot",
        ),
        (json!({ "choices": keys[0] }), "invalid"),
        (json!({ "choices": ["x"] }), "invalid"),
        (json!({ "choice": [keys[0]] }), "invalid"),
        (json!([]), "invalid"),
    ] {
        let reply = cast(&uma, id, &[], &ballot).await;
        assert_problem(&reply, 422, code);
        assert_eq!(
            reply.json()["fate"],
            "Your vote was not recorded.",
            "{ballot}"
        );
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 0);
    assert_eq!(cast(&uma, id, &[], &one(keys[0])).await.status, 201);
}

/// SEC-53, SEC-60, X12: 400, 413 and 415.
#[tokio::test]
async fn a_body_that_is_no_json_or_too_large_is_refused() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let id = open_with(&app, |_| ()).await;
    let path = format!("/api/v1/polls/{id}/ballot");
    for (kind, body, status, code) in [
        (Some("application/json"), "{".to_owned(), 400, "bad_request"),
        (Some("application/json"), String::new(), 400, "bad_request"),
        (Some("text/plain"), "{}".to_owned(), 415, "media_type"),
        (None, "{}".to_owned(), 415, "media_type"),
        (
            Some("application/x-www-form-urlencoded"),
            "choice=1".to_owned(),
            415,
            "media_type",
        ),
        (
            Some("application/json"),
            " ".repeat(70 * 1024),
            413,
            "too_large",
        ),
    ] {
        let request = Request::post(&path);
        let request = match kind {
            Some(kind) => request.header(header::CONTENT_TYPE, kind),
            None => request,
        };
        let reply = uma.send(request, Body::from(body)).await;
        assert_problem(&reply, status, code);
    }
}

/// V5, X9: each with its own word.
#[tokio::test]
async fn a_poll_that_takes_no_ballot_from_this_person_says_why() {
    let app = TestApp::start().await;
    let Three { uma, stan, .. } = Three::of(&app).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let hour = std::time::Duration::from_hours(1);
    let for_staff = open_with(&app, |draft| draft.roles = Roles::from_iter([Role::Staff])).await;
    let later = create(
        polls,
        PollDraft {
            opens_at: Some(now.plus(hour)),
            ..draft("Later?", &["Yes", "No"])
        },
        now,
    )
    .await;
    take(polls, Step::Open, later, now).await;
    let over = open_with(&app, |_| ()).await;
    take(polls, Step::Close, over, now).await;
    for (poll, status, code) in [
        (for_staff, 403, "not_eligible"),
        (later, 409, "not_open_yet"),
        (over, 409, "closed"),
    ] {
        let key = choices(&uma, poll).await[0];
        let reply = cast(&uma, poll, &[], &one(key)).await;
        assert_problem(&reply, status, code);
        assert_eq!(reply.json()["fate"], "Your vote was not recorded.");
    }
    let key = choices(&stan, for_staff).await[0];
    assert_eq!(cast(&stan, for_staff, &[], &one(key)).await.status, 201);
}

/// R-1, P-16: a token never does more than its role says, nor less than its person may.
#[tokio::test]
async fn a_token_whose_role_could_not_vote_casts_no_ballot() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let made = stan
        .post(
            "/user/tokens/make/",
            &[("name", "weak"), ("days", "30"), ("role", "user")],
        )
        .await;
    let token = match made.text_of("#token") {
        token if token.is_empty() => stan.get("/user/tokens/").await.text_of("#token"),
        token => token,
    };
    let weak = app.program(token);
    let for_staff = open_with(&app, |draft| draft.roles = Roles::from_iter([Role::Staff])).await;
    let for_all = open_with(&app, |_| ()).await;
    let key = choices(&weak, for_staff).await[0];
    let reply = cast(&weak, for_staff, &[], &one(key)).await;
    assert_problem(&reply, 403, "not_eligible");
    let key = choices(&weak, for_all).await[0];
    assert_eq!(cast(&weak, for_all, &[], &one(key)).await.status, 201);
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);
}

/// T1, V14: the code is in the one answer, and looked up once the poll has closed.
#[tokio::test]
async fn a_secret_ballot_comes_with_its_receipt_once_and_is_nobodys_afterwards() {
    let app = TestApp::start().await;
    let Three { uma, .. } = Three::of(&app).await;
    let id = open_with(&app, |draft| {
        (draft.secrecy, draft.receipts) = (Secrecy::Secret, Receipts::Counted);
    })
    .await;
    let key = choices(&uma, id).await[0];
    let reply = cast(&uma, id, &[], &one(key)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let code = reply.json()["receipt"].as_str().expect("a code").to_owned();
    let own = uma.get(&format!("/api/v1/polls/{id}/ballot")).await.json();
    assert_eq!(own["has_voted"], true);
    assert_eq!(own["ballot"], Value::Null);
    let path = format!("/api/v1/polls/{id}/receipt");
    let look_up = async |code: &str| {
        let body = json!({ "code": code });
        send(&uma, Method::POST, &path, &[], &body).await
    };
    assert_problem(&look_up(&code).await, 409, "not_yet");
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    assert_eq!(look_up(&code).await.json(), json!({ "is_counted": true }));
    let other = "0000-0000-0000-0000";
    assert_eq!(look_up(other).await.json(), json!({ "is_counted": false }));
    assert_problem(&look_up("?").await, 422, "invalid");
    let without = open_with(&app, |_| ()).await;
    let path = format!("/api/v1/polls/{without}/receipt");
    let reply = send(&uma, Method::POST, &path, &[], &json!({ "code": code })).await;
    assert_problem(&reply, 404, "not_found");
}
