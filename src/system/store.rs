//! What the database says of itself.

use std::path::PathBuf;

use super::Migration;
use crate::{
    db::{Db, on},
    error::Result,
};

/// The sizes of the database and of its write-ahead log, in bytes.
pub(super) async fn sizes(db: &Db) -> Result<(i64, Option<i64>)> {
    match db {
        Db::Sqlite { readers, .. } => {
            let pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
            let size = sqlx::query_scalar(pages).fetch_one(readers).await?;
            let file = "SELECT file FROM pragma_database_list WHERE name = 'main'";
            let file: String = sqlx::query_scalar(file).fetch_one(readers).await?;
            let log = tokio::fs::metadata(PathBuf::from(format!("{file}-wal"))).await;
            let log = log.map_or(0, |log| i64::try_from(log.len()).unwrap_or(i64::MAX));
            Ok((size, Some(log)))
        }
        Db::Postgres { pool, .. } => {
            let size = sqlx::query_scalar("SELECT pg_database_size(current_database())");
            Ok((size.fetch_one(pool).await?, None))
        }
    }
}

/// The migrations that have been applied, the newest first.
pub(super) async fn migrations(db: &Db) -> Result<Vec<Migration>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT version, description FROM _sqlx_migrations WHERE success ORDER BY version DESC",
        )
        .fetch_all(pool)
        .await
    })?)
}
