//! Every message is read by somebody on some page, and nobody reads another language than theirs.

use std::collections::BTreeMap;

use super::crawl::{everything, everything_in_german};
use crate::language::catalogue::{Parts, messages};

/// The shortest piece of text that is looked for, in bytes; a shorter one could be anywhere.
const SHORTEST: usize = 12;

/// Messages that no tour meets, because they need a failure or a coincidence; tests of their own
/// read them. None is added lightly.
const ELSEWHERE: [&str; 0] = [];

/// The pieces of a message that come out as they stand.
fn pieces(parts: &Parts) -> impl Iterator<Item = &str> {
    let lines = parts.pieces.iter().flat_map(|piece| piece.lines());
    lines.map(str::trim).filter(|piece| piece.len() >= SHORTEST)
}

/// X5.
#[tokio::test]
async fn every_message_is_on_some_page() {
    let seen = everything().await;
    let is_shown = |piece: &str| seen.iter().any(|seen| seen.reply.text.contains(piece));
    let mut never = BTreeMap::new();
    for (id, (_, parts)) in messages("en") {
        if let Some(piece) = pieces(&parts).find(|piece| !is_shown(piece)) {
            never.insert(id, piece.to_owned());
        }
    }
    let ids: Vec<&str> = never.keys().map(String::as_str).collect();
    assert_eq!(ids, ELSEWHERE, "never shown: {never:#?}");
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
    for seen in everything_in_german()
        .await
        .iter()
        .filter(|seen| seen.is_page())
    {
        assert_eq!(seen.reply.attributes("html", "lang"), ["de"], "{seen}");
        let text = &seen.reply.text;
        assert!(!text.contains("{ $") && !text.contains("{$"), "{seen}");
        for (id, piece) in &foreign {
            if text.contains(piece) {
                strays.insert((*id).clone(), format!("{seen}: {piece}"));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}
