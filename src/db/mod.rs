//! The database: SQLite in one file, or a PostgreSQL server, behind one set of queries.
//!
//! `on!` and `within!` expand the same expression once per driver, so that a statement is
//! written once and each driver is checked by the compiler. Foundation: knows no feature.

mod connect;
mod file;
mod kept;
mod lock;
mod portions;
mod readiness;
mod revision;
mod schema;
mod shared_revision;
mod stamps;
mod tx;
mod words;

use std::{future::Future, path::Path, sync::Arc};

use sqlx::{PgPool, SqlitePool, migrate::Migrator};
use tracing::Instrument as _;

pub use self::{
    connect::has_write_ahead_log,
    file::{require_undamaged, sqlite_file},
    kept::Kept,
    lock::DatabaseLock,
    portions::PORTION,
    schema::newest_known,
    shared_revision::as_of_arrival,
    stamps::Stamps,
    tx::{Begun, Tx},
};
use self::{revision::Revision, shared_revision::SharedRevision};
use crate::{
    error::{Error, Result},
    outage_log,
    telemetry::origin,
};
pub(crate) use portions::in_portions;
pub(crate) use words::text_enum;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database in use.
#[derive(Clone, Debug)]
pub enum Db {
    /// Readers, and the one connection that writes.
    Sqlite {
        /// Connections that only read.
        readers: SqlitePool,
        /// The one connection that writes; SQLite has one writer at a time anyway.
        writer: SqlitePool,
        /// Moves with every change that what is kept in memory could show.
        revision: Revision,
        /// Tells other processes that the file is in use; absent where nobody else knows of it.
        lock: Option<Arc<DatabaseLock>>,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Connections to it.
        pool: PgPool,
        /// Moves with every change that what is kept in memory could show, whoever makes it.
        revision: SharedRevision,
    },
}

/// How many migrations lie between the schema of a database and this program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SchemaGap {
    /// Migrations that the database lacks.
    pub missing: usize,
    /// Migrations that this program does not know.
    pub newer: usize,
}

/// Reads with the same expression on either driver: `on!(db, |pool| query.fetch_all(pool).await)`.
macro_rules! on {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite { readers: $pool, .. } => $body,
            $crate::db::Db::Postgres { pool: $pool, .. } => $body,
        }
    };
}

/// Runs the same expression inside a [`Tx`] of either driver:
/// `within!(tx, |conn| query.execute(conn).await)`.
macro_rules! within {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match &mut $tx.on {
            $crate::db::Begun::Sqlite(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::db::Begun::Postgres(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}

/// Runs one statement inside a [`Tx`] and tells how many rows it touched:
/// `execute!(tx, sqlx::query("…").bind(value))?`.
macro_rules! execute {
    ($tx:expr, $query:expr) => {
        $crate::db::within!($tx, |conn| $query
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))
    };
}

/// Runs a write transaction in a task of its own and commits what its body has done:
/// `transaction!(self.db, |tx| execute!(tx, query)?)`. When the body fails, or returns early,
/// nothing of it stays. The body owns what it uses, because the request may be gone before it.
macro_rules! transaction {
    ($db:expr, |$tx:ident| $body:expr) => {{
        let db = $db.clone();
        $crate::db::detached(async move {
            let mut begun = db.begin().await?;
            let $tx = &mut begun;
            let done = $body;
            begun.commit().await?;
            Ok(done)
        })
        .await
    }};
}
pub(crate) use {execute, on, transaction, within};

impl Db {
    /// What OpenTelemetry calls the engine (`db.system.name`).
    #[must_use]
    pub fn system(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgresql",
        }
    }

    /// Connects to `sqlite:` or `postgres:` and leaves the schema alone.
    ///
    /// # Errors
    /// When the address cannot be read or nothing answers there.
    pub async fn connect(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            connect::sqlite(url).await
        } else {
            connect::postgres(url).await
        }
    }

    /// Opens a SQLite file that nobody else knows of, such as a copy that is still being made.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn connect_alone(file: &Path) -> Result<Self> {
        connect::sqlite_alone(file).await
    }

    /// Looks at a SQLite file that nobody writes to: nothing is changed, no file appears beside it.
    /// With a write-ahead log beside the file, that is read as well.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn read_only(file: &Path) -> Result<Self> {
        connect::sqlite_read_only(file).await
    }

    /// Begins a write transaction. Use it inside [`detached`], so that a client that goes away
    /// cannot leave it half done.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx::new(match self {
            Self::Sqlite {
                writer, revision, ..
            } => Begun::Sqlite(
                writer.begin_with("BEGIN IMMEDIATE").await?,
                revision.clone(),
            ),
            Self::Postgres { pool, revision } => {
                Begun::Postgres(pool.begin().await?, revision.clone())
            }
        }))
    }

    /// Begins a transaction that only reads, and keeps no writer waiting.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin_reading(&self) -> Result<Tx> {
        Ok(Tx::new(match self {
            Self::Sqlite {
                readers, revision, ..
            } => Begun::Sqlite(readers.begin().await?, revision.clone()),
            Self::Postgres { pool, revision } => {
                Begun::Postgres(pool.begin().await?, revision.clone())
            }
        }))
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<()> {
        on!(self, |pool| sqlx::query("SELECT 1")
            .execute(pool)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// What answers, with its version.
    ///
    /// # Errors
    /// When nothing does.
    pub async fn version(&self) -> Result<String> {
        let (name, version): (_, String) = match self {
            Self::Sqlite { readers, .. } => {
                let version = sqlx::query_scalar("SELECT sqlite_version()");
                ("SQLite", version.fetch_one(readers).await?)
            }
            Self::Postgres { pool, .. } => {
                let version = sqlx::query_scalar("SHOW server_version");
                ("PostgreSQL", version.fetch_one(pool).await?)
            }
        };
        Ok(format!("{name} {version}"))
    }

    /// How far the schema and this program are apart. A database without any schema yet, which
    /// has no list of its migrations, lacks all of them.
    pub async fn schema_gap(&self) -> SchemaGap {
        let ours = match self {
            Self::Sqlite { .. } => &SQLITE,
            Self::Postgres { .. } => &POSTGRES,
        };
        let applied: Vec<i64> = on!(self, |pool| {
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
                .fetch_all(pool)
                .await
        })
        .unwrap_or_default();
        let is_missing = |version: &i64| !applied.contains(version);
        let ours: Vec<i64> = ours.iter().map(|migration| migration.version).collect();
        SchemaGap {
            missing: ours.iter().filter(|version| is_missing(version)).count(),
            newer: applied
                .iter()
                .filter(|version| !ours.contains(version))
                .count(),
        }
    }

    /// Folds SQLite's write-ahead log into the file and empties it: read commit by commit, it
    /// would tell which mark on the roll came with which ballot. Waits for readers, and when they
    /// take too long says so in the log. Whether nothing of the kind is left.
    pub async fn empty_write_ahead_log(&self) -> bool {
        let Self::Sqlite { writer, .. } = self else {
            return true;
        };
        let emptied: Result<(i64, i64, i64), sqlx::Error> =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(writer)
                .await;
        match &emptied {
            Ok((0, _, _)) => {}
            Ok(_) => tracing::warn!("a reader keeps the write-ahead log from being emptied"),
            Err(error) => tracing::warn!(%error, "the write-ahead log was not emptied"),
        }
        matches!(emptied, Ok((0, _, _)))
    }

    /// As [`Self::empty_write_ahead_log`], but waits for readers only briefly: voters wait for it,
    /// and it is done again after the next votes and after the poll.
    pub async fn try_to_empty_write_ahead_log(&self) {
        let Self::Sqlite { writer, .. } = self else {
            return;
        };
        let emptied: Result<(i64, i64, i64), sqlx::Error> = async {
            let mut conn = writer.acquire().await?;
            let hurry = sqlx::query("PRAGMA busy_timeout = 300");
            hurry.execute(&mut *conn).await?;
            let emptied = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)");
            let emptied = emptied.fetch_one(&mut *conn).await;
            let usual = sqlx::query("PRAGMA busy_timeout = 5000");
            usual.execute(&mut *conn).await?;
            emptied
        }
        .await;
        if !matches!(emptied, Ok((0, _, _))) {
            outage_log::warn("the write-ahead log was not emptied", "a reader keeps it");
        }
    }

    /// Which state of the database this process knows; `None` when others may have changed it
    /// unseen, so that nothing read before may be believed. A SQLite file is looked at by
    /// [`Self::watch`]; a PostgreSQL server is asked, once for each [request](as_of_arrival).
    pub async fn revision(&self) -> Option<u64> {
        match self {
            Self::Sqlite { revision, .. } => revision.known(),
            Self::Postgres { revision, .. } => revision.known().await,
        }
    }

    /// Watches a SQLite file for changes by other processes, such as commands that an operator
    /// types, for as long as it is polled. Until it runs, nothing of it is kept in memory.
    pub async fn watch(&self) {
        if let Self::Sqlite {
            writer, revision, ..
        } = self
        {
            revision.watch(writer).await;
        }
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite {
                readers, writer, ..
            } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, revision } => {
                revision.close().await;
                pool.close().await;
            }
        }
    }
}

/// Runs `work` in a task of its own: it ends by itself even when the request that asked for it
/// is gone, so that a commit is never cut off half way.
///
/// # Errors
/// Those of `work`.
pub async fn detached<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    tokio::spawn(origin::inherited(work).in_current_span())
        .await
        .map_err(Error::internal)?
}
