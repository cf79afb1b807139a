//! Generated input, the same in every run.

use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree as _,
    test_runner::TestRunner,
};
use serde_json::{Value, json};

/// `count` values of `strategy`.
pub fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    let mut sample = || strategy.new_tree(&mut runner).expect("a value").current();
    (0..count).map(|_| sample()).collect()
}

/// Texts of up to `most` of these pieces in a row.
pub fn texts(pieces: &[&'static str], most: usize) -> impl Strategy<Value = String> + use<> {
    prop::collection::vec(select(pieces.to_vec()), 1..=most).prop_map(|pieces| pieces.concat())
}

/// `document` with one or two members of another value or without them, as text; now and then
/// the text itself is cut, doubled or opened by something else.
pub fn spoiled(document: Value) -> impl Strategy<Value = String> {
    let odd = select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}"),
        json!("https://"),
        json!("http://evil.example/"),
        json!([]),
        json!([null]),
        json!({}),
        json!({ "a": { "b": [[]] } }),
        json!("x".repeat(70_000)),
    ]);
    let change = (any::<Index>(), prop::option::weighted(0.8, odd));
    let changes = prop::collection::vec(change, 1..=2);
    (changes, 0..12_u8, any::<Index>()).prop_map(move |(changes, text, place)| {
        let mut document = document.clone();
        for (place, value) in changes {
            spoil(&mut document, place, value);
        }
        let whole = document.to_string();
        match text {
            0 => whole.chars().take(place.index(whole.len())).collect(),
            1 => whole.repeat(2),
            2 => format!("\u{feff}{whole}"),
            3 => "[".repeat(10_000),
            _ => whole,
        }
    })
}

fn spoil(document: &mut Value, place: Index, value: Option<Value>) {
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    if pointers.is_empty() {
        return;
    }
    let pointer = place.get(&pointers);
    let (parent, name) = pointer.rsplit_once('/').expect("a slash");
    match (value, document.pointer_mut(parent)) {
        (Some(value), _) => *document.pointer_mut(pointer).expect("it is there") = value,
        (None, Some(Value::Object(members))) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            members.remove(&name);
        }
        _ => {}
    }
}

/// The JSON pointer (RFC 6901) of every value below `value`.
fn collect(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in below {
        let pointer = format!("{at}/{name}");
        collect(value, &pointer, pointers);
        pointers.push(pointer);
    }
}
