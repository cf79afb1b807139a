//! Results of rankings, of secret polls, and what repeated reading costs.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{
        MajorityRule, Method, PollId, RankedRule, Secrecy, Selection,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::Reply,
    polls::{draft, open, paper, pick, take, voter},
};

/// A poll with these ballots, each a ranking of places on the paper, closed and read by Stan.
async fn counted(app: &TestApp, poll: PollDraft, ballots: &[&[usize]]) -> Reply {
    let id = open(&app.state.polls, poll, app.clock.now()).await;
    cast(app, id, ballots).await;
    app.advance(Duration::from_secs(1)).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    read(app, id).await
}

async fn read(app: &TestApp, id: PollId) -> Reply {
    let path = paths::with_id(paths::RESULTS, id);
    app.stan().await.get(&path).await
}

async fn cast(app: &TestApp, id: PollId, ballots: &[&[usize]]) {
    let (polls, users, now) = (&app.state.polls, &app.state.users, app.clock.now());
    let paper = paper(polls, id).await;
    let poll = polls.find(id).await.expect("an answer").expect("a poll");
    for (number, places) in ballots.iter().enumerate() {
        let person = voter(users, &format!("voter {number}"), Role::User, now).await;
        let selection = match poll.method {
            Method::Ranked => {
                Selection::Ranking(places.iter().map(|place| paper[*place].id).collect())
            }
            _ => pick(&paper, places),
        };
        let cast = polls.cast(id, person, selection, now).await;
        cast.expect("a vote");
    }
}

fn ranking(rule: RankedRule) -> PollDraft {
    PollDraft {
        method: Method::Ranked,
        ranked_rule: Some(rule),
        max_choices: 3,
        ..draft("Where to?", &["Alps", "Beach", "City"])
    }
}

/// Four for the Alps alone, three for the Beach, two for the City and then the Beach.
const BALLOTS: &[&[usize]] = &[&[0], &[0], &[0], &[0], &[1], &[1], &[1], &[2, 1], &[2, 1]];

/// V14.
#[tokio::test]
async fn an_instant_run_off_is_shown_round_by_round() {
    let app = TestApp::start().await;
    let page = counted(&app, ranking(RankedRule::InstantRunoff), BALLOTS).await;
    assert_eq!(
        page.text_of(".outcome"),
        "Beach wins, with 5 of 9 votes in round 2."
    );
    assert_eq!(
        page.texts("table.data tbody tr"),
        ["Alps44", "Beach35", "City2out", "No choice left00"]
    );
    assert_eq!(
        page.texts("#live-figures li").last().expect("a step"),
        "Round 1: City goes out; it has the fewest votes."
    );
}

/// V14.
#[tokio::test]
async fn the_schulze_method_shows_places_and_comparisons() {
    let app = TestApp::start().await;
    let page = counted(&app, ranking(RankedRule::Schulze), BALLOTS).await;
    assert_eq!(
        page.text_of(".outcome"),
        "Beach wins, compared with each of the others."
    );
    assert_eq!(
        page.texts("table.data tbody tr"),
        ["Alps244", "Beach153", "City322"]
    );
}

/// R11.
#[tokio::test]
async fn a_secret_poll_with_few_ballots_shows_no_numbers_to_anybody() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..draft("Trust?", &["Yes", "No"])
    };
    let few: &[&[usize]] = &[&[0], &[0], &[1], &[1]];
    let page = counted(&app, secret.clone(), few).await;
    assert!(page.text_of(".outcome").starts_with("Fewer than 5 ballots"));
    assert!(page.texts("table").is_empty(), "{}", page.text);

    let enough: &[&[usize]] = &[&[0], &[0], &[1], &[1], &[1]];
    let page = counted(&app, secret, enough).await;
    assert_eq!(page.text_of(".outcome"), "No has the most votes: 3 of 5.");
}

/// R18: a count at hand is never out of date.
#[tokio::test]
async fn a_ballot_that_comes_in_is_in_the_next_count() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let polls = &app.state.polls;
        let id = open(polls, draft("Tea?", &["Yes", "No"]), app.clock.now()).await;
        let ballots: &[&[usize]] = &[&[0], &[1], &[0]];
        for seen in 1..=ballots.len() {
            cast(&app, id, &ballots[seen - 1..seen]).await;
            let voted = voter(
                &app.state.users,
                &format!("late {seen}"),
                Role::User,
                app.clock.now(),
            )
            .await;
            let selection = pick(&paper(polls, id).await, &[0]);
            let cast = polls.cast(id, voted, selection, app.clock.now()).await;
            cast.expect("a vote");
            let tally = polls.tally(id, app.clock.now()).await.expect("a count");
            let again = polls.tally(id, app.clock.now()).await.expect("a count");
            assert_eq!(tally, again);
            assert_eq!(tally.ballots, u64::try_from(seen).expect("small") + 1);
        }
    }
}

/// R8.
#[tokio::test]
async fn a_choice_without_the_majority_that_the_rule_asks_for_does_not_carry() {
    let app = TestApp::start().await;
    let poll = PollDraft {
        majority_rule: MajorityRule::TwoThirds,
        quorum_bp: Some(5000),
        ..draft("Change the rules?", &["Yes", "No"])
    };
    let page = counted(&app, poll, &[&[0], &[0], &[0], &[1], &[1]]).await;
    assert_eq!(
        page.text_of(".outcome"),
        "No choice has two thirds of the votes: Yes comes closest with 3 of 5, and 4 are needed."
    );
    assert!(page.text_of(".facts").contains("Quorum3 votes"));
}
