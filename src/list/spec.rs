//! What a list can show, be narrowed to and sorted by, and what of that an address asks for.

use jiff::tz::TimeZone;

use super::{Query, dates};
use crate::{
    clock::Timestamp,
    search::Words,
    statement::{Order, Range},
};

/// A list: one constant for each.
#[derive(Debug)]
pub struct Spec {
    /// Where it is; a list of one thing's parts is at [`Asked::at`].
    pub path: &'static str,
    /// So many of its things: the id of a message with `$count`.
    pub things: &'static str,
    /// That none of them is found: the id of a message.
    pub none_found: &'static str,
    /// The label of its search box: the id of a message.
    pub search: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// What it can be narrowed to.
    pub filters: &'static [Filter],
    /// What its dates tell, "Published" for instance: the id of a message; empty: it has none.
    pub dates: &'static str,
    /// The order when none was asked for, as `sort` writes it; it may name what is no column.
    pub order: &'static str,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its heading: the id of a message.
    pub label: &'static str,
    /// Its name for sorting; empty: it cannot be sorted by.
    pub sort: &'static str,
    /// Whether it holds numbers.
    pub is_number: bool,
}

impl Column {
    /// A column that the list cannot be sorted by.
    #[must_use]
    pub const fn plain(label: &'static str) -> Self {
        Self::sorted(label, "")
    }

    /// A column that the list can be sorted by.
    #[must_use]
    pub const fn sorted(label: &'static str, sort: &'static str) -> Self {
        Self {
            label,
            sort,
            is_number: false,
        }
    }

    /// The same with numbers in it.
    #[must_use]
    pub const fn of_numbers(self) -> Self {
        Self {
            is_number: true,
            ..self
        }
    }
}

/// Something that a list can be narrowed by.
#[derive(Debug)]
pub struct Filter {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called: the id of a message.
    pub label: &'static str,
    /// Its values, in addresses and as ids of messages. Without any it takes every value, which some link
    /// brings along.
    pub options: &'static [(&'static str, &'static str)],
}

/// The periods that every list with dates can be narrowed to.
pub(super) const WHEN: &str = "when";

/// What an address asks of a list.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The list.
    pub spec: &'static Spec,
    /// Where it is.
    pub path: String,
    /// The query as it came.
    pub query: Query,
    /// What is searched for.
    pub words: Words,
    /// In what order.
    pub order: Order,
    /// Which dates.
    pub range: Range,
    zone: TimeZone,
    now: Timestamp,
}

impl Asked {
    /// Reads a query; days are those of `zone`. What the list does not know changes nothing.
    #[must_use]
    pub fn read(spec: &'static Spec, query: Query, zone: &str, now: Timestamp) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Self::read_in(spec, query, zone, now)
    }

    fn read_in(spec: &'static Spec, query: Query, zone: TimeZone, now: Timestamp) -> Self {
        let range = if spec.dates.is_empty() {
            Range::default()
        } else {
            dates::read(&query, &zone, now)
        };
        Self {
            words: Words::parse(query.get("q")),
            order: order(spec, query.get("sort")),
            range,
            path: spec.path.to_owned(),
            spec,
            query,
            zone,
            now,
        }
    }

    /// The same at an address with a number in it.
    #[must_use]
    pub fn at(self, path: String) -> Self {
        Self { path, ..self }
    }

    /// The same list with one thing set.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        self.of(self.query.with(name, value))
    }

    /// The whole list.
    #[must_use]
    pub fn everything(&self) -> Self {
        self.of(Query::default())
    }

    fn of(&self, query: Query) -> Self {
        Self::read_in(self.spec, query, self.zone.clone(), self.now).at(self.path.clone())
    }

    /// The value of a filter, if it is one that the filter knows.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let filter = self
            .spec
            .filters
            .iter()
            .find(|filter| filter.name == name)?;
        let value = Some(self.query.get(name)).filter(|value| !value.is_empty())?;
        let knows = |value| filter.options.iter().any(|(known, _)| *known == value);
        (filter.options.is_empty() || knows(value)).then_some(value)
    }

    /// The zone of its days.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When it was asked.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

/// Reads `closes,-votes`: columns of the list, each once. The order of the list when none of them
/// is one.
fn order(spec: &Spec, text: &str) -> Order {
    let mut order: Vec<(&'static str, bool)> = Vec::new();
    for word in text.split(',') {
        let (name, falls) = direction(word);
        let known = spec.columns.iter().map(|column| column.sort);
        let known = known
            .filter(|sort| !sort.is_empty())
            .find(|sort| *sort == name);
        if let Some(name) = known
            && order.iter().all(|(taken, _)| *taken != name)
        {
            order.push((name, falls));
        }
    }
    if order.is_empty() {
        order.extend(spec.order.split(',').map(direction));
    }
    Order(order)
}

fn direction(word: &str) -> (&str, bool) {
    let falling = word.strip_prefix('-');
    falling.map_or((word, false), |name| (name, true))
}

/// As `sort` writes it.
pub(super) fn write_order(order: &[(&'static str, bool)]) -> String {
    let words = order
        .iter()
        .map(|(name, falls)| format!("{}{name}", if *falls { "-" } else { "" }));
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::list) static LIST: Spec = Spec {
        path: "/x/",
        things: "count-polls",
        none_found: "no-poll-found",
        search: "search-polls",
        columns: &[
            Column::sorted("column-name", "name"),
            Column::plain("state"),
            Column::sorted("column-votes", "votes").of_numbers(),
        ],
        filters: &[
            Filter {
                name: "state",
                label: "state",
                options: &[("open", "state-open"), ("closed", "state-closed")],
            },
            Filter {
                name: "reason",
                label: "reason",
                options: &[],
            },
        ],
        dates: "published",
        order: "-created",
    };

    pub(in crate::list) fn asked(query: &str) -> Asked {
        let now = Timestamp::from_millis(1_773_316_800_000);
        Asked::read(&LIST, Query::parse(query), "UTC", now)
    }

    /// A4.
    #[test]
    fn columns_that_are_not_there_are_ignored_and_each_counts_once() {
        for (sort, order) in [
            ("votes", vec![("votes", false)]),
            ("-votes,name,votes", vec![("votes", true), ("name", false)]),
            ("id;drop,State,,-", vec![("created", true)]),
            ("", vec![("created", true)]),
        ] {
            assert_eq!(asked(&format!("sort={sort}")).order, Order(order), "{sort}");
        }
    }

    /// A6.
    #[test]
    fn a_filter_takes_the_values_that_it_knows() {
        let asked = asked("state=nonsense&reason=any&other=x");
        assert_eq!(asked.value("state"), None);
        assert_eq!(asked.value("reason"), Some("any"));
        assert_eq!(asked.value("other"), None);
        assert_eq!(asked.with("state", "open").value("state"), Some("open"));
        assert_eq!(asked.everything().value("reason"), None);
    }
}
