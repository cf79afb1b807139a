//! A backup finds no space, while people vote.

use std::path::Path;

use futures_util::{StreamExt as _, stream};

use super::file_of;
use crate::support::{
    app::TestApp,
    command::{rolecall, rolecall_under, run},
    crowd::{Site, member},
    database::Engine,
    polls::{draft, open, paper, roll_equals_box},
    trace::strace,
};

const VOTERS: usize = 40;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// FT-06, FT-25, OP-07.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_finds_no_space_leaves_nothing_behind_and_keeps_nobody_from_voting() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let site = Site::open(&app).await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let poll = open(polls, draft("Tea?", &["Yes", "No"]), now).await;
    let choice = paper(polls, poll).await[0].id.to_string();
    let mut people = Vec::new();
    for number in 0..VOTERS {
        people.push(member(&app, &format!("voter {number}")).await);
    }
    let (folder, logs) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let url = format!("sqlite:{}", file_of(&app).display());
    let log = logs.path().join("calls");
    let full = ["pwrite64:error=ENOSPC:when=3+"];
    let above = strace(log.to_str().expect("text"), &full);
    let mut backup = rolecall_under(&above, folder.path(), &["backup", "copy.db"]);
    backup.env("DATABASE_URL", &url);
    let fields = [("choice", choice.as_str())];
    let votes = people
        .iter()
        .map(|person| site.votes(person, poll, &fields));
    let votes = stream::iter(votes).buffer_unordered(4).collect::<Vec<_>>();
    let ((said, status), votes) = tokio::join!(run(backup), votes);
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("full") && !said.contains("panicked"),
        "{said}"
    );
    assert_eq!(names(folder.path()), [""; 0]);
    assert_eq!(votes, [true; VOTERS]);

    let mut backup = rolecall(folder.path(), &["backup", "copy.db"]);
    backup.env("DATABASE_URL", &url);
    let (said, status) = run(backup).await;
    assert_eq!(status, 0, "{said}");
    assert_eq!(names(folder.path()), ["copy.db"]);
    roll_equals_box(&app).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 40);
}
