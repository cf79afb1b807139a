//! Who may know whom: read off the `use` lines of `src`, so that the picture in
//! `docs/architecture.md` stays true.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source file: where it is below `src`, and its text without tests.
struct Source {
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    assert!(found.len() > 20, "the sources are found");
    let read = |path: PathBuf| {
        let name = path
            .strip_prefix(&root)
            .expect("below src")
            .display()
            .to_string();
        let text = fs::read_to_string(&path).expect("readable");
        let text = text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default()
            .to_owned();
        Source { name, text }
    };
    found.into_iter().map(read).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every module of ours that a file names, as `users` or `users::access`.
fn knows(source: &Source) -> Vec<String> {
    let flat: String = source
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let mut names = Vec::new();
    for part in flat.split("crate::").skip(1) {
        expand("", part, &mut names);
    }
    names
}

/// Spells out `a::{b, c::d}`.
fn expand(prefix: &str, text: &str, names: &mut Vec<String>) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    let path = format!("{prefix}{head}");
    if let Some(group) = rest.strip_prefix('{') {
        for item in split_group(group) {
            expand(&path, item.trim(), names);
        }
    } else if !path.is_empty() {
        names.push(path.trim_end_matches(':').to_owned());
    }
}

/// The items between a brace and its partner.
fn split_group(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&text[start..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

fn breaches(applies: impl Fn(&str) -> bool, forbidden: impl Fn(&str) -> bool) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|source| applies(&source.name)) {
        for name in knows(source).into_iter().filter(|name| forbidden(name)) {
            breaches.push(format!("{} knows {name}", source.name));
        }
    }
    breaches
}

const FOUNDATION: [&str; 67] = [
    "assets.rs",
    "clock.rs",
    "config/backup.rs",
    "config/credential.rs",
    "config/environment.rs",
    "config/logout_url.rs",
    "config/mod.rs",
    "config/preset.rs",
    "config/provider.rs",
    "config/providers.rs",
    "config/rate_limit.rs",
    "config/reader.rs",
    "config/roles.rs",
    "config/secrets.rs",
    "config/show.rs",
    "config/sign_algo.rs",
    "config/traces.rs",
    "config/trusted_issuers.rs",
    "db/connect.rs",
    "db/file.rs",
    "db/kept.rs",
    "db/lock.rs",
    "db/mod.rs",
    "db/readiness.rs",
    "db/revision.rs",
    "db/schema.rs",
    "db/shared_revision.rs",
    "db/stamps.rs",
    "db/tx.rs",
    "db/words.rs",
    "error.rs",
    "headers.rs",
    "list/bulk.rs",
    "list/dates.rs",
    "list/heads.rs",
    "list/mod.rs",
    "list/narrowing.rs",
    "list/pages.rs",
    "list/query.rs",
    "list/spec.rs",
    "list/view.rs",
    "list/way_down.rs",
    "metrics/labels.rs",
    "metrics/mod.rs",
    "metrics/process.rs",
    "outage_log.rs",
    "paths.rs",
    "private_key.rs",
    "problem_json.rs",
    "random.rs",
    "rate_limit/allowance.rs",
    "rate_limit/client.rs",
    "rate_limit/limiter.rs",
    "rate_limit/mod.rs",
    "rate_limit/slots.rs",
    "route.rs",
    "spreadsheet.rs",
    "telemetry/line.rs",
    "telemetry/mod.rs",
    "telemetry/no_otel.rs",
    "telemetry/origin.rs",
    "telemetry/otel.rs",
    "telemetry/spans.rs",
    "vault/key_file.rs",
    "vault/keys.rs",
    "vault/mod.rs",
    "vault/subject_hasher.rs",
];
const FEATURES: [&str; 5] = ["oidc", "polls", "users", "admin", "api"];

fn is_in(name: &str, module: &str) -> bool {
    name == module || name.starts_with(&format!("{module}::"))
}

#[test]
fn the_foundation_knows_no_feature() {
    let feature = |name: &str| {
        FEATURES
            .into_iter()
            .chain(["session", "page", "app"])
            .any(|feature| is_in(name, feature))
    };
    assert_eq!(
        breaches(|file| FOUNDATION.contains(&file), feature),
        [""; 0]
    );
}

#[test]
fn a_session_knows_no_feature() {
    let feature = |name: &str| FEATURES.into_iter().any(|feature| is_in(name, feature));
    assert_eq!(
        breaches(|file| file.starts_with("session/"), feature),
        [""; 0]
    );
}

#[test]
fn nobody_but_the_program_knows_the_route_table() {
    let outside = |file: &str| {
        !file.starts_with("app/") && !["main.rs", "server/mod.rs", "demo.rs"].contains(&file)
    };
    assert_eq!(
        breaches(
            |file| outside(file) && !file.contains("routes"),
            |name| is_in(name, "app")
        ),
        [""; 0]
    );
}

#[test]
fn features_do_not_know_each_others_pages_or_statements() {
    for feature in FEATURES {
        let others = |name: &str| {
            FEATURES
                .into_iter()
                .filter(|other| *other != feature)
                .any(|other| {
                    is_in(name, &format!("{other}::routes"))
                        || is_in(name, &format!("{other}::store"))
                })
        };
        let folder = format!("{feature}/");
        assert_eq!(breaches(|file| file.starts_with(&folder), others), [""; 0]);
    }
}

#[test]
fn the_polls_know_nothing_of_sign_in_and_sign_in_nothing_of_polls() {
    assert_eq!(
        breaches(
            |file| file.starts_with("polls/"),
            |name| is_in(name, "oidc")
        ),
        [""; 0]
    );
    assert_eq!(
        breaches(
            |file| file.starts_with("oidc/"),
            |name| is_in(name, "polls")
        ),
        [""; 0]
    );
}

/// The first line that is none of the rule's business is a comment's; what counts is code.
fn files_with(words: &[&str]) -> Vec<String> {
    let code = |source: &Source| {
        let lines = source
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let sources = sources();
    let hits = sources.iter().filter(|source| {
        let code = code(source);
        words.iter().any(|word| code.contains(word))
    });
    hits.map(|source| source.name.clone()).collect()
}

#[test]
fn sql_stands_in_stores_only() {
    let may = |file: &str| {
        file.ends_with("store.rs")
            || file == "audit.rs"
            || file.starts_with("db/")
            || file.contains("/store/")
    };
    let files = files_with(&[
        "sqlx::query",
        "query_as(",
        "query_scalar(",
        "query(\"",
        "raw_sql(",
    ]);
    let strays: Vec<_> = files.into_iter().filter(|file| !may(file)).collect();
    assert_eq!(strays, [""; 0]);
}

#[test]
fn domain_files_know_no_http_and_no_templates() {
    let domain = |file: &str| {
        (file.starts_with("polls/") || file.starts_with("users/"))
            && !file.contains("routes")
            && !file.ends_with("access.rs")
    };
    let files = files_with(&["axum::", "axum_extra::", "askama::", "askama_web::"]);
    let strays: Vec<_> = files.into_iter().filter(|file| domain(file)).collect();
    assert_eq!(strays, [""; 0]);
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let files = files_with(&["env::var", "dotenvy::"]);
    assert_eq!(files, ["config/environment.rs"]);
}

#[test]
fn the_demo_provider_is_known_to_the_demo_alone() {
    assert_eq!(files_with(&["demo_idp"]), ["demo.rs"]);
}

#[test]
fn no_room_outgrows_450_lines() {
    let long = |source: &&Source| source.text.lines().count() > 450;
    let sources = sources();
    let names: Vec<_> = sources
        .iter()
        .filter(long)
        .map(|source| &source.name)
        .collect();
    assert_eq!(names, [""; 0]);
}
