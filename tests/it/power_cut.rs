//! The program is killed while votes are being cast, as by a power cut, and started again: what
//! was acknowledged is there, once, and marks on the roll equal ballots in the box.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use http::header;
use rolecall::{
    clock::Clock,
    db::Db,
    paths,
    polls::{ChoiceId, PollId, Secrecy, editing::PollDraft},
};
use tokio::time::Instant;

use crate::support::{
    app::{MORNING, TestApp},
    crowd::{Member, member},
    database::Engine,
    http_client,
    polls::{draft, open, paper, roll_equals_box},
    program::{self, Program},
    times,
};

const ROUNDS: usize = 20;
/// How many vote at once in each round.
const VOTERS: usize = 32;

/// A poll, and a choice on its paper.
type Vote = (PollId, ChoiceId);

/// Polls that wait for a vote each, named and secret by turns.
async fn fresh_polls(app: &TestApp) -> Vec<Vote> {
    let mut polls = Vec::new();
    for number in 0..VOTERS {
        let poll = PollDraft {
            secrecy: Secrecy::ALL[number % 2],
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let id = open(&app.state.polls, poll, app.clock.now()).await;
        let paper = paper(&app.state.polls, id).await;
        polls.push((id, paper[number % 2].id));
    }
    polls
}

/// The program on the database of `app`.
async fn start(app: &TestApp) -> Program {
    Program::start(program::free_address(), &program::settings(app)).await
}

/// Sends all votes at once and kills the program after `enough` were acknowledged; which were.
async fn vote_until_killed(
    mut program: Program,
    voters: &[Member],
    votes: &[Vote],
    enough: usize,
) -> BTreeSet<PollId> {
    let (browser, base_url) = (http_client(), program.base_url.clone());
    let send = async |(voter, (id, choice)): (&Member, &Vote)| {
        let path = paths::with_id(paths::VOTE, id);
        let request = browser
            .post(format!("{base_url}{path}"))
            .header(header::COOKIE, voter.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Member::form(*choice));
        let answer = request.send().await.ok()?;
        let told = answer.headers().get(header::LOCATION)?;
        (told.as_bytes() == paths::with_id(paths::VOTED, id).as_bytes()).then_some(*id)
    };
    let mut answers: FuturesUnordered<_> = voters.iter().zip(votes).map(send).collect();
    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < enough {
        let answer = answers.next().await.expect("enough answers");
        acknowledged.extend(answer);
    }
    program.kill().await;
    acknowledged.extend(answers.collect::<Vec<_>>().await.into_iter().flatten());
    acknowledged
}

/// What is in the box.
async fn choices_in(app: &TestApp, poll: PollId) -> Vec<ChoiceId> {
    let statement = "SELECT choice_id FROM ballots LEFT JOIN ballot_choices
         ON ballot_choices.poll_id = ballots.poll_id AND ballot_id = ballots.id
         WHERE ballots.poll_id = $1";
    let stored = match &app.state.db {
        Db::Sqlite { writer, .. } => {
            sqlx::query_scalar(statement)
                .bind(poll)
                .fetch_all(writer)
                .await
        }
        Db::Postgres { pool, .. } => {
            sqlx::query_scalar(statement)
                .bind(poll)
                .fetch_all(pool)
                .await
        }
    };
    stored.expect("the box is read")
}

async fn nothing_is_lost(engine: Engine) {
    let app = TestApp::start_on(engine).await;
    app.advance(Clock::System.now().since(MORNING)).await;
    let mut voters = Vec::new();
    for number in 0..VOTERS {
        voters.push(member(&app, &format!("voter {number}")).await);
    }
    let (mut cut_off, mut slowest) = (0, Duration::ZERO);
    for round in 0..ROUNDS * times() {
        let votes = fresh_polls(&app).await;
        let begun = Instant::now();
        let program = start(&app).await;
        slowest = slowest.max(begun.elapsed());
        let acknowledged = vote_until_killed(program, &voters, &votes, round % ROUNDS).await;
        cut_off += votes.len() - acknowledged.len();
        for (id, choice) in &votes {
            let stored = choices_in(&app, *id).await;
            assert!(
                stored.is_empty() && !acknowledged.contains(id) || stored == [*choice],
                "poll {id}, {stored:?} instead of {choice}"
            );
        }
    }
    println!("{cut_off} votes cut off, the slowest start in {slowest:.1?}");
    assert!(cut_off > 0, "the program was killed in the middle");
    roll_equals_box(&app).await;
}

/// T2, FT-01.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_vote_is_lost_when_the_program_is_killed_on_sqlite() {
    nothing_is_lost(Engine::Sqlite).await;
}

/// T2, FT-01.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_vote_is_lost_when_the_program_is_killed_on_postgres() {
    nothing_is_lost(Engine::Postgres).await;
}
