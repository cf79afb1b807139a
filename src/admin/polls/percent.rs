//! A share as a person writes it, in percent with at most two digits after the point or comma,
//! and as it is stored, in hundredths of a percent.

/// What `typed` means; `None` when it is no share of a whole.
pub(super) fn read(typed: &str) -> Option<i64> {
    let typed = typed.trim_end_matches('%').trim_end().replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let hundredths = format!("{whole}{part:0<2}").parse().ok()?;
    (hundredths <= 10_000).then_some(hundredths)
}

/// As a person would write it.
pub(super) fn write(hundredths: i64) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_people_write_it() {
        for (typed, hundredths) in [
            ("50", 5000),
            ("33.3", 3330),
            ("33,33", 3333),
            ("0", 0),
            ("100 %", 10_000),
            ("66.67%", 6667),
        ] {
            assert_eq!(read(typed), Some(hundredths), "{typed}");
            assert_eq!(read(&write(hundredths)), Some(hundredths), "{typed}");
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for typed in [
            "",
            "-1",
            "100.01",
            "12.345",
            "half",
            "1.2.3",
            ".5",
            "1e1",
            "9999999999999999999",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_share_is_written_without_needless_digits() {
        assert_eq!(
            [5000, 3330, 3333, 0].map(write),
            ["50", "33.3", "33.33", "0"]
        );
    }
}
