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
    history,
    polls::{
        self, EntryFilter, PollId,
        roll::{Entry, Invite},
    },
    statement::{Order, Range, Statement, Value, Window},
    users,
};
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::database;

const PAGE: Window = Window::first(50);
/// A page at the end of a list of 100,000.
const LATE: Window = Window {
    offset: 99_950,
    limit: 50,
};
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
        ("roll_names", voters().people_by_name(PAGE)),
        ("roll_names", voters().people_by_name(LATE)),
        ("roll_invites", voters().invitations_by_name(PAGE)),
        ("roll_invites", voters().invitations_by_name(LATE)),
    ]
}

fn voters() -> EntryFilter {
    EntryFilter::of(PollId(7))
}

/// What is read of those who are on one page of a list of voters.
fn page_of_voters() -> Statement {
    let people = (1..=50).map(|id| Entry::Enrolled(users::UserId(id)));
    let invitations = ["new@acme.example"].map(|address| Entry::Invited(Invite::email(address)));
    let page = EntryFilter {
        entries: Some(people.chain(invitations).collect()),
        ..voters()
    };
    let usual = Order(vec![("signed-in", false), ("name", false)]);
    page.statement(&usual, PAGE)
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
        Db::Postgres { pool, .. } => {
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

/// PF-6, V18: of 100,000 voters, those on the page are looked up one by one.
#[tokio::test]
async fn of_a_list_of_voters_only_those_on_the_page_are_read() {
    for db in [database::sqlite().await, database::postgres().await] {
        let plan = plan(&db, &page_of_voters()).await;
        let whole = |step: &&String| {
            ["voter_roll", "users", "roll_invites"].iter().any(|table| {
                step.contains(&format!("SCAN {table}"))
                    || step.contains(&format!("Seq Scan on {table}"))
                    || step.contains(&format!("SEARCH {table} USING PRIMARY KEY (poll_id=?)"))
            })
        };
        let whole: Vec<_> = plan.iter().filter(whole).collect();
        assert!(whole.is_empty(), "{plan:#?}");
    }
}

/// The statements of every trigger on what a vote writes, with a number for each value of the row.
async fn guards_of_the_box(db: &Db) -> Vec<(String, String)> {
    let Db::Sqlite { writer, .. } = db else {
        panic!("SQLite was asked for");
    };
    let triggers: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'
         AND tbl_name IN ('voter_roll', 'ballots', 'ballot_choices')",
    )
    .fetch_all(writer)
    .await
    .expect("triggers");
    let statements = triggers.iter().flat_map(|(name, text)| {
        let (_, body) = text.split_once("BEGIN").expect("a body");
        let body = body.trim_end().strip_suffix("END").expect("an end");
        let statements = body.split(';').filter(|text| !text.trim().is_empty());
        statements.map(move |text| (name.clone(), format!("{text} ")))
    });
    statements
        .map(|(name, text)| (name, outside_of_a_trigger(&text)))
        .collect()
}

/// The statement as it can be explained: a number in place of each value of the row and of what
/// is raised.
fn outside_of_a_trigger(text: &str) -> String {
    let words = text.split_inclusive(|next: char| !(next.is_alphanumeric() || "._".contains(next)));
    let words = words.map(|word| {
        let row = word.starts_with("NEW.") || word.starts_with("OLD.");
        let end = word.len() - word.chars().next_back().map_or(0, char::len_utf8);
        if row {
            format!("?1{}", &word[end..])
        } else {
            word.to_owned()
        }
    });
    let text: String = words.collect();
    let Some((before, raised)) = text.split_once("RAISE(") else {
        return text;
    };
    let (_, after) = raised.split_once(')').expect("an end");
    format!("{before}1{after}")
}

/// PF-3: a vote must not cost more where many have voted.
#[tokio::test]
async fn the_guards_of_the_box_find_rows_by_their_whole_key() {
    let db = database::sqlite().await;
    let Db::Sqlite { writer, .. } = &db else {
        panic!("SQLite was asked for");
    };
    let guards = guards_of_the_box(&db).await;
    assert!(guards.len() > 10, "{guards:#?}");
    for (name, text) in guards {
        let explained = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")));
        let steps = explained.bind(1).fetch_all(writer).await.expect("a plan");
        for step in steps.iter().map(|row| row.get::<String, _>("detail")) {
            let grows = ["voter_roll", "other", "ballots", "users"];
            let grows = grows
                .iter()
                .any(|table| step.split(' ').any(|word| word == *table));
            let reads_many = step.starts_with("SCAN") || step.ends_with("(poll_id=?)");
            assert!(!(grows && reads_many), "{name}: {step}\n{text}");
        }
    }
}
