//! The database: SQLite in one file, or a PostgreSQL server, behind one set of queries.
//!
//! `on!` and `within!` expand the same expression once per driver, so that a statement is
//! written once and each driver is checked by the compiler. Foundation: knows no feature.

use std::{
    fs::OpenOptions, future::Future, os::unix::fs::OpenOptionsExt as _, path::PathBuf,
    str::FromStr as _, time::Duration,
};

use sqlx::{
    ConnectOptions as _, Executor as _, PgPool, Postgres, Row as _, Sqlite, SqlitePool,
    Transaction,
    error::DatabaseError,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tracing::Instrument as _;

use crate::error::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Versions before this one can corrupt a database whose write-ahead log is reset
/// (SQLite release notes 3.51.3).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// What SQLite answers to a `ROLLBACK` outside of a transaction.
const SQLITE_ERROR: &str = "1";

/// How long a writer waits for its turn before the request is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database in use.
#[derive(Clone, Debug)]
pub enum Db {
    /// Readers, and the one connection that writes.
    Sqlite {
        /// Connections that only read.
        readers: SqlitePool,
        /// The one connection that writes; SQLite has one writer at a time anyway.
        writer: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// How many migrations lie between the schema of a database and this program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SchemaGap {
    /// Migrations that the database lacks.
    pub missing: usize,
    /// Migrations that this program does not know.
    pub newer: usize,
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite's one writer.
    Sqlite(Transaction<'static, Sqlite>),
    /// On a PostgreSQL connection.
    Postgres(Transaction<'static, Postgres>),
}

/// Reads with the same expression on either driver: `on!(db, |pool| query.fetch_all(pool).await)`.
macro_rules! on {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite { readers: $pool, .. } => $body,
            $crate::db::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs the same expression inside a [`Tx`] of either driver:
/// `within!(tx, |conn| query.execute(conn).await)`.
macro_rules! within {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::db::Tx::Postgres(tx) => {
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
    /// Connects to `sqlite:` or `postgres:` and leaves the schema alone.
    ///
    /// # Errors
    /// When the address cannot be read or nothing answers there.
    pub async fn connect(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            sqlite(url).await
        } else {
            postgres(url).await
        }
    }

    /// Brings the schema up to date; does nothing when it is.
    ///
    /// # Errors
    /// When a migration fails, or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        }
        .map_err(Error::internal)
    }

    /// Begins a write transaction. Use it inside [`detached`], so that a client that goes away
    /// cannot leave it half done.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads, and keeps no writer waiting.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin_reading(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
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
            Self::Postgres(pool) => {
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
            Self::Postgres(_) => &POSTGRES,
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

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes the changes durable.
    ///
    /// # Errors
    /// When the database refuses, as it does when marks on the roll differ from ballots.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
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
    tokio::spawn(work.in_current_span())
        .await
        .map_err(Error::internal)?
}

/// The file of a `sqlite:` address.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let is_sqlite = url.starts_with("sqlite:");
    let options = is_sqlite.then(|| SqliteConnectOptions::from_str(url).ok())?;
    options.map(|options| options.get_filename().to_owned())
}

async fn sqlite(url: &str) -> Result<Db> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(!url.contains("mode=rw") || url.contains("mode=rwc"))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // INSERT OR REPLACE must not slip past the triggers that forbid a DELETE.
        .pragma("recursive_triggers", "on")
        .busy_timeout(PATIENCE)
        .log_statements(log::LevelFilter::Trace);
    create_private(&options, url)?;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .after_release(|conn, _| Box::pin(sqlite_is_outside_a_transaction(conn)))
        .connect_with(options.clone())
        .await?;
    require_sound_sqlite(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(PATIENCE)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Db::Sqlite { readers, writer })
}

/// Creates the file for its owner's eyes only; the log files beside it take over its mode.
fn create_private(options: &SqliteConnectOptions, url: &str) -> Result<()> {
    if url.contains("mode=rw") && !url.contains("mode=rwc") {
        return Ok(());
    }
    let opened = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(options.get_filename());
    opened.map(|_| ()).map_err(|error| {
        Error::unavailable(format!(
            "cannot open {}: {error}",
            options.get_filename().display()
        ))
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
/// through it would be acknowledged and never committed.
async fn sqlite_is_outside_a_transaction(
    conn: &mut sqlx::SqliteConnection,
) -> Result<bool, sqlx::Error> {
    let rolled_back = conn.execute("ROLLBACK").await;
    let nothing_to_roll_back = rolled_back.is_err_and(|error| {
        let code = error.as_database_error().and_then(DatabaseError::code);
        code.is_some_and(|code| code == SQLITE_ERROR)
    });
    Ok(nothing_to_roll_back)
}

async fn postgres(url: &str) -> Result<Db> {
    let options = PgConnectOptions::from_str(url)?.log_statements(log::LevelFilter::Trace);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(PATIENCE)
        .after_release(|conn, _| Box::pin(postgres_is_outside_a_transaction(conn)))
        .connect_with(options)
        .await?;
    Ok(Db::Postgres(pool))
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

/// A closed list of words stored as text: the enum, its words, and how the drivers read them.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Deserialize, serde::Serialize)]
        pub enum $name { $( $(#[$variant_meta])* #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$( Self::$variant ),+];

            /// The word stored in the database and sent by forms.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// The value for a word; `None` for any other text.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name where String: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <String as sqlx::Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <String as sqlx::Type<DB>>::compatible(ty)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name where &'r str: sqlx::Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let word = <&str as sqlx::Decode<DB>>::decode(value)?;
                Self::from_word(word).ok_or_else(|| format!("unknown {}: {word}", stringify!($name)).into())
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name where &'q str: sqlx::Encode<'q, DB> {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <&str as sqlx::Encode<DB>>::encode_by_ref(&self.as_str(), buffer)
            }
        }
    };
}
pub(crate) use text_enum;
