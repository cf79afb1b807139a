//! Running polls by the API.

use super::*;
use crate::support::polls::cast_all;

const POLLS: &str = "/api/v1/admin/polls";

fn new_draft() -> Value {
    json!({
        "question": "Tea or coffee?",
        "choices": [{ "text": "Tea" }, { "text": "Coffee" }],
        "closes_at": "2026-03-02T12:00:00+01:00",
    })
}

/// The poll's address and tag.
async fn create(ada: &Program<'_>) -> (String, String) {
    let reply = send(ada, Method::POST, POLLS, &[], &new_draft()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let address = reply.header("location").to_owned();
    assert_eq!(address, format!("{POLLS}/{}", reply.json()["id"]));
    (address, reply.header("etag").to_owned())
}

/// A step, with the tag that was read last.
async fn step(ada: &Program<'_>, address: &str, step: &str, details: &Value) -> Reply {
    let tag = ada.get(address).await.header("etag").to_owned();
    let path = format!("{address}/{step}");
    send(ada, Method::POST, &path, &[("if-match", &tag)], details).await
}

/// X12, A-10: from the draft to the archive.
#[tokio::test]
async fn a_poll_lives_its_whole_life_by_the_api() {
    let app = TestApp::start().await;
    let Three { uma, ada, .. } = Three::of(&app).await;
    let (address, tag) = create(&ada).await;
    let reply = ada.get(&address).await;
    assert_eq!(reply.header("etag"), tag);
    let mut draft = reply.json()["draft"].clone();
    assert_eq!(draft["closes_at"], "2026-03-02T11:00:00Z");
    assert_eq!(reply.json()["state"], "draft");
    draft["question"] = json!("Coffee or tea?");
    let put = send(&ada, Method::PUT, &address, &[("if-match", &tag)], &draft).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(put.json()["draft"]["question"], "Coffee or tea?");
    assert_eq!(put.json()["draft"]["choices"], draft["choices"]);
    assert_ne!(put.header("etag"), tag);
    for (name, details, state) in [
        ("open", json!({}), "open"),
        ("unfreeze", json!({}), "draft"),
        ("open", json!({}), "open"),
        ("close", json!({ "reason": "All have voted" }), "closed"),
        ("reopen", json!({ "reason": "One was ill" }), "open"),
        ("close", json!({}), "closed"),
        ("archive", json!({}), "archived"),
        ("restore", json!({}), "closed"),
    ] {
        let reply = step(&ada, &address, name, &details).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.text);
        assert_eq!(reply.json()["state"], state, "{name}");
        if (name, state) == ("open", "open") {
            let list = uma.get("/api/v1/polls?state=open").await.json();
            assert_eq!(list["polls"][0]["question"], "Coffee or tea?");
        }
    }
    let told = "SELECT COUNT(*) FROM audit_log WHERE actor_role = 'admin'
                AND actor_label LIKE 'Ada%' AND request_id IS NOT NULL";
    assert_eq!(app.number(told).await, 10);
}

/// X12: RFC 9110, 13.1.1; RFC 6585, 3.
#[tokio::test]
async fn nothing_is_written_over_what_nobody_has_looked_at() {
    let app = TestApp::start().await;
    let Three { ada, .. } = Three::of(&app).await;
    let (address, tag) = create(&ada).await;
    let reply = send(&ada, Method::PUT, &address, &[], &new_draft()).await;
    assert_problem(&reply, 428, "precondition_required");
    let put = async |tag: &str| {
        let headers = [("if-match", tag)];
        send(&ada, Method::PUT, &address, &headers, &new_draft()).await
    };
    for wrong in [
        "\"0-draft\"",
        "\"x\"",
        tag.trim_matches('"'),
        &format!("W/{tag}"),
    ] {
        assert_problem(&put(wrong).await, 412, "changed_meanwhile");
    }
    assert_eq!(put(&tag).await.status, 200);
    assert_problem(&put(&tag).await, 412, "changed_meanwhile");
    assert_eq!(put("*").await.status, 200);
    let delete = async |headers: &[(&str, &str)]| {
        send(&ada, Method::DELETE, &address, headers, &Value::Null).await
    };
    assert_problem(&delete(&[]).await, 428, "precondition_required");
    assert_problem(
        &delete(&[("if-match", &tag)]).await,
        412,
        "changed_meanwhile",
    );
    let tag = ada.get(&address).await.header("etag").to_owned();
    let gone = delete(&[("if-match", &tag)]).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    assert_problem(&ada.get(&address).await, 404, "not_found");
}

/// X12: what the console refuses, and in its words.
#[tokio::test]
async fn the_rules_of_the_console_hold_here_as_well() {
    let app = TestApp::start().await;
    let Three { ada, .. } = Three::of(&app).await;
    for (change, told) in [
        (json!({ "question": " " }), "question: "),
        (
            json!({ "secrecy": "secret", "allow_change": true }),
            "secrecy: ",
        ),
        (
            json!({ "min_choices": 3, "method": "multiple" }),
            "max_choices: ",
        ),
        (json!({ "zone": "Mars/Olympus" }), "zone: "),
        (json!({ "colour": "blue" }), "unknown field"),
        (json!({ "closes_at": "noon" }), "closes_at: "),
        (json!({ "method": "guess" }), "method: "),
    ] {
        let mut draft = new_draft();
        let fields = change.as_object().expect("fields");
        for (name, value) in fields {
            draft[name] = value.clone();
        }
        let reply = send(&ada, Method::POST, POLLS, &[], &draft).await;
        assert_problem(&reply, 422, "invalid");
        let detail = reply.json()["detail"].to_string();
        assert!(detail.contains(told), "{detail}");
    }
    let few = json!({ "question": "Tea?", "choices": [{ "text": "Tea" }] });
    let reply = send(&ada, Method::POST, POLLS, &[], &few).await;
    let address = reply.header("location").to_owned();
    assert_problem(
        &step(&ada, &address, "open", &json!({})).await,
        409,
        "not_ready",
    );
    assert_problem(
        &step(&ada, &address, "close", &json!({})).await,
        409,
        "not_now",
    );
    assert_problem(
        &step(&ada, &address, "explode", &json!({})).await,
        404,
        "not_found",
    );
    let (address, _) = create(&ada).await;
    step(&ada, &address, "open", &json!({})).await;
    assert_problem(
        &step(&ada, &address, "close", &json!({})).await,
        422,
        "invalid",
    );
    let tag = ada.get(&address).await.header("etag").to_owned();
    let reply = send(
        &ada,
        Method::PUT,
        &address,
        &[("if-match", &tag)],
        &new_draft(),
    )
    .await;
    assert_problem(&reply, 409, "not_now");
}

/// for admins, and only with their names.
#[tokio::test]
async fn nobody_but_admins_runs_polls() {
    let app = TestApp::start().await;
    let Three { uma, stan, ada } = Three::of(&app).await;
    let (address, tag) = create(&ada).await;
    let headers = [("if-match", tag.as_str())];
    for program in [&uma, &stan] {
        for (method, path) in [
            (Method::GET, POLLS),
            (Method::POST, POLLS),
            (Method::GET, &address),
            (Method::PUT, &address),
            (Method::DELETE, &address),
            (Method::POST, &format!("{address}/open")),
            (Method::POST, "/api/v1/admin/polls/999/open"),
        ] {
            let reply = send(program, method, path, &headers, &new_draft()).await;
            assert_problem(&reply, 403, "insufficient_scope");
        }
    }
    assert_eq!(ada.get(&address).await.header("etag"), tag);
}

/// T9, X12.
#[tokio::test]
async fn the_list_of_all_polls_goes_on_and_tells_no_turnout_too_early() {
    let app = TestApp::start().await;
    let Three { ada, .. } = Three::of(&app).await;
    let mut secret = new_draft();
    secret["secrecy"] = json!("secret");
    for draft in [new_draft(), secret, new_draft()] {
        send(&ada, Method::POST, POLLS, &[], &draft).await;
    }
    let first = ada.get(&format!("{POLLS}?limit=2")).await;
    let list = first.json();
    let keys = |list: &Value| -> Vec<i64> {
        let polls = list["polls"].as_array().expect("polls").iter();
        polls
            .map(|poll| poll["id"].as_i64().expect("a key"))
            .collect()
    };
    let newest = keys(&list);
    assert!(newest.is_sorted_by(|a, b| a > b), "{newest:?}");
    let next = list["next"].as_str().expect("a cursor");
    assert!(first.header("link").contains(next));
    let last = ada
        .get(&format!("{POLLS}?limit=2&cursor={next}"))
        .await
        .json();
    assert_eq!((keys(&last).len(), &last["next"]), (1, &Value::Null));
    let address = format!("{POLLS}/{}", newest[1]);
    step(&ada, &address, "open", &json!({})).await;
    cast_all(&app.state, PollId(newest[1]), &[&[0], &[1]]).await;
    let open = ada.get(&format!("{POLLS}?state=open")).await.json();
    assert_eq!(open["polls"][0]["ballots"], Value::Null);
    let drafts = ada.get(&format!("{POLLS}?state=draft")).await.json();
    assert_eq!(keys(&drafts).len(), 2);
}
