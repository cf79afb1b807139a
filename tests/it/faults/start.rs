//! Databases that the program cannot start on: it ends, and says in one line what to do.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use tokio::process::Command;

use crate::support::command::{rolecall, run};

/// What a configuration needs that is in order but for the database. Its provider is nowhere: nobody
/// waits for it before it is clear that this cannot work.
fn serve(folder: &Path, url: &str) -> Command {
    let mut command = rolecall(folder, &["serve"]);
    configure(&mut command, url);
    command
}

pub(super) fn configure(command: &mut Command, url: &str) {
    command.envs([
        ("OIDC_OP_BASE_URL", "https://op.example"),
        ("OIDC_RP_CLIENT_ID", "249@rolecall"),
        ("OIDC_RP_CLIENT_SECRET", "secret"),
        ("LISTEN_ADDR", "127.0.0.1:0"),
        ("DATABASE_URL", url),
    ]);
}

/// Ends with a word on what is wrong, and no more.
pub(super) async fn refuses(command: Command, words: &[&str]) {
    let (said, status) = run(command).await;
    assert_eq!(status, 1, "{said}");
    let lines: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("rolecall: "))
        .collect();
    assert_eq!(lines.len(), 1, "{said}");
    for word in words {
        assert!(lines[0].contains(word), "{word:?} in {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

/// FT-09.
#[tokio::test]
async fn a_database_that_cannot_be_opened_is_told_with_its_path_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("folder")).expect("a folder");
    for (url, words) in [
        (
            "sqlite:folder",
            ["cannot open folder:", "Name a file in it"],
        ),
        (
            "sqlite:no/votes.db",
            ["cannot open no/votes.db:", "Make the folder"],
        ),
        (
            "sqlite:votes.db?mode=rw",
            ["cannot open votes.db:", "Bring it back"],
        ),
    ] {
        refuses(serve(folder.path(), url), &words).await;
    }
    assert!(!folder.path().join("votes.db").exists());
}

/// A program that may do no more than any user, also where the tests run as root.
fn unprivileged(folder: &Path, url: &str) -> Command {
    if !rustix::process::geteuid().is_root() {
        return serve(folder, url);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--bounding-set=-all", "--inh-caps=-all", "--"])
        .args([env!("CARGO_BIN_EXE_rolecall"), "serve"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .kill_on_drop(true);
    configure(&mut command, url);
    command
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("another mode");
}

/// FT-09: read-only, or somebody else's.
#[tokio::test]
async fn a_database_that_may_not_be_written_to_is_told_with_whom_to_give_it_to() {
    let words = [
        "cannot open rolecall.db:",
        "Give both to the user that runs rolecall",
    ];
    for (of_file, of_folder) in [(0o400, 0o700), (0o000, 0o700), (0o600, 0o500)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (said, status) = run(rolecall(folder.path(), &["migrate"])).await;
        assert_eq!(status, 0, "{said}");
        allow(&folder.path().join("rolecall.db"), of_file);
        allow(folder.path(), of_folder);
        refuses(unprivileged(folder.path(), "sqlite:rolecall.db"), &words).await;
        allow(folder.path(), 0o700);
    }
}

/// FT-09, FT-24.
#[tokio::test]
async fn a_schema_from_the_future_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &["migrate"])).await;
    assert_eq!(status, 0, "{said}");
    let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
    let db = rolecall::db::Db::connect(&url).await.expect("the database");
    crate::support::app::execute(
        &db,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, x'00', 0)",
    )
    .await;
    db.close().await;
    let words = ["newer than this program", "Start the newer program"];
    refuses(serve(folder.path(), &url), &words).await;
}
