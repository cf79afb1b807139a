//! What operators do from the command line: beside a running server [`users`], [`sessions`],
//! [`tokens`], [`polls`], [`audit`] and [`backups`], in its place [`transfer`]; and
//! [`healthcheck`], which asks the server itself.
//!
//! The database is the truth: a running server, which keeps what it has read, looks every moment
//! whether somebody else has changed it. Like the HTTP edge, this holds no rules and no SQL.

pub mod audit;
pub mod backups;
pub mod healthcheck;
pub mod polls;
pub mod sessions;
mod table;
pub mod tokens;
pub mod transfer;
pub mod users;

pub(crate) use table::table;

use std::sync::Arc;

use serde_json::Value;

use crate::{
    clock::{Clock, Timestamp},
    config::SessionConfig,
    db::Db,
    error::Error,
    polls::Polls,
    random::Random,
    session::Sessions,
    users::{User, UserId, Users},
};

/// What the commands work with.
#[derive(Clone, Debug)]
pub struct Operator {
    db: Db,
    users: Users,
    sessions: Sessions,
    polls: Polls,
    clock: Clock,
}

/// Why a command has not done what it was asked for.
#[derive(Debug)]
pub enum Failure {
    /// It may not or cannot be done, and why.
    Refused(String),
    /// Something did not work.
    Failed(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What a command says: the same for people and for programs.
struct Answer {
    text: String,
    json: Value,
}

impl Answer {
    fn print(self, as_json: bool) -> String {
        if as_json {
            format!("{:#}", self.json)
        } else {
            self.text
        }
    }
}

impl Operator {
    /// Works on `db`, where sessions end after `limits`.
    #[must_use]
    pub fn new(db: Db, clock: Clock, random: Random, limits: SessionConfig) -> Self {
        Self {
            users: Users::new(db.clone()),
            polls: Polls::new(db.clone(), random),
            sessions: Sessions::new(db.clone(), clock.clone(), limits),
            clock,
            db,
        }
    }

    async fn user(&self, id: i64) -> Result<Arc<User>, Failure> {
        let found = self.users.find(UserId(id)).await?;
        found.ok_or_else(|| Failure::Refused(format!("There is no person with the id {id}.")))
    }
}

/// A time in UTC, to the second, or a dash.
fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), Timestamp::rfc3339)
}
