//! Everybody's live sessions, for the console's list.

use super::{
    Sessions,
    listed::{handle, hash_of},
};
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    search::Words,
    session::{ListedSession, Session},
    statement::{Key, Order, Statement, Window, bound},
};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in the owner's names, e-mail or subject.
    pub words: Words,
    /// Only those of this person.
    pub user: Option<i64>,
}

/// A session and whose it is.
#[derive(Clone, Debug)]
pub struct OwnedSession {
    /// The session.
    pub session: ListedSession,
    /// The owner's name.
    pub owner: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id_hash: Vec<u8>,
    user_id: i64,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    user_agent: Option<String>,
    client: Option<String>,
    display_name: String,
}

const KEYS: [Key; 3] = [
    Key::new("person", "users.sort_key"),
    Key::new("started", "sessions.created_at"),
    Key::new("seen", "sessions.last_seen_at"),
];

const ROWS: &str = "FROM sessions JOIN users ON users.id = sessions.user_id";

impl Sessions {
    fn narrow(&self, statement: &mut Statement, filter: &Filter) {
        statement.push(ROWS);
        statement
            .and("sessions.expires_at > ")
            .bind(self.0.clock.now());
        statement
            .and("sessions.last_seen_at > CASE WHEN sessions.client IS NULL THEN ")
            .bind(self.idle_since())
            .push(" ELSE ")
            .bind(self.program_idle_since())
            .push(" END");
        if let Some(user) = filter.user {
            statement.and("sessions.user_id = ").bind(user);
        }
        for pattern in filter.words.patterns() {
            statement
                .and("users.search_key LIKE ")
                .bind(pattern)
                .push(" ESCAPE '\\'");
        }
    }

    /// Live sessions of everybody; `current` is the one that asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_owned(
        &self,
        filter: &Filter,
        order: &Order,
        window: Window,
        current: &Session,
    ) -> Result<Vec<OwnedSession>> {
        let mut statement = Statement::new(
            "SELECT sessions.id_hash, sessions.user_id, sessions.created_at,
                    sessions.last_seen_at, sessions.user_agent, sessions.client,
                    users.display_name ",
        );
        self.narrow(&mut statement, filter);
        statement
            .sort(order, &KEYS, "sessions.id_hash")
            .part(window);
        let rows: Vec<Row> = on!(&self.0.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?;
        let current = hash_of(Some(current));
        let owned = |row: Row| OwnedSession {
            owner: row.display_name,
            session: ListedSession {
                handle: handle(&row.id_hash),
                user: row.user_id,
                started_at: row.created_at,
                last_seen_at: row.last_seen_at,
                user_agent: row.user_agent,
                is_program: row.client.is_some(),
                is_current: row.id_hash == current,
            },
        };
        Ok(rows.into_iter().map(owned).collect())
    }

    /// How many live sessions there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_owned(&self, filter: &Filter) -> Result<i64> {
        let mut statement = Statement::new("SELECT COUNT(*) ");
        self.narrow(&mut statement, filter);
        Ok(on!(&self.0.db, |pool| {
            bound!(query_scalar, statement).fetch_one(pool).await
        })?)
    }
}
