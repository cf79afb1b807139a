//! Results as staff read them.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{
        Method, PollId, ResultsRule, Selection,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    log,
    person::Reply,
    polls::{cast_all, draft, open, paper, pick, take, voter},
};

async fn opened(app: &TestApp, draft: PollDraft) -> PollId {
    open(&app.state.polls, draft, app.clock.now()).await
}

/// One ballot for each line; an empty one abstains.
async fn cast(app: &TestApp, id: PollId, ballots: &[&[usize]]) {
    let (polls, now) = (&app.state.polls, app.clock.now());
    let paper = paper(polls, id).await;
    for (number, places) in ballots.iter().enumerate() {
        let person = voter(
            &app.state.users,
            &format!("voter {number}"),
            Role::User,
            now,
        )
        .await;
        let selection = match places {
            [] => Selection::Abstention,
            places => pick(&paper, places),
        };
        polls
            .cast(id, person, selection, now)
            .await
            .expect("a vote");
    }
}

async fn read(app: &TestApp, id: PollId) -> Reply {
    let page = app
        .stan()
        .await
        .get(&paths::with_id(paths::RESULTS, id))
        .await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// PF-5: reading again asks the same few questions, none of them of ballots, however many there
/// are. (PostgreSQL tells the log of statements on the test's own thread.)
#[tokio::test]
async fn reading_results_again_costs_the_same_for_many_ballots_as_for_few() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut asked = Vec::new();
    for ballots in [2, 60] {
        let id = opened(&app, draft("Tea?", &["Yes", "No"])).await;
        cast_all(&app.state, id, &vec![&[0][..]; ballots]).await;
        take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        let mut stan = app.stan().await;
        let path = paths::with_id(paths::RESULTS, id);
        stan.get(&path).await;
        log::keep();
        let page = stan.get(&path).await;
        let log = log::taken();
        assert_eq!(
            page.text_of(".outcome"),
            format!("Yes has the most votes: {ballots} of {ballots}.")
        );
        let about_polls = log.matches("FROM poll").count();
        assert!(about_polls > 0, "{log}");
        for table in ["FROM ballot_choices", "FROM ballots"] {
            assert!(!log.contains(table), "{table} is read: {log}");
        }
        asked.push(about_polls);
    }
    assert_eq!(asked[0], asked[1]);
}

/// Z-31, R-1, E-17.
#[tokio::test]
async fn staff_read_results_and_voters_are_told_who_may() {
    let app = TestApp::start().await;
    let id = opened(&app, draft("Tea or coffee?", &["Tea", "Coffee"])).await;
    let path = paths::with_id(paths::RESULTS, id);
    let refused = app.uma().await.get(&path).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("staff or admin"), "{}", refused.text);
    assert_eq!(app.stan().await.get(&path).await.status, 200);
    assert_eq!(app.ada().await.get(&path).await.status, 200);
    assert_eq!(app.anonymous().get(&path).await.status, 303);
}

/// R5, R6.
#[tokio::test]
async fn shares_are_of_the_ballots_that_chose_and_abstentions_stand_apart() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            allow_abstain: true,
            ..draft("Drink?", &["Tea", "Coffee", "Milk"])
        },
    )
    .await;
    cast(&app, id, &[&[0], &[0], &[1], &[]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let page = read(&app, id).await;
    assert_eq!(page.text_of(".outcome"), "Tea has the most votes: 2 of 3.");
    assert_eq!(
        page.text_of("caption"),
        "Share of the 3 ballots that chose something"
    );
    assert_eq!(
        page.texts("tbody tr"),
        ["Tea266.7 %", "Coffee133.3 %", "Milk00.0 %"]
    );
    assert_eq!(
        page.attributes("svg.bar rect", "width"),
        ["66.7%", "33.3%", "0.0%"]
    );
    let facts = page.texts(".facts > div");
    assert_eq!(facts[0], "Abstentions1");
}

/// R6.
#[tokio::test]
async fn several_choices_on_a_ballot_are_told_as_such() {
    let app = TestApp::start().await;
    let several = PollDraft {
        method: Method::Multiple,
        max_choices: 2,
        ..draft("Drink?", &["Tea", "Coffee"])
    };
    let id = opened(&app, several).await;
    cast(&app, id, &[&[0, 1], &[0]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let page = read(&app, id).await;
    assert!(page.text_of("caption").contains("more than 100 %"));
    assert_eq!(page.texts("tbody tr"), ["Tea2100.0 %", "Coffee150.0 %"]);
    assert_eq!(
        page.texts(".facts > div")[0],
        "Choices and ballots3 choices on 2 ballots"
    );
}

/// R9.
#[tokio::test]
async fn a_tie_is_said_to_be_a_tie() {
    let app = TestApp::start().await;
    let id = opened(&app, draft("Drink?", &["Tea", "Coffee", "Milk"])).await;
    cast(&app, id, &[&[0], &[2]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    assert_eq!(
        read(&app, id).await.text_of(".outcome"),
        "Tie between Tea and Milk, with 1 vote each."
    );
}

#[tokio::test]
async fn numbers_wait_for_the_closing_unless_the_poll_is_live() {
    let app = TestApp::start().await;
    let id = opened(&app, draft("Later?", &["Tea", "Coffee"])).await;
    let live = opened(
        &app,
        PollDraft {
            results: ResultsRule::Live,
            ..draft("Now?", &["Tea", "Coffee"])
        },
    )
    .await;
    cast(&app, id, &[&[0], &[1]]).await;
    cast(&app, live, &[&[0]]).await;
    let waiting = read(&app, id).await;
    assert!(waiting.texts("table").is_empty());
    assert_eq!(waiting.text_of(".note"), "Numbers appear after closing.");
    assert_eq!(waiting.text_of(".facts"), "So far2 votes");
    let moving = read(&app, live).await;
    assert_eq!(moving.text_of(".outcome"), "Tea leads with 1 of 1.");
    assert!(moving.text.contains("Updated on"));
}

/// R10.
#[tokio::test]
async fn a_poll_without_votes_draws_no_empty_table() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            results: ResultsRule::Live,
            ..draft("Drink?", &["Tea", "Coffee"])
        },
    )
    .await;
    assert_eq!(read(&app, id).await.text_of(".outcome"), "No votes yet.");
    app.advance(Duration::from_secs(1)).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let page = read(&app, id).await;
    assert_eq!(page.text_of(".outcome"), "No votes were cast.");
    assert!(page.texts("table").is_empty());
}

#[tokio::test]
async fn turnout_names_its_base() {
    let app = TestApp::start().await;
    let staff = PollDraft {
        roles: [Role::User].into_iter().collect(),
        ..draft("Drink?", &["Tea", "Coffee"])
    };
    let id = opened(&app, staff).await;
    cast(&app, id, &[&[0]]).await;
    voter(&app.state.users, "another", Role::User, app.clock.now()).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let facts = read(&app, id).await.texts(".facts > div");
    assert_eq!(
        facts[0],
        "Turnout1 vote; 2 people with a voting role have signed in"
    );
}
