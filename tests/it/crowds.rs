//! Crowds at the polls, over HTTP: impatient people who press the button again and again, and
//! many people at once. Two processes share one database.

use futures_util::{StreamExt as _, future::join_all, stream};
use rolecall::polls::{Choice, Method, PollId, Secrecy, editing::PollDraft};

use crate::support::{
    app::TestApp,
    crowd::{Member, Site, member},
    database::Engine,
    polls::{draft, open, paper, pick, roll_equals_box},
};

/// How often one person sends a ballot paper at once.
const PRESSES: usize = 200;
const ROUNDS: usize = 50;
const PEOPLE: usize = 800;
const CONNECTIONS: usize = 64;

/// The polls of the rounds: every kind in turn.
fn kind(round: usize) -> PollDraft {
    let plain = draft("Tea or coffee?", &["Tea", "Coffee"]);
    match round % 4 {
        0 => plain,
        1 => PollDraft {
            allow_change: true,
            ..plain
        },
        2 => PollDraft {
            secrecy: Secrecy::Secret,
            ..plain
        },
        _ => PollDraft {
            method: Method::Ranked,
            max_choices: 2,
            ..plain
        },
    }
}

/// Votes for a choice; where choices are ranked, in first place.
async fn vote(site: &Site, member: &Member, poll: PollId, choice: &Choice, ranked: bool) -> bool {
    let choice = choice.id.to_string();
    let fields = [("choice", choice.as_str()), ("rank", "1")];
    let fields = &fields[..if ranked { 2 } else { 1 }];
    site.votes(member, poll, fields).await
}

/// Votes per choice, and ballots.
async fn count(app: &TestApp, poll: PollId) -> (Vec<u64>, u64) {
    let tally = app.state.polls.tally(poll, app.clock.now()).await;
    let tally = tally.expect("the ballots are counted");
    let votes = tally.counts.iter().map(|count| count.votes).collect();
    (votes, tally.ballots)
}

async fn one_impatient_person(engine: Engine) {
    let app = TestApp::start_on(engine).await;
    let site = Site::open(&app).await;
    let uma = member(&app, "uma").await;
    for round in 0..ROUNDS {
        let kind = kind(round);
        let ranked = kind.method == Method::Ranked;
        let poll = open(&app.state.polls, kind, app.clock.now()).await;
        let paper = paper(&app.state.polls, poll).await;
        let presses =
            (0..PRESSES).map(|press| vote(&site, &uma, poll, &paper[press / 2 % 2], ranked));
        let confirmed = join_all(presses).await;
        assert_eq!(confirmed, [true; PRESSES], "round {round}");
        let (votes, ballots) = count(&app, poll).await;
        assert_eq!((votes.iter().sum(), ballots), (1, 1), "round {round}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 50);
    roll_equals_box(&app).await;
}

/// V5, SEC-46.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_ballots_that_one_person_sends_at_once_one_counts_fifty_times_on_sqlite() {
    one_impatient_person(Engine::Sqlite).await;
}

/// V5, SEC-46.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_ballots_that_one_person_sends_at_once_one_counts_fifty_times_on_postgres() {
    one_impatient_person(Engine::Postgres).await;
}

/// Everybody votes in a poll with names and in a secret one, and sends both papers twice.
async fn everybody(engine: Engine) {
    let app = TestApp::start_on(engine).await;
    let site = Site::open(&app).await;
    let mut boxes = Vec::new();
    for secrecy in [Secrecy::Named, Secrecy::Secret] {
        let kind = PollDraft {
            secrecy,
            ..draft("Which?", &["A", "B", "C"])
        };
        let poll = open(&app.state.polls, kind, app.clock.now()).await;
        boxes.push((poll, paper(&app.state.polls, poll).await));
    }
    let mut crowd = Vec::new();
    for number in 0..PEOPLE {
        crowd.push(member(&app, &format!("voter {number}")).await);
    }
    let (site, boxes) = (&site, &boxes);
    let votes = crowd.iter().enumerate().flat_map(|(number, member)| {
        let papers = boxes.iter().chain(boxes);
        papers.map(move |(poll, paper)| vote(site, member, *poll, &paper[wish(number)], false))
    });
    let confirmed: Vec<_> = stream::iter(votes)
        .buffer_unordered(CONNECTIONS)
        .collect()
        .await;
    assert_eq!(confirmed, vec![true; 4 * PEOPLE]);
    for (poll, _) in boxes {
        let mut wishes = vec![0; 3];
        (0..PEOPLE).for_each(|number| wishes[wish(number)] += 1);
        assert_eq!(count(&app, *poll).await, (wishes, PEOPLE as u64));
    }
    the_names_are_right(&app, &boxes[0], &crowd).await;
    roll_equals_box(&app).await;
}

/// What this person votes for.
fn wish(number: usize) -> usize {
    number * number % 3
}

/// In the poll with names everybody finds what they voted for.
async fn the_names_are_right(
    app: &TestApp,
    (poll, paper): &(PollId, Vec<Choice>),
    crowd: &[Member],
) {
    for (number, member) in crowd.iter().enumerate() {
        let ballot = app.state.polls.ballot(*poll, member.user).await;
        let ballot = ballot.expect("the database answers").expect("a ballot");
        let wished = pick(paper, &[wish(number)]);
        assert_eq!(ballot.selection, wished);
    }
}

/// V5, T2, SEC-46.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_hundred_people_on_sixty_four_connections_vote_once_each_on_sqlite() {
    everybody(Engine::Sqlite).await;
}

/// V5, T2, SEC-46.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_hundred_people_on_sixty_four_connections_vote_once_each_on_postgres() {
    everybody(Engine::Postgres).await;
}
