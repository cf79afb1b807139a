//! A disk that fails or is slow for a while, as strace makes it for the program.

use std::{path::PathBuf, time::Duration};

use http::header;
use rolecall::polls::Secrecy;
use tokio::time::Instant;

use super::Hall;
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
    trace::{Call, calls, strace},
};

const PEOPLE: usize = 40;

/// A site whose disk is tampered with, and its voters.
struct Site {
    hall: Hall,
    program: Program,
    browser: reqwest::Client,
    /// What strace writes.
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Site {
    async fn under(fault: &str, people: usize) -> Self {
        let hall = Hall::now(Engine::Sqlite, Secrecy::Named, people).await;
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("calls");
        let above = strace(log.to_str().expect("text"), &[fault]);
        let settings = program::settings(&hall.app);
        Self {
            program: Program::start_under(&above, free_address(), &settings).await,
            hall,
            browser: http_client(),
            log,
            _folder: folder,
        }
    }

    /// The status of the answer to somebody's vote.
    async fn vote(&self, who: usize) -> u16 {
        let (somebody, hall) = (&self.hall.people[who], &self.hall);
        let url = format!("{}/polls/{}/vote/", self.program.base_url, hall.poll);
        let request = self
            .browser
            .post(url)
            .header(header::COOKIE, somebody.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Member::form(hall.paper[who % 2].id));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        assert_eq!(
            answer.headers().contains_key(header::RETRY_AFTER),
            status == 503
        );
        status
    }

    async fn page(&self, who: usize, path: &str) -> u16 {
        let url = format!("{}{path}", self.program.base_url);
        let cookie = self.hall.people[who].cookie();
        let request = self.browser.get(url).header(header::COOKIE, cookie);
        let answer = request.send().await.expect("an answer");
        answer.status().as_u16()
    }

    /// Stops the program; how often it has waited for the disk.
    async fn stop(self) -> (Hall, usize) {
        self.program.terminate();
        let (_, log) = self.program.ended().await;
        assert!(!log.contains("panicked"), "{log}");
        let calls = calls(&self.log);
        let syncs = calls.iter().filter(|call| matches!(call, Call::Sync(_)));
        (self.hall, syncs.count())
    }
}

/// The calls from the 30th to the 60th fail; what comes before and after works.
async fn a_disk_that_fails_for_a_while(fault: &str) {
    let site = Site::under(fault, PEOPLE).await;
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for who in 0..PEOPLE {
        for _ in 0..100 {
            match site.vote(who).await {
                303 => {
                    acknowledged.push(who);
                    break;
                }
                503 => refused += 1,
                status => panic!("{fault}: {status}"),
            }
        }
        assert_eq!(site.page(who, "/polls/").await, 200, "{fault}");
    }
    assert!(refused > 0, "{fault}: the disk has failed");
    assert_eq!(acknowledged.len(), PEOPLE, "{fault}: and goes on");
    let (mut hall, _) = site.stop().await;
    let users = acknowledged.iter().map(|who| hall.people[*who].user);
    hall.acknowledged = users.collect();
    hall.nothing_is_lost().await;
}

/// FT-07, I1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_cannot_be_synced_are_refused_until_they_can() {
    a_disk_that_fails_for_a_while("fsync,fdatasync:error=EIO:when=12..20").await;
}

/// FT-07, I1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_cannot_be_written_are_refused_until_they_can() {
    for error in ["EIO", "EROFS"] {
        a_disk_that_fails_for_a_while(&format!("pwrite64:error={error}:when=60..80")).await;
    }
}

/// FT-06, I1: as the operating system says it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_find_no_space_are_refused_until_there_is_some() {
    a_disk_that_fails_for_a_while("pwrite64:error=ENOSPC:when=60..80").await;
}

/// FT-12: 200 ms for each sync. That votes share them does not hang on how quick the rest is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_takes_its_time_votes_are_written_together() {
    const VOTERS: usize = 16;
    const EACH: usize = 8;
    let site = Site::under("fsync,fdatasync:delay_exit=200000", VOTERS * EACH).await;
    let begun = Instant::now();
    let voter = async |number: usize| {
        let mut slowest = Duration::ZERO;
        for turn in 0..EACH {
            let sent = Instant::now();
            assert_eq!(site.vote(turn * VOTERS + number).await, 303);
            slowest = slowest.max(sent.elapsed());
        }
        slowest
    };
    let slowest = futures_util::future::join_all((0..VOTERS).map(voter)).await;
    let took = begun.elapsed();
    let slowest = slowest.into_iter().max().expect("voters");
    let votes = VOTERS * EACH;
    let (mut hall, syncs) = site.stop().await;
    println!("{votes} votes in {took:.1?} and {syncs} syncs, the slowest in {slowest:.1?}");
    assert!(syncs * 2 < votes, "{syncs} syncs for {votes} votes");
    hall.acknowledged = hall.people.iter().map(|somebody| somebody.user).collect();
    hall.nothing_is_lost().await;
}
