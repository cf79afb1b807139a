//! A PostgreSQL database for one test, in the cluster that tests/run has started.
//! Knows sqlx and nothing of rolecall.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, Executor as _, PgConnection};
use url::Url;

use super::environment;

/// Creates an empty database and returns its URL.
///
/// It is not dropped: the cluster is thrown away as a whole, which costs a test nothing, and a
/// failed test's data can be looked at until then.
pub async fn new_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let mut url = Url::parse(&environment("ROLECALL_TEST_POSTGRES")).expect("a URL");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    let mut cluster = PgConnection::connect(url.as_str())
        .await
        .expect("the test cluster runs");
    create(&mut cluster, &name).await;
    cluster.close().await.expect("a clean goodbye");
    url.set_path(&name);
    url.into()
}

#[expect(clippy::disallowed_methods, reason = "a name has no placeholder")]
async fn create(cluster: &mut PgConnection, name: &str) {
    let statement = format!("CREATE DATABASE {name} STRATEGY FILE_COPY");
    cluster
        .execute(sqlx::AssertSqlSafe(statement))
        .await
        .expect("a new database");
}
