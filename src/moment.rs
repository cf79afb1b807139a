//! Times for people: with the zone said, and with the exact moment for machines beside it.
//!
//! Foundation: knows no feature.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{Zoned, tz::TimeZone};

use crate::clock::Timestamp;

/// A moment as HTML: `<time datetime="2026-03-12T14:00:00Z">12 March 2026, 14:00 UTC</time>`.
#[derive(Clone, Debug)]
pub struct Moment {
    at: Timestamp,
    zoned: Option<Zoned>,
}

impl Moment {
    /// `at` in the zone with this IANA name, or in UTC when there is none.
    #[must_use]
    pub fn new(at: Timestamp, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Self {
            at,
            zoned: at.in_zone(zone),
        }
    }

    /// The words alone: `12 March 2026, 15:00 (Europe/Berlin, UTC+1)`.
    #[must_use]
    pub fn text(&self) -> String {
        let Some(zoned) = &self.zoned else {
            return self.at.rfc3339();
        };
        let date = zoned.strftime("%-d %B %Y, %H:%M");
        match zoned.time_zone().iana_name() {
            Some(name) if name != "UTC" => format!("{date} ({name}, {})", offset(zoned)),
            _ => format!("{date} UTC"),
        }
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

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (machine, people) = (self.at.rfc3339(), self.text());
        write!(f, r#"<time datetime="{machine}">{people}</time>"#)
    }
}

/// Digits, English months and the names of zones need no escaping.
impl HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

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
            moment.to_string(),
            r#"<time datetime="2026-03-12T12:00:00Z">12 March 2026, 12:00 UTC</time>"#
        );
    }
}
