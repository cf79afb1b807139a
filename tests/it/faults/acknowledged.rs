//! What has reached the disk when a vote is acknowledged. The program runs under strace; from
//! what it wrote, and when it waited for the disk, the files are put together as a power cut at
//! any moment would leave them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use futures_util::{StreamExt as _, stream};
use http::header;
use rolecall::{
    db::Db,
    polls::{ChoiceId, PollId, Secrecy, editing::PollDraft},
};
use tokio::time::timeout;

use super::{Hall, PATIENCE};
use crate::support::{
    crowd::Member,
    database::Engine,
    http_client,
    polls::{draft, open, paper},
    program::{self, Program, free_address},
    times,
    trace::{Call, calls, strace},
};

const VOTES: usize = 40;
const CONNECTIONS: usize = 6;
const SECTOR: usize = 512;

/// What a disk does with writes that nobody has waited for when the power goes.
#[derive(Clone, Copy, Debug)]
enum Disk {
    /// They are lost.
    Loses,
    /// Every other sector of them is there: pages are torn.
    Tears,
    /// It says that all is well and keeps nothing: the negative control.
    Lies,
}

/// A file, as the program sees it and as it stands on the disk.
#[derive(Clone, Default)]
struct File {
    seen: Vec<u8>,
    kept: Vec<u8>,
    /// Places that were written and not waited for, with their lengths.
    dirty: Vec<(usize, usize)>,
}

impl File {
    fn write(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self.seen.len() < end {
            self.seen.resize(end, 0);
        }
        self.seen[at..end].copy_from_slice(bytes);
        self.dirty.push((at, bytes.len()));
    }

    fn sync(&mut self) {
        self.kept.clone_from(&self.seen);
        self.dirty.clear();
    }

    /// The bytes after the power has gone.
    fn after(&self, disk: Disk) -> Vec<u8> {
        let mut bytes = self.kept.clone();
        if !matches!(disk, Disk::Tears) {
            return bytes;
        }
        bytes.resize(self.seen.len(), 0);
        for (at, length) in &self.dirty {
            for sector in (at / SECTOR..=(at + length) / SECTOR).step_by(2) {
                let from = (sector * SECTOR).min(bytes.len());
                let to = (from + SECTOR).min(bytes.len());
                bytes[from..to].copy_from_slice(&self.seen[from..to]);
            }
        }
        bytes
    }
}

/// Files by name.
#[derive(Clone)]
struct Machine {
    disk: Disk,
    files: BTreeMap<String, File>,
}

impl Machine {
    /// The database and its write-ahead log as they are on the disk now.
    fn new(disk: Disk, database: &str) -> Self {
        let mut files = BTreeMap::new();
        for name in [database.to_owned(), format!("{database}-wal")] {
            let bytes = fs::read(&name).unwrap_or_default();
            let file = File {
                seen: bytes.clone(),
                kept: bytes,
                dirty: Vec::new(),
            };
            files.insert(name, file);
        }
        Self { disk, files }
    }

    fn play(&mut self, call: &Call) {
        match call {
            Call::Write(name, at, bytes) => {
                if let Some(file) = self.files.get_mut(name) {
                    file.write(*at, bytes);
                }
            }
            Call::Sync(name) => {
                if let Some(file) = self.files.get_mut(name)
                    && !matches!(self.disk, Disk::Lies)
                {
                    file.sync();
                }
            }
            Call::Truncate(name, length) => {
                if let Some(file) = self.files.get_mut(name) {
                    file.seen.resize(*length, 0);
                    file.dirty.push((0, *length));
                }
            }
            Call::Unlink(name) => {
                if let Some(file) = self.files.get_mut(name) {
                    file.seen.clear();
                }
            }
            Call::Send(_) => {}
        }
    }

    /// The database as it is found after the power cut.
    async fn restarted(&self, folder: &Path) -> Db {
        let place = folder.join("after.db");
        for (name, file) in &self.files {
            let ending = if name.ends_with("-wal") { "-wal" } else { "" };
            let bytes = file.after(self.disk);
            fs::write(format!("{}{ending}", place.display()), bytes).expect("written");
        }
        let url = format!("sqlite:{}", place.display());
        rolecall::db::require_undamaged(&url)
            .await
            .expect("no damage");
        Db::connect(&url).await.expect("the database")
    }
}

/// A poll and a choice in it.
type Paper = (PollId, ChoiceId);

/// Polls that wait for one vote each, named and secret by turns.
async fn papers(hall: &Hall) -> Vec<Paper> {
    let mut papers = Vec::new();
    for number in 0..VOTES * times() {
        let kind = PollDraft {
            secrecy: Secrecy::ALL[number % 2],
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let poll = open(&hall.app.state.polls, kind, hall.app.clock.now()).await;
        papers.push((poll, paper(&hall.app.state.polls, poll).await[0].id));
    }
    papers
}

/// Somebody votes in all polls while strace looks on; what the program did.
async fn watched(hall: &Hall, papers: &[Paper]) -> Vec<Call> {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("calls");
    let above = strace(log.to_str().expect("text"), &[]);
    let settings = program::settings(&hall.app);
    let program = Program::start_under(&above, free_address(), &settings).await;
    let (browser, somebody) = (http_client(), &hall.people[0]);
    let votes = papers.iter().map(|(poll, choice)| {
        let url = format!("{}/polls/{poll}/vote/", program.base_url);
        let request = browser
            .post(url)
            .header(header::COOKIE, somebody.cookie())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Member::form(*choice)).send()
    });
    let votes = stream::iter(votes).buffer_unordered(CONNECTIONS).collect();
    let answers: Vec<_> = timeout(PATIENCE, votes).await.expect("answers in time");
    for answer in answers {
        assert_eq!(answer.expect("an answer").status(), 303);
    }
    program.terminate();
    program.ended().await;
    calls(&log)
}

/// The poll whose vote this answer acknowledges.
fn acknowledges(call: &Call) -> Option<i64> {
    let Call::Send(bytes) = call else {
        return None;
    };
    let text = String::from_utf8_lossy(bytes);
    let path = text.split("location: /polls/").nth(1)?;
    path.split_once("/voted/")?.0.parse().ok()
}

/// Polls with a ballot in the box, after a power cut.
async fn found(machine: &Machine) -> BTreeSet<i64> {
    let folder = tempfile::tempdir().expect("a folder");
    let db = machine.restarted(folder.path()).await;
    let Db::Sqlite { readers, .. } = &db else {
        unreachable!("asked for SQLite")
    };
    let found = sqlx::query_scalar("SELECT poll_id FROM ballots").fetch_all(readers);
    let found: Vec<i64> = found.await.expect("ballots");
    db.close().await;
    found.into_iter().collect()
}

/// Cuts the power after each acknowledgement; how many acknowledged votes are lost in all.
async fn lost(mut machine: Machine, calls: &[Call]) -> usize {
    let (mut acknowledged, mut lost) = (BTreeSet::new(), 0);
    for call in calls {
        machine.play(call);
        if let Some(poll) = acknowledges(call) {
            acknowledged.insert(poll);
            lost += acknowledged.difference(&found(&machine).await).count();
        }
    }
    assert_eq!(
        acknowledged.len(),
        VOTES * times(),
        "every answer is in the log"
    );
    lost
}

/// FT-03, FT-04, FT-05, I1: with the negative control.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_stands_on_the_disk() {
    let hall = Hall::now(Engine::Sqlite, Secrecy::Named, 1).await;
    let papers = papers(&hall).await;
    let file = rolecall::db::sqlite_file(hall.app.config.database.url.expose());
    let file = file.expect("a file").display().to_string();
    let machine = |disk| Machine::new(disk, &file);
    let machines = [Disk::Loses, Disk::Tears, Disk::Lies].map(machine);
    let calls = watched(&hall, &papers).await;
    let [loses, tears, lies] = machines;
    assert_eq!(lost(loses, &calls).await, 0);
    assert_eq!(lost(tears, &calls).await, 0);
    assert!(lost(lies, &calls).await > 0, "the control loses votes");
}
