//! Something done to several rows at once: which ones are meant, and what is said before and
//! after.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The most rows that one action takes: they share a transaction, and others wait meanwhile.
pub const MOST: i64 = 1000;

/// The form above a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct BulkForm {
    /// What to do.
    #[serde(default)]
    pub action: String,
    /// To which rows.
    #[serde(default)]
    pub which: Which,
    /// The rows that were ticked.
    #[serde(default)]
    pub id: Vec<i64>,
    /// The rows on the page.
    #[serde(default)]
    pub row: Vec<i64>,
    /// Why, for what people are owed a reason for.
    #[serde(default)]
    pub reason: String,
    /// On the page that asks: the rows that it told of, separated by commas.
    #[serde(default)]
    pub confirmed: String,
}

/// Which rows an action is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// Those that were ticked.
    #[default]
    Ticked,
    /// All on the page.
    Page,
    /// All that the filter finds.
    All,
}

impl BulkForm {
    /// The rows that the page has shown, each once; none for [`Which::All`], which the list knows.
    #[must_use]
    pub fn shown(&self) -> BTreeSet<i64> {
        let rows = match self.which {
            Which::Ticked => &self.id,
            Which::Page => &self.row,
            Which::All => return BTreeSet::new(),
        };
        rows.iter()
            .copied()
            .take(usize::try_from(MOST).unwrap_or_default())
            .collect()
    }

    /// The rows that somebody was asked about and has confirmed; none before that.
    #[must_use]
    pub fn confirmed(&self) -> Option<BTreeSet<i64>> {
        if self.confirmed.is_empty() {
            return None;
        }
        let keys = self.confirmed.split(',').filter_map(|key| key.parse().ok());
        Some(
            keys.take(usize::try_from(MOST).unwrap_or_default())
                .collect(),
        )
    }
}

/// The keys as [`BulkForm::confirmed`] reads them.
#[must_use]
pub fn write(keys: &BTreeSet<i64>) -> String {
    let keys = keys.iter().map(i64::to_string);
    keys.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A12.
    #[test]
    fn the_rows_that_are_meant_count_once_each() {
        let mut form = BulkForm {
            id: vec![3, 1, 3],
            row: vec![1, 2, 3],
            ..BulkForm::default()
        };
        assert_eq!(form.shown(), BTreeSet::from([1, 3]));
        form.which = Which::Page;
        assert_eq!(form.shown().len(), 3);
        form.which = Which::All;
        assert!(form.shown().is_empty());
    }

    #[test]
    fn what_was_confirmed_is_read_as_it_was_written() {
        let keys = BTreeSet::from([1, 2, 30]);
        let mut form = BulkForm::default();
        assert_eq!(form.confirmed(), None);
        form.confirmed = write(&keys);
        assert_eq!(form.confirmed(), Some(keys));
        form.confirmed = "x,1".to_owned();
        assert_eq!(form.confirmed(), Some(BTreeSet::from([1])));
    }
}
