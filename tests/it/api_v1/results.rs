//! Results and their files, for staff.

use rolecall::polls::{
    ResultsRule, Secrecy,
    editing::{PollDraft, Step},
};

use super::*;
use crate::support::polls::{cast_all, draft, open, take};

async fn poll(app: &TestApp, change: impl FnOnce(&mut PollDraft)) -> PollId {
    let mut draft = draft("Tea or coffee?", &["Tea", "Coffee"]);
    change(&mut draft);
    open(&app.state.polls, draft, app.clock.now()).await
}

const FILES: [&str; 3] = ["results.csv", "votes.csv", "participation.csv"];

/// R-1, R10, X12.
#[tokio::test]
async fn staff_read_what_the_page_says_and_voters_nothing() {
    let app = TestApp::start().await;
    let Three { uma, stan, .. } = Three::of(&app).await;
    let id = poll(&app, |_| ()).await;
    cast_all(&app.state, id, &[&[0], &[0], &[1]]).await;
    let base = format!("/api/v1/polls/{id}");
    assert_problem(&stan.get(&format!("{base}/results")).await, 409, "not_yet");
    for file in FILES {
        assert_problem(&stan.get(&format!("{base}/{file}")).await, 409, "not_yet");
    }
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let reply = stan.get(&format!("{base}/results")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let mut page = app.stan().await;
    let page = page.get(&format!("/polls/{id}/results.json")).await;
    assert_eq!(reply.json(), page.json());
    assert_eq!(reply.json()["numbers"]["choices"][0]["votes"], 2);
    let tag = reply.header("etag").to_owned();
    let again = get_with(&stan, &format!("{base}/results"), ("if-none-match", &tag)).await;
    assert_eq!(again.status, 304);
    for file in FILES {
        let reply = stan.get(&format!("{base}/{file}")).await;
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        assert!(
            reply
                .header("content-disposition")
                .starts_with("attachment")
        );
        let mut page = app.stan().await;
        let page = page.get(&format!("/polls/{id}/{file}")).await;
        assert_eq!(reply.text, page.text, "{file}");
        let refused = uma.get(&format!("{base}/{file}")).await;
        assert_problem(&refused, 403, "insufficient_scope");
    }
    let refused = uma.get(&format!("{base}/results")).await;
    assert_problem(&refused, 403, "insufficient_scope");
    let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'named_votes_exported'";
    assert_eq!(app.number(noted).await, 1);
}

/// T9, R15: the same suppression as on the page.
#[tokio::test]
async fn few_secret_ballots_are_not_told_here_either() {
    let app = TestApp::start().await;
    let Three { stan, .. } = Three::of(&app).await;
    let id = poll(&app, |draft| draft.secrecy = Secrecy::Secret).await;
    cast_all(&app.state, id, &[&[0], &[0], &[1]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let base = format!("/api/v1/polls/{id}");
    let report = stan.get(&format!("{base}/results")).await.json();
    assert_eq!(report["numbers"], Value::Null);
    assert_eq!(report["withheld_below"], 5);
    let table = stan.get(&format!("{base}/results.csv")).await.text;
    assert!(table.contains("Fewer than 5 ballots"), "{table}");
    let reply = stan.get(&format!("{base}/participation.csv")).await;
    assert_problem(&reply, 409, "not_yet");
    let reply = stan.get(&format!("{base}/votes.csv")).await;
    assert_problem(&reply, 404, "not_found");
}

/// R10: results on release wait for the release.
#[tokio::test]
async fn results_on_release_wait_for_it() {
    let app = TestApp::start().await;
    let Three { stan, ada, .. } = Three::of(&app).await;
    let id = poll(&app, |draft| draft.results = ResultsRule::OnRelease).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let path = format!("/api/v1/polls/{id}/results");
    let reply = ada.get(&path).await;
    assert_problem(&reply, 409, "not_yet");
    assert!(reply.text.contains("released"), "{}", reply.text);
    take(&app.state.polls, Step::Release, id, app.clock.now()).await;
    assert_eq!(stan.get(&path).await.status, 200);
}
