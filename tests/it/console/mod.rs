//! The console over HTTP, as Ada uses it.

mod audit;
mod ballots;
mod bulk;
mod bulk_people;
mod editing;
mod identities;
mod life;
mod lists;
mod people;
mod toolkit;
mod twice;
mod unfreezing;

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
};

/// A good form for a new poll; further fields follow it.
const MEETING: [(&str, &str); 12] = [
    ("version", "0"),
    ("question", "Which day suits the weekly meeting?"),
    ("choice", "Monday"),
    ("choice", "Tuesday"),
    ("method", "single"),
    ("roles", "user"),
    ("roles", "staff"),
    ("results", "after_close"),
    ("voter_results", "never"),
    ("zone", "UTC"),
    ("opens_at", ""),
    ("closes_at", ""),
];

/// The good form with some fields replaced, and others added.
pub fn meeting<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = MEETING
        .iter()
        .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

/// Ada saves a new poll; the address of its page in the console.
pub async fn add(ada: &mut Person<'_>, changes: &[(&str, &str)]) -> String {
    let fields = [meeting(changes), vec![("press", "continue")]].concat();
    let saved = ada.post("/admin/polls/new/", &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    saved.location().to_owned()
}

/// Ada takes a step of the poll at `path`, after she was asked.
pub async fn take(ada: &mut Person<'_>, path: &str, step: &str) {
    let path = format!("{path}{step}/");
    let asked = ada.get(&path).await;
    let version = asked.attributes("input[name=version]", "value").remove(0);
    let form = [("version", version.as_str()), ("reason", "As agreed")];
    let done = ada.post(&path, &form).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

/// Ada saves a new poll and opens it.
async fn open(ada: &mut Person<'_>, changes: &[(&str, &str)]) -> String {
    let path = add(ada, changes).await;
    take(ada, &path, "open").await;
    path
}

/// Presses the button of the page that asks.
pub async fn confirm(ada: &mut Person<'_>, asked: &Reply, more: &[(&str, &str)]) -> Reply {
    let form = "main form";
    let action = asked.attributes(form, "action").remove(0);
    let names = asked.attributes("main form input[type=hidden]", "name");
    let values = asked.attributes("main form input[type=hidden]", "value");
    let fields = names
        .iter()
        .zip(&values)
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut fields: Vec<_> = fields.filter(|(name, _)| *name != "csrf_token").collect();
    fields.extend(more);
    ada.post(&action, &fields).await
}

/// What the page at `path` says of the poll's state.
pub async fn state(ada: &mut Person<'_>, path: &str) -> String {
    ada.get(path).await.text_of("p.meta .tag")
}

/// The names and values of the fields of a form, as a browser would send them back.
pub async fn fields(ada: &mut Person<'_>, path: &str) -> Vec<(String, String)> {
    let page = ada.get(path).await;
    let mut fields = Vec::new();
    for css in [
        "form.sheet input:not([type=checkbox]):not([type=radio])",
        "form.sheet input[checked]",
    ] {
        let names = page.attributes(css, "name");
        fields.extend(names.into_iter().zip(page.attributes(css, "value")));
    }
    fields.retain(|(name, _)| name != "csrf_token");
    fields
}

/// The fields with one value set.
fn with<'a>(
    fields: &'a [(String, String)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let others = fields.iter().filter(|(known, _)| known != name);
    let others = others.map(|(name, value)| (name.as_str(), value.as_str()));
    others.chain([(name, value)]).collect()
}

/// Uma votes for the first choice of the poll at `path`.
pub async fn uma_votes(app: &TestApp, path: &str) {
    let mut uma = app.uma().await;
    let poll = path.replace("/admin", "");
    let choice = uma
        .get(&poll)
        .await
        .attributes("input[name=choice]", "value")
        .remove(0);
    let voted = uma
        .post(&format!("{poll}vote/"), &[("choice", &choice)])
        .await;
    assert_eq!(voted.status, 303, "{}", voted.text);
}
