//! Lists of voters in every state, and the steps of a poll's life that need words.

use std::time::Duration;

use rolecall::polls::{
    PollId, ResultsRule, RollMode, Secrecy,
    editing::{PollDraft, Step},
    roll::Invite,
};

use super::crawl::{Seen, note, open_page};
use crate::{
    support::{
        app::TestApp,
        person::Person,
        polls::{create, draft, open, take},
    },
    voter_lists::send,
};

/// Polls with lists: empty, growing, closed; one that waits for its release, one that was
/// extended, one that was closed early.
pub async fn visit(app: &TestApp, seen: &mut Vec<Seen>) {
    let mut ada = app.ada().await;
    let (empty, full) = (
        listed(app, "Who is it?", &[]).await,
        listed(app, "Who was it?", &["new@acme.example"]).await,
    );
    open_page(
        "Ada",
        &mut ada,
        &format!("/admin/polls/{empty}/voters/"),
        seen,
    )
    .await;
    uploads(app, &mut ada, full, seen).await;
    let voters = format!("/admin/polls/{full}/voters/");
    for query in [
        "",
        "?q=nobody",
        "?kind=email&sort=-name&facets=1",
        "?list=state%3Dopen",
        "people/?q=nobody",
        "people/?list=state%3Dopen",
        "people/",
    ] {
        open_page("Ada", &mut ada, &format!("{voters}{query}"), seen).await;
    }
    open_page(
        "Ada",
        &mut ada,
        &format!("/admin/polls/{full}/delete/"),
        seen,
    )
    .await;
    let unsure = ada.post(&format!("/admin/polls/{full}/delete/"), &[]).await;
    note("Ada, unsure,", "/admin/polls/delete/", unsure, seen);
    let bulk = format!("{voters}bulk/");
    let all = [("action", "remove"), ("which", "all")];
    note("Ada", &bulk, ada.post(&bulk, &all).await, seen);
    let (polls, now) = (&app.state.polls, app.clock.now());
    take(polls, Step::Open, full, now).await;
    let late = send(
        &mut ada,
        &format!("/admin/polls/{full}/"),
        "late@acme.example\n",
    )
    .await;
    open_page("Ada, late,", &mut ada, late.location(), seen).await;
    ada.post(&format!("{voters}preview/"), &[]).await;
    for page in ["", "people/"] {
        open_page("Ada, late,", &mut ada, &format!("{voters}{page}"), seen).await;
    }
    open_page(
        "Uma, not listed,",
        &mut app.uma().await,
        &format!("/polls/{full}/"),
        seen,
    )
    .await;
    open_page(
        "Stan, not listed,",
        &mut app.stan().await,
        &format!("/polls/{full}/"),
        seen,
    )
    .await;
    take(polls, Step::Close, full, now).await;
    open_page("Ada", &mut ada, &voters, seen).await;
    steps(app, &mut ada, seen).await;
}

async fn listed(app: &TestApp, question: &str, addresses: &[&str]) -> PollId {
    let (polls, now) = (&app.state.polls, app.clock.now());
    let listed = PollDraft {
        roll_mode: RollMode::List,
        ..draft(question, &["You", "I"])
    };
    let id = create(polls, listed, now).await;
    let lines = addresses
        .iter()
        .map(|address| Invite::email(address))
        .collect();
    let actor = rolecall::audit::Actor::System;
    let added = polls.invite_voters(id, lines, actor, now).await;
    added.expect("the database answers");
    id
}

/// Every kind of file.
async fn uploads(app: &TestApp, ada: &mut Person<'_>, id: PollId, seen: &mut Vec<Seen>) {
    let path = format!("/admin/polls/{id}/");
    let many = "not one\n".repeat(30);
    for file in [
        "",
        "new@acme.example\n",
        "ada@acme.example\nnobody here\n",
        many.as_str(),
        "sub,iss\n7,https://elsewhere.example\n",
        "stan@acme.example\numa@acme.example\nmore@acme.example\n",
    ] {
        let sent = send(ada, &path, file).await;
        let next = sent.location().to_owned();
        note(
            "Ada, with a file,",
            "/admin/polls/voters/upload/",
            sent,
            seen,
        );
        if !next.is_empty() {
            open_page("Ada, with a file,", ada, &next, seen).await;
        }
    }
    twins(app, ada, &path, seen).await;
}

/// An address with which several people have signed in.
async fn twins(app: &TestApp, ada: &mut Person<'_>, path: &str, seen: &mut Vec<Seen>) {
    app.execute(
        "UPDATE users SET email = 'twins@acme.example', email_verified = TRUE
         WHERE subject LIKE 'gardener%' AND id > $1",
        0,
    )
    .await;
    let sent = send(ada, path, "twins@acme.example\n").await;
    open_page("Ada, with twins,", ada, sent.location(), seen).await;
}

async fn steps(app: &TestApp, ada: &mut Person<'_>, seen: &mut Vec<Seen>) {
    let (polls, now) = (&app.state.polls, app.clock.now());
    let later = Some(now.plus(Duration::from_hours(20)));
    let waiting = PollDraft {
        results: ResultsRule::OnRelease,
        secrecy: Secrecy::Secret,
        ..draft("Do we wait?", &["Yes", "No"])
    };
    let waiting = open(polls, waiting, now).await;
    take(polls, Step::Close, waiting, now).await;
    open_page(
        "Ada",
        ada,
        &format!("/admin/polls/{waiting}/release/"),
        seen,
    )
    .await;
    let early = PollDraft {
        closes_at: later,
        ..draft("Is it over?", &["Yes", "No"])
    };
    let early = open(polls, early, now).await;
    let close = format!("/admin/polls/{early}/close/");
    open_page("Ada", ada, &close, seen).await;
    let silent = ada.post(&close, &[("version", "2")]).await;
    note("Ada, without a reason,", &close, silent, seen);
    take(polls, Step::Close, early, now).await;
    let public = format!("/polls/{early}/");
    for path in [
        &format!("/admin/polls/{early}/"),
        &public,
        &format!("/admin/polls/{early}/reopen/"),
    ] {
        open_page("Ada", ada, path, seen).await;
    }
    take(polls, Step::Reopen, early, now).await;
    for path in [&public, &format!("/admin/polls/{early}/")] {
        open_page("Ada", ada, path, seen).await;
    }
    take(polls, Step::Close, early, now).await;
    open_page("Ada", ada, &public, seen).await;
}
