//! The operator's guide says what is so.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rolecall::metrics;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/operating.md")).expect("a guide")
}

/// All of `src`, with text that goes on in the next line put together.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, text);
        } else {
            let source = fs::read_to_string(&path).expect("readable");
            let mut is_split = false;
            for line in source.lines() {
                let line = if is_split { line.trim_start() } else { line };
                is_split = line.ends_with('\\');
                text.push_str(line.trim_end_matches('\\'));
                if !is_split {
                    text.push('\n');
                }
            }
        }
    }
}

/// The rows of the tables in the chapter `title`, without their heads: the first cell of each.
fn first_cells<'g>(guide: &'g str, title: &str) -> Vec<&'g str> {
    let chapter = guide.split(&format!("\n## {title}\n")).nth(1);
    let chapter = chapter.expect("a chapter").split("\n## ").next();
    let rows = chapter.unwrap_or_default().lines();
    let rows = rows.filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| row.split('|').nth(1)).collect()
}

/// OP-17, E-33.
#[test]
fn every_error_text_that_the_guide_explains_is_one_of_ours() {
    let (guide, mut text) = (guide(), String::new());
    sources(&root().join("src"), &mut text);
    let cells = first_cells(&guide, "When something does not work");
    assert!(cells.len() > 15, "{cells:?}");
    for cell in cells {
        let quoted = cell.trim().trim_matches('`');
        assert!(text.contains(quoted), "nothing says: {quoted}");
    }
}

/// OP-02.
#[test]
fn every_series_is_explained_and_every_one_explained_is_there() {
    let exposition = metrics::expose().expect("metrics");
    let names = exposition
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let families: BTreeSet<_> = names
        .filter_map(|line| line.split(' ').next())
        .filter(|name| name.starts_with("rolecall_"))
        .collect();
    let guide = guide();
    let explained: BTreeSet<_> = first_cells(&guide, "Metrics")
        .into_iter()
        .filter_map(|cell| cell.trim().trim_matches('`').split('{').next())
        .filter(|name| name.starts_with("rolecall_"))
        .map(|name| name.trim_end_matches("_total").trim_end_matches("_info"))
        .collect();
    assert_eq!(explained, families);
}

/// OP-02: what the alerts ask for exists, label and value included.
#[test]
fn the_alerts_ask_for_series_that_exist() {
    let (guide, exposition) = (guide(), metrics::expose().expect("metrics"));
    let alerts = guide.split("    groups:").nth(1).expect("alerts");
    let alerts = alerts.split("\n\n").next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut count = 0;
    for start in ["rolecall_", "process_"] {
        for (at, _) in alerts.match_indices(start) {
            let name = alerts[at..]
                .split(|c| !is_name(c))
                .next()
                .unwrap_or_default();
            let labels = alerts[at + name.len()..].strip_prefix('{');
            let labels = labels.and_then(|rest| rest.split('}').next());
            let has = |line: &str| {
                line.starts_with(name) && labels.is_none_or(|labels| line.contains(labels))
            };
            assert!(exposition.lines().any(has), "{name} {labels:?}");
            count += 1;
        }
    }
    assert!(count >= 9, "{count}");
}

/// E-33: what is linked is there.
#[test]
fn every_link_of_the_guide_leads_somewhere() {
    let guide = guide();
    let links = guide
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.starts_with("https://"));
    for link in links {
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let path = root().join("docs").join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{link} leads nowhere"));
        let heading = |line: &str| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            line.starts_with('#') && title.replace(' ', "-") == anchor
        };
        assert!(anchor.is_empty() || text.lines().any(heading), "{link}");
    }
}
