//! Times as people type them (`<input type="datetime-local">`, a date and a time of day in the
//! poll's zone) and as they are stored (UTC).

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use crate::clock::Timestamp;

/// What was typed, held against a zone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LocalTime {
    /// Nothing was typed.
    Empty,
    /// A moment.
    At(Timestamp),
    /// The clocks go back over it, so it comes twice; the first time it comes.
    Twice(Timestamp),
    /// The clocks go forward over it: it never comes.
    Never,
    /// Not a date and a time.
    Unreadable,
}

impl LocalTime {
    /// Reads `2026-03-02T09:00` in `zone`. Text that is how `known` is written means `known`,
    /// to the millisecond, so that a form sent back as it was changes nothing.
    #[must_use]
    pub fn read(text: &str, zone: &TimeZone, known: Option<Timestamp>) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        if let Some(known) = known.filter(|known| write(*known, zone) == text) {
            return Self::At(known);
        }
        // The parser would drop an offset, and with it hours.
        let Some(civil) = text.parse::<DateTime>().ok().filter(|_| is_plain(text)) else {
            return Self::Unreadable;
        };
        let moment = zone.to_ambiguous_timestamp(civil);
        let twice = match moment.offset() {
            AmbiguousOffset::Gap { .. } => return Self::Never,
            AmbiguousOffset::Fold { .. } => true,
            AmbiguousOffset::Unambiguous { .. } => false,
        };
        match moment.earlier() {
            Ok(first) if twice => Self::Twice(first.into()),
            Ok(only) => Self::At(only.into()),
            Err(_) => Self::Unreadable,
        }
    }

    /// The moment, if it is one.
    #[must_use]
    pub const fn moment(self) -> Option<Timestamp> {
        match self {
            Self::At(moment) | Self::Twice(moment) => Some(moment),
            Self::Empty | Self::Never | Self::Unreadable => None,
        }
    }
}

/// `YYYY-MM-DDTHH:MM`, perhaps with seconds, and nothing else.
fn is_plain(text: &str) -> bool {
    matches!(text.len(), 16 | 19) && text.find('-') == Some(4) && text.find('T') == Some(10)
}

/// A moment as `datetime-local` wants it, to the minute.
#[must_use]
pub fn write(moment: Timestamp, zone: &TimeZone) -> String {
    moment
        .in_zone(zone.clone())
        .map_or_else(String::new, |local| {
            local.strftime("%Y-%m-%dT%H:%M").to_string()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn utc(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn a_time_means_what_the_clock_on_the_wall_says() {
        for (typed, meant) in [
            ("2026-01-15T18:00", "2026-01-15T17:00Z"),
            ("2026-07-15T18:00", "2026-07-15T16:00Z"),
        ] {
            let read = LocalTime::read(typed, &berlin(), None);
            assert_eq!(read, LocalTime::At(utc(meant)));
            assert_eq!(write(utc(meant), &berlin()), typed);
        }
    }

    #[test]
    fn what_is_more_than_a_date_and_a_time_is_not_read() {
        for typed in [
            "2030-01-01T10:00+09:00",
            "2030-01-01T10:00Z",
            "-000001-01-01T10:00",
            "soon",
        ] {
            assert_eq!(
                LocalTime::read(typed, &berlin(), None),
                LocalTime::Unreadable,
                "{typed}"
            );
        }
    }

    #[test]
    fn a_time_that_the_clocks_jump_over_never_comes() {
        let never = LocalTime::read("2026-03-29T02:30", &berlin(), None);
        assert_eq!(never, LocalTime::Never);
    }

    #[test]
    fn a_time_that_comes_twice_means_the_first_time() {
        let twice = LocalTime::read("2026-10-25T02:30", &berlin(), None);
        assert_eq!(twice, LocalTime::Twice(utc("2026-10-25T00:30Z")));
    }

    #[test]
    fn a_time_sent_back_as_it_was_is_unchanged_to_the_millisecond() {
        for known in ["2026-03-02T09:00:12.345Z", "2026-10-25T01:30Z"] {
            let known = utc(known);
            let typed = write(known, &berlin());
            let read = LocalTime::read(&typed, &berlin(), Some(known));
            assert_eq!(read, LocalTime::At(known));
        }
    }

    #[test]
    fn what_is_no_time_is_said_to_be_none() {
        assert_eq!(LocalTime::read("", &berlin(), None), LocalTime::Empty);
        for text in ["tomorrow", "2026-02-30T10:00", "99999-01-01T00:00", "-"] {
            let read = LocalTime::read(text, &berlin(), None);
            assert_eq!(read, LocalTime::Unreadable, "{text}");
        }
    }
}
