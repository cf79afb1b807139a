//! What a browser asks for (RFC 9110, 12.5.4 `Accept-Language`).

use super::Language;

impl Language {
    /// The language with the highest weight in `header`, the first of equals; `None` when it
    /// names none of ours.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let language = parts.next().and_then(Self::from_tag);
            let weight = parts.next().map_or(Some(1000), weight).unwrap_or(0);
            let beats = best.map_or(0, |(weight, _)| weight);
            if let Some(language) = language.filter(|_| weight > beats) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// `q=0.8` in thousandths (RFC 9110, 12.4.2).
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_number = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "1" if thousandths == 0 => Some(1000),
        "0" if is_number => Some(thousandths),
        _ => None,
    }
    .filter(|_| name.eq_ignore_ascii_case("q"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X5.
    #[test]
    fn the_heaviest_of_our_languages_is_spoken() {
        use Language::{English, German};
        for (header, language) in [
            ("de", Some(German)),
            ("de-AT", Some(German)),
            ("DE-ch, en;q=0.9", Some(German)),
            ("en-GB, de;q=0.9", Some(English)),
            ("fr, de;q=0.7, en;q=0.3", Some(German)),
            ("en;q=0.3,de;q=0.301", Some(German)),
            ("de;q=0, en;q=0.1", Some(English)),
            ("fr, it;q=0.5", None),
            ("den, enough", None),
            ("*", None),
            ("", None),
            ("de;q=2", None),
            ("de;q=0.1234", None),
            ("de;level=1", None),
            (";;;,,,=", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
