//! Every template is rendered in every state that it knows: each piece of text that stands between
//! its tags is on some page that the crawl has seen.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::crawl::everything;

/// The shortest piece of text that is looked for, in bytes; a shorter one could be anywhere.
const SHORTEST: usize = 12;

/// The text of every template, by its path below `templates`.
fn templates() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(&root)
                .expect("below templates")
                .display()
                .to_string();
            found.insert(name, fs::read_to_string(&path).expect("readable"));
        }
    }
    found
}

/// The pieces of a template that come out as they stand: whatever is between its tags.
fn pieces(template: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((piece, tag)) = rest.split_once('{') {
        pieces.push(piece);
        let end = match tag.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => "",
        };
        rest = tag.split_once(end).map_or("", |(_, rest)| rest);
    }
    pieces.push(rest);
    let pieces = pieces.into_iter().flat_map(str::lines).map(str::trim);
    pieces.filter(|piece| piece.len() >= SHORTEST).collect()
}

#[tokio::test]
async fn every_word_of_every_template_is_rendered() {
    let templates = templates();
    assert!(templates.len() > 10, "the templates are found");
    let seen = everything().await;
    let is_shown = |piece: &&str| seen.iter().any(|seen| seen.reply.text.contains(*piece));
    let mut never = Vec::new();
    for (name, text) in &templates {
        let hidden = pieces(text).into_iter().filter(|piece| !is_shown(piece));
        never.extend(hidden.map(|piece| format!("{name}: {piece}")));
    }
    assert!(never.is_empty(), "never rendered:\n{}", never.join("\n"));
}
