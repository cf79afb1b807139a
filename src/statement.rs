//! What a list is asked for (order, range, part), and the [`Statement`] that a store puts together
//! to answer. A store pushes text that stands in the program and binds everything else.
//!
//! Foundation: knows no feature.

use serde_json::{Value as Json, json};
#[expect(
    clippy::disallowed_types,
    reason = "each piece is a literal, and values are bound"
)]
use sqlx::AssertSqlSafe;

use crate::clock::Timestamp;

/// A value bound to a [`Statement`].
#[derive(Clone, Debug)]
pub enum Value {
    /// A number or a time.
    Number(i64),
    /// Text.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Number(at.as_millis())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A statement put together from pieces; no piece comes from outside, so that nothing outside can
/// become part of it.
#[derive(Clone, Debug)]
pub struct Statement {
    text: String,
    values: Vec<Value>,
    is_narrowed: bool,
}

impl Statement {
    /// A statement that begins so.
    #[must_use]
    pub fn new(start: &'static str) -> Self {
        Self {
            text: start.to_owned(),
            values: Vec::new(),
            is_narrowed: false,
        }
    }

    /// Goes on so.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Goes on with a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Goes on with a further condition, the first one after `WHERE`.
    pub fn and(&mut self, condition: &'static str) -> &mut Self {
        self.push(if self.is_narrowed { " AND " } else { " WHERE " });
        self.is_narrowed = true;
        self.push(condition)
    }

    /// Narrows `column`, a time, to a range.
    pub fn within(&mut self, column: &'static str, range: Range) -> &mut Self {
        if let Some(from) = range.from {
            self.and(column).push(" >= ").bind(from);
        }
        if let Some(before) = range.before {
            self.and(column).push(" < ").bind(before);
        }
        self
    }

    /// A statement for the places of those of `periods` in which there are rows; `rows` selects
    /// them, conditions follow, and [`Statement::end_periods`] ends it.
    #[must_use]
    pub fn of_periods(periods: &[Range], rows: &'static str) -> Self {
        let end = |at: Option<Timestamp>, open: i64| at.map_or(open, Timestamp::as_millis);
        let period = |(place, period): (usize, &Range)| {
            json!({
                "place": place,
                "from": end(period.from, i64::MIN),
                "before": end(period.before, i64::MAX),
            })
        };
        let periods: Json = periods.iter().enumerate().map(period).collect();
        let mut statement =
            Self::new("SELECT CAST(period.value->>'place' AS BIGINT) FROM json_each(");
        statement.bind(periods.to_string().as_str());
        statement.push(") AS period WHERE EXISTS (").push(rows);
        statement
    }

    /// Ends a statement of periods; `column` is the time of a row.
    pub fn end_periods(&mut self, column: &'static str) -> &mut Self {
        self.and(column)
            .push(" >= CAST(period.value->>'from' AS BIGINT)");
        self.and(column)
            .push(" < CAST(period.value->>'before' AS BIGINT)");
        self.push(") ORDER BY 1")
    }

    /// Puts the rows in order; `tie` is unique, so that the order never depends on chance.
    /// Columns that are not among `keys` change nothing.
    pub fn sort(&mut self, order: &Order, keys: &[Key], tie: &'static str) -> &mut Self {
        self.push(" ORDER BY ");
        let mut falls = false;
        for (name, falling) in &order.0 {
            let Some(key) = keys.iter().find(|key| key.name == *name) else {
                continue;
            };
            falls = *falling;
            self.push(key.column).push(direction(falls));
            if key.may_be_absent {
                self.push(" NULLS LAST");
            }
            self.push(", ");
        }
        self.push(tie).push(direction(falls))
    }

    /// Takes a part of the rows.
    pub fn part(&mut self, window: Window) -> &mut Self {
        self.push(" LIMIT ").bind(window.limit);
        self.push(" OFFSET ").bind(window.offset)
    }

    /// The text, for the driver.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "each piece is a literal, and values are bound"
    )]
    pub fn text(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(self.text.clone())
    }

    /// The text, for people.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.text
    }

    /// The values, in order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

const fn direction(falls: bool) -> &'static str {
    if falls { " DESC" } else { "" }
}

/// A query of a driver with everything that a [`Statement`] has bound:
/// `on!(db, |pool| bound!(query_as, statement).fetch_all(pool).await)`.
macro_rules! bound {
    ($query:ident, $statement:expr) => {{
        let mut query = sqlx::$query($statement.text());
        for value in $statement.values() {
            query = match value {
                $crate::statement::Value::Number(number) => query.bind(*number),
                $crate::statement::Value::Text(text) => query.bind(text.as_str()),
            };
        }
        query
    }};
}
pub(crate) use bound;

/// A column that a list can be sorted by.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in addresses.
    pub name: &'static str,
    /// The column, or what is computed.
    pub column: &'static str,
    /// Whether it can be empty; such rows come last.
    pub may_be_absent: bool,
}

impl Key {
    /// A column that is never empty.
    #[must_use]
    pub const fn new(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            column,
            may_be_absent: false,
        }
    }

    /// A column that can be empty.
    #[must_use]
    pub const fn optional(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            column,
            may_be_absent: true,
        }
    }
}

/// Columns to sort by, the first one first, and whether each falls.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Order(pub Vec<(&'static str, bool)>);

/// A span of time: from the first moment on, before the last. Without an end it goes on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Range {
    /// The first moment in it.
    pub from: Option<Timestamp>,
    /// The first moment after it.
    pub before: Option<Timestamp>,
}

impl Range {
    /// What lies in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let earlier = |one: Option<Timestamp>, two: Option<Timestamp>| match (one, two) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self {
            from: self.from.max(other.from),
            before: earlier(self.before, other.before),
        }
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// Rows before it.
    pub offset: i64,
    /// Rows in it, at most.
    pub limit: i64,
}

impl Window {
    /// The first `limit` rows.
    #[must_use]
    pub const fn first(limit: i64) -> Self {
        Self { offset: 0, limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [Key; 2] = [Key::new("name", "sort_key"), Key::optional("at", "at")];

    #[test]
    fn a_statement_is_put_together_with_its_values_in_order() {
        let mut list = Statement::new("SELECT id FROM users");
        list.and("role = ").bind("admin");
        let range = Range {
            from: Some(Timestamp::from_millis(5)),
            before: None,
        };
        list.within("at", range);
        list.sort(
            &Order(vec![("at", true), ("x", true), ("name", false)]),
            &KEYS,
            "id",
        );
        list.part(Window {
            offset: 50,
            limit: 25,
        });
        assert_eq!(
            list.text,
            "SELECT id FROM users WHERE role = $1 AND at >= $2 \
             ORDER BY at DESC NULLS LAST, sort_key, id LIMIT $3 OFFSET $4"
        );
        assert_eq!(list.values().len(), 4);
    }

    #[test]
    fn two_ranges_have_in_common_what_lies_in_both() {
        let at = |millis| Some(Timestamp::from_millis(millis));
        let one = Range {
            from: at(1),
            before: None,
        };
        let other = Range {
            from: None,
            before: at(9),
        };
        let both = one.and(other);
        assert_eq!((both.from, both.before), (at(1), at(9)));
        assert_eq!(both.and(Range::default()), both);
    }
}
