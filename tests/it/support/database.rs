//! An empty, migrated database for one test, of either kind.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use rolecall::db::Db;
use tokio::sync::OnceCell;

use super::{environment::environment_or, postgres};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// tests/run runs what people do a second time, on PostgreSQL.
    pub fn of_this_run() -> Self {
        match environment_or("ROLECALL_TEST_ENGINE", "sqlite").as_str() {
            "sqlite" => Self::Sqlite,
            "postgres" => Self::Postgres,
            other => panic!("ROLECALL_TEST_ENGINE is {other}: neither sqlite nor postgres"),
        }
    }
}

/// Runs a test once per engine, each with a database of its own.
pub async fn both<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    test(sqlite().await).await;
    test(postgres().await).await;
}

/// An empty SQLite database.
pub async fn sqlite() -> Db {
    open(&new_url(Engine::Sqlite).await).await
}

/// An empty PostgreSQL database.
pub async fn postgres() -> Db {
    open(&new_url(Engine::Postgres).await).await
}

async fn open(url: &str) -> Db {
    let db = Db::connect(url).await.expect("the database answers");
    db.migrate().await.expect("the schema fits");
    db
}

/// Where a new database is that has the schema and nothing else: a copy of one that was migrated
/// once, which is quicker than to migrate each.
pub async fn migrated_url(engine: Engine) -> String {
    static SQLITE: OnceCell<String> = OnceCell::const_new();
    static POSTGRES: OnceCell<String> = OnceCell::const_new();
    match engine {
        Engine::Sqlite => {
            let template = SQLITE.get_or_init(|| template(engine)).await;
            let template = rolecall::db::sqlite_file(template).expect("a file");
            let file = new_file("db");
            std::fs::copy(template, &file).expect("a copy");
            format!("sqlite:{}", file.display())
        }
        Engine::Postgres => {
            let template = POSTGRES.get_or_init(|| template(engine)).await;
            postgres::new_copy(template).await
        }
    }
}

/// Migrated, and used by nobody.
async fn template(engine: Engine) -> String {
    let url = new_url(engine).await;
    open(&url).await.close().await;
    url
}

/// Where a new database will be; nothing is in it yet.
pub async fn new_url(engine: Engine) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite:{}", new_file("db").display()),
        Engine::Postgres => postgres::new_database().await,
    }
}

/// A path in the build folder that no other test uses.
pub fn new_file(extension: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("it-{}-{number}.{extension}", std::process::id());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Another run may have had the same process number.
    for leftover in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{leftover}", path.display()));
    }
    path
}
