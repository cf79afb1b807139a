//! What the program says, held against the catalogue: every id is in it, and everything in it is
//! said somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::catalogue::messages;

/// Source files and templates by their path, without tests.
fn files(folder: &str, extension: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                let name = path
                    .strip_prefix(&root)
                    .expect("below")
                    .display()
                    .to_string();
                let text = fs::read_to_string(&path).expect("readable");
                let text = text.split("#[cfg(test)]\nmod tests").next();
                let lines = text.unwrap_or_default().lines();
                let code = lines.filter(|line| !line.trim_start().starts_with("//"));
                found.insert(name, code.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    found
}

fn everything() -> BTreeMap<String, String> {
    let mut files = files("src", "rs");
    files.extend(self::files("templates", "html"));
    files
}

/// The literal right behind each `opening`.
fn literals<'t>(text: &'t str, opening: &str) -> Vec<&'t str> {
    let after = text.split(opening).skip(1).map(str::trim_start);
    let literals = after.filter_map(|rest| rest.strip_prefix('"'));
    literals.filter_map(|rest| rest.split('"').next()).collect()
}

/// What stands before the id of a message.
const ASKS: [&str; 11] = [
    ".t(",
    "Message::new(",
    // Lists.
    "things: ",
    "none_found: ",
    "search: ",
    "dates: ",
    "label: ",
    "Column::plain(",
    "Column::sorted(",
    // What the next page tells.
    "editor.tell(",
    "editor.warn(",
];

/// X5.
#[test]
fn every_id_that_is_asked_for_is_in_the_catalogue() {
    let catalogue = messages("en");
    let mut unknown = BTreeSet::new();
    for (file, text) in everything() {
        let asked = ASKS.map(|opening| literals(&text, opening));
        let asked = asked.into_iter().flatten();
        let lost = asked.filter(|id| !id.is_empty() && !catalogue.contains_key(*id));
        unknown.extend(lost.map(|id| format!("{file}: {id}")));
    }
    assert_eq!(unknown, BTreeSet::new());
}

#[test]
fn everything_in_the_catalogue_is_said_somewhere() {
    let catalogue = messages("en");
    let files = everything();
    let referred: BTreeSet<_> = catalogue
        .values()
        .flat_map(|(_, parts)| parts.references.clone())
        .collect();
    let is_said = |id: &str| {
        let quoted = format!("\"{id}\"");
        referred.contains(id) || files.values().any(|text| text.contains(&quoted))
    };
    let silent: Vec<_> = catalogue.keys().filter(|id| !is_said(id)).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// What a template says by itself: the text between its tags, the attributes that are read out,
/// and what it hands over that begins like a sentence. A name needs no translation.
fn own_words(template: &str) -> Vec<String> {
    let mut text = without(template, "{#", "#}");
    let mut words = Vec::new();
    for (open, close) in [("{%", "%}"), ("{{", "}}")] {
        let tags = text.split(open).skip(1);
        let tags = tags.filter_map(|rest| rest.split(close).next());
        let handed_over = tags.flat_map(|tag| tag.split('"').skip(1).step_by(2));
        let said = handed_over.filter(|literal| literal.starts_with(char::is_uppercase));
        words.extend(said.map(str::to_owned));
        text = without(&text, open, close);
    }
    for attribute in READ_OUT {
        words.extend(literals(&text, attribute).into_iter().map(str::to_owned));
    }
    text = without(&without(&text, "<", ">"), "=\"", "\"");
    words.extend(text.split_whitespace().map(str::to_owned));
    let is_said = |word: &String| {
        word.chars().any(char::is_alphabetic)
            && !word.starts_with("aria-")
            && !VALUES.contains(&word.as_str())
    };
    words.retain(is_said);
    words
}

/// Attributes that are read out.
const READ_OUT: [&str; 5] = [
    "aria-label=",
    "data-label=",
    "alt=",
    "title=",
    "placeholder=",
];

/// A name, and values of attributes that a template puts together.
const VALUES: [&str; 4] = ["Rolecall", "checkbox", "radio", "wide"];

/// `text` with a blank for everything from `open` to `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push(' ');
        kept.push_str(part.split_once(close).map_or("", |(_, rest)| rest));
    }
    kept
}

/// X5.
#[test]
fn templates_have_no_words_of_their_own() {
    let templates = files("templates", "html");
    assert!(templates.len() > 40, "{} templates", templates.len());
    let talking: BTreeMap<_, _> = templates
        .into_iter()
        .map(|(name, text)| (name, own_words(&text)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    assert!(talking.is_empty(), "{talking:#?}");
}
