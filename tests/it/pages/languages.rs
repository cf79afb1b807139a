//! Whatever a template says is read by somebody on some page, and nobody reads another language
//! than theirs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use rolecall::paths;

use super::crawl::{everything, everything_in_german};
use crate::language::catalogue::{Parts, messages};

/// The shortest piece of text that is looked for, in bytes; a shorter one could be anywhere.
const SHORTEST: usize = 12;

/// The pieces of a message that come out as they stand.
fn pieces(parts: &Parts) -> impl Iterator<Item = &str> {
    let lines = parts.pieces.iter().flat_map(|piece| piece.lines());
    lines.map(str::trim).filter(|piece| piece.len() >= SHORTEST)
}

/// The messages that templates name.
fn named_in_templates() -> BTreeSet<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut named = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).expect("readable");
            let ids = text.split("page.t(\"").skip(1);
            named.extend(ids.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
        }
    }
    named
}

/// X5. In one plural form at least.
#[tokio::test]
async fn every_message_that_a_template_names_is_on_some_page() {
    let (seen, named) = (everything().await, named_in_templates());
    assert!(named.len() > 300, "{} messages", named.len());
    let is_shown = |piece: &str| seen.iter().any(|seen| seen.reply.text.contains(piece));
    let is_hidden = |parts: &Parts| {
        let mut pieces = pieces(parts).peekable();
        pieces.peek().is_some() && !pieces.any(is_shown)
    };
    let english = messages("en").into_iter();
    let hidden = english.filter(|(id, (_, parts))| named.contains(id) && is_hidden(parts));
    let hidden: Vec<String> = hidden.map(|(id, _)| id).collect();
    assert_eq!(hidden, [""; 0]);
}

/// X5.
#[tokio::test]
async fn german_pages_are_german() {
    let (english, german) = (messages("en"), messages("de"));
    let in_both = |piece: &str| {
        let mut parts = german.values().map(|(_, parts)| parts);
        parts.any(|parts| parts.pieces.iter().any(|own| own.contains(piece)))
    };
    let foreign: Vec<(&String, &str)> = english
        .iter()
        .flat_map(|(id, (_, parts))| pieces(parts).map(move |piece| (id, piece)))
        .filter(|(_, piece)| !in_both(piece))
        .collect();
    assert!(foreign.len() > 300, "{} English pieces", foreign.len());
    let mut strays = BTreeMap::new();
    let pages = everything_in_german().await.iter();
    for seen in pages.filter(|seen| seen.is_page()) {
        assert_eq!(seen.reply.attributes("html", "lang"), ["de"], "{seen}");
        let text = &seen.reply.text;
        assert!(!text.contains("{ $") && !text.contains("{$"), "{seen}");
        if seen.path == paths::API {
            let parts = seen.reply.attributes("main [lang]", "lang");
            assert_eq!(
                parts, ["en"; 3],
                "what programs read is English and says so"
            );
            continue;
        }
        for (id, piece) in &foreign {
            if text.contains(piece) {
                strays.insert((*id).clone(), format!("{seen}: {piece}"));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}
