//! Whether the database can do its part at the moment.

use super::{Db, SchemaGap};
use crate::error::{Error, Result};

impl Db {
    /// Asks whether changes are taken, and whether the schema is one that this program knows.
    ///
    /// # Errors
    /// Why it cannot serve: no answer, a read-only database or standby, or missing migrations. A
    /// schema that is newer, as during a rolling upgrade, serves.
    pub async fn require_ready(&self) -> Result<()> {
        match self {
            Self::Sqlite { writer, .. } => {
                let tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                tx.rollback().await?;
            }
            Self::Postgres { pool, .. } => {
                let setting = "SELECT current_setting('transaction_read_only')";
                let read_only: String = sqlx::query_scalar(setting).fetch_one(pool).await?;
                if read_only == "on" {
                    return Err(Error::unavailable("the database takes no changes"));
                }
            }
        }
        match self.schema_gap().await {
            SchemaGap { missing: 0, .. } => Ok(()),
            SchemaGap { missing, .. } => Err(Error::unavailable(format!(
                "the schema lacks {missing} of this program's migrations"
            ))),
        }
    }
}
