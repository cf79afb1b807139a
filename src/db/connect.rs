//! Connections: to SQLite with what makes it safe, to PostgreSQL, and neither given back inside a
//! transaction.

use std::{path::Path, str::FromStr as _, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, Row as _, SqlitePool,
    error::DatabaseError,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Db,
    file::{create_private, may_create, unusable},
    lock::DatabaseLock,
    revision::Revision,
    shared_revision::SharedRevision,
};
use crate::error::{Error, Result};

/// Versions before this one can corrupt a database whose write-ahead log is reset
/// (SQLite release notes 3.51.3).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// What SQLite answers to a `ROLLBACK` outside of a transaction.
const SQLITE_ERROR: &str = "1";

/// What the write-ahead log may keep on the disk once it was folded into the file, in bytes.
const LOG_SIZE: &str = "16000000";

/// How long a connection to PostgreSQL is believed to be there still.
const MOMENT: Duration = Duration::from_millis(100);

/// How long a writer waits for its turn before the request is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn sqlite(url: &str) -> Result<Db> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(may_create(url));
    let file = options.get_filename();
    create_private(file, url)?;
    let lock = file.exists().then(|| DatabaseLock::shared(file));
    open(options.clone(), lock.transpose()?.map(Arc::new)).await
}

pub(super) async fn sqlite_alone(file: &Path) -> Result<Db> {
    open(SqliteConnectOptions::new().filename(file), None).await
}

/// Immutable: SQLite neither locks the file nor makes others beside it. It would not look at a
/// write-ahead log either, so with one it is opened as usual.
pub(super) async fn sqlite_read_only(file: &Path) -> Result<Db> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(!has_write_ahead_log(file))
        .busy_timeout(PATIENCE)
        .log_statements(log::LevelFilter::Trace);
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Db::Sqlite {
        writer: readers.clone(),
        readers,
        revision: Revision::default(),
        lock: None,
    })
}

/// Whether a write-ahead log that holds something lies beside a SQLite file.
#[must_use]
pub fn has_write_ahead_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

async fn open(options: SqliteConnectOptions, lock: Option<Arc<DatabaseLock>>) -> Result<Db> {
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // INSERT OR REPLACE must not slip past the triggers that forbid a DELETE.
        .pragma("recursive_triggers", "on")
        // What a reader has kept from being folded in is given back to the disk after it.
        .pragma("journal_size_limit", LOG_SIZE)
        .busy_timeout(PATIENCE)
        .log_statements(log::LevelFilter::Trace);
    let file = options.get_filename().to_owned();
    // What two connections call the version of the data says nothing of each other: with a new one
    // everything is read anew.
    let revision = Revision::default();
    let renewed = revision.clone();
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .max_lifetime(None)
        .idle_timeout(None)
        // There is nobody at the other end who could have gone.
        .test_before_acquire(false)
        .after_connect(move |_, _| {
            renewed.advance();
            Box::pin(async { Ok(()) })
        })
        .after_release(|conn, _| Box::pin(sqlite_is_outside_a_transaction(conn)))
        .connect_with(options.clone())
        .await
        .map_err(|error| unusable(&file, &error))?;
    require_sound_sqlite(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Db::Sqlite {
        readers,
        writer,
        revision,
        lock,
    })
}

async fn require_sound_sqlite(pool: &SqlitePool) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await?;
    let numbers: Vec<u32> = version
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(Error::internal(format!(
            "SQLite {version} is older than 3.51.3"
        )));
    }
    Ok(())
}

/// A connection that is still inside a transaction is discarded: what the next request wrote
/// through it would be acknowledged and never committed. So is one of which sqlx alone believes
/// it: after an I/O error SQLite rolls back by itself, and no transaction could ever begin on it.
async fn sqlite_is_outside_a_transaction(
    conn: &mut sqlx::SqliteConnection,
) -> Result<bool, sqlx::Error> {
    let rolled_back = conn.execute("ROLLBACK").await;
    let nothing_to_roll_back = rolled_back.is_err_and(|error| {
        let code = error.as_database_error().and_then(DatabaseError::code);
        code.is_some_and(|code| code == SQLITE_ERROR)
    });
    Ok(nothing_to_roll_back && !conn.is_in_transaction())
}

pub(super) async fn postgres(url: &str) -> Result<Db> {
    let options = PgConnectOptions::from_str(url)?.log_statements(log::LevelFilter::Trace);
    let revision = SharedRevision::at(options.clone());
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|conn, meta| Box::pin(postgres_is_there(conn, meta)))
        .after_release(|conn, _| Box::pin(postgres_is_outside_a_transaction(conn)))
        .connect_with(options)
        .await?;
    Ok(Db::Postgres { pool, revision })
}

/// Whether the server still answers, where the connection was not used for a moment: asked before
/// each statement, it would take half as long again.
async fn postgres_is_there(
    conn: &mut sqlx::PgConnection,
    meta: PoolConnectionMetadata,
) -> Result<bool, sqlx::Error> {
    if meta.idle_for >= MOMENT {
        conn.ping().await?;
    }
    Ok(true)
}

/// As for SQLite. Inside a transaction `now()` stands still at its beginning. Only the simple
/// protocol reads both times at one moment.
async fn postgres_is_outside_a_transaction(
    conn: &mut sqlx::PgConnection,
) -> Result<bool, sqlx::Error> {
    let outside = sqlx::raw_sql("SELECT now() = statement_timestamp()");
    let row = conn.fetch_one(outside).await;
    Ok(row.is_ok_and(|row| row.try_get(0).unwrap_or(false)))
}
