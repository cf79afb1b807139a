//! The history in the database.

use super::{Chain, Entry};
use crate::{
    audit::{self, Head},
    db::{Db, on},
    error::Result,
    search::Words,
    statement::{Key, Order, Range, Statement, Window, bound},
};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in the name of whoever did it or of what it was done to.
    pub words: Words,
    /// What was done.
    pub action: Option<String>,
    /// The key of whoever did it.
    pub actor: Option<i64>,
    /// The kind of thing it was done to.
    pub object_type: Option<String>,
    /// The key of that thing.
    pub object_id: Option<String>,
    /// When.
    pub at: Range,
    /// Only entries before this one.
    pub before: Option<i64>,
}

impl Filter {
    /// The history of one thing.
    #[must_use]
    pub fn of(object_type: &str, object_id: impl std::fmt::Display) -> Self {
        Self {
            object_type: Some(object_type.to_owned()),
            object_id: Some(object_id.to_string()),
            ..Self::default()
        }
    }

    /// The statement of [`list`].
    #[must_use]
    pub fn statement(&self, order: &Order, window: Window) -> Statement {
        let mut statement = Statement::new(SELECT);
        self.narrow(&mut statement);
        let usual = Order(vec![("when", true)]);
        let order = if order.0.is_empty() { &usual } else { order };
        statement.sort(order, &KEYS, "seq").part(window);
        statement
    }

    fn narrow(&self, statement: &mut Statement) {
        let equal = [
            ("object_type = ", &self.object_type),
            ("object_id = ", &self.object_id),
            ("action = ", &self.action),
        ];
        for (column, wanted) in equal {
            if let Some(wanted) = wanted {
                statement.and(column).bind(wanted.as_str());
            }
        }
        if let Some(actor) = self.actor {
            statement.and("actor_id = ").bind(actor);
        }
        if let Some(before) = self.before {
            statement.and("seq < ").bind(before);
        }
        statement.within("at", self.at);
        for pattern in self.words.loose().patterns() {
            statement.and("LOWER(actor_label || ' ' || object_label) LIKE ");
            statement.bind(pattern).push(" ESCAPE '\\'");
        }
    }
}

const KEYS: [Key; 1] = [Key::new("when", "seq")];

const SELECT: &str = "SELECT seq, at, actor_id, actor_label, actor_role, request_id, action,
    object_type, object_id, object_label, changes, prev_hash, hash FROM audit_log";

/// Entries; without an order that says otherwise the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Db, filter: &Filter, order: &Order, window: Window) -> Result<Vec<Entry>> {
    let statement = filter.statement(order, window);
    Ok(on!(db, |pool| {
        bound!(query_as, statement).fetch_all(pool).await
    })?)
}

/// How many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(db: &Db, filter: &Filter) -> Result<i64> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM audit_log");
    filter.narrow(&mut statement);
    Ok(on!(db, |pool| {
        bound!(query_scalar, statement).fetch_one(pool).await
    })?)
}

/// The places of those of `periods` in which something was done.
///
/// # Errors
/// When the database does not answer.
pub async fn made_in(db: &Db, filter: &Filter, periods: &[Range]) -> Result<Vec<i64>> {
    let mut statement = Statement::of_periods(periods, "SELECT 1 FROM audit_log");
    filter.narrow(&mut statement);
    statement.end_periods("at");
    Ok(on!(db, |pool| {
        bound!(query_scalar, statement).fetch_all(pool).await
    })?)
}

/// The entry with this number.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, seq: i64) -> Result<Option<Entry>> {
    let mut statement = Statement::new(SELECT);
    statement.and("seq = ").bind(seq);
    Ok(on!(db, |pool| {
        bound!(query_as, statement).fetch_optional(pool).await
    })?)
}

/// The end of the chain.
///
/// # Errors
/// When the database does not answer.
pub async fn head(db: &Db) -> Result<Head> {
    Ok(on!(db, |pool| {
        sqlx::query_as("SELECT seq, hash FROM audit_head")
            .fetch_one(pool)
            .await
    })?)
}

/// Recomputes the chain.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(db: &Db) -> Result<Chain> {
    Ok(match audit::verify(db).await? {
        Some(seq) => Chain::BrokenAt(seq),
        None => Chain::Holds(head(db).await?),
    })
}
