//! A list as its page shows it, apart from the rows: headings, filters, tags, dates, pages.

use std::future::Future;

use super::{
    Asked, Part, Query, Spec,
    heads::{Head, heads},
    narrowing::{Choices, choices, filters_of, is_narrowed, tags},
    pages::{LONGEST_WHOLE, SIZES},
    way_down::{Dates, way_down},
};
use crate::{error::Result, language::Message, statement::Range};

/// The longest list whose numbers for each filter are counted.
const LONGEST_COUNTED: i64 = 10_000;

/// Where the rows of a list come from.
pub trait Source: Sync {
    /// How many there are.
    fn count(&self, asked: &Asked) -> impl Future<Output = Result<i64>> + Send;

    /// The places of those of `periods` in which there are any. Of a list without dates: none.
    fn filled(
        &self,
        _asked: &Asked,
        _periods: &[Range],
    ) -> impl Future<Output = Result<Vec<i64>>> + Send {
        async { Ok(Vec::new()) }
    }
}

/// A list as its page shows it.
#[derive(Clone, Debug)]
pub struct View {
    /// The list.
    pub spec: &'static Spec,
    /// Where it is.
    pub path: String,
    /// The query that was asked.
    pub query: Query,
    /// The part that is shown.
    pub part: Part,
    /// Rows in all, whatever the filter.
    pub all: i64,
    /// The headings.
    pub heads: Vec<Head>,
    /// What the list can be narrowed by.
    pub filters: Vec<Choices>,
    /// What it is narrowed by, each with the address of the list without it.
    pub tags: Vec<Link>,
    /// The way down the dates.
    pub dates: Dates,
}

/// Text that leads somewhere.
#[derive(Clone, Debug)]
pub struct Link {
    /// The text.
    pub label: Message,
    /// Where it leads.
    pub href: String,
}

impl View {
    /// Looks up everything but the rows.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn of(source: &impl Source, asked: &Asked) -> Result<Self> {
        let (spec, query) = (asked.spec, asked.query.clone());
        let all = source.count(&asked.everything()).await?;
        let total = if is_narrowed(asked) {
            source.count(asked).await?
        } else {
            all
        };
        let counts = query.get("facets") == "1" && all <= LONGEST_COUNTED;
        let mut filters = Vec::new();
        for filter in filters_of(spec)
            .iter()
            .filter(|filter| !filter.options.is_empty())
        {
            filters.push(choices(source, asked, filter, counts).await?);
        }
        Ok(Self {
            spec,
            part: Part::sized(total, query.page(), query.get("size")),
            all,
            heads: heads(asked),
            filters,
            tags: tags(asked),
            dates: way_down(source, asked).await?,
            path: asked.path.clone(),
            query,
        })
    }

    /// Whether anything narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.tags.iter().any(|tag| !tag.href.is_empty())
    }

    /// The address of this list with one thing set; an empty value takes it away.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        self.query.with(name, value).at(&self.path)
    }

    /// The list without any filter.
    #[must_use]
    pub fn cleared(&self) -> String {
        self.query.carried().carried_to(&self.path)
    }

    /// What the form with the filters has to carry along, because it does not show it.
    #[must_use]
    pub fn carried(&self) -> Vec<(&str, &str)> {
        let free = self
            .spec
            .filters
            .iter()
            .filter(|filter| filter.options.is_empty());
        let names: Vec<_> = free
            .map(|filter| filter.name)
            .chain(["sort", "size", "facets", "date", "list"])
            .collect();
        let others = self.query.others(&[]);
        others.filter(|(name, _)| names.contains(name)).collect()
    }

    /// Where the numbers of pages go at the end.
    #[must_use]
    pub fn pages(&self) -> String {
        self.query.pages_at(&self.path)
    }

    /// The sizes of a page on offer, each with the address; the one in use without.
    #[must_use]
    pub fn sizes(&self) -> Vec<Link> {
        let link = |label: Message, size: &str, is_used: bool| Link {
            href: if is_used {
                String::new()
            } else {
                self.with("size", size)
            },
            label,
        };
        let size = |size: i64| {
            let is_used = size == self.part.size;
            link(Message::of(size), &size.to_string(), is_used)
        };
        let mut sizes: Vec<_> = SIZES.into_iter().map(size).collect();
        if self.part.total <= LONGEST_WHOLE {
            let is_used = self.part.size == LONGEST_WHOLE;
            sizes.push(link(Message::new("all-rows"), "all", is_used));
        }
        sizes
    }

    /// Whether there is a choice of sizes to make.
    #[must_use]
    pub fn has_sizes(&self) -> bool {
        SIZES.first().is_some_and(|least| self.part.total > *least)
    }

    /// Turns the numbers beside the filters on or off; empty when the list is too long for them.
    #[must_use]
    pub fn facets(&self) -> Link {
        let is_on = self.query.get("facets") == "1";
        let (label, value) = if is_on {
            ("hide-counts", "")
        } else {
            ("show-counts", "1")
        };
        let is_possible = self.all <= LONGEST_COUNTED && !self.filters.is_empty();
        Link {
            label: Message::new(label),
            href: if is_possible {
                self.with("facets", value)
            } else {
                String::new()
            },
        }
    }

    /// What is found: `4 polls`.
    #[must_use]
    pub fn found(&self) -> Message {
        Message::new(self.spec.things).with("count", self.part.total)
    }

    /// What is found of how many: `4 of 10 polls`.
    #[must_use]
    pub fn numbers(&self) -> Message {
        if self.part.total == self.all {
            return self.found();
        }
        Message::new("part-of").with("part", self.part.total).with(
            "all",
            Message::new(self.spec.things).with("count", self.all),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{dates::Span, spec::tests::asked},
        *,
    };
    use crate::language::Locale;

    fn said(message: &Message) -> String {
        Locale::default().t(message).plain()
    }

    /// Ten rows in all, four of anything else, and some in March 2026.
    struct Rows;

    impl Source for Rows {
        async fn count(&self, asked: &Asked) -> Result<i64> {
            Ok(if is_narrowed(asked) { 4 } else { 10 })
        }

        async fn filled(&self, _: &Asked, periods: &[Range]) -> Result<Vec<i64>> {
            let march = Span::read("2026-03-05")
                .unwrap()
                .range(&jiff::tz::TimeZone::UTC);
            let holds = |range: &Range| range.from <= march.from && march.before <= range.before;
            let filled = periods.iter().enumerate().filter(|(_, range)| holds(range));
            Ok(filled
                .map(|(place, _)| i64::try_from(place).unwrap())
                .collect())
        }
    }

    async fn view(query: &str) -> View {
        View::of(&Rows, &asked(query)).await.unwrap()
    }

    /// A6.
    #[tokio::test]
    async fn what_narrows_a_list_is_a_tag_that_takes_it_away_and_leaves_the_rest() {
        let view = view("q=day&state=open&sort=name&page=7&from=2026-03-01&state=open").await;
        let tags: Vec<_> = view
            .tags
            .iter()
            .map(|tag| format!("{} {}", said(&tag.label), tag.href))
            .collect();
        assert_eq!(
            tags,
            [
                "Search: day /x/?from=2026-03-01&sort=name&state=open",
                "State: Open /x/?from=2026-03-01&q=day&sort=name",
                "Published from 2026-03-01 /x/?q=day&sort=name&state=open",
            ]
        );
        assert_eq!((view.part.total, view.all), (4, 10));
    }

    /// A4.
    #[tokio::test]
    async fn a_heading_sorts_by_its_column_first_and_turns_round_when_pressed_again() {
        for (query, name, votes, said) in [
            ("", "/x/?sort=name", "/x/?sort=votes", ["", "", ""]),
            (
                "sort=name",
                "/x/?sort=-name",
                "/x/?sort=votes%2Cname",
                ["ascending", "", ""],
            ),
            (
                "sort=-votes,name",
                "/x/?sort=name%2C-votes",
                "/x/?sort=votes%2Cname",
                ["", "", "descending"],
            ),
        ] {
            let heads = view(query).await.heads;
            let hrefs: Vec<_> = heads.iter().map(|head| head.href.as_str()).collect();
            assert_eq!(hrefs, [name, "", votes], "{query}");
            assert_eq!(
                heads.iter().map(|head| head.aria_sort).collect::<Vec<_>>(),
                said
            );
        }
    }

    /// A8.
    #[tokio::test]
    async fn numbers_beside_the_filters_are_counted_on_request() {
        let words = |view: &View| {
            view.filters[0]
                .options
                .iter()
                .map(|(_, words, _)| said(words))
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&view("").await), ["Open", "Closed"]);
        let counted = view("facets=1").await;
        assert_eq!(words(&counted), ["Open (4)", "Closed (4)"]);
        assert_eq!(counted.facets().href, "/x/");
    }

    /// A9.
    #[tokio::test]
    async fn the_dates_lead_down_to_where_there_is_something_and_up_again() {
        let links = |links: &[Link]| {
            links
                .iter()
                .map(|link| format!("{} {}", said(&link.label), link.href))
                .collect::<Vec<_>>()
        };
        let top = view("state=open").await.dates;
        assert_eq!(links(&top.below), ["2026 /x/?date=2026&state=open"]);
        let month = view("date=2026-03").await.dates;
        assert_eq!(links(&month.trail), ["All dates /x/", "2026 /x/?date=2026"]);
        assert_eq!(said(&month.here), "March");
        assert_eq!(links(&month.below), ["5 /x/?date=2026-03-05"]);
    }

    #[tokio::test]
    async fn the_form_carries_along_what_it_does_not_show() {
        let view = view("q=x&state=open&sort=name&reason=why&date=2026&unknown=x").await;
        assert_eq!(
            view.carried(),
            [("date", "2026"), ("reason", "why"), ("sort", "name")]
        );
    }
}
