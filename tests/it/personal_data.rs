//! What somebody takes along of what the site keeps of them.

use rolecall::polls::{Choice, PollId, Secrecy, editing::PollDraft};
use serde_json::Value;

use crate::support::{
    app::TestApp,
    command,
    database::Engine,
    person::Person,
    polls::{draft, open, paper},
};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// A named poll and a secret one, with their choices.
async fn polls(app: &TestApp) -> Vec<(PollId, Vec<Choice>)> {
    let mut polls = Vec::new();
    for (question, secrecy) in [("Lunch?", Secrecy::Named), ("Chair?", Secrecy::Secret)] {
        let asked = PollDraft {
            secrecy,
            ..draft(question, &["Soup", "Salad"])
        };
        let id = open(&app.state.polls, asked, app.clock.now()).await;
        polls.push((id, paper(&app.state.polls, id).await));
    }
    polls
}

/// Votes in each poll for the choice at `place`.
async fn vote(person: &mut Person<'_>, polls: &[(PollId, Vec<Choice>)], place: usize) {
    for (id, paper) in polls {
        let (path, choice) = (format!("/polls/{id}/vote/"), paper[place].id.to_string());
        let voted = person.post(&path, &[("choice", &choice)]).await;
        assert_eq!(voted.status, 303, "{}", voted.text);
    }
}

/// What an operator gets of the person with this key.
async fn export(app: &TestApp, id: &Value) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let mut export = command::rolecall(folder.path(), &["user", "export", &id.to_string()]);
    let database = app.config.database.url.expose();
    export.envs([("DATABASE_URL", database), ("ROLECALL_LOG", "error")]);
    let (said, status) = command::run(export).await;
    assert_eq!(status, 0, "{said}");
    serde_json::from_str(&said).expect("JSON")
}

/// SEC-77.
#[tokio::test]
async fn a_person_takes_along_all_that_is_kept_of_them_and_nothing_of_others() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut uma, mut stan) = (app.uma().await, app.stan().await);
        let polls = polls(&app).await;
        vote(&mut uma, &polls, 0).await;
        vote(&mut stan, &polls, 1).await;
        let link = uma
            .get("/user")
            .await
            .attributes("main a[download]", "href");
        assert_eq!(link, ["/user/data.json"]);
        let file = uma.get(&link[0]).await;
        assert_eq!(file.header("content-type"), "application/json");
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"my-data.json\""
        );
        assert_eq!(file.header("cache-control"), "no-store");
        assert!(!file.text.contains("Stan"), "{}", file.text);
        for cookie in uma.cookies().values() {
            assert!(!file.text.contains(cookie.as_str()), "it opens nothing");
        }
        let kept: Value = serde_json::from_str(&file.text).expect("JSON");
        assert_eq!(kept["person"]["email"], "uma@acme.example");
        assert_eq!(kept["person"]["role"], "user");
        assert_eq!(kept["sessions"].as_array().expect("a list").len(), 1);
        assert_eq!(kept["sign_ins"][0]["outcome"], "ok");
        assert_eq!(kept["sign_ins"][0]["at"], "2026-03-02");
        let (lunch, chair) = (&kept["polls"][0], &kept["polls"][1]);
        assert_eq!(lunch["choices"], serde_json::json!(["Soup"]));
        assert_eq!(lunch["cast_at"], "2026-03-02T09:00:00Z");
        assert_eq!(chair["question"], "Chair?");
        assert_eq!(chair["has_voted"], true);
        assert!(chair["choices"].is_null() && chair["cast_at"].is_null());

        let theirs = export(&app, &kept["person"]["id"]).await;
        assert_eq!(theirs["person"]["email"], kept["person"]["email"]);
        assert_eq!(theirs["polls"][0], *lunch);
        let chair = &theirs["polls"][1];
        assert!(chair["has_voted"].is_null(), "a secret poll: {theirs}");
    }
}

/// SEC-77: a list is nobody's business before its poll is published.
#[tokio::test]
async fn a_poll_that_was_not_published_is_not_told_of() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = crate::console::add(&mut ada, &[("roll_mode", "list")]).await;
    let mut uma = app.uma().await;
    crate::voter_lists::upload(&mut ada, &path, "uma@acme.example\n").await;
    let listed = async |uma: &mut Person<'_>| {
        let file = uma.get("/user/data.json").await;
        let kept: Value = serde_json::from_str(&file.text).expect("JSON");
        kept["polls"].as_array().expect("a list").len()
    };
    assert_eq!(listed(&mut uma).await, 0);
    crate::console::take(&mut ada, &path, "open").await;
    assert_eq!(listed(&mut uma).await, 1);
}
