//! `rolecall config check` and `show`, and secrets that stand in files. The program itself runs.

use std::{fs, path::Path};

use tokio::process::Command;

use crate::support::command::{rolecall, run};

/// The four values of the ZITADEL guide, the secret marked.
const ZITADEL: [(&str, &str); 4] = [
    ("OIDC_OP_BASE_URL", "https://example.zitadel.cloud"),
    ("OIDC_RP_CLIENT_ID", "249@python"),
    ("OIDC_RP_CLIENT_SECRET", "SECRET-client"),
    ("ZITADEL_PROJECT", "249703732336418457"),
];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The program with these variables; what it says never holds a marked secret.
async fn said(mut command: Command, variables: &[(&str, &str)]) -> (String, i32) {
    command.envs(variables.iter().copied());
    let (text, status) = run(command).await;
    assert!(!text.contains("SECRET-"), "{text}");
    (text, status)
}

/// The line of one setting, blanks made single.
fn line(text: &str, name: &str) -> String {
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{name} ")));
    let words = line.unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

fn without(name: &str) -> Vec<(&'static str, &'static str)> {
    let rest = ZITADEL.into_iter().filter(|(other, _)| *other != name);
    rest.collect()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
}

/// OP-05.
#[tokio::test]
async fn a_configuration_in_order_is_said_to_be_so_without_asking_anybody() {
    let folder = folder();
    let check = rolecall(folder.path(), &["config", "check"]);
    let (text, status) = said(check, &ZITADEL).await;
    assert_eq!((text.trim(), status), ("The configuration is in order.", 0));
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing is made");
}

/// OP-05, Z-14.
#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let folder = folder();
    let check = rolecall(folder.path(), &["config", "check"]);
    let variables = [
        ("OIDC_OP_BASE_URL", "idp.example.org"),
        ("OIDC_RP_CLENT_SECRET", "SECRET-typo"),
        ("LISTEN_ADDR", "here"),
    ];
    let (text, status) = said(check, &variables).await;
    assert_eq!(status, 2, "{text}");
    for name in [
        "OIDC_OP_BASE_URL:",
        "OIDC_RP_CLIENT_ID: is missing",
        "OIDC_RP_CLENT_SECRET: is not one of our names",
        "LISTEN_ADDR:",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

/// OP-05, SEC-74.
#[tokio::test]
async fn every_setting_is_shown_with_where_it_comes_from_and_no_secret_is() {
    let folder = folder();
    write(
        &folder.path().join(".env"),
        "BASE_URL = \"https://polls.example.org\"\nLISTEN_ADDR=127.0.0.1:9000\n",
    );
    let show = rolecall(folder.path(), &["config", "show"]);
    let further = [
        ("DATABASE_URL", "postgres://polls:SECRET-password@db/polls"),
        ("LISTEN_ADDR", "127.0.0.1:9001"),
    ];
    let variables = [ZITADEL.as_slice(), &further].concat();
    let (text, status) = said(show, &variables).await;
    assert_eq!(status, 0, "{text}");
    for (name, expected) in [
        (
            "OIDC_OP_BASE_URL",
            "https://example.zitadel.cloud environment",
        ),
        ("OIDC_RP_CLIENT_SECRET", "set environment"),
        ("BASE_URL", "https://polls.example.org .env"),
        ("LISTEN_ADDR", "127.0.0.1:9001 environment"),
        ("DATABASE_URL", "postgres://polls:***@db/polls environment"),
        ("OIDC_HTTP_TIMEOUT", "5 default"),
        ("OIDC_RP_SCOPES", "- not set"),
    ] {
        assert_eq!(line(&text, name), format!("{name} {expected}"), "{text}");
    }
}

/// OP-05.
#[tokio::test]
async fn settings_are_shown_even_when_they_make_no_sense() {
    let folder = folder();
    let show = rolecall(folder.path(), &["config", "show"]);
    let (text, status) = said(show, &[("LISTEN_ADDR", "here")]).await;
    assert_eq!(status, 0, "{text}");
    assert_eq!(line(&text, "LISTEN_ADDR"), "LISTEN_ADDR here environment");
}

/// OP-05.
#[tokio::test]
async fn the_settings_of_a_further_provider_are_shown_under_their_own_names() {
    let folder = folder();
    let show = rolecall(folder.path(), &["config", "show"]);
    let variables = [
        ("OIDC_PROVIDERS", "partner"),
        ("PARTNER_OIDC_RP_CLIENT_SECRET", "SECRET-partner"),
    ];
    let (text, _) = said(show, &variables).await;
    let name = "PARTNER_OIDC_RP_CLIENT_SECRET";
    assert_eq!(line(&text, name), format!("{name} set environment"));
}

/// E-33: a name that nobody documented cannot be found, and one that nobody reads misleads.
#[tokio::test]
async fn every_setting_is_documented() {
    let folder = folder();
    let (text, _) = said(rolecall(folder.path(), &["config", "show"]), &[]).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = [".env.example", "README.md", "docs/providers.md"];
    let documents: String = documents
        .iter()
        .filter_map(|name| fs::read_to_string(root.join(name)).ok())
        .collect();
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.len() > 10, "{text}");
    for name in names {
        assert!(documents.contains(name), "{name} is documented nowhere");
    }
}

/// SEC-74.
#[tokio::test]
async fn secrets_may_stand_in_files() {
    let folder = folder();
    let path = folder.path();
    write(&path.join("secret"), "SECRET-in-a-file\n");
    write(&path.join("database"), "sqlite:elsewhere.db\n");
    let files = [
        ("OIDC_RP_CLIENT_SECRET_FILE", "secret"),
        ("DATABASE_URL_FILE", "database"),
    ];
    let variables = [without("OIDC_RP_CLIENT_SECRET").as_slice(), &files].concat();
    let (text, status) = said(rolecall(path, &["config", "check"]), &variables).await;
    assert_eq!((text.trim(), status), ("The configuration is in order.", 0));
    let (text, _) = said(rolecall(path, &["config", "show"]), &variables).await;
    let name = "OIDC_RP_CLIENT_SECRET";
    assert_eq!(line(&text, name), format!("{name} set file"));
    assert_eq!(said(rolecall(path, &["migrate"]), &variables).await.1, 0);
    assert!(path.join("elsewhere.db").exists(), "the address is used");
}

/// SEC-74.
#[tokio::test]
async fn the_service_manager_may_hand_secrets_over() {
    let folder = folder();
    let path = folder.path();
    let credentials = path.join("credentials");
    fs::create_dir(&credentials).expect("a folder");
    write(
        &credentials.join("OIDC_RP_CLIENT_SECRET"),
        "SECRET-handed-over\n",
    );
    write(&credentials.join("somebody.elses"), "SECRET-of-others");
    let further = [("CREDENTIALS_DIRECTORY", "credentials")];
    let variables = [without("OIDC_RP_CLIENT_SECRET").as_slice(), &further].concat();
    let (text, status) = said(rolecall(path, &["config", "check"]), &variables).await;
    assert_eq!((text.trim(), status), ("The configuration is in order.", 0));
    let (text, _) = said(rolecall(path, &["config", "show"]), &variables).await;
    let name = "OIDC_RP_CLIENT_SECRET";
    assert_eq!(
        line(&text, name),
        format!("{name} set credentials directory")
    );
}

/// SEC-74.
#[tokio::test]
async fn a_secret_file_that_is_missing_empty_or_one_too_many_is_a_problem_in_words() {
    let folder = folder();
    let path = folder.path();
    write(&path.join("empty"), "\n");
    write(&path.join("secret"), "SECRET-in-a-file");
    let secret = "OIDC_RP_CLIENT_SECRET";
    for (file, is_given_as_well, words) in [
        ("nowhere", false, "the file cannot be read"),
        ("empty", false, "it is empty"),
        ("secret", true, "OIDC_RP_CLIENT_SECRET is given as well"),
    ] {
        let mut variables = if is_given_as_well {
            ZITADEL.to_vec()
        } else {
            without(secret)
        };
        variables.push(("OIDC_RP_CLIENT_SECRET_FILE", file));
        let (text, status) = said(rolecall(path, &["config", "check"]), &variables).await;
        assert_eq!(status, 2, "{text}");
        assert!(text.contains("OIDC_RP_CLIENT_SECRET_FILE:"), "{text}");
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// SEC-74.
#[tokio::test]
async fn an_env_file_that_others_may_read_is_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let file = folder.path().join(".env");
    for (mode, is_warned) in [(0o644, true), (0o600, false)] {
        write(&file, "");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        let check = rolecall(folder.path(), &["config", "check"]);
        let (text, status) = said(check, &ZITADEL).await;
        assert_eq!(status, 0, "{text}");
        assert_eq!(text.contains("chmod 600 .env"), is_warned, "{text}");
    }
}

/// SEC-74.
#[tokio::test]
async fn a_key_file_that_others_may_read_is_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let file = folder.path().join("rolecall.key");
    for (mode, is_warned) in [(0o640, true), (0o600, false)] {
        write(&file, "");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        let check = rolecall(folder.path(), &["config", "check"]);
        let (text, status) = said(check, &ZITADEL).await;
        assert_eq!(status, 0, "{text}");
        assert_eq!(text.contains("chmod 600 rolecall.key"), is_warned, "{text}");
    }
}
