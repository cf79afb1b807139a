//! The server is killed at chosen system calls while people vote.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use http::header;
use rolecall::{polls::Secrecy, users::UserId};
use tempfile::TempDir;
use tokio::time::timeout;

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
    times,
    trace::{changes, strace},
};

/// How often it is killed.
const KILLS: usize = 5;
/// How many vote meanwhile, and how many of them at once.
const VOTERS: usize = 24;
const CONNECTIONS: usize = 4;
/// The call at which it is killed.
const CALL: &str = "pwrite64";

/// Serves the hall's people under strace.
struct Served {
    program: Program,
    logs: TempDir,
}

impl Served {
    async fn start(hall: &Hall, fault: Option<&str>) -> Self {
        let logs = tempfile::tempdir().expect("a folder");
        let log = logs.path().join("calls");
        let above = strace(log.to_str().expect("text"), fault.as_slice());
        let settings = program::settings(&hall.app);
        let program = Program::start_under(&above, free_address(), &settings).await;
        Self { program, logs }
    }

    /// Everybody's vote; whose was acknowledged.
    async fn votes(&self, hall: &Hall, people: &[Member]) -> BTreeSet<UserId> {
        let (browser, base_url) = (http_client(), &self.program.base_url);
        let votes = people.iter().map(async |somebody| {
            let request = browser
                .post(format!("{base_url}/polls/{}/vote/", hall.poll))
                .header(header::COOKIE, somebody.cookie())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Member::form(hall.paper[0].id));
            let answer = request.send().await.ok()?;
            assert_eq!(answer.status(), 303);
            Some(somebody.user)
        });
        let votes = stream::iter(votes).buffer_unordered(CONNECTIONS);
        let answers = timeout(PATIENCE, votes.collect::<Vec<_>>()).await;
        answers.expect("an end").into_iter().flatten().collect()
    }

    /// Asks it to stop, if it was not killed; how often the call was made, and whether it was
    /// killed.
    async fn stop(self) -> (usize, bool) {
        self.program.terminate();
        let (status, log) = self.program.ended().await;
        assert!(!log.contains("panicked"), "{log}");
        let calls = changes(&self.logs.path().join("calls"));
        let made = calls.iter().filter(|(name, _)| *name == CALL).count();
        (made, !status.success())
    }
}

/// FT-02, T2: calls that it makes at its start and its end are not among them; the commands are
/// killed at those.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_at_any_call_starts_again_and_has_lost_nothing() {
    let kills = KILLS * times();
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, VOTERS * (kills + 2)).await;
    hall.app.forget_at_once().await;
    let (idle, _) = Served::start(&hall, None).await.stop().await;
    let served = Served::start(&hall, None).await;
    let acknowledged = served.votes(&hall, &hall.people[..VOTERS]).await;
    assert_eq!(acknowledged.len(), VOTERS);
    let (busy, _) = served.stop().await;
    hall.acknowledged = acknowledged;
    let mut killed = 0;
    for turn in 1..=kills {
        let number = idle + (busy - idle) * turn / kills;
        let served = Served::start(&hall, Some(&format!("{CALL}:signal=KILL:when={number}"))).await;
        let people = &hall.people[turn * VOTERS..(turn + 1) * VOTERS];
        let acknowledged = served.votes(&hall, people).await;
        let (_, was_killed) = served.stop().await;
        killed += usize::from(was_killed);
        hall.acknowledged.extend(acknowledged);
        hall.nothing_is_lost().await;
    }
    println!(
        "killed {killed} of {kills} times, {} votes acknowledged",
        hall.acknowledged.len()
    );
    assert!(killed > 0, "it was killed");
    let served = Served::start(&hall, None).await;
    let last = &hall.people[(kills + 1) * VOTERS..];
    assert_eq!(
        served.votes(&hall, last).await.len(),
        VOTERS,
        "it starts again"
    );
    served.stop().await;
    hall.nothing_is_lost().await;
}
