//! The two schemas are twins, and what only one of the engines could let through.

use rolecall::{clock::Clock, db::Db};

use crate::support::database;

pub type Column = (String, String, bool);

const SQLITE_COLUMNS: &str = "
    SELECT tables.name, columns.name, columns.\"notnull\" = 0
    FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND tables.name <> '_sqlx_migrations'
    ORDER BY tables.name, columns.cid";

const POSTGRES_COLUMNS: &str = "
    SELECT columns.table_name::text, columns.column_name::text, columns.is_nullable = 'YES'
    FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations'
    ORDER BY columns.table_name COLLATE \"C\", columns.ordinal_position";

pub async fn columns(db: &Db) -> Vec<Column> {
    match db {
        Db::Sqlite { writer, .. } => sqlx::query_as(SQLITE_COLUMNS).fetch_all(writer).await,
        Db::Postgres { pool, .. } => sqlx::query_as(POSTGRES_COLUMNS).fetch_all(pool).await,
    }
    .expect("both engines describe themselves")
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_columns_and_nullability() {
    let (sqlite, postgres) = (database::sqlite().await, database::postgres().await);
    let (sqlite, postgres) = (columns(&sqlite).await, columns(&postgres).await);
    assert!(
        sqlite.len() > 100,
        "the schema has {} columns",
        sqlite.len()
    );
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn staff_and_superuser_follow_from_role_and_standing() {
    const FLAGS: &str = "SELECT id, is_active, is_staff, is_superuser FROM users ORDER BY id";
    const LEAVE: &str = "UPDATE users SET role_lost_at = 1 WHERE id = 2; UPDATE users SET deactivated_at = 1 WHERE id = 3";
    type Flags = Vec<(i64, bool, bool, bool)>;
    database::both(|db| async move {
        super::furnish(&db).await;
        let read = async || -> Flags {
            match &db {
                Db::Sqlite { writer, .. } => sqlx::query_as(FLAGS).fetch_all(writer).await,
                Db::Postgres { pool, .. } => sqlx::query_as(FLAGS).fetch_all(pool).await,
            }
            .expect("flags decode as bool")
        };
        let (uma, vera) = ((1, true, false, false), (4, true, false, false));
        assert_eq!(
            read().await,
            [uma, (2, true, true, false), (3, true, true, true), vera]
        );
        super::attempt(&db, &[LEAVE, "COMMIT"])
            .await
            .expect("people leave");
        assert_eq!(
            read().await,
            [
                uma,
                (2, false, false, false),
                (3, false, false, false),
                vera
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_clock_of_the_triggers_is_the_time_of_day_in_milliseconds() {
    const NOW: &str = "SELECT now FROM clock";
    database::both(|db| async move {
        let before = Clock::System.now().as_millis();
        let now: i64 = match &db {
            Db::Sqlite { writer, .. } => sqlx::query_scalar(NOW).fetch_one(writer).await,
            Db::Postgres { pool, .. } => sqlx::query_scalar(NOW).fetch_one(pool).await,
        }
        .expect("the clock tells the time");
        assert!((before - 1..=Clock::System.now().as_millis()).contains(&now));
    })
    .await;
}

/// SQLite's REPLACE deletes without a DELETE; `recursive_triggers` makes the triggers see it.
#[tokio::test]
async fn sqlite_does_not_replace_what_may_not_be_deleted() {
    const REPLACEMENTS: &[(&str, &str)] = &[
        (
            "INSERT OR REPLACE INTO voter_roll (poll_id, user_id, source) VALUES (3, 1, 'role')",
            "voter_kept",
        ),
        (
            "INSERT OR REPLACE INTO ballots (poll_id, id, secrecy)
              VALUES (3, unhex('00000000000000000000000000000031'), 'secret')",
            "poll_not_open",
        ),
        (
            "INSERT OR REPLACE INTO poll_counts (poll_id, voted, ballots) VALUES (3, 7, 7)",
            "counts_kept",
        ),
        (
            "INSERT OR REPLACE INTO polls (id, question, search_key, created_at, updated_at) VALUES (2, 'Q', 'q', 1, 1)",
            "poll_frozen",
        ),
        (
            "INSERT OR REPLACE INTO choices (id, poll_id, position, text, text_key) VALUES (21, 1, 3, 'Q', 'q')",
            "poll_frozen",
        ),
    ];
    let db = database::sqlite().await;
    super::furnish(&db).await;
    super::attempt(&db, &["UPDATE clock SET now = 2000", "COMMIT"])
        .await
        .expect("time passes");
    for (statement, word) in REPLACEMENTS {
        let error = super::attempt(&db, &[statement])
            .await
            .expect_err(statement);
        assert_eq!(
            error.as_database_error().expect("a refusal").message(),
            *word,
            "{statement}"
        );
    }
}

/// PostgreSQL's TRUNCATE passes row triggers by.
#[tokio::test]
async fn postgres_does_not_truncate_what_may_not_be_deleted() {
    const TRUNCATIONS: &[(&str, &str)] = &[
        ("TRUNCATE ballot_choices", "ballot_immutable"),
        ("TRUNCATE audit_log", "audit_append_only"),
        ("TRUNCATE tallies", "seal_immutable"),
        ("TRUNCATE poll_counts", "counts_kept"),
    ];
    let db = database::postgres().await;
    for (statement, word) in TRUNCATIONS {
        let error = super::attempt(&db, &[statement])
            .await
            .expect_err(statement);
        assert_eq!(
            error.as_database_error().expect("a refusal").message(),
            *word,
            "{statement}"
        );
    }
}
