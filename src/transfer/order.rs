//! In which order tables are filled: what is referred to comes first.

use super::table::Table;
use crate::error::{Error, Result};

/// `tables` such that each stands behind those that it refers to, as (referring, referred to).
///
/// # Errors
/// When they refer to each other in a circle.
pub fn sort(mut tables: Vec<Table>, references: &[(String, String)]) -> Result<Vec<Table>> {
    let mut sorted: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &Table| {
            let mut wanted = references.iter().filter(|(from, _)| *from == table.name);
            wanted.any(|(_, to)| !sorted.iter().any(|done| done.name == *to))
        };
        let (waiting, ready): (Vec<_>, Vec<_>) = tables.into_iter().partition(waits);
        if ready.is_empty() {
            return Err(Error::internal("tables refer to each other in a circle"));
        }
        sorted.extend(ready);
        tables = waiting;
    }
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            columns: Vec::new(),
        }
    }

    fn sorted(references: &[(&str, &str)]) -> Result<Vec<String>> {
        let tables = ["ballots", "polls", "roll", "users"].map(table).to_vec();
        let own = |(from, to): &(&str, &str)| ((*from).to_owned(), (*to).to_owned());
        let references: Vec<_> = references.iter().map(own).collect();
        let sorted = sort(tables, &references)?;
        Ok(sorted.into_iter().map(|table| table.name).collect())
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let references = [("ballots", "roll"), ("roll", "polls"), ("roll", "users")];
        let names = sorted(&references).unwrap();
        assert_eq!(names, ["polls", "users", "roll", "ballots"]);
    }

    #[test]
    fn a_circle_is_an_error() {
        assert!(sorted(&[("roll", "polls"), ("polls", "roll")]).is_err());
    }
}
