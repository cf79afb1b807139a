//! The people of the console's list.

use std::collections::{BTreeMap, BTreeSet};

use super::{User, Users, select_user};
use crate::{
    db::{on, text_enum},
    error::Result,
    search::Words,
    statement::{Key, Order, Range, Statement, Window, bound},
    users::{Role, UserId},
};

text_enum! {
    /// Whether somebody may sign in, and why not.
    pub enum Standing {
        /// May.
        Active = "active",
        /// An admin has turned the person away.
        Deactivated = "deactivated",
        /// The provider gives no role any more.
        WithoutRole = "without-role",
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in names, e-mail or subject.
    pub words: Words,
    /// The role.
    pub role: Option<Role>,
    /// Whether they may sign in.
    pub standing: Option<Standing>,
    /// The day of the last sign-in.
    pub last_sign_in: Range,
    /// These and no others.
    pub ids: Option<Vec<UserId>>,
}

impl From<Words> for Filter {
    fn from(words: Words) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }
}

const KEYS: [Key; 5] = [
    Key::new("name", "users.sort_key"),
    Key::optional("email", "users.email"),
    Key::new("subject", "users.subject"),
    Key::new("role", "users.role"),
    Key::optional("last", "users.last_login_at"),
];

impl Filter {
    /// The statement of [`Users::list`].
    #[must_use]
    pub fn statement(&self, order: &Order, window: Window) -> Statement {
        let mut statement = Statement::new(select_user!(""));
        self.narrow(&mut statement);
        let usual = Order(vec![("name", false)]);
        let order = if order.0.is_empty() { &usual } else { order };
        statement.sort(order, &KEYS, "users.id").part(window);
        statement
    }

    fn narrow(&self, statement: &mut Statement) {
        for pattern in self.words.patterns() {
            statement
                .and("users.search_key LIKE ")
                .bind(pattern)
                .push(" ESCAPE '\\'");
        }
        if let Some(role) = self.role {
            statement.and("users.role = ").bind(role.as_str());
        }
        match self.standing {
            None => {}
            Some(Standing::Active) => {
                statement.and("users.is_active");
            }
            Some(Standing::Deactivated) => {
                statement.and("users.deactivated_at IS NOT NULL");
            }
            Some(Standing::WithoutRole) => {
                statement.and("users.deactivated_at IS NULL AND users.role_lost_at IS NOT NULL");
            }
        }
        statement.within("users.last_login_at", self.last_sign_in);
        if let Some(ids) = &self.ids {
            let ids = serde_json::json!(ids).to_string();
            statement.and("users.id IN (SELECT CAST(value AS BIGINT) FROM json_each(");
            statement.bind(ids.as_str()).push("))");
        }
    }
}

impl Users {
    /// People; without an order that says otherwise by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self, filter: &Filter, order: &Order, window: Window) -> Result<Vec<User>> {
        let statement = filter.statement(order, window);
        Ok(on!(&self.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?)
    }

    /// The people with these keys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_ids(&self, ids: BTreeSet<UserId>) -> Result<BTreeMap<UserId, User>> {
        let window = Window::first(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        let filter = Filter {
            ids: Some(ids.into_iter().collect()),
            ..Filter::default()
        };
        let found = self.list(&filter, &Order::default(), window).await?;
        Ok(found.into_iter().map(|user| (user.id, user)).collect())
    }

    /// How many people there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, filter: &Filter) -> Result<i64> {
        let mut statement = Statement::new("SELECT COUNT(*) FROM users");
        filter.narrow(&mut statement);
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_one(pool).await
        })?)
    }

    /// The keys of at most `limit` people, in no order that matters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, filter: &Filter, limit: i64) -> Result<Vec<UserId>> {
        let mut statement = Statement::new("SELECT users.id FROM users");
        filter.narrow(&mut statement);
        statement.push(" ORDER BY users.id LIMIT ").bind(limit);
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_all(pool).await
        })?)
    }

    /// The places of those of `periods` in which somebody signed in last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signed_in_last_in(&self, filter: &Filter, periods: &[Range]) -> Result<Vec<i64>> {
        let mut statement = Statement::of_periods(periods, "SELECT 1 FROM users");
        filter.narrow(&mut statement);
        statement.end_periods("users.last_login_at");
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_all(pool).await
        })?)
    }
}
