//! A PostgreSQL database for one test, in the cluster that tests/run has started.
//! Knows sqlx and nothing of rolecall.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{Connection as _, Executor as _, PgConnection};
use url::Url;

use super::environment;

/// Creates an empty database and returns its URL.
///
/// It is not dropped: the cluster is thrown away as a whole, which costs a test nothing, and a
/// failed test's data can be looked at until then.
pub async fn new_database() -> String {
    create("template1").await
}

/// As [`new_database`], with all that is in the database at `url`, which nobody uses.
pub async fn new_copy(url: &str) -> String {
    let url = Url::parse(url).expect("a URL");
    create(url.path().trim_start_matches('/')).await
}

async fn create(template: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let mut url = Url::parse(&environment("ROLECALL_TEST_POSTGRES")).expect("a URL");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    administer(format!(
        "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    ))
    .await;
    url.set_path(&name);
    url.into()
}

/// The cluster's socket.
pub fn socket() -> PathBuf {
    let url = Url::parse(&environment("ROLECALL_TEST_POSTGRES")).expect("a URL");
    let host = url.query_pairs().find(|(name, _)| name == "host");
    let folder = host.expect("a folder with a socket").1.into_owned();
    PathBuf::from(folder).join(format!(".s.PGSQL.{}", url.port().unwrap_or(5432)))
}

/// The same database by way of `address`.
pub fn by_way_of(url: &str, address: SocketAddr) -> String {
    let url = Url::parse(url).expect("a URL");
    format!("postgres://{}@{address}{}", url.username(), url.path())
}

/// A connection to a database past everything else.
pub async fn direct(database: &str) -> PgConnection {
    let mut url = Url::parse(&environment("ROLECALL_TEST_POSTGRES")).expect("a URL");
    url.set_path(database);
    let connected = PgConnection::connect(url.as_str()).await;
    connected.expect("the cluster runs")
}

/// One statement about a database, from outside of it.
#[expect(clippy::disallowed_methods, reason = "a name has no placeholder")]
pub async fn administer(statement: String) {
    let url = environment("ROLECALL_TEST_POSTGRES");
    let mut cluster = PgConnection::connect(&url).await.expect("the cluster runs");
    let done = cluster.execute(sqlx::AssertSqlSafe(statement)).await;
    done.expect("the statement runs");
    cluster.close().await.expect("a clean goodbye");
}
