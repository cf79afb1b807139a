//! How the databases answer the lists of the console: by an index, in its order, without reading a
//! whole table and without sorting. Of people, polls and sign-ins there can be very many.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the statements of the program, with EXPLAIN before them"
)]

use rolecall::{
    attempts,
    clock::Timestamp,
    db::Db,
    history, polls,
    statement::{Order, Range, Statement, Value, Window},
    users,
};
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::database;

const PAGE: Window = Window::first(50);
const NOW: Timestamp = Timestamp::from_millis(1_772_442_000_000);

/// What each list asks with its usual filters, and the table that it goes through.
fn lists() -> Vec<(&'static str, Statement)> {
    let usual = Order::default();
    let falling = |name| Order(vec![(name, true)]);
    let since = Range {
        from: Some(NOW),
        before: None,
    };
    let recent = history::Filter {
        at: since,
        ..history::Filter::default()
    };
    let staff = users::Filter {
        role: Some(users::Role::Staff),
        ..users::Filter::default()
    };
    vec![
        (
            "polls",
            polls::Filter::default().statement(&usual, PAGE, NOW),
        ),
        (
            "polls",
            polls::Filter::default().statement(&falling("question"), PAGE, NOW),
        ),
        ("users", users::Filter::default().statement(&usual, PAGE)),
        (
            "users",
            users::Filter::default().statement(&falling("subject"), PAGE),
        ),
        ("users", staff.statement(&falling("last"), PAGE)),
        (
            "users",
            users::Filter::default().statement(&falling("last"), PAGE),
        ),
        (
            "attempt",
            attempts::Filter::default().statement(&usual, PAGE),
        ),
        (
            "audit_log",
            history::Filter::default().statement(&usual, PAGE),
        ),
        (
            "audit_log",
            history::Filter::of("poll", 7).statement(&usual, PAGE),
        ),
        ("audit_log", recent.statement(&usual, PAGE)),
    ]
}

/// The plan, line by line.
async fn plan(db: &Db, statement: &Statement) -> Vec<String> {
    macro_rules! explained {
        ($prefix:literal, $conn:expr, $column:literal) => {{
            let text = format!(concat!($prefix, " {}"), statement.sql());
            let mut query = sqlx::query(AssertSqlSafe(text));
            for value in statement.values() {
                query = match value {
                    Value::Number(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_str()),
                };
            }
            let rows = query.fetch_all($conn).await.expect("a plan");
            rows.iter()
                .map(|row| row.get::<String, _>($column))
                .collect()
        }};
    }
    match db {
        Db::Sqlite { writer, .. } => explained!("EXPLAIN QUERY PLAN", writer, "detail"),
        Db::Postgres(pool) => {
            // The tables are empty: without this nobody would trouble an index.
            let mut tx = pool.begin().await.expect("a transaction");
            let without = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;
                           SET LOCAL enable_bitmapscan = off";
            sqlx::raw_sql(without)
                .execute(&mut *tx)
                .await
                .expect("settings");
            explained!("EXPLAIN", &mut *tx, 0)
        }
    }
}

/// PF-6.
#[tokio::test]
async fn sqlite_reads_every_list_in_the_order_of_an_index() {
    let db = database::sqlite().await;
    for (table, statement) in lists() {
        let plan = plan(&db, &statement).await;
        let through = format!("SCAN {table}");
        let whole = plan.contains(&through);
        // The key of the table is the order of some lists: then the scan stops after a page.
        let by_key = statement.sql().contains("ORDER BY seq")
            || statement.sql().contains("ORDER BY attempt.id");
        assert!(!whole || by_key, "{}\n{plan:#?}", statement.sql());
        let sorts = plan
            .iter()
            .any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        assert!(
            !sorts || statement.sql().contains("at >= "),
            "{}\n{plan:#?}",
            statement.sql()
        );
    }
}

/// PF-6.
#[tokio::test]
async fn postgresql_reads_every_list_in_the_order_of_an_index() {
    let db = database::postgres().await;
    for (_, statement) in lists() {
        let plan = plan(&db, &statement).await;
        let bad = |step: &&String| {
            step.contains("Seq Scan")
                || step.trim_start().starts_with("-> Sort")
                || step.starts_with("Sort")
        };
        let bad: Vec<_> = plan.iter().filter(bad).collect();
        assert!(bad.is_empty(), "{}\n{plan:#?}", statement.sql());
    }
}
