//! One poll in which everybody votes, again and again, while its results are read.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::future::join_all;
use rolecall::{
    paths,
    polls::{ResultsRule, Secrecy, editing::PollDraft},
};
use serde_json::Value;
use tokio::time::timeout;

use super::{Hall, PATIENCE};
use crate::support::{database::Engine, person::Person, polls::draft};

const PEOPLE: usize = 64;
/// Votes of each: one, and then changes of it.
const VOTES: usize = 5;

/// How far they are.
#[derive(Default)]
struct Voting {
    /// How many people were told that their vote counts.
    acknowledged: AtomicU64,
    is_over: AtomicBool,
}

impl Voting {
    async fn of(&self, hall: &Hall) {
        let voters = (0..PEOPLE).map(async |who| {
            for turn in 0..VOTES {
                let choice = hall.paper[(who + turn) % 2].id;
                let request = hall.people[who].ballot(hall.poll, choice);
                assert_eq!(hall.app.send(request).await.status(), 303);
                if turn == 0 {
                    self.acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        join_all(voters).await;
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Reads the results until all have voted; how often.
    async fn read(&self, hall: &Hall, mut stan: Person<'_>) -> usize {
        let path = paths::with_id(paths::RESULTS_JSON, hall.poll);
        for turn in 1.. {
            let (least, is_over) = (
                self.acknowledged.load(Ordering::SeqCst),
                self.is_over.load(Ordering::SeqCst),
            );
            let reply = stan.get(&path).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            let report: Value = serde_json::from_str(&reply.text).expect("a report");
            let ballots = report["turnout"]["ballots"].as_u64().expect("a number");
            assert!(ballots >= least, "{ballots} of {least}");
            assert_eq!(counted(&report), ballots, "{report}");
            if is_over {
                return turn;
            }
        }
        unreachable!("numbers do not end")
    }
}

/// The votes of all choices; each ballot holds one.
fn counted(report: &Value) -> u64 {
    let choices = report["numbers"]["choices"].as_array().expect("numbers");
    let votes = choices.iter().map(|choice| choice["votes"].as_u64());
    votes.map(|votes| votes.expect("a number")).sum()
}

async fn results_are_what_is_in_the_box(engine: Engine) {
    let mut hall = Hall::new(engine, Secrecy::Named, PEOPLE).await;
    let live = PollDraft {
        allow_change: true,
        results: ResultsRule::Live,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    hall.turn_to(live).await;
    let (voting, stan) = (Voting::default(), hall.app.stan().await);
    let both = async { tokio::join!(voting.of(&hall), voting.read(&hall, stan)) };
    let ((), reads) = timeout(PATIENCE, both).await.expect("an end");
    assert!(reads > 1, "they were read meanwhile");
    hall.acknowledged = hall.people.iter().map(|somebody| somebody.user).collect();
    hall.nothing_is_lost().await;
}

/// FT-28.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_while_everybody_votes_is_what_is_in_the_box_on_sqlite() {
    results_are_what_is_in_the_box(Engine::Sqlite).await;
}

/// FT-28.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_while_everybody_votes_is_what_is_in_the_box_on_postgres() {
    results_are_what_is_in_the_box(Engine::Postgres).await;
}
