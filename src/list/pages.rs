//! Which part of a list a page shows.

use crate::statement::Window;

/// Rows on one page, as they can be chosen.
pub const SIZES: [i64; 3] = [25, 50, 100];

/// Rows on one page when nothing was chosen.
pub const PER_PAGE: i64 = 50;

/// The longest list that is shown whole on request.
pub const LONGEST_WHOLE: i64 = 200;

/// Which part of a list a page shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    /// The number of the page, from 1.
    pub page: i64,
    /// The number of the last page.
    pub last: i64,
    /// Rows in the whole list.
    pub total: i64,
    /// Rows on one page.
    pub size: i64,
}

impl Part {
    /// The page asked for, in pages of the usual size; beyond the end it is the last one.
    #[must_use]
    pub fn of(total: i64, page: i64) -> Self {
        Self::sized(total, page, "")
    }

    /// The page asked for, in pages of the size asked for (`25`, `all`); beyond the end it is the
    /// last one. Another size, and all of a list that is too long for it, is the usual size.
    #[must_use]
    pub fn sized(total: i64, page: i64, size: &str) -> Self {
        let size = match size {
            "all" if total <= LONGEST_WHOLE => LONGEST_WHOLE,
            size => size
                .parse()
                .ok()
                .filter(|size| SIZES.contains(size))
                .unwrap_or(PER_PAGE),
        };
        let last = (total.saturating_add(size - 1) / size).max(1);
        Self {
            page: page.clamp(1, last),
            last,
            total,
            size,
        }
    }

    /// Rows before this page.
    #[must_use]
    pub const fn offset(&self) -> i64 {
        (self.page - 1) * self.size
    }

    /// The rows of this page.
    #[must_use]
    pub const fn window(&self) -> Window {
        Window {
            offset: self.offset(),
            limit: self.size,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A10.
    #[test]
    fn a_page_beyond_the_end_is_the_last_page() {
        for (total, asked, page, last) in [
            (0, 1, 1, 1),
            (0, 9, 1, 1),
            (50, 2, 1, 1),
            (51, 2, 2, 2),
            (200, i64::MAX, 4, 4),
        ] {
            let part = Part::of(total, asked);
            assert_eq!((part.page, part.last), (page, last), "{total}, {asked}");
        }
    }

    /// A10.
    #[test]
    fn a_size_that_is_not_offered_is_the_usual_one() {
        for (total, size, taken) in [
            (60, "25", 25),
            (60, "100", 100),
            (60, "", 50),
            (60, "7", 50),
            (60, "-25", 50),
            (200, "all", 200),
            (201, "all", 50),
        ] {
            assert_eq!(Part::sized(total, 1, size).size, taken, "{size} of {total}");
        }
    }

    proptest! {
        #[test]
        fn every_row_is_on_exactly_one_page(total in 0_i64..5000, size in 0_usize..3) {
            let size = SIZES[size].to_string();
            let last = Part::sized(total, 1, &size).last;
            let rows: i64 = (1..=last)
                .map(|page| Part::sized(total, page, &size).window())
                .map(|window| (total - window.offset).clamp(0, window.limit))
                .sum();
            prop_assert_eq!(rows, total);
        }
    }
}
