//! Something done to several rows at once: which ones are meant, and what is said before and
//! after.

use std::{collections::BTreeSet, fmt::Display, str::FromStr};

use serde::Deserialize;

/// The most rows that one action takes: they share a transaction, and others wait meanwhile.
pub const MOST: usize = 1000;

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
    pub id: Vec<String>,
    /// The rows on the page.
    #[serde(default)]
    pub row: Vec<String>,
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
    pub fn shown<K: FromStr + Ord>(&self) -> BTreeSet<K> {
        let rows = match self.which {
            Which::Ticked => &self.id,
            Which::Page => &self.row,
            Which::All => return BTreeSet::new(),
        };
        read(rows.iter().map(String::as_str))
    }

    /// The rows that somebody was asked about and has confirmed; none before that.
    #[must_use]
    pub fn confirmed<K: FromStr + Ord>(&self) -> Option<BTreeSet<K>> {
        let is_confirmed = !self.confirmed.is_empty();
        is_confirmed.then(|| read(self.confirmed.split(',')))
    }
}

fn read<'t, K: FromStr + Ord>(keys: impl Iterator<Item = &'t str>) -> BTreeSet<K> {
    let keys = keys.filter_map(|key| key.parse().ok());
    keys.take(MOST).collect()
}

/// The keys as [`BulkForm::confirmed`] reads them: none of them holds a comma.
#[must_use]
pub fn write<K: Display>(keys: &BTreeSet<K>) -> String {
    let keys = keys.iter().map(K::to_string);
    keys.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A12.
    #[test]
    fn the_rows_that_are_meant_count_once_each() {
        let mut form = BulkForm {
            id: ["3", "1", "3", "x"].map(str::to_owned).to_vec(),
            row: ["1", "2", "3"].map(str::to_owned).to_vec(),
            ..BulkForm::default()
        };
        assert_eq!(form.shown(), BTreeSet::from([1, 3]));
        form.which = Which::Page;
        assert_eq!(form.shown::<i64>().len(), 3);
        form.which = Which::All;
        assert!(form.shown::<i64>().is_empty());
    }

    #[test]
    fn what_was_confirmed_is_read_as_it_was_written() {
        let keys = BTreeSet::from([1, 2, 30]);
        let mut form = BulkForm::default();
        assert_eq!(form.confirmed::<i64>(), None);
        form.confirmed = write(&keys);
        assert_eq!(form.confirmed(), Some(keys));
        form.confirmed = "x,1".to_owned();
        assert_eq!(form.confirmed(), Some(BTreeSet::from([1])));
    }
}
