//! The program as it is typed.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::support::{
    command::{rolecall, run},
    http_client,
    program::free_address,
};

/// How long the demo may take to say its next line, and to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// Z-14, M-2, E-36.
#[tokio::test]
async fn without_configuration_every_missing_value_is_named_and_the_status_is_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &[])).await;
    assert_eq!(status, 2, "{said}");
    for name in [
        "OIDC_OP_BASE_URL",
        "OIDC_RP_CLIENT_ID",
        "OIDC_RP_CLIENT_SECRET",
    ] {
        assert!(said.contains(&format!("{name}: is missing")), "{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn malformed_values_are_reported_together_and_secrets_are_not_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = rolecall(folder.path(), &["serve"]);
    command.envs([
        ("OIDC_OP_BASE_URL", "idp.example.org"),
        ("OIDC_RP_CLIENT_ID", "249@python"),
        ("OIDC_RP_CLIENT_SECRET", "SECRET-xyz"),
        ("BASE_URL", "http://polls.example.org"),
        ("LISTEN_ADDR", "8000"),
        ("DATABASE_URL", "mysql://localhost/polls"),
    ]);
    let (said, status) = run(command).await;
    assert_eq!(status, 2, "{said}");
    for name in [
        "OIDC_OP_BASE_URL",
        "BASE_URL",
        "LISTEN_ADDR",
        "DATABASE_URL",
    ] {
        assert!(
            said.lines()
                .any(|line| line.trim().starts_with(&format!("{name}:"))),
            "{name}: {said}"
        );
    }
    assert!(!said.contains("SECRET-xyz"), "{said}");
}

/// Z-14, M-2.
#[tokio::test]
async fn the_block_of_the_zitadel_guide_is_read_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let block = "ZITADEL_PROJECT = \"249703732336418457\"\nOIDC_RP_CLIENT_ID = \"249703852243222581@python\"\n\
        OIDC_RP_CLIENT_SECRET = \"k5u1\"\nOIDC_OP_BASE_URL = \"ftp://wrong.example\"\n";
    std::fs::write(folder.path().join(".env"), block).expect("a file");
    let (said, status) = run(rolecall(folder.path(), &[])).await;
    assert_eq!(status, 2, "{said}");
    let named: Vec<_> = said.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(named.len(), 1, "only the address is wrong: {said}");
}

/// Z-34, E-28.
#[tokio::test]
async fn migrating_twice_needs_no_provider_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let (said, status) = run(rolecall(folder.path(), &["migrate"])).await;
        assert_eq!((status, said.trim()), (0, "The schema is up to date."));
    }
}

#[tokio::test]
async fn seeding_fills_an_empty_database_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &["seed"])).await;
    assert_eq!(
        (status, said.lines().next().unwrap_or_default()),
        (
            0,
            "Ten sample polls and twelve sample voters are in the database."
        ),
        "{said}"
    );
    let (said, status) = run(rolecall(folder.path(), &["seed"])).await;
    assert_eq!(
        (status, said.trim()),
        (0, "The database holds polls already: nothing was added.")
    );
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = rolecall(folder.path(), &["migrate"]);
    command.env("DATABASE_URL", "sqlite:no/such/folder/rolecall.db");
    let (said, status) = run(command).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("no/such/folder/rolecall.db"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn the_demo_listens_on_this_machine_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, status) = run(rolecall(folder.path(), &["demo", "--listen", "0.0.0.0"])).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("this machine only"), "{said}");
}

#[tokio::test]
async fn a_taken_port_is_told_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (said, status) = run(rolecall(folder.path(), &["demo", "--port", &port])).await;
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("taken") && said.contains("--port"), "{said}");
}

/// Reads what the demo says until it has said `word`.
async fn listen_for(demo: &mut Child, word: &str) -> String {
    let stdout = demo.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout).lines();
    let mut said = String::new();
    loop {
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.expect("the demo says something in time");
        let Some(line) = line.expect("text") else {
            break;
        };
        said.push_str(&line);
        said.push('\n');
        if line.contains(word) {
            return said;
        }
    }
    panic!("the demo ended without saying {word}: {said}");
}

#[tokio::test]
async fn the_demo_says_where_to_click_and_ctrl_c_stops_both_servers() {
    let folder = tempfile::tempdir().expect("a folder");
    let (port, idp) = (free_address().port(), free_address().port());
    let arguments = [
        "demo",
        "--port",
        &port.to_string(),
        "--idp-port",
        &idp.to_string(),
    ];
    let mut demo = rolecall(folder.path(), &arguments)
        .spawn()
        .expect("the program runs");
    let said = listen_for(&mut demo, "Ctrl-C").await;
    let site = format!("http://localhost:{port}/");
    assert!(said.contains(&site), "{said}");
    let client = http_client();
    let home = client
        .get(&site)
        .send()
        .await
        .expect("the site answers")
        .text()
        .await
        .expect("text");
    assert!(home.contains("Demo."), "every page says that it is a demo");
    let discovery = format!("http://localhost:{idp}/.well-known/openid-configuration");
    assert!(
        client
            .get(discovery)
            .send()
            .await
            .expect("the provider answers")
            .status()
            .is_success()
    );

    let pid = demo.id().expect("a process").to_string();
    Command::new("kill")
        .args(["-INT", &pid])
        .status()
        .await
        .expect("a signal");
    let ended = timeout(PATIENCE, demo.wait()).await;
    let status = ended.expect("the demo ends in time").expect("an end");
    assert!(status.success(), "{status}");
    for port in [port, idp] {
        assert!(
            std::net::TcpStream::connect(("127.0.0.1", port)).is_err(),
            "{port} is closed"
        );
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "nothing is left"
    );
}

/// What a build is made of.
async fn crates(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "-p",
        "rolecall",
    ]);
    cargo
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().await.expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_build_without_default_features_has_no_demo_in_it() {
    assert!(crates(&[]).await.contains("demo-idp"));
    assert!(
        !crates(&["--no-default-features"])
            .await
            .contains("demo-idp")
    );
}

/// OP-09.
#[tokio::test]
async fn a_new_key_is_added_to_the_file_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = run(rolecall(folder.path(), &["key", "rotate"])).await;
    assert_eq!(missing.1, 1, "{}", missing.0);
    let said = missing.0;
    assert!(said.contains("rolecall.key: is not there yet"), "{said}");
    assert!(
        said.contains("The first start of the site makes it"),
        "{said}"
    );

    let file = folder.path().join("rolecall.key");
    let old = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    std::fs::write(&file, old).expect("a file");
    let (said, status) = run(rolecall(folder.path(), &["key", "rotate"])).await;
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("holds 2 keys now. Restart every instance"),
        "{said}"
    );
    let keys = std::fs::read_to_string(&file).expect("the file");
    let keys: Vec<_> = keys.lines().collect();
    assert_eq!((keys.len(), keys[1]), (2, old));
    assert!(!keys.iter().any(|key| said.contains(key)), "{said}");
}

/// OP-09.
#[tokio::test]
async fn keys_in_the_environment_are_not_rotated_and_have_to_be_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rotate = rolecall(folder.path(), &["key", "rotate"]);
    rotate.env(
        "ROLECALL_KEY",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    );
    let (said, status) = run(rotate).await;
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("Put a new key in front of them"), "{said}");
    assert!(!folder.path().join("rolecall.key").exists());

    let mut serve = rolecall(folder.path(), &[]);
    serve.env("ROLECALL_KEY", "malformed-and-secret");
    let (said, status) = run(serve).await;
    assert_eq!(status, 2, "{said}");
    assert!(
        said.contains("ROLECALL_KEY: is not a key of 32 bytes"),
        "{said}"
    );
    assert!(!said.contains("malformed-and-secret"), "{said}");
}
