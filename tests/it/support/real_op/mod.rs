//! OpenID Providers that nobody here wrote, each a process of its own that a test commands with
//! lines of JSON.

mod at_provider;
mod django;
mod node;

use std::{process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

pub use at_provider::AtProvider;
pub use django::DjangoOp;
pub use node::{RealOp, sub};

use super::environment;

/// How long it may take to start, or to carry out a command.
const PATIENCE: Duration = Duration::from_mins(1);

/// The running provider; it ends when this is dropped.
struct Process {
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Process {
    /// Starts it; also the issuer, which it says first.
    async fn start(mut command: Command) -> (Self, String) {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}: run tests/run"));
        let commands = child.stdin.take().expect("a pipe to the provider");
        let output = child.stdout.take().expect("a pipe from the provider");
        let mut process = Self {
            commands,
            answers: BufReader::new(output).lines(),
            _child: child,
        };
        let started = process.answer().await;
        let issuer = started["issuer"].as_str().expect("an issuer").to_owned();
        (process, issuer)
    }

    /// Gives a command and waits until it is carried out.
    async fn tell(&mut self, command: Value) {
        let line = format!("{command}\n");
        let told = self.commands.write_all(line.as_bytes()).await;
        told.expect("the provider listens");
        assert_eq!(self.answer().await, json!({}), "the answer to {command}");
    }

    async fn answer(&mut self) -> Value {
        let line = timeout(PATIENCE, self.answers.next_line()).await;
        let line = line.expect("the provider answers in time");
        let line = line.expect("lines of text");
        serde_json::from_str(&line.expect("the provider runs")).expect("lines of JSON")
    }
}
