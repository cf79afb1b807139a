//! The schema of a database and the one that this program makes.

use sqlx::migrate::MigrateError;

use super::{Begun, Db, POSTGRES, SQLITE, Tx, on};
use crate::error::{Error, Result};

impl Db {
    /// Brings the schema up to date; does nothing when it is.
    ///
    /// # Errors
    /// When a migration fails, or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Self::Postgres { pool, .. } => POSTGRES.run(pool).await,
        }
        .map_err(in_words)
    }

    /// The number of the newest migration that has been applied; `None` where there is no schema
    /// yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_migration(&self) -> Result<Option<i64>> {
        let is_there: bool = match self {
            Self::Sqlite { readers, .. } => {
                let found =
                    "SELECT COUNT(*) > 0 FROM sqlite_schema WHERE name = '_sqlx_migrations'";
                sqlx::query_scalar(found).fetch_one(readers).await
            }
            Self::Postgres { pool, .. } => {
                let found = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
                sqlx::query_scalar(found).fetch_one(pool).await
            }
        }?;
        if !is_there {
            return Ok(None);
        }
        Ok(on!(self, |pool| {
            sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(pool)
                .await
        })?)
    }
}

impl Tx {
    /// Makes the schema inside this transaction, so that it comes with the data or not at all.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&mut self) -> Result<()> {
        match &mut self.on {
            Begun::Sqlite(tx, _) => SQLITE.run(&mut **tx).await,
            Begun::Postgres(tx, _) => POSTGRES.run(&mut **tx).await,
        }
        .map_err(in_words)
    }
}

/// The number of the newest migration that this program knows.
#[must_use]
pub fn newest_known() -> i64 {
    let numbers = SQLITE.iter().map(|migration| migration.version);
    numbers.max().unwrap_or_default()
}

fn in_words(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(number) => Error::unavailable(format!(
            "the schema of the database is newer than this program, which knows migrations up to \
             {known} and not {number}. Start the newer program; a schema never goes back. To return to this \
             one, restore the backup that was made before the upgrade",
            known = newest_known()
        )),
        error => Error::internal(error),
    }
}
