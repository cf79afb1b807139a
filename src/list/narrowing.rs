//! What narrows a list: filters with their numbers, and a tag for each that is in use.

use super::{
    Asked, Source, Spec,
    dates::PERIODS,
    spec::{Filter, WHEN},
    view::Link,
};
use crate::error::Result;

/// A filter with its values.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Values in addresses and in words, and whether each is chosen.
    pub options: Vec<(&'static str, String, bool)>,
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
        let mut label = (*label).to_owned();
        if counts {
            let number = source.count(&asked.with(filter.name, value)).await?;
            label = format!("{label} ({number})");
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
    let tag = |name: &str, label: String| Link {
        label,
        href: query.with(name, "").at(asked.spec.path),
    };
    let mut tags = Vec::new();
    if !query.get("q").is_empty() {
        tags.push(tag("q", format!("Search: {}", query.get("q"))));
    }
    for filter in filters_of(asked.spec) {
        let Some(value) = used(asked, &filter) else {
            continue;
        };
        let known = filter.options.iter().find(|(known, _)| *known == value);
        let words = known.map_or(value, |(_, words)| words);
        tags.push(tag(filter.name, format!("{}: {words}", filter.label)));
    }
    if !asked.spec.dates.is_empty() {
        let words = [("from", "from"), ("to", "until"), ("date", "in")];
        let words = words
            .into_iter()
            .filter(|(name, _)| !query.get(name).is_empty());
        let dates = asked.spec.dates;
        tags.extend(
            words.map(|(name, word)| tag(name, format!("{dates} {word} {}", query.get(name)))),
        );
    }
    tags
}
