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
