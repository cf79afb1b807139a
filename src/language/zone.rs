//! The time zones that a person can choose.

use std::{collections::BTreeSet, sync::LazyLock};

/// The IANA name of a time zone.
pub type Zone = &'static str;

/// Where names of places begin; the others are abbreviations and leftovers.
const AREAS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

static ZONES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned());
    let is_place = |name: &String| AREAS.iter().any(|area| name.starts_with(area));
    names.filter(is_place).chain(["UTC".to_owned()]).collect()
});

/// Every zone there is to choose.
pub fn zones() -> impl Iterator<Item = Zone> {
    ZONES.iter().map(String::as_str)
}

/// The zone of this name.
pub(super) fn zone(name: &str) -> Option<Zone> {
    ZONES.get(name).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_can_be_chosen_and_nothing_else() {
        assert_eq!(zone("Europe/Berlin"), Some("Europe/Berlin"));
        assert_eq!(zone("UTC"), Some("UTC"));
        for name in [
            "",
            "CET",
            "Mars/Olympus",
            "europe/berlin",
            "posix/Europe/Berlin",
        ] {
            assert_eq!(zone(name), None, "{name}");
        }
    }
}
