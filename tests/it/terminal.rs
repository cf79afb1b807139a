//! Voting from a terminal: the program itself against the demo, as people type it.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use demo_idp::Person as Account;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::support::{
    command::{rolecall, run},
    http_client,
    program::free_address,
};

/// Far longer than any command takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal with a home of its own.
struct Terminal {
    home: TempDir,
}

impl Terminal {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        Self { home }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("rolecall/credentials.json")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = rolecall(self.home.path(), arguments);
        command.env("HOME", self.home.path());
        command.env("XDG_CONFIG_HOME", self.home.path());
        command
    }

    /// What it says, and its exit status.
    async fn types(&self, arguments: &[&str]) -> (String, i32) {
        let ran = timeout(PATIENCE, run(self.command(arguments))).await;
        ran.expect("the command ends")
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        let (said, code) = self.types(&[arguments, &["--json"]].concat()).await;
        assert_eq!(code, 0, "{said}");
        serde_json::from_str(&said).expect("JSON")
    }

    /// Signs in as `account`, who enters the code on the provider's page.
    async fn signs_in(&self, site: &str, account: &Account) -> String {
        let mut login = self.command(&["login", "--server", site]).spawn();
        let login = login.as_mut().expect("rolecall starts");
        let mut shown = BufReader::new(login.stderr.take().expect("a pipe")).lines();
        let line = timeout(PATIENCE, shown.next_line()).await;
        let line = line
            .expect("an instruction in time")
            .expect("a readable line");
        let line = line.expect("an instruction");
        let (page, code) = instruction(&line);
        let fields = [("user_code", code), ("sub", account.sub.as_str())];
        let decided = http_client().post(page).form(&fields).send().await;
        assert!(decided.expect("the provider answers").status().is_success());
        let mut said = String::new();
        let mut stdout = login.stdout.take().expect("a pipe");
        let read = timeout(PATIENCE, stdout.read_to_string(&mut said)).await;
        read.expect("an end in time").expect("text");
        let ended = timeout(PATIENCE, login.wait()).await;
        let ended = ended.expect("an end in time").expect("a status");
        assert!(ended.success(), "{said}");
        said
    }
}

/// The address and the code of `Open … in a browser and enter the code …`.
fn instruction(line: &str) -> (&str, &str) {
    let rest = line.strip_prefix("Open ").expect("an address");
    let (page, rest) = rest.split_once(" in a browser").expect("an address");
    (page, rest.rsplit(' ').next().expect("a code"))
}

/// A demo that runs, and where it is.
async fn demo(folder: &Path) -> (Child, String) {
    let port = free_address().port().to_string();
    let mut demo = rolecall(folder, &["demo", "--port", &port, "--idp-port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("rolecall starts");
    let mut lines = BufReader::new(demo.stdout.take().expect("a pipe")).lines();
    let greeted = timeout(PATIENCE, async {
        while let Some(line) = lines.next_line().await.expect("a readable greeting") {
            if line.contains("All data is in") {
                return;
            }
        }
        panic!("the demo ended");
    });
    greeted.await.expect("a demo in time");
    (demo, format!("http://localhost:{port}"))
}

/// P-8, SEC-72, X12: device sign-in, a vote, and the end of it, in a terminal.
#[tokio::test]
async fn a_voter_signs_in_votes_and_signs_out_in_a_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, site) = demo(folder.path()).await;
    let uma = Terminal::new();
    let said = uma.signs_in(&site, &Account::uma()).await;
    assert!(
        said.contains("You are signed in to http://localhost"),
        "{said}"
    );
    assert!(said.contains("as Uma"), "{said}");
    let file = std::fs::metadata(uma.file()).expect("the tokens are kept");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    let kept = std::fs::read_to_string(uma.file()).expect("readable");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    for secret in ["access_token", "refresh_token"] {
        let secret = kept[secret].as_str().expect("a token");
        assert!(!said.contains(secret), "{said}");
    }

    let polls = uma.json(&["polls", "--limit", "100"]).await;
    let polls = polls["polls"].as_array().expect("polls");
    let open = polls.iter().find(|poll| poll["standing"] == "can_vote");
    let id = open.expect("a poll that waits for Uma")["id"].to_string();
    let poll = uma.json(&["polls", &id]).await;
    let choice = poll["choices"][0]["text"].as_str().expect("a choice");
    let (text, code) = uma.types(&["polls", &id]).await;
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(choice), "{text}");

    let (said, code) = uma.types(&["vote", &id, "nothing of the kind"]).await;
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Your vote was not recorded."), "{said}");
    let (said, code) = uma.types(&["vote", &id, choice]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("Your vote is recorded."), "{said}");
    assert_eq!(uma.json(&["polls", &id]).await["has_voted"], true);

    let (said, code) = uma.types(&["results", &id]).await;
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("insufficient scope"), "{said}");
    let (said, code) = uma.types(&["logout"]).await;
    assert_eq!((said.trim_end(), code), ("You are signed out.", 0));
    assert!(!uma.file().exists());
    let (said, code) = uma.types(&["polls"]).await;
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("rolecall login --server"), "{said}");
}

/// X12: staff, and tokens that have ended meanwhile.
#[tokio::test]
async fn staff_read_results_in_a_terminal_with_fresh_tokens_when_need_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, site) = demo(folder.path()).await;
    let stan = Terminal::new();
    stan.signs_in(&site, &Account::stan()).await;
    let closed = stan.json(&["polls", "--state", "closed"]).await;
    let id = closed["polls"][0]["id"].to_string();
    let kept = std::fs::read_to_string(stan.file()).expect("readable");
    let mut ended: Value = serde_json::from_str(&kept).expect("JSON");
    ended["expires_at"] = 0.into();
    std::fs::write(stan.file(), ended.to_string()).expect("writable");
    let report = stan.json(&["results", &id]).await;
    assert_eq!(report["is_final"], true, "{report}");
    let fresh = std::fs::read_to_string(stan.file()).expect("readable");
    let fresh: Value = serde_json::from_str(&fresh).expect("JSON");
    assert_ne!(fresh["refresh_token"], ended["refresh_token"]);
    let (text, code) = stan.types(&["results", &id]).await;
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(" voted."), "{text}");
    ended["refresh_token"] = "nobody's".into();
    std::fs::write(stan.file(), ended.to_string()).expect("writable");
    assert_eq!(stan.types(&["polls"]).await.1, 3);
}

/// SEC-75, X12: each failure has its words and its exit status.
#[tokio::test]
async fn what_cannot_be_done_in_a_terminal_is_said_with_an_exit_status() {
    let terminal = Terminal::new();
    let nobody = format!("http://{}", free_address());
    for (arguments, code, told) in [
        (&["polls"][..], 3, "Sign in first"),
        (&["logout"], 0, "Nobody was signed in here."),
        (&["login", "--server", &nobody], 4, "refused"),
        (
            &["login", "--server", "http://polls.example"],
            1,
            "https://",
        ),
        (&["login", "--server", "nowhere"], 2, "--server"),
        (&["login"], 2, "--server"),
        (&["vote", "1"], 2, "CHOICES"),
        (&["vote", "1", "--abstain", "Yes"], 2, "cannot be used"),
        (&["polls", "--limit", "0"], 2, "--limit"),
    ] {
        let (said, status) = terminal.types(arguments).await;
        assert_eq!(status, code, "{arguments:?}: {said}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
}
