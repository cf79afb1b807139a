//! `docs/console.md` names a test for each row, and each of these tests is there.

use std::{fs, path::Path};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/console.md");

/// Adds the text of all sources below `folder`.
fn read(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).expect("readable"));
        }
    }
}

/// The rows of the table: what Django has, what is here, and the tests.
fn rows(document: &str) -> Vec<[String; 3]> {
    let rows = document.lines().filter(|line| line.starts_with("| "));
    let cells = rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        <[&str; 3]>::try_from(cells)
            .expect("three cells")
            .map(str::to_owned)
    });
    cells.skip(1).collect()
}

#[test]
fn every_row_names_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in ["src", "tests/it"] {
        read(&root.join(folder), &mut sources);
    }
    let rows = rows(&fs::read_to_string(DOCUMENT).expect("readable"));
    assert!(rows.len() > 25, "only {} rows", rows.len());
    for [theirs, ours, tests] in rows {
        if ours.starts_with("Not ours: ") {
            continue;
        }
        let names: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test shows: {theirs}");
        for name in names {
            let is_there = sources.contains(&format!("fn {name}("));
            assert!(is_there, "{theirs}: there is no test {name}");
        }
    }
}
