//! What narrows a list: filters with their numbers, and a tag for each that is in use.

use super::{
    Asked, Source, Spec,
    dates::PERIODS,
    spec::{Filter, WHEN},
    view::Link,
};
use crate::{error::Result, language::Message};

/// A filter with its values.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called: the id of a message.
    pub label: &'static str,
    /// Values in addresses and in words, and whether each is chosen.
    pub options: Vec<(&'static str, Message, bool)>,
}

const PERIOD: Filter = Filter {
    name: WHEN,
    label: "",
    options: PERIODS,
};

/// The filters of a list, that of its dates last.
pub(super) fn filters_of(spec: &'static Spec) -> Vec<Filter> {
    let own = spec.filters.iter().map(|filter| Filter { ..*filter });
    let period = (!spec.dates.is_empty()).then_some(Filter {
        label: spec.dates,
        ..PERIOD
    });
    own.chain(period).collect()
}

/// The value of a filter that is in use.
fn used<'a>(asked: &'a Asked, filter: &Filter) -> Option<&'a str> {
    if filter.name != WHEN {
        return asked.value(filter.name);
    }
    let value = asked.query.get(WHEN);
    filter
        .options
        .iter()
        .any(|(known, _)| *known == value)
        .then_some(value)
}

/// Whether anything narrows the list.
pub(super) fn is_narrowed(asked: &Asked) -> bool {
    !tags(asked).is_empty()
}

pub(super) async fn choices(
    source: &impl Source,
    asked: &Asked,
    filter: &Filter,
    counts: bool,
) -> Result<Choices> {
    let chosen = used(asked, filter);
    let mut options = Vec::new();
    for (value, label) in filter.options {
        let mut label = Message::new(label);
        if counts {
            let number = source.count(&asked.with(filter.name, value)).await?;
            label = Message::new("option-count")
                .with("option", label)
                .with("count", number);
        }
        options.push((*value, label, chosen == Some(value)));
    }
    Ok(Choices {
        name: filter.name,
        label: filter.label,
        options,
    })
}

pub(super) fn tags(asked: &Asked) -> Vec<Link> {
    let query = &asked.query;
    let tag = |name: &str, label: Message| Link {
        label,
        href: query.with(name, "").at(&asked.path),
    };
    let mut tags = Vec::new();
    if !query.get("q").is_empty() {
        let words = Message::new("tag-search").with("words", query.get("q"));
        tags.push(tag("q", words));
    }
    for filter in filters_of(asked.spec) {
        let Some(value) = used(asked, &filter) else {
            continue;
        };
        let known = filter.options.iter().find(|(known, _)| *known == value);
        let value = known.map_or_else(|| Message::verbatim(value), |(_, id)| Message::new(id));
        let words = Message::new("labelled")
            .with("name", Message::new(filter.label))
            .with("value", value);
        tags.push(tag(filter.name, words));
    }
    if !asked.spec.dates.is_empty() {
        let words = [
            ("from", "tag-from"),
            ("to", "tag-until"),
            ("date", "tag-in"),
        ];
        let words = words
            .into_iter()
            .filter(|(name, _)| !query.get(name).is_empty());
        tags.extend(words.map(|(name, id)| {
            let words = Message::new(id)
                .with("dates", Message::new(asked.spec.dates))
                .with("day", query.get(name));
            tag(name, words)
        }));
    }
    tags
}
