//! Everybody's live sessions, for the console's list.

use std::{
    collections::BTreeSet,
    fmt::{self, Display},
    str::FromStr,
};

use serde_json::{Value, json};

use super::{
    Sessions,
    listed::{handle, hash_of, start},
};
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    random::hex,
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
    /// These and no others.
    pub keys: Option<BTreeSet<OwnedKey>>,
}

/// Which of everybody's sessions is meant, in forms.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct OwnedKey {
    /// Whose it is.
    pub user: i64,
    /// Its name among those of its owner.
    pub handle: String,
}

impl Display for OwnedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.user, self.handle)
    }
}

impl FromStr for OwnedKey {
    type Err = NoKey;

    fn from_str(text: &str) -> std::result::Result<Self, NoKey> {
        let (user, handle) = text.split_once('.').ok_or(NoKey)?;
        let user = user.parse().map_err(|_| NoKey)?;
        Ok(Self {
            user,
            handle: handle.to_owned(),
        })
    }
}

/// That a text names no session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoKey;

/// A session and whose it is.
#[derive(Clone, Debug)]
pub struct OwnedSession {
    /// The session.
    pub session: ListedSession,
    /// The owner's name.
    pub owner: String,
}

impl OwnedSession {
    /// What names it in forms.
    #[must_use]
    pub fn key(&self) -> OwnedKey {
        OwnedKey {
            user: self.session.user,
            handle: self.session.handle.clone(),
        }
    }
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
        if let Some(keys) = &filter.keys {
            let key = |key: &OwnedKey| {
                let start = start(&key.handle).unwrap_or_default();
                json!({ "user": key.user, "start": hex(&start) })
            };
            let keys: Value = keys.iter().map(key).collect();
            statement.and(
                "(sessions.user_id, substr(sessions.id_hash, 1, 9)) IN (
                     SELECT CAST(value->>'user' AS BIGINT), unhex(value->>'start')
                     FROM json_each(",
            );
            statement.bind(keys.to_string().as_str()).push("))");
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
