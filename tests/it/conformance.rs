//! Which test shows which requirement: `docs/conformance.md` and the doc comments of the tests say
//! the same thing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::support::environment_or;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance.md");

/// Set to any value, it makes the test write the table instead of checking it.
const UPDATE: &str = "UPDATE_CONFORMANCE";

/// Why a requirement may be without a test.
const REASONS: [&str; 3] = ["Not ours: ", "Not built: ", "By design: "];

/// Families of requirements with their first and last number; none of these may leave the table.
/// Ids of other families and numbers are about polls and operation: not in this table.
const FAMILIES: [(&str, u32, u32); 39] = [
    ("Z", 1, 40),
    ("A", 1, 20),
    ("D", 1, 9),
    ("P", 1, 27),
    ("F", 1, 16),
    ("M", 1, 37),
    ("S", 1, 13),
    ("K", 1, 9),
    ("L", 1, 7),
    ("R", 1, 6),
    ("O", 1, 8),
    ("N", 1, 20),
    ("E", 1, 36),
    ("E", 40, 50),
    ("E", 60, 81),
    ("E", 90, 97),
    ("E", 100, 105),
    ("E", 110, 114),
    ("SEC", 1, 42),
    ("SEC", 43, 49),
    ("SEC", 50, 50),
    ("SEC", 52, 52),
    ("SEC", 55, 55),
    ("SEC", 57, 57),
    ("SEC", 60, 67),
    ("SEC", 68, 72),
    ("SEC", 76, 77),
    ("console A", 1, 39),
    ("console T", 4, 7),
    ("FT", 1, 28),
    ("FZ", 1, 7),
    ("FZ", 16, 16),
    ("OP", 1, 2),
    ("OP", 4, 7),
    ("OP", 9, 11),
    ("OP", 13, 14),
    ("OP", 17, 17),
    ("SC", 1, 8),
    ("SC", 10, 13),
];

/// The tests that show each requirement, by id.
type Shown = BTreeMap<String, BTreeSet<String>>;

/// `Z-4`, `SEC-17`, `V30` or a module of the conformance suite.
fn is_id(word: &str) -> bool {
    let is_numbered = |word: &str| {
        let number = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let digits = number.strip_prefix('-').unwrap_or(number);
        (1..=4).contains(&(word.len() - number.len()))
            && (1..=3).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.starts_with("oidcc-") || is_numbered(word)
}

/// Whether an id has to be in the table.
fn is_ours(id: &str) -> bool {
    id.starts_with("oidcc-") || required().any(|required| required == id)
}

/// Every id of the families.
fn required() -> impl Iterator<Item = String> {
    FAMILIES.into_iter().flat_map(|(family, first, last)| {
        (first..=last).map(move |number| match family {
            "SEC" | "FT" | "FZ" | "OP" | "SC" => format!("{family}-{number:02}"),
            // Theirs are written without a hyphen: `A-1` is about sign-in.
            "console A" | "console T" => format!("{}{number}", &family["console ".len()..]),
            _ => format!("{family}-{number}"),
        })
    })
}

/// The ids with which a line of a doc comment begins, before a full stop or a colon; at the end of
/// a line a comma leads on to the next.
fn ids(line: &str) -> Option<Vec<&str>> {
    let text = line.strip_prefix("/// ")?;
    let words = text.split(['.', ':']).next()?.trim_end_matches(',');
    let ids: Vec<_> = words.split(", ").collect();
    ids.iter().all(|word| is_id(word)).then_some(ids)
}

/// The name that a line of code gives to a function.
fn function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["", "async ", "pub ", "pub async "];
    words
        .contains(&before)
        .then(|| after.split(['(', '<']).next())?
}

/// Adds what the tests in one file show; `prefix` is the file's module path.
fn read(prefix: &str, text: &str, shown: &mut Shown) {
    let (mut waiting, mut is_test, mut module) = (Vec::new(), false, prefix.to_owned());
    for line in text.lines().map(str::trim) {
        if let Some(ids) = ids(line) {
            waiting.extend(ids);
        } else if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(inner) = line.strip_prefix("mod ").and_then(|l| l.strip_suffix(" {")) {
            module = format!("{prefix}{inner}::");
        } else if let Some(name) = function(line) {
            assert!(
                is_test || waiting.is_empty(),
                "{prefix}{name} names requirements and is no test"
            );
            for id in waiting.drain(..) {
                let tests = shown.entry(id.to_owned()).or_default();
                tests.insert(format!("{module}{name}"));
            }
            is_test = false;
        }
    }
    assert!(
        waiting.is_empty(),
        "{prefix}: {waiting:?} stand above nothing"
    );
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// `src/oidc/claims.rs` is `oidc::claims::`, `mod.rs` is its folder, `main.rs` and `lib.rs` nothing.
fn module_path(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).expect("below").with_extension("");
    let names = below.iter().map(|name| name.to_str().expect("text"));
    let names = names.filter(|name| !["mod", "main", "lib"].contains(name));
    names.flat_map(|name| [name, "::"]).collect()
}

/// What all tests of the project show.
fn shown() -> Shown {
    let mut shown = Shown::new();
    for (root, prefix) in [
        ("src", ""),
        ("tests/it", ""),
        ("demo-idp/src", "demo-idp "),
        ("demo-idp/tests/it", "demo-idp "),
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let mut files = Vec::new();
        sources(&root, &mut files);
        for file in files {
            let text = fs::read_to_string(&file).expect("readable");
            let prefix = format!("{prefix}{}", module_path(&root, &file));
            read(&prefix, &text, &mut shown);
        }
    }
    shown
}

/// The cells of a line of the table: id, what it is, what shows it.
fn row(line: &str) -> Option<(&str, &str, &str)> {
    let mut cells = line
        .strip_prefix("| ")?
        .strip_suffix(" |")?
        .splitn(3, " | ");
    let row = (
        cells.next()?,
        cells.next()?,
        cells.next().unwrap_or_default(),
    );
    is_id(row.0).then_some(row)
}

/// What has to stand in the last cell.
fn evidence(written: &str, tests: Option<&BTreeSet<String>>) -> Result<String, String> {
    if let Some(tests) = tests {
        let names: Vec<_> = tests.iter().map(|name| format!("`{name}`")).collect();
        return Ok(names.join("<br>"));
    }
    if REASONS.iter().any(|reason| written.starts_with(reason)) {
        return Ok(written.to_owned());
    }
    Err("neither a test nor a reason".to_owned())
}

#[test]
fn ids_are_told_from_prose() {
    assert_eq!(ids("/// Z-4, SEC-17."), Some(vec!["Z-4", "SEC-17"]));
    assert_eq!(
        ids("/// oidcc-client-test,"),
        Some(vec!["oidcc-client-test"])
    );
    assert_eq!(ids("/// N-5: the rest."), Some(vec!["N-5"]));
    assert_eq!(ids("/// SHA-256 of the rest."), None);
    assert_eq!(
        ids("/// N-5, V30, OP-06."),
        Some(vec!["N-5", "V30", "OP-06"])
    );
    assert_eq!(ids("/// RFC-9207."), None);
    assert_eq!(ids("// Z-4."), None);
}

/// The table as it has to be, and what cannot be written into it.
fn rewritten(table: &str, mut shown: Shown) -> (String, Vec<String>) {
    let (mut listed, mut problems, mut lines) = (BTreeSet::new(), Vec::new(), Vec::new());
    for line in table.lines() {
        let Some((id, title, cell)) = row(line) else {
            lines.push(line.to_owned());
            continue;
        };
        assert!(listed.insert(id.to_owned()), "{id} stands there twice");
        match evidence(cell, shown.remove(id).as_ref()) {
            Ok(evidence) => lines.push(format!("| {id} | {title} | {evidence} |")),
            Err(problem) => problems.push(format!("{id}: {problem}")),
        }
    }
    let unlisted = shown.iter().filter(|(id, _)| is_ours(id));
    problems.extend(unlisted.map(|(id, tests)| format!("{id} is not listed: {tests:?}")));
    let gone = required().filter(|id| !listed.contains(id));
    problems.extend(gone.map(|id| format!("{id} is gone")));
    (lines.join("\n") + "\n", problems)
}

/// E-34.
#[test]
fn each_requirement_is_shown_by_a_test_or_says_why_not() {
    let table = fs::read_to_string(TABLE).expect("the table");
    let (written, problems) = rewritten(&table, shown());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    if !environment_or(UPDATE, "").is_empty() {
        fs::write(TABLE, written).expect("written");
        return;
    }
    let mut lines = written.lines().zip(table.lines());
    let other = lines.find(|(now, before)| now != before);
    assert_eq!(
        other, None,
        "docs/conformance.md is out of date: set {UPDATE}=1 to write it"
    );
}
