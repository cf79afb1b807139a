//! The messages in every language, inside the program.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use fluent_bundle::{
    FluentArgs, FluentError, FluentResource, FluentValue, concurrent::FluentBundle,
    types::FluentNumber,
};
use fluent_syntax::ast::Entry;
use rust_embed::Embed;

use super::Language;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/locales"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

/// The messages of one language.
struct Catalogue {
    bundle: Bundle,
    /// Those into which nothing is filled, which are most of a page, as they are said.
    fixed: HashMap<String, String>,
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(Language::English));
static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(Language::German));

fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

impl Catalogue {
    fn of(language: Language) -> Self {
        let (bundle, ids) = bundle(language);
        let fixed = ids.into_iter().filter_map(|id| {
            let (text, problems) = filled_in(&bundle, &id, None)?;
            problems.is_empty().then_some((id, text))
        });
        let fixed = fixed.collect();
        Self { bundle, fixed }
    }
}

/// The message with this id, if nothing is filled into it.
pub(super) fn fixed(language: Language, id: &str) -> Option<&'static str> {
    let text = catalogue(language).fixed.get(id);
    text.map(String::as_str)
}

/// The message with this id. One that the catalogue does not have is said by its id, and the log
/// hears of it.
pub(super) fn format(language: Language, id: &str, arguments: &FluentArgs<'_>) -> String {
    let bundle = &catalogue(language).bundle;
    let Some((text, problems)) = filled_in(bundle, id, Some(arguments)) else {
        tracing::error!(id, "not in the catalogue");
        return id.to_owned();
    };
    for problem in problems {
        tracing::error!(id, %problem, "a message lacks something");
    }
    text
}

fn filled_in(
    bundle: &Bundle,
    id: &str,
    arguments: Option<&FluentArgs<'_>>,
) -> Option<(String, Vec<FluentError>)> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut problems = Vec::new();
    let text = bundle.format_pattern(pattern, arguments, &mut problems);
    Some((text.into_owned(), problems))
}

/// All messages of a language, and their ids.
fn bundle(language: Language) -> (Bundle, Vec<String>) {
    let locale = language.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Both languages run from left to right, as does everything that is filled in.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(value, ",", "."),
        Language::German => |value, _| number(value, ".", ","),
    }));
    let folder = format!("{}/", language.as_str());
    let mut ids = Vec::new();
    for name in Files::iter().filter(|name| name.starts_with(&folder)) {
        ids.extend(add(&mut bundle, &name));
    }
    (bundle, ids)
}

/// What is wrong with a file is left out; the tests read every file.
fn add(bundle: &mut Bundle, name: &str) -> Vec<String> {
    let Some(file) = Files::get(name) else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&file.data).into_owned();
    let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, problems)| {
        tracing::error!(name, ?problems, "unreadable messages");
        resource
    });
    let ids = resource.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    });
    let ids = ids.collect();
    if let Err(problems) = bundle.add_resource(resource) {
        tracing::error!(name, ?problems, "messages occur twice");
    }
    ids
}

/// A number as it is written: thousands apart, and the point or comma before the fraction.
fn number(value: &FluentValue<'_>, thousands: &str, point: &str) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let digits: Cow<'_, str> = FluentNumber::as_string(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let count = whole.chars().count();
    let grouped = whole.chars().zip(0..).map(|(digit, at)| {
        let starts_group = at > 0 && (count - at) % 3 == 0 && !whole.starts_with('-');
        let gap = if starts_group { thousands } else { "" };
        format!("{gap}{digit}")
    });
    let mut text: String = grouped.collect();
    if !fraction.is_empty() {
        text.push_str(point);
        text.push_str(fraction);
    }
    Some(text)
}
