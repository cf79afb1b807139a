//! What the repository itself may not hold.

use std::{
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Folders that are made and never committed.
const MADE: [&str; 3] = [".git", "node_modules", "target"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !MADE.contains(&name.as_ref()) {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Whether a PEM header of a private key is followed by what could be one.
fn holds_a_private_key(text: &str) -> bool {
    text.split("PRIVATE KEY-----").skip(1).any(|rest| {
        let line = rest.trim_start().lines().next().unwrap_or_default();
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        line.len() >= 40 && line.chars().all(is_base64)
    })
}

#[test]
fn a_key_is_told_from_a_mention_of_one() {
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n", "A".repeat(64));
    assert!(holds_a_private_key(&key));
    assert!(!holds_a_private_key(
        "begins with -----BEGIN PRIVATE KEY-----"
    ));
}

/// E-74: what builds today builds tomorrow.
#[test]
fn every_dependency_is_pinned_and_every_check_keeps_to_it() {
    let root = Path::new(ROOT);
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("a lock file");
    assert!(lock.contains("name = \"rolecall\""));
    let checks = fs::read_to_string(root.join("tests/run")).expect("readable");
    for command in ["cargo clippy", "cargo doc", "cargo test"] {
        let mut calls = checks.lines().filter(|line| line.contains(command));
        assert!(calls.all(|line| line.contains("--locked")), "{command}");
    }
}

/// Z-16, E-32.
#[test]
fn no_private_key_and_no_database_is_committed() {
    let ignored = fs::read_to_string(Path::new(ROOT).join(".gitignore")).expect("readable");
    for pattern in ["/.env", "*.key", "*.db"] {
        assert!(ignored.lines().any(|line| line == pattern), "{pattern}");
    }
    let mut found = Vec::new();
    files(Path::new(ROOT), &mut found);
    assert!(found.len() > 100, "the repository is found");
    for path in found {
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(!holds_a_private_key(&text), "{}", path.display());
    }
}

/// Z-14, Z-16, E-32.
#[test]
fn the_example_of_a_configuration_names_the_four_values_and_holds_no_secret() {
    let example = fs::read_to_string(Path::new(ROOT).join(".env.example")).expect("readable");
    let set: Vec<_> = example
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    let empty = [
        "OIDC_OP_BASE_URL=",
        "OIDC_RP_CLIENT_ID=",
        "OIDC_RP_CLIENT_SECRET=",
        "ZITADEL_PROJECT=",
    ];
    assert_eq!(set, empty);
}
