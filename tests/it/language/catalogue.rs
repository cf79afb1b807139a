//! The files of the catalogue, read as they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_syntax::{
    ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// What a message is made of.
#[derive(Debug, Default)]
pub struct Parts {
    /// Its text between what is filled in, of every plural form.
    pub pieces: Vec<String>,
    /// What is to be filled in.
    pub variables: BTreeSet<String>,
    /// Messages that it is made of.
    pub references: BTreeSet<String>,
}

/// A language's messages by their id; the file stands before it.
pub fn messages(language: &str) -> BTreeMap<String, (String, Parts)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("locales")
        .join(language);
    let mut messages = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&path).expect("readable");
        let resource =
            parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
        for entry in resource.body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Junk { content } => panic!("{file}: {content}"),
                Entry::Term(_) => panic!("{file}: terms are not used"),
                _ => continue,
            };
            let mut parts = Parts::default();
            collect(&message.value.expect("a text"), &mut parts);
            let id = message.id.name;
            let earlier = messages.insert(id.clone(), (file.clone(), parts));
            assert!(earlier.is_none(), "{id} occurs twice");
        }
    }
    messages
}

fn collect(pattern: &Pattern<String>, parts: &mut Parts) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => parts.pieces.push(value.clone()),
            PatternElement::Placeable { expression } => collect_expression(expression, parts),
        }
    }
}

fn collect_expression(expression: &Expression<String>, parts: &mut Parts) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, parts),
        Expression::Select { selector, variants } => {
            collect_inline(selector, parts);
            for variant in variants {
                collect(&variant.value, parts);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<String>, parts: &mut Parts) {
    match inline {
        InlineExpression::VariableReference { id } => {
            parts.variables.insert(id.name.clone());
        }
        InlineExpression::MessageReference { id, .. } => {
            parts.references.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, parts),
        InlineExpression::FunctionReference {
            arguments: CallArguments { .. },
            id,
        } => {
            panic!("the function {} is not ours", id.name)
        }
        _ => {}
    }
}

/// X5.
#[test]
fn both_languages_have_the_same_messages_in_the_same_files_with_the_same_blanks() {
    let (english, german) = (messages("en"), messages("de"));
    assert!(english.len() > 50, "the catalogue is found");
    let outline = |messages: &BTreeMap<String, (String, Parts)>| -> Vec<String> {
        let lines = messages.iter().map(|(id, (file, parts))| {
            format!("{file} {id} {:?} {:?}", parts.variables, parts.references)
        });
        lines.collect()
    };
    assert_eq!(outline(&english), outline(&german));
}

/// The markup that a message may bring.
const MARKUP: [&str; 8] = [
    "<strong>",
    "</strong>",
    "<code>",
    "</code>",
    "</a>",
    "<a href=\"",
    "<span class=\"visually-hidden\">",
    "</span>",
];

/// Tags aside, a message reads the same in a page, in an attribute and in a terminal.
#[test]
fn messages_hold_no_markup_but_the_little_that_is_allowed() {
    for language in ["en", "de"] {
        for (id, (_, parts)) in messages(language) {
            let mut text = parts.pieces.join("\u{0}");
            for tag in MARKUP {
                text = text.replace(tag, "");
            }
            // The end of a link's address.
            text = text.replace("\u{0}\">", "");
            let stray = text.find(['<', '>', '&', '"', '\'']);
            assert_eq!(stray, None, "{language} {id}: {text}");
        }
    }
}

#[test]
fn quotation_marks_are_those_of_the_language() {
    for (language, foreign) in [("en", ['„', '‚']), ("de", ['”', '’'])] {
        for (id, (_, parts)) in messages(language) {
            let text = parts.pieces.concat();
            assert!(!text.contains(foreign), "{language} {id}: {text}");
        }
    }
}

/// In German people are addressed as "Sie".
#[test]
fn german_is_formal() {
    for (id, (_, parts)) in messages("de") {
        let text = parts.pieces.join(" ").to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        for informal in ["du", "dich", "dir", "dein", "deine", "deinen", "deiner"] {
            assert!(!words.contains(&informal), "{id}: {text}");
        }
    }
}
