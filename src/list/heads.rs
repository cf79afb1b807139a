//! The headings of a list, which sort it.

use super::{Asked, spec::write_order};

/// A heading.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its text: the id of a message.
    pub label: &'static str,
    /// The list sorted by it; empty when it cannot be.
    pub href: String,
    /// `ascending` or `descending` for the column that the list is sorted by first.
    pub aria_sort: &'static str,
    /// Whether the column holds numbers.
    pub is_number: bool,
}

/// A heading that is pressed becomes the first to sort by, the others after it; when it is the
/// first already, it turns round.
pub(super) fn heads(asked: &Asked) -> Vec<Head> {
    let order = &asked.order.0;
    let columns = asked.spec.columns.iter().map(|column| {
        let falls = order.first().filter(|(name, _)| *name == column.sort);
        let falls = falls.map(|(_, falls)| *falls);
        let turned = (column.sort, falls == Some(false));
        let others = order.iter().filter(|(name, _)| *name != column.sort);
        let others = others.filter(|_| !asked.query.get("sort").is_empty());
        let sort: Vec<_> = std::iter::once(turned).chain(others.copied()).collect();
        Head {
            label: column.label,
            href: if column.sort.is_empty() {
                String::new()
            } else {
                asked.query.with("sort", write_order(&sort)).at(&asked.path)
            },
            aria_sort: match falls {
                _ if column.sort.is_empty() => "",
                Some(false) => "ascending",
                Some(true) => "descending",
                None => "",
            },
            is_number: column.is_number,
        }
    });
    columns.collect()
}
