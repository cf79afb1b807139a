//! Which polls are where: the home page, the list, the samples.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{
        PollId, ResultsRule, State,
        editing::{PollDraft, Step},
    },
    seed::{self, Seeded},
    users::Role,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    polls::{create, draft, open, paper, take},
};

const HOUR: Duration = Duration::from_hours(1);

fn question(text: &str) -> PollDraft {
    draft(text, &["Yes", "No"])
}

async fn opened(app: &TestApp, draft: PollDraft) -> PollId {
    open(&app.state.polls, draft, app.clock.now()).await
}

/// V1.
#[tokio::test]
async fn without_polls_both_pages_say_so() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    for path in ["/", "/polls/"] {
        assert_eq!(
            app.anonymous().get(path).await.text_of(".empty"),
            "No polls are available."
        );
        assert_eq!(
            uma.get(path).await.text_of(".empty"),
            "No polls are available."
        );
    }
}

/// V1.
#[tokio::test]
async fn the_list_is_open_first_then_scheduled_then_closed_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let closed = opened(&app, question("Closed?")).await;
        take(&app.state.polls, Step::Close, closed, app.clock.now()).await;
        let later = Some(app.clock.now().plus(HOUR));
        opened(
            &app,
            PollDraft {
                opens_at: later,
                ..question("Scheduled?")
            },
        )
        .await;
        opened(&app, question("Open one?")).await;
        app.advance(Duration::from_secs(1)).await;
        opened(&app, question("Open two?")).await;
        create(&app.state.polls, question("Draft?"), app.clock.now()).await;
        let page = app.anonymous().get("/polls/").await;
        let order = ["Open two?", "Open one?", "Scheduled?", "Closed?"];
        assert_eq!(page.texts(".card h2"), order);
        let slice = app
            .state
            .polls
            .list_public(None, 1, app.clock.now())
            .await
            .expect("a list");
        let states: Vec<State> = slice
            .polls
            .iter()
            .map(|listed| listed.poll.state(app.clock.now()))
            .collect();
        assert_eq!(
            states,
            [State::Open, State::Open, State::Scheduled, State::Closed]
        );
    }
}

/// V2.
#[tokio::test]
async fn no_open_poll_is_hidden_by_a_cut_off() {
    let app = TestApp::start().await;
    for number in 0..25 {
        opened(&app, question(&format!("Question {number}?"))).await;
    }
    let mut nobody = app.anonymous();
    let first = nobody.get("/polls/").await;
    assert_eq!(first.texts(".card").len(), 20);
    assert_eq!(
        first.attributes(".pagination a", "href"),
        ["/polls/?page=2"]
    );
    let second = nobody.get("/polls/?page=2").await;
    assert_eq!(second.texts(".card").len(), 5);
    for beyond in ["3", "4711", "9223372036854775807"] {
        assert_eq!(
            nobody
                .get(&format!("/polls/?page={beyond}"))
                .await
                .texts(".card")
                .len(),
            5
        );
    }
    for nonsense in ["0", "-1", "x", "", "99999999999999999999"] {
        assert_eq!(
            nobody
                .get(&format!("/polls/?page={nonsense}"))
                .await
                .texts(".card")
                .len(),
            20
        );
    }
    for strange in [
        "page=1&page=2",
        "page=x&page=2",
        "page=2&other=%FF",
        "page=2&page",
    ] {
        let page = nobody.get(&format!("/polls/?{strange}")).await;
        assert_eq!(page.status, 200, "{strange}");
    }
    let last = nobody.get("/polls/?page=1&page=2").await;
    assert_eq!(last.texts(".card").len(), 5);
    assert_eq!(nobody.get("/").await.texts(".card").len(), 5);
}

#[tokio::test]
async fn the_home_page_shows_what_closes_first_and_says_how_many_polls_wait() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let staff = [Role::Staff].into_iter().collect();
        let for_others = PollDraft {
            roles: staff,
            ..question("For staff?")
        };
        opened(&app, for_others).await;
        for number in 1..=21 {
            let closing = PollDraft {
                closes_at: Some(app.clock.now().plus(HOUR * (30 - number))),
                ..question(&format!("Question {number}?"))
            };
            opened(&app, closing).await;
        }
        let home = app.uma().await.get("/").await;
        assert_eq!(home.text_of("#open"), "Open for you (21)");
        let shown = home.texts("section[aria-labelledby=open] h3");
        assert_eq!(shown.len(), 20);
        assert_eq!(shown[0], "Question 21?");
        assert!(!shown.contains(&"Question 1?".to_owned()));
        assert!(home.text.contains("shows the others as well"));
        let home = app.stan().await.get("/").await;
        assert_eq!(home.text_of("#open"), "Open for you (22)");
    }
}

#[tokio::test]
async fn each_poll_says_what_the_person_may_do() {
    let app = TestApp::start().await;
    let voted = opened(&app, question("Voted?")).await;
    opened(&app, question("Waiting?")).await;
    let staff = [Role::Staff].into_iter().collect();
    opened(
        &app,
        PollDraft {
            roles: staff,
            ..question("For staff?")
        },
    )
    .await;
    let mut uma = app.uma().await;
    let choice = paper(&app.state.polls, voted).await[0].id.to_string();
    uma.post(&paths::with_id(paths::VOTE, voted), &[("choice", &choice)])
        .await;
    let cards = uma.get("/polls/").await.texts(".card");
    assert!(
        cards[0].starts_with("For staff?") && cards[0].ends_with("Not eligible"),
        "{cards:?}"
    );
    assert!(
        cards[1].starts_with("Waiting?") && cards[1].ends_with("You can vote"),
        "{cards:?}"
    );
    assert!(
        cards[2].starts_with("Voted?") && cards[2].ends_with("Voted"),
        "{cards:?}"
    );
    let home = uma.get("/").await;
    assert_eq!(home.text_of("#open"), "Open for you (1)");
    assert_eq!(home.texts(".card h3"), ["Waiting?"]);
}

#[tokio::test]
async fn the_home_page_offers_staff_the_numbers_of_open_polls_and_each_poll_once() {
    let app = TestApp::start().await;
    let live = PollDraft {
        results: ResultsRule::Live,
        ..question("Live?")
    };
    let live = opened(&app, live).await;
    opened(&app, question("Later?")).await;
    let closed = opened(&app, question("Closed?")).await;
    take(&app.state.polls, Step::Close, closed, app.clock.now()).await;
    let home = app.stan().await.get("/").await;
    assert_eq!(
        home.attributes("section[aria-labelledby=results] a", "href"),
        [live, closed].map(|id| paths::with_id(paths::RESULTS, id))
    );
    assert!(home.texts("#closed").is_empty());
    let poll = app.stan().await.get(&paths::poll(live)).await;
    let results = paths::with_id(paths::RESULTS, live);
    assert_eq!(poll.attributes("main > .actions a", "href"), [results]);
    let poll = app.uma().await.get(&paths::poll(live)).await;
    assert!(poll.texts("main > .actions a").is_empty());
}

#[tokio::test]
async fn the_home_page_offers_results_to_staff_alone() {
    let app = TestApp::start().await;
    let id = opened(&app, question("Closed?")).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let results = paths::with_id(paths::RESULTS, id);
    let home = app.stan().await.get("/").await;
    assert_eq!(
        home.attributes("section[aria-labelledby=results] a", "href"),
        [results]
    );
    let home = app.uma().await.get("/").await;
    assert!(home.texts("#results").is_empty());
    assert_eq!(home.texts("#closed"), ["Recently closed"]);
    assert!(
        app.ada()
            .await
            .get("/")
            .await
            .attributes("main a", "href")
            .contains(&"/admin/".to_owned())
    );
}

#[tokio::test]
async fn the_samples_go_into_an_empty_database_only() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (polls, users, now) = (&app.state.polls, &app.state.users, app.clock.now());
        assert_eq!(
            seed::seed(polls, users, now).await.expect("samples"),
            Seeded::Done
        );
        assert_eq!(
            seed::seed(polls, users, now).await.expect("samples"),
            Seeded::NotEmpty
        );
        let slice = polls.list_public(None, 1, now).await.expect("a list");
        let states: Vec<State> = slice
            .polls
            .iter()
            .map(|listed| listed.poll.state(now))
            .collect();
        assert_eq!(
            states,
            [
                State::Open,
                State::Open,
                State::Open,
                State::Open,
                State::Open,
                State::Open,
                State::Open,
                State::Scheduled,
                State::Closed,
                State::Closed
            ]
        );
        assert_eq!(
            rolecall::audit::verify(&app.state.db)
                .await
                .expect("an answer"),
            None
        );
    }
}

/// V32.
#[tokio::test]
async fn the_profile_shows_what_waits_what_was_voted_in_and_what_was_missed() {
    let app = TestApp::start().await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let mut ids = Vec::new();
    for question in ["Waits?", "Voted?", "Missed?"] {
        ids.push(open(polls, draft(question, &["Yes", "No"]), now).await);
    }
    let for_staff = PollDraft {
        roles: [Role::Staff].into_iter().collect(),
        ..draft("Not mine?", &["Yes", "No"])
    };
    open(polls, for_staff, now).await;
    let mut uma = app.uma().await;
    assert_eq!(uma.get("/user").await.texts(".card h3").len(), 3);
    let choice = paper(polls, ids[1]).await[0].id.to_string();
    let vote = paths::with_id(paths::VOTE, ids[1]);
    uma.post(&vote, &[("choice", &choice)]).await;
    take(polls, Step::Close, ids[2], now).await;
    let profile = uma.get("/user").await;
    let cards: Vec<_> = profile
        .texts(".card h3")
        .into_iter()
        .zip(profile.texts(".card .meta"))
        .collect();
    assert_eq!(cards.len(), 3, "{cards:?}");
    for (question, mark) in [
        ("Waits?", "You can vote"),
        ("Voted?", "Voted"),
        ("Missed?", "You did not vote"),
    ] {
        let card = cards.iter().find(|(known, _)| known == question);
        let (_, meta) = card.expect("a card");
        assert!(meta.ends_with(mark), "{question} {meta}");
    }
}
