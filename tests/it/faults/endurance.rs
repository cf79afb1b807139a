//! The program in use for a while: what it takes does not grow. A few seconds here, as long as
//! anybody likes with `tests/long`.

use std::{fs, time::Duration};

use http::header;
use rolecall::{db::Db, polls::Secrecy};
use tokio::time::Instant;

use super::Hall;
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    program::{self, Program, free_address},
    times,
};

const PEOPLE: usize = 100;
const CONNECTIONS: usize = 8;
const AWHILE: Duration = Duration::from_secs(3);

/// Memory in KiB, and open files.
fn taken(process: u32) -> (i64, usize) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("it runs");
    (kib.expect("a number"), files.count())
}

/// Votes and pages by turns until the time is over; how many, none of them an error.
async fn load(hall: &Hall, base_url: &str, until: Instant) -> usize {
    let browsers = (0..CONNECTIONS).map(async |first| {
        let (browser, mut who) = (http_client(), first);
        while Instant::now() < until {
            let somebody = &hall.people[who % PEOPLE];
            let vote = browser
                .post(format!("{base_url}/polls/{}/vote/", hall.poll))
                .header(header::COOKIE, somebody.cookie())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Member::form(hall.paper[who % 2].id));
            let page = browser.get(format!("{base_url}/polls/"));
            let page = page.header(header::COOKIE, somebody.cookie());
            for request in [vote, page] {
                let answer = request.send().await.expect("an answer");
                assert!(answer.status().as_u16() < 400, "{}", answer.status());
                answer.bytes().await.expect("a whole answer");
            }
            who += CONNECTIONS;
        }
        who / CONNECTIONS
    });
    let rounds = futures_util::future::join_all(browsers).await;
    rounds.into_iter().sum()
}

fn log_size(hall: &Hall) -> u64 {
    let file = rolecall::db::sqlite_file(hall.app.config.database.url.expose());
    let log = format!("{}-wal", file.expect("a file").display());
    fs::metadata(log).map_or(0, |log| log.len())
}

async fn for_a_while(with_reader: bool) {
    let mut hall = Hall::now(Engine::Sqlite, Secrecy::Named, PEOPLE).await;
    let program = Program::start(free_address().await, &program::settings(&hall.app)).await;
    load(&hall, &program.base_url, Instant::now() + AWHILE).await;
    let (memory, files) = taken(program.id());
    let mut reader = None;
    if with_reader {
        let Db::Sqlite { readers, .. } = &hall.app.state.db else {
            unreachable!("asked for SQLite")
        };
        let mut snapshot = readers.begin().await.expect("a reader");
        let ballots = sqlx::query("SELECT COUNT(*) FROM ballots");
        ballots.fetch_one(&mut *snapshot).await.expect("a snapshot");
        reader = Some(snapshot);
    }
    let factor = u32::try_from(times()).expect("a number");
    let rounds = load(&hall, &program.base_url, Instant::now() + AWHILE * factor).await;
    let (memory_now, files_now) = taken(program.id());
    let log = log_size(&hall);
    println!(
        "{rounds} votes and pages: {memory} to {memory_now} KiB, {files} to {files_now} files, {log} bytes of log"
    );
    assert!(
        memory_now - memory < 20 * 1024,
        "{memory} to {memory_now} KiB"
    );
    assert!(
        files_now <= files + CONNECTIONS,
        "{files} to {files_now} files"
    );
    assert!(log < 64 << 20, "{log} bytes");
    drop(reader);
    program.terminate();
    assert!(program.ended().await.0.success());
    hall.acknowledged = hall.people.iter().map(|somebody| somebody.user).collect();
    hall.acknowledged.retain(|user| {
        hall.people[..CONNECTIONS]
            .iter()
            .any(|one| one.user == *user)
    });
    hall.nothing_is_lost().await;
}

/// FT-26.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_program_takes_does_not_grow_with_time() {
    for_a_while(false).await;
}

/// FT-27.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_reads_for_long_hinders_no_vote() {
    for_a_while(true).await;
}
