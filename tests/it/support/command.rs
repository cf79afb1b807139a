//! The program as it is typed: in an empty folder, with an environment of its own.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

/// How long a command may take; it asks nothing back.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program with an empty environment.
pub fn rolecall(folder: &Path, arguments: &[&str]) -> Command {
    rolecall_under(&[], folder, arguments)
}

/// The same under another program, which is named with its arguments and starts it.
pub fn rolecall_under(above: &[&str], folder: &Path, arguments: &[&str]) -> Command {
    let rolecall = env!("CARGO_BIN_EXE_rolecall");
    let mut words = above.iter().copied().chain([rolecall]);
    let mut command = Command::new(words.next().expect("a program"));
    command
        .args(words)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .kill_on_drop(true);
    if !above.is_empty() {
        command.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What it says, and its exit status; -1 when a signal has ended it.
pub async fn run(mut command: Command) -> (String, i32) {
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.expect("the program ends").expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (
        String::from_utf8_lossy(&said).into_owned(),
        output.status.code().unwrap_or(-1),
    )
}
