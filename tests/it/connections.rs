//! Connections to the database: kept, and never handed on inside a transaction.

use std::{collections::BTreeSet, time::Duration};

use rolecall::db::Db;
use sqlx::{Executor as _, PgPool};

use crate::support::database;

const NOTE: &str = "INSERT INTO settings (key, value) VALUES ('note', 'kept')";
const NOTES: &str = "SELECT COUNT(*) FROM settings WHERE key = 'note'";

/// Leaves a transaction open on a pooled connection, as a cancelled request can.
async fn abandon_a_transaction(db: &Db) {
    match db {
        Db::Sqlite { writer, .. } => {
            let mut connection = writer.acquire().await.expect("a connection");
            connection.execute("BEGIN").await.expect("a transaction");
        }
        Db::Postgres { pool, .. } => {
            let mut connection = pool.acquire().await.expect("a connection");
            connection.execute("BEGIN").await.expect("a transaction");
        }
    }
}

async fn write(db: &Db) {
    match db {
        Db::Sqlite { writer, .. } => writer.execute(NOTE).await.map(drop),
        Db::Postgres { pool, .. } => pool.execute(NOTE).await.map(drop),
    }
    .expect("a note");
}

/// Asks through another connection than the one that wrote.
async fn notes(db: &Db) -> i64 {
    match db {
        Db::Sqlite { readers, .. } => sqlx::query_scalar(NOTES).fetch_one(readers).await,
        Db::Postgres { pool, .. } => {
            let (mut one, mut other) = (
                pool.acquire().await.expect("a connection"),
                pool.acquire().await.expect("another"),
            );
            let _: i64 = sqlx::query_scalar(NOTES)
                .fetch_one(&mut *one)
                .await
                .expect("a count");
            sqlx::query_scalar(NOTES).fetch_one(&mut *other).await
        }
    }
    .expect("a count")
}

#[tokio::test]
async fn what_is_written_after_an_abandoned_transaction_is_committed() {
    database::both(|db| async move {
        abandon_a_transaction(&db).await;
        write(&db).await;
        assert_eq!(notes(&db).await, 1, "{db:?}");
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    database::both(|db| async move {
        let tx = db.begin().await.expect("a transaction");
        drop(tx);
        write(&db).await;
        assert_eq!(notes(&db).await, 1, "{db:?}");
    })
    .await;
}

/// A connection goes back to the pool in a task of its own.
async fn wait_until_idle(pool: &PgPool) {
    let idle = async {
        while pool.num_idle() == 0 {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, idle)
        .await
        .expect("the connection comes back");
}

#[tokio::test]
async fn a_postgres_connection_is_used_again() {
    let db = database::postgres().await;
    let Db::Postgres { pool, .. } = &db else {
        unreachable!("asked for PostgreSQL")
    };
    let mut processes = BTreeSet::new();
    for _ in 0..5 {
        wait_until_idle(pool).await;
        let process: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(pool)
            .await
            .expect("a number");
        processes.insert(process);
    }
    assert_eq!(
        processes.len(),
        1,
        "one connection serves one request after the other"
    );
}

#[tokio::test]
async fn readers_of_sqlite_cannot_write() {
    let db = database::sqlite().await;
    let Db::Sqlite { readers, .. } = &db else {
        unreachable!("asked for SQLite")
    };
    assert!(readers.execute(NOTE).await.is_err());
}
