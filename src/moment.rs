//! Times for people: with the zone said, and with the exact moment for machines beside it.
//!
//! Foundation: knows no feature.

use jiff::{Zoned, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    language::{Locale, Message},
};

/// A moment, and the zone it is told in: that of a poll, or that of the page.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Moment {
    at: Timestamp,
    zone: String,
}

impl Moment {
    /// `at` in the zone with this IANA name, or in UTC when there is none.
    #[must_use]
    pub fn new(at: Timestamp, zone: &str) -> Self {
        Self {
            at,
            zone: zone.to_owned(),
        }
    }

    /// For files, in English: `12 March 2026, 15:00 (Europe/Berlin, UTC+1)`.
    #[must_use]
    pub fn text(&self) -> String {
        Locale::default().t(self).plain()
    }

    /// For machines.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        self.at.rfc3339()
    }

    /// The same moment in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: &str) -> Self {
        Self::new(self.at, zone)
    }

    /// Whether the clocks show the same there.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        let clock = |moment: &Self| moment.zoned().map(|zoned| zoned.datetime());
        clock(self) == clock(other)
    }

    /// As it is written out; `None` outside the years that calendars cover.
    #[must_use]
    pub fn written(&self) -> Option<Message> {
        let zoned = self.zoned()?;
        let name = zoned.time_zone().iana_name().unwrap_or("UTC");
        let id = if name == "UTC" {
            "moment-utc"
        } else {
            "moment-zoned"
        };
        Some(
            Message::new(id)
                .with("day", zoned.strftime("%-d").to_string())
                .with("month", i64::from(zoned.month()))
                .with("year", zoned.strftime("%Y").to_string())
                .with("time", zoned.strftime("%H:%M").to_string())
                .with("zone", name)
                .with("offset", offset(&zoned)),
        )
    }

    fn zoned(&self) -> Option<Zoned> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        self.at.in_zone(zone)
    }
}

/// A day in UTC: when somebody was last here, where the time of day is nobody's business.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Day(Timestamp);

impl Day {
    /// The day of `at`.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        Self(at)
    }

    /// For machines: `2026-03-12`.
    #[must_use]
    pub fn iso(self) -> String {
        self.zoned()
            .map_or_else(String::new, |zoned| zoned.date().to_string())
    }

    /// As it is written out; outside the years that calendars cover nothing.
    #[must_use]
    pub fn written(self) -> Message {
        self.zoned().map_or_else(Message::default, |zoned| {
            Message::new("day-written")
                .with("day", zoned.strftime("%-d").to_string())
                .with("month", i64::from(zoned.month()))
                .with("year", zoned.strftime("%Y").to_string())
        })
    }

    fn zoned(self) -> Option<Zoned> {
        self.0.in_zone(TimeZone::UTC)
    }
}

/// `UTC+1`, `UTC−3:30`.
fn offset(zoned: &Zoned) -> String {
    let minutes = zoned.offset().seconds() / 60;
    let sign = if minutes < 0 { '\u{2212}' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    if minutes == 0 {
        format!("UTC{sign}{hours}")
    } else {
        format!("UTC{sign}{hours}:{minutes:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    const NOON: Timestamp = Timestamp::from_millis(1_773_316_800_000);

    #[test]
    fn a_moment_says_its_zone_and_its_offset() {
        let text = |zone| Moment::new(NOON, zone).text();
        assert_eq!(text("UTC"), "12 March 2026, 12:00 UTC");
        assert_eq!(
            text("Europe/Berlin"),
            "12 March 2026, 13:00 (Europe/Berlin, UTC+1)"
        );
        assert_eq!(
            text("America/St_Johns"),
            "12 March 2026, 09:30 (America/St_Johns, UTC\u{2212}2:30)"
        );
    }

    #[test]
    fn a_day_is_written_out_and_told_to_machines() {
        let day = Day::of(NOON);
        assert_eq!(day.iso(), "2026-03-12");
        let written = |language| {
            let reader = Locale {
                language,
                zone: None,
            };
            reader.t(day.written()).plain()
        };
        assert_eq!(written(Language::English), "12 March 2026");
        assert_eq!(written(Language::German), "12. März 2026");
    }

    #[test]
    fn an_unknown_zone_is_shown_in_utc() {
        let moment = Moment::new(NOON, "Europe/<script>");
        assert_eq!(
            Locale::default().t(moment).to_string(),
            r#"<time datetime="2026-03-12T12:00:00Z">12 March 2026, 12:00 UTC</time>"#
        );
    }

    /// X4.
    #[test]
    fn the_readers_own_time_stands_beside_another_and_is_written_their_way() {
        let reader = |language, zone| Locale {
            language,
            zone: Some(zone),
        };
        let berlin = Moment::new(NOON, "Europe/Berlin");
        for (locale, text) in [
            (
                reader(Language::German, "Europe/Vienna"),
                "12. März 2026, 13:00 Uhr (Europe/Berlin, UTC+1)",
            ),
            (
                reader(Language::German, "Asia/Tokyo"),
                "12. März 2026, 13:00 Uhr (Europe/Berlin, UTC+1), das ist 12. März 2026, 21:00 Uhr (Asia/Tokyo, UTC+9)",
            ),
            (
                reader(Language::English, "UTC"),
                "12 March 2026, 13:00 (Europe/Berlin, UTC+1), that is 12 March 2026, 12:00 UTC",
            ),
        ] {
            assert_eq!(locale.t(&berlin).plain(), text);
        }
    }
}
