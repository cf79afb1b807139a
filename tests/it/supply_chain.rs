//! What the program is built from.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

use tokio::{process::Command, time::timeout};

/// The oldest versions without a known weakness that matters here, and its advisory.
const OLDEST: [(&str, &str, &str); 6] = [
    ("bytes", "1.11.1", "RUSTSEC-2026-0007"),
    ("h2", "0.4.16", "RUSTSEC-2026-0258"),
    (
        "libsqlite3-sys",
        "0.37.0",
        "SQLite 3.51.3: the reset of a write-ahead log",
    ),
    ("rustls-webpki", "0.103.13", "RUSTSEC-2026-0104"),
    ("time", "0.3.47", "RUSTSEC-2026-0009"),
    ("tracing-subscriber", "0.3.20", "RUSTSEC-2025-0055"),
];

/// Crates in the program as it is packaged. Whoever raises it says what for.
const MOST_CRATES: usize = 360;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).expect("readable")
}

/// The versions of each package in the lock file.
fn locked() -> BTreeMap<String, Vec<String>> {
    let lock = read("Cargo.lock");
    let mut versions = BTreeMap::<_, Vec<_>>::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key));
            line.map(|line| line.trim_matches([' ', '=', '"']).to_owned())
        };
        let (name, version) = (value("name"), value("version"));
        let (name, version) = name.zip(version).expect("a package");
        versions.entry(name).or_default().push(version);
    }
    versions
}

fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['+', '-']).next().unwrap_or_default();
    plain
        .split('.')
        .map(|part| part.parse().expect("a number"))
        .collect()
}

/// What `cargo tree` prints with `arguments` for the program as it is packaged.
async fn tree(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "tree",
            "--locked",
            "--offline",
            "--package",
            "rolecall",
            "--no-default-features",
        ])
        .args(["--target", "x86_64-unknown-linux-gnu", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .kill_on_drop(true);
    let output = timeout(Duration::from_mins(1), cargo.output()).await;
    let output = output.expect("it ends").expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("a text")
}

/// SC-04, SC-01.
#[test]
fn no_dependency_is_older_than_the_fix_of_its_weakness() {
    let locked = locked();
    for (name, oldest, why) in OLDEST {
        for version in &locked[name] {
            assert!(
                numbers(version) >= numbers(oldest),
                "{name} {version}: {why}"
            );
        }
    }
    if let Some(versions) = locked.get("jsonwebtoken") {
        let old = |version: &String| numbers(version) < numbers("10.3.0");
        assert!(
            !versions.iter().any(old),
            "jsonwebtoken {versions:?}: CVE-2026-25537"
        );
    }
}

/// SC-06: no feature that lets a statement load a library into the process.
#[tokio::test]
async fn sqlite_is_bundled_and_loads_no_extensions() {
    let features = tree(&["--edges", "features", "--invert", "sqlx-sqlite"]).await;
    assert!(
        features.contains("sqlx-sqlite feature \"bundled\""),
        "{features}"
    );
    assert!(!features.contains("load-extension"), "{features}");
}

/// SC-03.
#[tokio::test]
async fn the_program_keeps_to_its_budget_of_crates() {
    let tree = tree(&["--edges", "normal"]).await;
    let crates: BTreeSet<_> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    assert!(crates.len() > 100, "the tree is read");
    assert!(crates.len() <= MOST_CRATES, "{} crates", crates.len());
}

/// SC-02: what `cargo deny` is asked for in tests/run.
#[test]
fn the_policy_names_licences_bans_and_sources() {
    let policy = read("deny.toml");
    for crate_name in ["native-tls", "openssl", "openssl-sys", "aws-lc-rs"] {
        let entry = format!("{{ crate = \"{crate_name}\", reason");
        assert!(policy.contains(&entry), "{crate_name} is not banned");
        assert!(!locked().contains_key(crate_name), "{crate_name} is there");
    }
    for line in [
        "wildcards = \"deny\"",
        "unknown-registry = \"deny\"",
        "unknown-git = \"deny\"",
    ] {
        assert!(policy.contains(line), "{line}");
    }
    let check = "check licenses bans sources";
    assert!(
        read("tests/run").contains(check),
        "tests/run does not {check}"
    );
}

/// SC-05.
#[test]
fn unsafe_code_and_what_can_panic_are_refused_by_the_compiler() {
    let manifest = read("Cargo.toml");
    for lint in [
        "unsafe_code = \"forbid\"",
        "non_ascii_idents = \"forbid\"",
        "unwrap_used = \"deny\"",
        "expect_used = \"deny\"",
        "panic = \"deny\"",
        "indexing_slicing = \"deny\"",
    ] {
        assert!(manifest.contains(&format!("\n{lint}\n")), "{lint}");
    }
}

/// SC-13.
#[test]
fn how_to_report_a_weakness_and_how_soon_it_is_mended_is_written_down() {
    let policy = read("SECURITY.md");
    for words in ["Report a vulnerability", "7 days", "30 days", "advisory"] {
        assert!(policy.contains(words), "{words}");
    }
}

/// OP-04, SC-03: traces are for who asks for them, although the tests are built with them.
#[tokio::test]
async fn nothing_of_opentelemetry_is_in_the_program_unless_it_is_asked_for() {
    let usual = tree(&["--edges", "normal"]).await;
    assert!(!usual.contains("opentelemetry"), "{usual}");
    let traced = tree(&["--edges", "normal", "--features", "otel"]).await;
    assert!(traced.contains("opentelemetry-otlp"), "{traced}");
}
