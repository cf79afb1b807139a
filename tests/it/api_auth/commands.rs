//! `rolecall key rotate-signing`, beside a server that runs.

use tokio::process::Command;

use super::*;

async fn rotate(app: &TestApp, key_file: &std::path::Path) -> std::process::Output {
    let folder = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["key", "rotate-signing"])
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", app.config.database.url.expose())
        .env("ROLECALL_KEY_FILE", key_file)
        .env("ROLECALL_LOG", "warn")
        .kill_on_drop(true)
        .output()
        .await
        .expect("the program runs")
}

/// P-12, P-22: what operators type.
#[tokio::test]
async fn an_operator_changes_the_signing_key_beside_a_running_server() {
    let app = TestApp::start().await;
    signed_in(&app, &Account::uma()).await;
    let done = rotate(&app, &app.config.database.key_file).await;
    assert!(done.status.success(), "{done:?}");
    assert_eq!(app.number("SELECT MAX(number) FROM signing_keys").await, 2);
}

/// OP-09: a key of nobody's would seal what no server can open.
#[tokio::test]
async fn without_the_keys_of_the_site_nothing_is_changed() {
    let app = TestApp::start().await;
    signed_in(&app, &Account::uma()).await;
    let elsewhere = crate::support::database::new_file("key");
    let done = rotate(&app, &elsewhere).await;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(!elsewhere.exists());
    assert_eq!(app.number("SELECT MAX(number) FROM signing_keys").await, 1);
}
