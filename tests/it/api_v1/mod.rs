//! The polls API: what pages do, by programs with people's tokens.

mod administration;
mod casting;
mod description;
mod idempotency;
mod reading;
mod results;
mod schemathesis;

use axum::body::Body;
use demo_idp::Person as Account;
use http::{Method, Request, header};
use rolecall::{api::v1::problem::KINDS, polls::PollId};
use serde_json::{Value, json};

use crate::support::{app::TestApp, bearer::Program, person::Reply};

/// What Uma's, Stan's and Ada's programs send, who have all signed in once.
struct Three<'a> {
    uma: Program<'a>,
    stan: Program<'a>,
    ada: Program<'a>,
}

impl<'a> Three<'a> {
    async fn of(app: &'a TestApp) -> Self {
        app.uma().await;
        app.stan().await;
        app.ada().await;
        Self {
            uma: app.program_of(&Account::uma()),
            stan: app.program_of(&Account::stan()),
            ada: app.program_of(&Account::ada()),
        }
    }
}

/// A request with a body in JSON and these headers.
async fn send(
    program: &Program<'_>,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Reply {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    program.send(request, Body::from(body.to_string())).await
}

/// Casts a ballot.
async fn cast(
    program: &Program<'_>,
    poll: PollId,
    headers: &[(&str, &str)],
    body: &Value,
) -> Reply {
    let path = format!("/api/v1/polls/{poll}/ballot");
    send(program, Method::POST, &path, headers, body).await
}

/// A `GET` with one more header.
async fn get_with(program: &Program<'_>, path: &str, (name, value): (&str, &str)) -> Reply {
    let request = Request::get(path).header(name, value);
    program.send(request, Body::empty()).await
}

/// Asserts problem details (RFC 9457) whose kind is explained.
fn assert_problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["type"], format!("/api/#{code}"));
    assert_eq!(problem["status"], status);
    for text in ["title", "detail"] {
        let said = problem[text].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "{problem}");
    }
    let is_known = |kind: &&rolecall::api::v1::problem::Kind| kind.code == code;
    let kind = KINDS.iter().find(is_known).expect("a kind on the page");
    assert_eq!(kind.status, status, "{code}");
}

/// The keys of the choices.
async fn choices(program: &Program<'_>, poll: PollId) -> Vec<i64> {
    let poll = program.get(&format!("/api/v1/polls/{poll}")).await.json();
    let choices = poll["choices"].as_array().expect("choices");
    let key = |choice: &Value| choice["id"].as_i64().expect("a key");
    choices.iter().map(key).collect()
}

/// A ballot with this choice.
fn one(choice: i64) -> Value {
    json!({ "choices": [choice] })
}
