//! A mistake on the ballot paper of an open poll, found before anybody has voted.

use super::{add, fields, open, state, take, uma_votes, with};
use crate::support::{app::TestApp, database::Engine, person::Person};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];
const UNFREEZE: &str = "main a[href*='/unfreeze/']";
const KEPT: &str = "The ballot paper stays as it is: somebody has voted, or the end of the poll was \
                    moved. Nothing was changed.";

/// What the page that asks would send.
async fn form(ada: &mut Person<'_>, path: &str) -> Vec<(String, String)> {
    let asked = ada.get(&format!("{path}unfreeze/")).await;
    assert_eq!(asked.text_of("h1"), "Take this poll back to draft?");
    let version = asked.attributes("input[name=version]", "value").remove(0);
    vec![("version".to_owned(), version)]
}

async fn unfreeze(ada: &mut Person<'_>, path: &str) {
    let form = form(ada, path).await;
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let done = ada.post(&format!("{path}unfreeze/"), &form).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

/// A31.
#[tokio::test]
async fn a_mistake_is_corrected_and_the_history_tells_the_old_and_the_new_words() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut uma) = (app.ada().await, app.uma().await);
        let path = open(&mut ada, &[("question", "Wich day?")]).await;
        assert_eq!(
            ada.get(&path).await.texts(UNFREEZE),
            ["Take it back to draft"]
        );
        unfreeze(&mut ada, &path).await;
        assert_eq!(state(&mut ada, &path).await, "Draft");
        assert_eq!(uma.get("/polls/1/").await.status, 404);
        let typed = fields(&mut ada, &path).await;
        let saved = ada
            .post(&path, &with(&typed, "question", "Which day?"))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        take(&mut ada, &path, "open").await;
        assert_eq!(uma.get("/polls/1/").await.text_of("h1"), "Which day?");
        uma_votes(&app, &path).await;
        for told in [
            "SELECT COUNT(*) FROM audit_log
             WHERE action = 'poll_unfrozen' AND changes LIKE '%published_at%'",
            "SELECT COUNT(*) FROM audit_log WHERE action = 'poll_edited'
             AND changes LIKE '%\"Wich day?\"%' AND changes LIKE '%\"Which day?\"%'",
        ] {
            assert_eq!(app.number(told).await, 1, "{told}");
        }
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

/// A31, T9: in a secret poll the page does not tell whether somebody has voted.
#[tokio::test]
async fn once_somebody_has_voted_the_ballot_paper_stays_as_it_is() {
    for engine in ENGINES {
        for (secrecy, offered) in [("named", 0), ("secret", 1)] {
            let app = TestApp::start_on(engine).await;
            let mut ada = app.ada().await;
            let path = open(&mut ada, &[("secrecy", secrecy)]).await;
            let form = form(&mut ada, &path).await;
            uma_votes(&app, &path).await;
            let page = ada.get(&path).await;
            assert_eq!(page.texts(UNFREEZE).len(), offered, "{secrecy}");
            let sent = with(&form, "reason", "");
            let refused = ada.post(&format!("{path}unfreeze/"), &sent).await;
            assert_eq!(refused.location(), path);
            assert_eq!(ada.get(&path).await.text_of(".flash.error"), KEPT);
            assert_eq!(state(&mut ada, &path).await, "Open");
            assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);
            let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'poll_unfrozen'";
            assert_eq!(app.number(told).await, 0);
        }
    }
}

/// A31, V30: whoever has chosen among other words is asked again.
#[tokio::test]
async fn the_ballot_paper_from_before_the_correction_is_not_taken() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut uma) = (app.ada().await, app.uma().await);
        let path = open(&mut ada, &[]).await;
        let seen = uma.get("/polls/1/").await;
        let old = seen.attributes("input[name=choice]", "value").remove(0);
        unfreeze(&mut ada, &path).await;
        take(&mut ada, &path, "open").await;
        let refused = uma.post("/polls/1/vote/", &[("choice", &old)]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 0);
        uma_votes(&app, &path).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);
    }
}

/// A31: the transaction of the one or of the other comes first, and decides.
#[tokio::test]
async fn of_a_vote_and_an_unfreezing_at_once_one_counts() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut uma) = (app.ada().await, app.uma().await);
        for number in 1..=6 {
            let path = open(&mut ada, &[]).await;
            let form = form(&mut ada, &path).await;
            let poll = path.replace("/admin", "");
            let paper = uma.get(&poll).await;
            let choice = paper.attributes("input[name=choice]", "value").remove(0);
            let (vote, unfreezing) = (format!("{poll}vote/"), format!("{path}unfreeze/"));
            let (choice, sent) = ([("choice", choice.as_str())], with(&form, "reason", ""));
            let (voted, _) = tokio::join!(uma.post(&vote, &choice), ada.post(&unfreezing, &sent));
            let drafts = app
                .number("SELECT COUNT(*) FROM polls WHERE frozen_at IS NULL")
                .await;
            let ballots = app.number("SELECT COUNT(*) FROM ballots").await;
            assert_eq!(
                drafts + ballots,
                number,
                "each poll is a draft or has its ballot"
            );
            let state = state(&mut ada, &path).await;
            let is_recorded = voted.status == 303;
            assert_eq!(is_recorded, state == "Open", "{state}: {}", voted.text);
        }
    }
}

/// A31.
#[tokio::test]
async fn a_poll_whose_end_was_moved_is_not_unfrozen_and_a_draft_is_one_already() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &[]).await;
    for step in ["close", "reopen"] {
        take(&mut ada, &path, step).await;
    }
    assert!(ada.get(&path).await.texts(UNFREEZE).is_empty());
    ada.get(&format!("{path}unfreeze/")).await;
    assert_eq!(ada.get(&path).await.texts(".flash").last().unwrap(), KEPT);
    let draft = add(&mut ada, &[]).await;
    ada.get(&format!("{draft}unfreeze/")).await;
    let told = ada.get(&draft).await.texts(".flash");
    assert_eq!(told.last().unwrap(), "This poll is a draft already.");
}

/// A31, V30: an abstention names no choice, and says of which ballot paper it is.
#[tokio::test]
async fn an_abstention_on_the_ballot_paper_from_before_the_correction_is_not_taken() {
    for engine in ENGINES {
        for secrecy in ["named", "secret"] {
            let app = TestApp::start_on(engine).await;
            let (mut ada, mut uma) = (app.ada().await, app.uma().await);
            let path = open(&mut ada, &[("allow_abstain", "true"), ("secrecy", secrecy)]).await;
            let paper = async |uma: &mut Person<'_>| {
                let seen = uma.get("/polls/1/").await;
                seen.attributes("input[name=paper]", "value").remove(0)
            };
            let old = paper(&mut uma).await;
            unfreeze(&mut ada, &path).await;
            take(&mut ada, &path, "open").await;
            let new = paper(&mut uma).await;
            for route in ["review", "vote"] {
                for stale in [&[("paper", old.as_str())][..], &[]] {
                    let sent = [&[("choice", "abstain")], stale].concat();
                    let refused = uma.post(&format!("/polls/1/{route}/"), &sent).await;
                    assert_eq!(refused.status, 422, "{}", refused.text);
                    let told = refused.texts(".error-summary li").remove(0);
                    assert!(told.starts_with("The ballot paper was changed"), "{told}");
                }
            }
            assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 0);
            let sent = [("choice", "abstain"), ("paper", new.as_str())];
            let taken = uma.post("/polls/1/vote/", &sent).await;
            assert_eq!(taken.status, 303, "{}", taken.text);
            assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);
        }
    }
}
