//! The messages in every language, inside the program.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{
    FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentNumber,
};
use rust_embed::Embed;

use super::Language;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/locales"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::German));

/// The message with this id. One that the catalogue does not have is said by its id, and the log
/// hears of it.
pub(super) fn format(language: Language, id: &str, arguments: &FluentArgs<'_>) -> String {
    let bundle: &Bundle = match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    };
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        tracing::error!(id, "not in the catalogue");
        return id.to_owned();
    };
    let mut problems = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut problems);
    for problem in problems {
        tracing::error!(id, %problem, "a message lacks something");
    }
    text.into_owned()
}

fn bundle(language: Language) -> Bundle {
    let locale = language.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Both languages run from left to right, as does everything that is filled in.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(value, ",", "."),
        Language::German => |value, _| number(value, ".", ","),
    }));
    let folder = format!("{}/", language.as_str());
    for name in Files::iter().filter(|name| name.starts_with(&folder)) {
        add(&mut bundle, &name);
    }
    bundle
}

/// What is wrong with a file is left out; the tests read every file.
fn add(bundle: &mut Bundle, name: &str) {
    let Some(file) = Files::get(name) else { return };
    let text = String::from_utf8_lossy(&file.data).into_owned();
    let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, problems)| {
        tracing::error!(name, ?problems, "unreadable messages");
        resource
    });
    if let Err(problems) = bundle.add_resource(resource) {
        tracing::error!(name, ?problems, "messages occur twice");
    }
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
