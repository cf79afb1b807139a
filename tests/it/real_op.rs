//! The program as a new user starts it: four values in `.env`, and an OpenID Provider that nobody
//! here wrote on the other side.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStderr, Command},
};

use crate::support::{
    browser::Browser,
    real_op::{RealOp, sub},
};

/// `rolecall` in a folder of its own; it ends when this is dropped.
struct Program {
    base_url: String,
    _process: Child,
    _log: Lines<BufReader<ChildStderr>>,
    _folder: TempDir,
}

impl Program {
    /// Registers an address at the provider, writes `.env` and starts the program.
    async fn start(op: &mut RealOp) -> Self {
        let folder = TempDir::new().expect("a folder");
        let address = free_address().await;
        let base_url = format!("http://localhost:{}", address.port());
        op.register(&base_url).await;
        let dot_env = format!(
            "OIDC_OP_BASE_URL={issuer}\nOIDC_RP_CLIENT_ID={id}\nOIDC_RP_CLIENT_SECRET='{secret}'\n\
             ZITADEL_PROJECT={project}\nBASE_URL={base_url}\nLISTEN_ADDR={address}\n",
            issuer = op.issuer,
            id = RealOp::CLIENT_ID,
            secret = RealOp::CLIENT_SECRET,
            project = RealOp::PROJECT_ID,
        );
        tokio::fs::write(folder.path().join(".env"), dot_env)
            .await
            .expect("a writable folder");
        let mut process = command(&folder).spawn().expect("rolecall starts");
        let log = process.stderr.take().expect("a pipe");
        let log = serving(BufReader::new(log).lines()).await;
        Self {
            base_url,
            _process: process,
            _log: log,
            _folder: folder,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Signs in with the button of the provider's page that says `name`.
    async fn sign_in(&self, browser: &Browser, name: &str) {
        browser.goto(self.url("/")).await;
        browser.follow_text("Sign in").await;
        assert_eq!(browser.text("h1").await, "Who are you?");
        browser.follow_text(name).await;
    }

    /// Signs out here and, where it asks, at the provider.
    async fn sign_out(&self, browser: &Browser) {
        browser.follow_text("Sign out").await;
        if browser.has("button[name=logout]").await {
            browser.follow("button[name=logout]").await;
        }
        assert_eq!(
            browser.url().await.origin().ascii_serialization(),
            self.base_url
        );
    }
}

/// The program, with nothing around it but the folder.
fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// An address that nobody listens on.
async fn free_address() -> std::net::SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    listener.and_then(|free| free.local_addr()).expect("a port")
}

/// Reads the log until the program says that it serves.
async fn serving(mut log: Lines<BufReader<ChildStderr>>) -> Lines<BufReader<ChildStderr>> {
    let mut said = Vec::new();
    while let Some(line) = log.next_line().await.expect("a readable log") {
        if line.contains("serving") {
            return log;
        }
        said.push(line);
    }
    panic!("rolecall ended: {}", said.join("\n"))
}

/// Z-35, D-1, A-4, L-1, oidcc-client-test.
#[tokio::test]
async fn four_values_in_a_file_are_enough_to_sign_in_and_to_sign_out_at_both_sides() {
    let mut op = RealOp::start().await;
    let program = Program::start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Uma").await;
    assert_eq!(browser.text("h1").await, "Hello, Uma");
    assert_eq!(browser.text(".person .muted").await, "Voter");

    program.sign_out(&browser).await;
    assert_eq!(browser.text("h1").await, "You are signed out");
    let complaints = browser.complaints().await;
    let ours = |text: &&String| text.starts_with(&program.base_url);
    assert_eq!(complaints.iter().find(ours), None);
    program.sign_in(&browser, "Stan").await;
    assert_eq!(browser.text("h1").await, "Hello, Stan");
}

#[tokio::test]
async fn a_role_that_changes_between_two_sign_ins_takes_effect_at_the_second() {
    let mut op = RealOp::start().await;
    let program = Program::start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Uma").await;
    browser.goto(program.url("/admin/")).await;
    assert_eq!(
        browser.text("h1").await,
        "You do not have access to this page"
    );
    program.sign_out(&browser).await;

    op.set_roles(sub::UMA, &["admin"]).await;
    program.sign_in(&browser, "Uma").await;
    browser.goto(program.url("/admin/")).await;
    assert_eq!(browser.text("h1").await, "Polls Administration");
    program.sign_out(&browser).await;

    op.set_roles(sub::UMA, &[]).await;
    program.sign_in(&browser, "Uma").await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
}

#[tokio::test]
async fn somebody_without_a_role_is_refused() {
    let mut op = RealOp::start().await;
    let program = Program::start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Nora").await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
    browser.goto(program.url("/polls/1/")).await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
}

/// Z-9, O-2.
#[tokio::test]
async fn roles_that_only_userinfo_tells_count_and_a_new_signing_key_is_found() {
    let mut op = RealOp::start().await;
    op.put_roles_in_id_token(false).await;
    let program = Program::start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Ada").await;
    assert_eq!(browser.text(".person .muted").await, "Admin");
    program.sign_out(&browser).await;
    op.rotate_keys().await;
    program.sign_in(&browser, "Ada").await;
    assert_eq!(browser.text("h1").await, "Hello, Ada");
}
