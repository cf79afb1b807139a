//! The commands of the two pages that programs come from, and of our own README, typed while
//! `rolecall demo` runs.

use std::{collections::BTreeMap, process::Stdio, time::Duration};

use demo_idp::Person as Account;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::support::{command::rolecall, http_client, program::free_address};

/// How long a command may take, or a line of the demo's greeting.
const PATIENCE: Duration = Duration::from_mins(1);

/// A demo that runs; where it is, and the token that it offers.
async fn demo(folder: &std::path::Path) -> (Child, String, String) {
    let port = free_address().port().to_string();
    let arguments = ["demo", "--port", &port, "--idp-port", "0"];
    let mut demo = rolecall(folder, &arguments)
        .stderr(Stdio::null())
        .spawn()
        .expect("rolecall starts");
    let mut lines = BufReader::new(demo.stdout.take().expect("a pipe")).lines();
    let mut greeting = async || timeout(PATIENCE, lines.next_line()).await.expect("in time");
    while let Some(line) = greeting().await.expect("readable") {
        if let Some((_, rest)) = line.split_once("Authorization: Bearer ") {
            let (token, _) = rest.split_once('"').expect("an end");
            return (demo, format!("http://localhost:{port}"), token.to_owned());
        }
    }
    panic!("the demo ended without offering a token");
}

/// Lets curl say the status after everything else, and never wait for long.
const OPTIONS: [&str; 5] = [
    "--show-error",
    "--max-time",
    "20",
    "--write-out",
    "\n%{http_code}",
];

/// Status and body of what curl was answered with.
async fn curl(arguments: &[&str]) -> (String, Value) {
    let mut curl = Command::new("curl");
    run(curl.arg("--silent").args(OPTIONS).args(arguments)).await
}

async fn run(command: &mut Command) -> (String, Value) {
    let ended = timeout(PATIENCE, command.kill_on_drop(true).output());
    let output = ended.await.expect("an end").expect("curl is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = said.rsplit_once('\n').unwrap_or_else(|| {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    });
    let body = serde_json::from_str(body);
    (status.to_owned(), body.unwrap_or_default())
}

/// F-1, F-2, F-3, F-4, F-12, F-14.
#[tokio::test]
async fn the_commands_of_the_page_are_answered_as_it_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base, token) = demo(folder.path()).await;
    let (public, private, scoped) = (
        format!("{base}/api/public"),
        format!("{base}/api/private"),
        format!("{base}/api/private-scoped"),
    );
    let bearer = format!("Authorization: Bearer {token}");
    for (arguments, status, member, text) in [
        (
            &["-X", "GET", &public][..],
            "200",
            "message",
            "Public route",
        ),
        (
            &["-X", "GET", &private],
            "401",
            "code",
            "missing_authorization",
        ),
        (
            &["-X", "GET", &scoped],
            "401",
            "code",
            "missing_authorization",
        ),
        (
            &["-X", "GET", "-H", &bearer, &private],
            "200",
            "message",
            "Private route",
        ),
        (
            &["-X", "GET", "-H", &bearer, &scoped],
            "200",
            "message",
            "Private, scoped route",
        ),
        (
            &["-H", "Authorization: Bearer x", &private],
            "401",
            "code",
            "invalid_token_revoked",
        ),
        (
            &["-X", "POST", &public],
            "405",
            "code",
            "method_not_allowed",
        ),
    ] {
        let (answered, body) = curl(arguments).await;
        assert_eq!(answered, status, "{arguments:?}: {body}");
        let said = body[member].as_str().unwrap_or_default();
        assert!(said.starts_with(text), "{arguments:?}: {body}");
    }
}

/// P-2, P-5, P-6, E-68: what the other page shows is answered, and nobody is sent elsewhere.
#[tokio::test]
async fn the_requests_of_the_page_on_tokens_are_refused_as_they_must_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base, _) = demo(folder.path()).await;
    let address = |path: &str| format!("{base}/api/auth/v2/{path}");
    let login = address("login?redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback");
    let (callback, token) = (address("callback?code=abc&state=xyz"), address("token"));
    let code = "code=abc&redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback";
    for (arguments, status, error) in [
        (&[&*login][..], "400", "invalid_request"),
        (&[&*callback], "400", ""),
        (&["--data", code, &token], "400", "invalid_request"),
        (
            &["--data", "refresh_token=ref", &token],
            "400",
            "invalid_request",
        ),
        (&[&*address("userinfo")], "401", ""),
    ] {
        let (answered, body) = curl(arguments).await;
        assert_eq!(answered, status, "{arguments:?}: {body}");
        let said = body["error"].as_str().unwrap_or_default();
        assert_eq!(said, error, "{arguments:?}: {body}");
    }
}

/// The commands of the README that ask for tokens and use them, each on one line.
fn commands() -> Vec<String> {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).expect("a README");
    let lines = readme.lines().filter_map(|line| line.strip_prefix("    "));
    let typed = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    let commands = typed.lines().filter(|line| line.starts_with("curl "));
    let commands = commands.filter(|line| line.contains("/api/auth/v2/"));
    commands.map(str::to_owned).collect()
}

/// The command with what earlier answers have given in the place of dots.
fn filled_in(command: &str, base: &str, given: &BTreeMap<String, String>) -> String {
    let mut command = command.replace("http://localhost:8000", base);
    for (before, name) in [
        ("device_code=", "device_code"),
        ("refresh_token=", "refresh_token"),
        ("Bearer ", "access_token"),
    ] {
        let value = given.get(name).map_or("", String::as_str);
        command = command.replace(&format!("{before}…"), &format!("{before}{value}"));
    }
    command
}

/// E-33, P-6, P-7, P-8, P-9, P-11.
#[tokio::test]
async fn the_commands_of_the_readme_sign_a_program_in_and_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base, _) = demo(folder.path()).await;
    let (mut given, commands) = (BTreeMap::new(), commands());
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands {
        let command = filled_in(&command, &base, &given);
        let mut shell = Command::new("sh");
        let shell = shell.arg("-c").arg(format!("{command} \"$@\"")).arg("sh");
        let (status, answer) = run(shell.args(OPTIONS)).await;
        assert_eq!(status, "200", "{command}: {answer}");
        let members = answer.as_object().expect("JSON");
        let texts = members.iter().filter_map(|(name, value)| {
            let text = value.as_str()?;
            Some((name.clone(), text.to_owned()))
        });
        given.extend(texts);
        if let Some(user_code) = answer["user_code"].as_str() {
            let fields = [("user_code", user_code), ("sub", &*Account::uma().sub)];
            let page = answer["verification_uri"].as_str().expect("an address");
            let entered = http_client().post(page).form(&fields).send().await;
            assert!(entered.expect("an answer").status().is_success());
        }
    }
    let refused = format!("Authorization: Bearer {}", given["access_token"]);
    let userinfo = format!("{base}/api/auth/v2/userinfo");
    assert_eq!(curl(&["-H", &refused, &userinfo]).await.0, "401");
}
