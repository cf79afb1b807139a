//! The dates that a list is narrowed to, in the zone of whoever looks: a range of days, a period
//! up to today, and the way down from a year to a month to a day.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};

use super::Query;
use crate::{clock::Timestamp, language::Message, statement::Range};

/// Periods up to today: the word in addresses, and the id of what people read.
pub(super) const PERIODS: &[(&str, &str)] = &[
    ("today", "period-today"),
    ("week", "period-week"),
    ("month", "period-month"),
    ("year", "period-year"),
];

/// Years that the way down begins with.
const YEARS: std::ops::Range<i16> = 2000..2100;

/// A year, a month or a day: `2026`, `2026-03`, `2026-03-09`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Span {
    first: Date,
    length: Length,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Length {
    Year,
    Month,
    Day,
}

impl Span {
    /// Reads one as addresses write it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (length, rest) = match text.len() {
            4 => (Length::Year, "-01-01"),
            7 => (Length::Month, "-01"),
            10 => (Length::Day, ""),
            _ => return None,
        };
        let first: Date = format!("{text}{rest}").parse().ok()?;
        YEARS
            .contains(&first.year())
            .then_some(Self { first, length })
    }

    /// As addresses write it.
    #[must_use]
    pub fn write(self) -> String {
        let format = match self.length {
            Length::Year => "%Y",
            Length::Month => "%Y-%m",
            Length::Day => "%Y-%m-%d",
        };
        self.first.strftime(format).to_string()
    }

    /// As people read it below the period that holds it.
    #[must_use]
    pub fn label(self) -> Message {
        match self.length {
            Length::Year => Message::verbatim(self.write()),
            Length::Month => Message::new("month").with("month", i64::from(self.first.month())),
            Length::Day => Message::of(i64::from(self.first.day())),
        }
    }

    /// The periods that hold it, the longest first, and itself.
    #[must_use]
    pub fn trail(self) -> Vec<Self> {
        let with = |length| Self { length, ..self }.floored();
        match self.length {
            Length::Year => vec![self],
            Length::Month => vec![with(Length::Year), self],
            Length::Day => vec![with(Length::Year), with(Length::Month), self],
        }
    }

    fn floored(self) -> Self {
        let (year, month) = (self.first.year(), self.first.month());
        let first = match self.length {
            Length::Year => Date::new(year, 1, 1),
            Length::Month => Date::new(year, month, 1),
            Length::Day => Ok(self.first),
        };
        Self {
            first: first.unwrap_or(self.first),
            ..self
        }
    }

    /// The periods one step down: months of a year, days of a month; years of nothing.
    #[must_use]
    pub fn below(span: Option<Self>) -> Vec<Self> {
        let Some(span) = span else {
            let first = |year| Date::new(year, 1, 1).ok();
            let year = |first| Self {
                first,
                length: Length::Year,
            };
            return YEARS.filter_map(first).map(year).collect();
        };
        let (length, step) = match span.length {
            Length::Year => (Length::Month, 1.month()),
            Length::Month => (Length::Day, 1.day()),
            Length::Day => return Vec::new(),
        };
        let all = span.first.series(step);
        let inside = all.take_while(|date| *date < span.after());
        inside.map(|first| Self { first, length }).collect()
    }

    /// The first day after it.
    fn after(self) -> Date {
        let length = match self.length {
            Length::Year => 1.year(),
            Length::Month => 1.month(),
            Length::Day => 1.day(),
        };
        self.first.saturating_add(length)
    }

    /// Its moments.
    #[must_use]
    pub fn range(self, zone: &TimeZone) -> Range {
        days(Some(self.first), Some(self.after()), zone)
    }
}

/// From the beginning of one day to the beginning of another.
fn days(from: Option<Date>, before: Option<Date>, zone: &TimeZone) -> Range {
    let begins = |date: Date| {
        Some(Timestamp::from(
            date.to_zoned(zone.clone()).ok()?.timestamp(),
        ))
    };
    Range {
        from: from.and_then(begins),
        before: before.and_then(begins),
    }
}

/// What a query narrows the dates to: `from` and `to`, both inclusive, `when` and `date`.
#[must_use]
pub fn read(query: &Query, zone: &TimeZone, now: Timestamp) -> Range {
    let day = |name| query.get(name).parse::<Date>().ok();
    let before = day("to").map(|to| to.saturating_add(1.day()));
    let typed = days(day("from"), before, zone);
    let span = Span::read(query.get("date")).map(|span| span.range(zone));
    let period = period(query.get("when"), zone, now);
    typed.and(span.unwrap_or_default()).and(period)
}

fn period(word: &str, zone: &TimeZone, now: Timestamp) -> Range {
    let Some(today) = now.in_zone(zone.clone()).map(|now| now.date()) else {
        return Range::default();
    };
    let from = match word {
        "today" => today,
        "week" => today.saturating_sub(6.days()),
        "month" => today.first_of_month(),
        "year" => today.first_of_year(),
        _ => return Range::default(),
    };
    let before = if word == "month" {
        today.last_of_month()
    } else if word == "year" {
        today.last_of_year()
    } else {
        today
    };
    days(Some(from), Some(before.saturating_add(1.day())), zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;

    #[expect(
        clippy::unnecessary_wraps,
        reason = "it is compared with an end of a range, which may be open"
    )]
    fn utc(text: &str) -> Option<Timestamp> {
        Some(text.parse::<jiff::Timestamp>().unwrap().into())
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn read_in_berlin(query: &str) -> Range {
        let now = utc("2026-03-15T23:30Z").unwrap();
        read(&Query::parse(query), &berlin(), now)
    }

    /// A7, A9.
    #[test]
    fn a_range_holds_its_first_and_last_day_in_the_zone_of_the_viewer() {
        for (query, from, before) in [
            (
                "from=2026-03-01&to=2026-03-29",
                "2026-02-28T23:00Z",
                "2026-03-29T22:00Z",
            ),
            ("date=2026", "2025-12-31T23:00Z", "2026-12-31T23:00Z"),
            ("date=2026-03", "2026-02-28T23:00Z", "2026-03-31T22:00Z"),
            ("date=2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
            ("when=today", "2026-03-15T23:00Z", "2026-03-16T23:00Z"),
            ("when=week", "2026-03-09T23:00Z", "2026-03-16T23:00Z"),
            ("when=month", "2026-02-28T23:00Z", "2026-03-31T22:00Z"),
            (
                "when=year&from=2026-02-01",
                "2026-01-31T23:00Z",
                "2026-12-31T23:00Z",
            ),
        ] {
            let range = read_in_berlin(query);
            assert_eq!(
                (range.from, range.before),
                (utc(from), utc(before)),
                "{query}"
            );
        }
    }

    #[test]
    fn what_is_no_date_narrows_nothing() {
        for query in [
            "from=soon",
            "to=2026-02-30",
            "date=26",
            "date=1066",
            "date=2026-13",
            "when=x",
        ] {
            assert_eq!(read_in_berlin(query), Range::default(), "{query}");
        }
    }

    /// A9.
    #[test]
    fn the_way_down_goes_from_years_to_months_to_days() {
        let span = |text| Span::read(text);
        let said = |span: Span| Locale::default().t(span.label()).plain();
        assert_eq!(Span::below(None).len(), 100);
        assert_eq!(Span::below(span("2026")).len(), 12);
        assert_eq!(Span::below(span("2026-02")).len(), 28);
        assert_eq!(Span::below(span("2026-02-01")), []);
        let trail = span("2026-02-03").unwrap().trail();
        let written: Vec<_> = trail.iter().map(|span| span.write()).collect();
        assert_eq!(written, ["2026", "2026-02", "2026-02-03"]);
        let labels: Vec<_> = trail.into_iter().map(said).collect();
        assert_eq!(labels, ["2026", "February", "3"]);
    }
}
