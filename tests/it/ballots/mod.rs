//! Ranked and secret ballots, their review and their receipts, as voters see them.

mod ranked;
mod receipts;
mod secret;

use rolecall::{
    paths,
    polls::{Method, PollId, Receipts, Secrecy, editing::PollDraft},
};

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
    polls::{draft, open, paper},
};

/// A secret poll, reviewed and without receipts unless a test says otherwise.
fn secret() -> PollDraft {
    PollDraft {
        secrecy: Secrecy::Secret,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    }
}

fn with_receipts() -> PollDraft {
    PollDraft {
        receipts: Receipts::Counted,
        ..secret()
    }
}

fn ranked() -> PollDraft {
    PollDraft {
        method: Method::Ranked,
        max_choices: 3,
        ..draft("Which colour?", &["Red", "Green", "Blue"])
    }
}

async fn opened(app: &TestApp, draft: PollDraft) -> PollId {
    open(&app.state.polls, draft, app.clock.now()).await
}

async fn values(app: &TestApp, id: PollId) -> Vec<String> {
    let paper = paper(&app.state.polls, id).await;
    paper.iter().map(|choice| choice.id.to_string()).collect()
}

/// Sends fields named `choice` and `rank` to one of the poll's addresses.
async fn send(person: &mut Person<'_>, route: &str, id: PollId, fields: &[(&str, &str)]) -> Reply {
    person.post(&paths::with_id(route, id), fields).await
}

/// The fields of a ranking of `values`: each with its rank, or with nothing.
fn ranking<'f>(values: &'f [String], ranks: &[&'f str]) -> Vec<(&'f str, &'f str)> {
    let choices = values.iter().map(|value| ("choice", value.as_str()));
    choices
        .chain(ranks.iter().map(|rank| ("rank", *rank)))
        .collect()
}

async fn ballots(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM ballots").await
}
