//! The commands of ZITADEL's page on a guarded API, typed into `rolecall demo`.

use std::process::Stdio;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::support::{command::rolecall, program::free_address};

/// A demo that runs; where it is, and the token that it offers.
async fn demo(folder: &std::path::Path) -> (Child, String, String) {
    let port = free_address().await.port().to_string();
    let arguments = ["demo", "--port", &port, "--idp-port", "0"];
    let mut demo = rolecall(folder, &arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("rolecall starts");
    let mut lines = BufReader::new(demo.stdout.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("a readable greeting") {
        if let Some((_, rest)) = line.split_once("Authorization: Bearer ") {
            let (token, _) = rest.split_once('"').expect("an end");
            return (demo, format!("http://localhost:{port}"), token.to_owned());
        }
    }
    panic!("the demo ended without offering a token");
}

/// Status and body of what curl was answered with.
async fn curl(arguments: &[&str]) -> (String, Value) {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "20"])
        .args(["--write-out", "\n%{http_code}"])
        .args(arguments)
        .output()
        .await
        .expect("curl is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = said.rsplit_once('\n').unwrap_or_else(|| {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    });
    (status.to_owned(), serde_json::from_str(body).expect("JSON"))
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
