//! Who has voted, and in named polls for what.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{
        PollId, Secrecy,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    polls::{cast_all, draft, open, take, voter},
};

const NOTES: &str = "SELECT COUNT(*) FROM audit_log WHERE action LIKE 'named_votes%'";

async fn voted(app: &TestApp, draft: PollDraft, ballots: &[&[usize]]) -> PollId {
    let id = open(&app.state.polls, draft, app.clock.now()).await;
    cast_all(&app.state, id, ballots).await;
    id
}

async fn close(app: &TestApp, id: PollId) {
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
}

/// R14.
#[tokio::test]
async fn staff_read_named_votes_search_them_and_are_noted_once_an_hour() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let poll = PollDraft {
            allow_abstain: true,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let id = voted(&app, poll, &[&[0], &[1], &[]]).await;
        let (mut stan, path) = (app.stan().await, paths::with_id(paths::VOTES, id));
        let early = stan.get(&path).await;
        assert_eq!(early.location(), paths::with_id(paths::RESULTS, id));
        assert_eq!(app.number(NOTES).await, 0);
        close(&app, id).await;
        let page = stan.get(&path).await;
        let rows = page.texts("tbody tr");
        assert_eq!(rows.len(), 3, "{}", page.text);
        assert!(rows[0].starts_with("voter 0Tea2 March 2026"), "{rows:?}");
        assert!(rows[2].starts_with("voter 2I abstain"), "{rows:?}");
        for (words, found) in [
            ("coffee", 1),
            ("VOTER", 3),
            ("\"voter 1\" tea", 0),
            ("voter tea", 1),
        ] {
            let query = url::form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>();
            let page = stan.get(&format!("{path}?q={query}")).await;
            assert_eq!(page.texts("tbody tr").len(), found, "{words}");
        }
        assert_eq!(app.number(NOTES).await, 1, "one visit");
        app.advance(Duration::from_mins(61)).await;
        let mut ada = app.ada().await;
        let file = ada.get(&paths::with_id(paths::VOTES_CSV, id)).await;
        assert!(
            file.text.contains("Name,Vote,Cast\r\nvoter 0,Tea,"),
            "{}",
            file.text
        );
        ada.get(&path).await;
        ada.get(&path).await;
        assert_eq!(app.number(NOTES).await, 3);
    }
}

/// R14: pages of fifty.
#[tokio::test]
async fn many_named_votes_are_on_several_pages() {
    let app = TestApp::start().await;
    let id = voted(&app, draft("Tea?", &["Yes", "No"]), &[&[0][..]; 51]).await;
    close(&app, id).await;
    let (mut stan, path) = (app.stan().await, paths::with_id(paths::VOTES, id));
    assert_eq!(stan.get(&path).await.texts("tbody tr").len(), 50);
    let last = stan.get(&format!("{path}?page=2")).await;
    assert_eq!(last.texts("tbody tr").len(), 1);
    assert!(last.text.contains("Page 2 of 2"));
}

/// R14, T1, A39.
#[tokio::test]
async fn a_secret_poll_has_no_page_of_votes() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..draft("Trust?", &["Yes", "No"])
    };
    let id = voted(&app, secret, &[&[0][..]; 6]).await;
    close(&app, id).await;
    let mut ada = app.ada().await;
    for path in [paths::VOTES, paths::VOTES_CSV] {
        assert_eq!(ada.get(&paths::with_id(path, id)).await.status, 404);
    }
    let page = ada.get(&paths::with_id(paths::RESULTS, id)).await;
    assert!(!page.text.contains("Who voted for what"));
    assert_eq!(app.number(NOTES).await, 0);
}

/// R15.
#[tokio::test]
async fn who_has_voted_in_a_secret_poll_is_told_after_sealing_without_times() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let secret = PollDraft {
            secrecy: Secrecy::Secret,
            roles: [Role::User].into_iter().collect(),
            ..draft("Trust?", &["Yes", "No"])
        };
        let id = voted(&app, secret, &[&[0][..]; 5]).await;
        voter(&app.state.users, "absent", Role::User, app.clock.now()).await;
        let mut stan = app.stan().await;
        let path = paths::with_id(paths::PARTICIPATION, id);
        assert_eq!(
            stan.get(&path).await.location(),
            paths::with_id(paths::RESULTS, id)
        );
        close(&app, id).await;
        let page = stan.get(&path).await;
        let rows = page.texts("tbody tr");
        assert_eq!(
            rows,
            [
                "absentNo",
                "voter 0Yes",
                "voter 1Yes",
                "voter 2Yes",
                "voter 3Yes",
                "voter 4Yes"
            ]
        );
        assert!(page.texts("table time").is_empty());
        let absent = stan.get(&format!("{path}?voted=no")).await;
        assert_eq!(absent.texts("tbody tr"), ["absentNo"]);
        let found = stan.get(&format!("{path}?voted=yes&q=3")).await;
        assert_eq!(found.texts("tbody tr"), ["voter 3Yes"]);
        let file = stan
            .get(&paths::with_id(paths::PARTICIPATION_CSV, id))
            .await;
        assert!(file.text.ends_with("Name,Voted\r\nabsent,no\r\nvoter 0,yes\r\nvoter 1,yes\r\nvoter 2,yes\r\nvoter 3,yes\r\nvoter 4,yes\r\n"), "{}", file.text);
    }
}

/// R15, R11: so few voters would tell who voted how.
#[tokio::test]
async fn who_has_voted_in_a_secret_poll_with_few_ballots_is_not_told() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..draft("Trust?", &["Yes", "No"])
    };
    let id = voted(&app, secret, &[&[0][..]; 4]).await;
    close(&app, id).await;
    let mut ada = app.ada().await;
    let results = paths::with_id(paths::RESULTS, id);
    for path in [paths::PARTICIPATION, paths::PARTICIPATION_CSV] {
        assert_eq!(ada.get(&paths::with_id(path, id)).await.location(), results);
    }
    let page = ada.get(&results).await;
    assert!(!page.text.contains("Who has voted"), "{}", page.text);
}
