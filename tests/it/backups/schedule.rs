//! Backups on schedule, and what operators and admins are told about them.

use std::{fs, num::NonZeroUsize, path::Path, time::Duration};

use rolecall::{backup::Status, config::BackupConfig};
use tempfile::TempDir;

use super::file_of;
use crate::support::{app::TestApp, database::Engine, person::Person};

const DAY: Duration = Duration::from_hours(24);

/// An application that keeps two backups.
async fn with_backups_in(folder: &Path) -> TestApp {
    TestApp::start_with(Engine::Sqlite, |config| {
        config.backup = BackupConfig {
            dir: Some(folder.to_owned()),
            keep: NonZeroUsize::MIN.saturating_add(1),
            ..BackupConfig::default()
        };
    })
    .await
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.expect("an entry").file_name();
        name.to_string_lossy().into_owned()
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

/// What the console says: on its overview, and on the page on the system.
async fn told(ada: &mut Person<'_>) -> (String, String) {
    let index = ada.get("/admin/").await;
    let system = ada.get("/admin/system/").await;
    (
        index.text_of("[aria-labelledby=health]"),
        system.text_of("main"),
    )
}

/// OP-07.
#[tokio::test]
async fn one_is_made_a_day_and_the_newest_ones_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = with_backups_in(folder.path()).await;
    let stem = file_of(&app)
        .file_stem()
        .expect("a name")
        .display()
        .to_string();
    let theirs = [
        "notes.txt".to_owned(),
        format!("{stem}-20200101T000000Z.db.gz"),
    ];
    for name in &theirs {
        fs::write(folder.path().join(name), "theirs").expect("a file");
    }
    let mut made = Vec::new();
    for _ in 0..3 {
        let one = app.state.backups.make_due().await.expect("a folder");
        made.push(one.expect("one is due"));
        let none = app.state.backups.make_due().await.expect("a folder");
        assert_eq!(none, None, "none is due");
        app.advance(DAY).await;
    }
    let mut expected: Vec<_> = made[1..]
        .iter()
        .map(|file| file.file_name().expect("a name").display().to_string())
        .collect();
    assert!(
        expected[0].ends_with("-20260303T090000Z.db"),
        "{expected:?}"
    );
    expected.extend(theirs);
    expected.sort();
    assert_eq!(names(&folder), expected);
}

/// OP-07.
#[tokio::test]
async fn of_two_processes_one_makes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = with_backups_in(folder.path()).await;
    let other = app.another_instance(|_| ()).await;
    let (one, two) = tokio::join!(app.state.backups.make_due(), other.state.backups.make_due());
    let made = [one.expect("a folder"), two.expect("a folder")];
    assert_eq!(made.iter().flatten().count(), 1, "{made:?}");
    assert_eq!(names(&folder).len(), 1);
}

/// OP-07.
#[tokio::test]
async fn a_backup_that_fails_is_told_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("not mounted");
    let app = with_backups_in(&place).await;
    let mut ada = app.ada().await;
    let failed = app.state.backups.make_due().await;
    let why = failed.expect_err("no folder").explained();
    assert!(why.contains("not mounted"), "{why}");
    let (index, system) = told(&mut ada).await;
    assert!(
        index.contains("Backups: none yet; the attempt 0 seconds ago failed"),
        "{index}"
    );
    assert!(system.contains("failed: cannot use the folder"), "{system}");
    assert!(system.contains("takes every vote with it"), "{system}");

    fs::create_dir(&place).expect("a folder");
    let paused = app.state.backups.make_due().await.expect("no attempt");
    assert_eq!(paused, None, "not at once");
    app.advance(Duration::from_mins(15)).await;
    let made = app.state.backups.make_due().await.expect("a folder");
    assert!(made.is_some());
    let (index, system) = told(&mut ada).await;
    assert!(index.contains("Backups: 0 seconds ago, "), "{index}");
    for piece in ["verified", "1 backup", "Next backup", "Room for backups"] {
        assert!(system.contains(piece), "{piece}: {system}");
    }
    assert!(!system.contains("failed"), "{system}");
    assert!(!system.contains("takes every vote with it"), "{system}");
}

/// OP-07.
#[tokio::test]
async fn a_backup_that_is_late_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = with_backups_in(folder.path()).await;
    app.state.backups.make_due().await.expect("a folder");
    app.advance(2 * DAY).await;
    let is_late = |status| matches!(status, Status::On(overview) if overview.is_late);
    assert!(!is_late(app.state.backups.status().await));
    app.advance(Duration::from_mins(1)).await;
    assert!(is_late(app.state.backups.status().await));
    let (index, _) = told(&mut app.ada().await).await;
    assert!(
        index.contains("older than two of them should be"),
        "{index}"
    );
}

/// OP-07.
#[tokio::test]
async fn a_name_from_the_future_does_not_keep_backups_from_being_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = with_backups_in(folder.path()).await;
    app.advance(10 * DAY).await;
    app.state.backups.make_due().await.expect("a folder");
    app.clock.set(crate::support::app::MORNING);
    let made = app.state.backups.make_due().await.expect("a folder");
    assert!(made.is_some(), "{:?}", names(&folder));
}

/// OP-07.
#[tokio::test]
async fn a_name_from_the_future_does_not_take_the_place_of_a_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = with_backups_in(folder.path()).await;
    for year in ["2097", "2098", "2099"] {
        let name = format!("{}-{year}0101T000000Z.db", stem(&app));
        fs::write(folder.path().join(name), "").expect("written");
    }
    let made = app.state.backups.make_due().await.expect("a folder");
    assert!(
        made.is_some_and(|made| made.exists()),
        "{:?}",
        names(&folder)
    );
    let again = app.state.backups.make_due().await.expect("a folder");
    assert_eq!(again, None, "the one that was made is there");
}

fn stem(app: &TestApp) -> String {
    let file = file_of(app);
    file.file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}
