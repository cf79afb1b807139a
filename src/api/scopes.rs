//! What tokens may do, by name, and what routes ask for.

use std::{collections::BTreeSet, fmt};

/// What a token may do, by name.
pub type Scopes = BTreeSet<String>;

/// What a route asks for: one of these groups, and of it every scope. `["a b", "c"]` is
/// (`a` and `b`) or `c`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Required(pub &'static [&'static str]);

impl Required {
    /// Whether `scopes` will do. Where nothing is asked for, nothing will.
    #[must_use]
    pub fn is_met_by(self, scopes: &Scopes) -> bool {
        let mut groups = self.0.iter();
        groups.any(|group| {
            let mut names = group.split_whitespace().peekable();
            names.peek().is_some() && names.all(|name| scopes.contains(name))
        })
    }

    /// For the `scope` attribute (RFC 6750, 3): the first way to get in.
    #[must_use]
    pub fn scope(self) -> &'static str {
        self.0.first().copied().unwrap_or_default()
    }
}

impl fmt::Display for Required {
    /// As the reference writes it: `['a b', 'c']`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<_> = self.0.iter().map(|group| format!("'{group}'")).collect();
        write!(f, "[{}]", groups.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(names: &[&str]) -> Scopes {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    /// F-7, P-16.
    #[test]
    fn every_scope_of_a_group_is_needed() {
        let required = Required(&["a b"]);
        assert!(required.is_met_by(&scopes(&["a", "b", "z"])));
        assert!(!required.is_met_by(&scopes(&["a"])));
    }

    /// F-7.
    #[test]
    fn one_group_is_enough() {
        let required = Required(&["a b", "c"]);
        assert!(required.is_met_by(&scopes(&["c"])));
        assert!(required.is_met_by(&scopes(&["a", "b"])));
        assert!(!required.is_met_by(&scopes(&["b"])));
    }

    /// F-7.
    #[test]
    fn a_name_is_compared_as_a_whole() {
        let required = Required(&["read:messages"]);
        for name in [
            "read",
            "read:messages:all",
            "READ:MESSAGES",
            "a read:messages",
        ] {
            assert!(!required.is_met_by(&scopes(&[name])), "{name}");
        }
    }

    /// F-7.
    #[test]
    fn a_route_that_forgot_to_say_what_it_asks_for_lets_nobody_in() {
        let all = scopes(&["a", ""]);
        assert!(!Required(&[]).is_met_by(&all));
        assert!(!Required(&["", " "]).is_met_by(&all));
    }
}
