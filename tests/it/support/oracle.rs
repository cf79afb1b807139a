//! Implementations that share nothing with rolecall, as a process that is asked many questions at
//! once. Knows the script in tests/op.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::{io::AsyncWriteExt as _, process::Command};

use super::environment;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/op/oracle.mjs");

/// The answers to `questions`, in their order.
pub async fn ask(settings: &Value, questions: &[Value]) -> Vec<Value> {
    let packages = environment("ROLECALL_TEST_NODE_MODULES");
    assert!(
        Path::new(&packages).is_dir(),
        "{packages} is missing: run tests/run"
    );
    let mut process = Command::new("node")
        .args([SCRIPT, &settings.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node starts");
    let mut input = process.stdin.take().expect("its input");
    let lines: Vec<_> = questions.iter().map(Value::to_string).collect();
    let write = async move {
        input
            .write_all(lines.join("\n").as_bytes())
            .await
            .expect("written");
        drop(input);
    };
    let ((), output) = tokio::join!(write, process.wait_with_output());
    let output = String::from_utf8(output.expect("an end").stdout).expect("text");
    let answers = output
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers.len(), questions.len(), "one answer per question");
    answers
}
