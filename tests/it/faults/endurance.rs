//! The program in use for a while: what it takes does not grow, and nobody who reads or copies the
//! database hinders a vote. A few seconds here, as long as anybody likes with `tests/long`, which
//! prints figures.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use http::header;
use rolecall::{
    backup::snapshot,
    db::Db,
    polls::{Secrecy, editing::PollDraft},
};
use tokio::time::Instant;

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::{Engine, new_file},
    http_client,
    polls::draft,
    program::{self, Program, free_address},
    times,
};

const PEOPLE: usize = 100;
const CONNECTIONS: usize = 8;
const AWHILE: Duration = Duration::from_secs(3);

/// Far more than all of this ever takes: what grows with every request is more, in a long run.
const MOST_MEMORY: i64 = 64 * 1024;
/// As much as the log grows to while nobody keeps it from being folded in, several times over.
const MOST_LOG: u64 = 64 << 20;

/// The program, and everybody's poll, in which votes may be changed.
struct Site {
    hall: Hall,
    program: Program,
}

impl Site {
    async fn start() -> Self {
        let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, PEOPLE).await;
        let changing = PollDraft {
            allow_change: true,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        hall.turn_to(changing).await;
        let program = Program::start(free_address(), &program::settings(&hall.app)).await;
        Self { hall, program }
    }

    /// Votes and pages by turns until it is over, none of them an error; how long each vote took.
    async fn load(&self, is_over: impl Fn() -> bool) -> Votes {
        let browsers = (0..CONNECTIONS).map(async |first| {
            let (browser, mut who, mut votes) = (http_client(), first, Vec::new());
            while !is_over() {
                let begun = Instant::now();
                self.sends(self.vote(&browser, who)).await;
                votes.push(begun.elapsed());
                let page = browser.get(format!("{}/polls/", self.program.base_url));
                let somebody = &self.hall.people[who % PEOPLE];
                self.sends(page.header(header::COOKIE, somebody.cookie()))
                    .await;
                who += CONNECTIONS;
            }
            votes
        });
        let mut votes = futures_util::future::join_all(browsers).await.concat();
        votes.sort();
        Votes(votes)
    }

    async fn load_for(&self, time: Duration) -> Votes {
        let end = Instant::now() + time;
        self.load(|| Instant::now() >= end).await
    }

    fn vote(&self, browser: &reqwest::Client, who: usize) -> reqwest::RequestBuilder {
        let choice = self.hall.paper[(who / PEOPLE + who) % 2].id;
        browser
            .post(format!(
                "{}/polls/{}/vote/",
                self.program.base_url, self.hall.poll
            ))
            .header(header::COOKIE, self.hall.people[who % PEOPLE].cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Member::form(choice))
    }

    async fn sends(&self, request: reqwest::RequestBuilder) {
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().as_u16() < 400, "{}", answer.status());
        answer.bytes().await.expect("a whole answer");
    }

    /// Memory that is in use, in KiB (proc(5), `RssAnon`).
    fn memory(&self) -> i64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id()));
        let status = status.expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kib.expect("a number")
    }

    /// Open files, connections among them.
    fn files(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.program.id()));
        files.expect("it runs").count()
    }

    /// Connections that were closed are seen to be, sooner or later.
    async fn comes_back_to(&self, files: usize) {
        let back = async {
            while self.files() > files {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let back = tokio::time::timeout(PATIENCE, back).await;
        assert!(back.is_ok(), "{files} to {} files", self.files());
    }

    fn log_size(&self) -> u64 {
        let file = rolecall::db::sqlite_file(self.hall.app.config.database.url.expose());
        let log = format!("{}-wal", file.expect("a file").display());
        fs::metadata(log).map_or(0, |log| log.len())
    }

    /// Everybody who has voted, which is everybody once there were so many votes.
    async fn stops(mut self, votes: usize) {
        self.program.terminate();
        let (status, log) = self.program.ended().await;
        assert!(status.success(), "{log}");
        let people = self.hall.people.iter().map(|somebody| somebody.user);
        self.hall.acknowledged = if votes < PEOPLE * CONNECTIONS {
            people.take(CONNECTIONS).collect()
        } else {
            people.collect()
        };
        self.hall.nothing_is_lost().await;
    }
}

/// How long each vote took, the quickest first.
struct Votes(Vec<Duration>);

impl std::fmt::Display for Votes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |percent: usize| {
            let place = self.0.len() * percent / 100;
            self.0.get(place).copied().unwrap_or_default()
        };
        write!(
            f,
            "{} votes, half of them within {:.1?}, p99 {:.1?}",
            self.0.len(),
            at(50),
            at(99)
        )
    }
}

/// For as long as this run wants it.
fn for_long() -> Duration {
    AWHILE * u32::try_from(times()).expect("a number")
}

/// FT-26.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_program_takes_does_not_grow_with_time() {
    let site = Site::start().await;
    site.load_for(AWHILE).await;
    let (memory, files) = (site.memory(), site.files());
    let votes = site.load_for(for_long()).await;
    let (grown, log) = (site.memory() - memory, site.log_size());
    println!(
        "{votes}; {memory} KiB and {grown} more, {files} to {} files, {log} bytes of log",
        site.files()
    );
    assert!(grown < MOST_MEMORY, "{memory} KiB and {grown} more");
    assert!(log < MOST_LOG, "{log} bytes");
    site.comes_back_to(files).await;
    site.stops(votes.0.len()).await;
}

/// FT-27.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_reads_for_long_hinders_no_vote() {
    let site = Site::start().await;
    let before = site.load_for(AWHILE).await;
    let Db::Sqlite { readers, .. } = &site.hall.app.state.db else {
        unreachable!("asked for SQLite")
    };
    let mut snapshot = readers.begin().await.expect("a reader");
    let revision = "SELECT revision FROM poll_counts ORDER BY poll_id DESC";
    let ballots = || sqlx::query_scalar(revision);
    let seen: i64 = ballots()
        .fetch_one(&mut *snapshot)
        .await
        .expect("a snapshot");
    let votes = site.load_for(for_long()).await;
    let log = site.log_size();
    println!("{before}; with a reader: {votes}, {log} bytes of log");
    assert!(!votes.0.is_empty(), "people voted meanwhile");
    let still: i64 = ballots()
        .fetch_one(&mut *snapshot)
        .await
        .expect("a snapshot");
    assert_eq!(still, seen, "the reader has read all the time");
    snapshot.rollback().await.expect("an end");
    site.stops(votes.0.len()).await;
}

/// FT-25.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_one_after_the_other_hinder_no_vote() {
    let site = Site::start().await;
    let before = site.load_for(AWHILE).await;
    let (is_over, database) = (
        AtomicBool::new(false),
        site.hall.app.config.database.url.expose(),
    );
    let database = rolecall::db::sqlite_file(database).expect("a file");
    let backups = async {
        let (mut made, end) = (0, Instant::now() + for_long());
        while made == 0 || Instant::now() < end {
            let (backup, now) = (new_file("db"), site.hall.app.clock.now());
            let verified = snapshot::make(&database, &backup, now).await;
            assert!(verified.expect("a backup").is_sound());
            fs::remove_file(backup).expect("a backup");
            made += 1;
        }
        is_over.store(true, Ordering::SeqCst);
        made
    };
    let voting = site.load(|| is_over.load(Ordering::SeqCst));
    let (votes, made) = tokio::join!(voting, backups);
    println!("{before}; during {made} backups: {votes}");
    assert!(!votes.0.is_empty(), "people voted meanwhile");
    site.stops(votes.0.len()).await;
}
