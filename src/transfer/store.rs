//! Reads the rows of both engines and writes them to PostgreSQL with `COPY`.

use futures_util::TryStreamExt as _;
#[expect(
    clippy::disallowed_types,
    reason = "names of tables and columns come from the schema, and are quoted"
)]
use sqlx::AssertSqlSafe;
use sqlx::{Database, Decode, Executor, PgConnection, Row, SqlitePool, Type};

use super::{
    order,
    table::{Cell, Column, Digest, Kind, Table, line, quoted},
};
use crate::{
    db::{Begun, Db, Tx},
    error::{Error, Result},
};

/// Bytes that are sent at once.
const CHUNK: usize = 256 * 1024;

/// Our statement with names out of the schema.
#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "names of tables and columns come from the schema, and are quoted"
)]
fn with_names(statement: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(statement)
}

fn file(db: &Db) -> Result<&SqlitePool> {
    match db {
        Db::Sqlite { readers, .. } => Ok(readers),
        Db::Postgres { .. } => Err(Error::internal("the source is not SQLite")),
    }
}

fn server(tx: &mut Tx) -> Result<&mut PgConnection> {
    match &mut tx.on {
        Begun::Postgres(tx, _) => Ok(tx),
        Begun::Sqlite(..) => Err(Error::internal("the target is not PostgreSQL")),
    }
}

/// Whether a PostgreSQL database has no tables yet where we would make ours.
pub(super) async fn is_empty(target: &Db) -> Result<bool> {
    let Db::Postgres { pool, .. } = target else {
        return Err(Error::internal("the target is not PostgreSQL"));
    };
    let found = "SELECT NOT EXISTS (SELECT 1 FROM information_schema.tables
                                    WHERE table_schema = current_schema())";
    Ok(sqlx::query_scalar(found).fetch_one(pool).await?)
}

/// The tables of a SQLite file.
pub(super) async fn names(source: &Db) -> Result<Vec<String>> {
    let found = "SELECT name FROM sqlite_schema
                 WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                   AND name <> '_sqlx_migrations' ORDER BY name";
    Ok(sqlx::query_scalar(found).fetch_all(file(source)?).await?)
}

#[derive(sqlx::FromRow)]
struct Described {
    table_name: String,
    column_name: String,
    data_type: String,
    is_identity: bool,
}

/// The tables of the schema, in an order in which they can be filled.
pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let conn = server(tx)?;
    let columns: Vec<Described> = sqlx::query_as(
        "SELECT columns.table_name::text, columns.column_name::text, columns.data_type::text,
                columns.is_identity = 'YES' AS is_identity
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
           AND table_name <> '_sqlx_migrations' AND is_generated = 'NEVER'
         ORDER BY columns.table_name, columns.ordinal_position",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut tables: Vec<Table> = Vec::new();
    for described in columns {
        let column = column(&described)?;
        match tables.last_mut() {
            Some(table) if table.name == described.table_name => table.columns.push(column),
            _ => tables.push(Table {
                name: described.table_name,
                columns: vec![column],
            }),
        }
    }
    // What is checked at commit may come in any order, and so may what a table says of itself.
    let references: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT referring.relname::text, referred.relname::text
         FROM pg_constraint
         JOIN pg_class AS referring ON referring.oid = conrelid
         JOIN pg_class AS referred ON referred.oid = confrelid
         WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
           AND connamespace = current_schema()::regnamespace",
    )
    .fetch_all(conn)
    .await?;
    order::sort(tables, &references)
}

fn column(described: &Described) -> Result<Column> {
    let kind = Kind::from_word(&described.data_type);
    let kind = kind.ok_or_else(|| {
        let Described {
            table_name,
            column_name,
            data_type,
            ..
        } = described;
        Error::internal(format!("{table_name}.{column_name} is a {data_type}"))
    })?;
    Ok(Column {
        name: described.column_name.clone(),
        kind,
        is_identity: described.is_identity,
    })
}

/// Switches our triggers off, and removes the rows with which a new schema begins. Foreign keys
/// and constraints stay.
pub(super) async fn let_triggers_rest(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    let conn = server(tx)?;
    for table in tables {
        let name = quoted(&table.name);
        for statement in [
            format!("ALTER TABLE {name} DISABLE TRIGGER USER"),
            format!("DELETE FROM {name}"),
        ] {
            sqlx::query(with_names(statement))
                .execute(&mut *conn)
                .await?;
        }
    }
    Ok(())
}

/// Checks what is checked at commit, and switches our triggers on again.
pub(super) async fn wake_triggers(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    let conn = server(tx)?;
    conn.execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
    for table in tables {
        let statement = format!("ALTER TABLE {} ENABLE TRIGGER USER", quoted(&table.name));
        sqlx::query(with_names(statement))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Copies the rows of a table, in one statement.
pub(super) async fn copy(source: &Db, tx: &mut Tx, table: &Table) -> Result<()> {
    let statement = format!(
        "COPY {} ({}) FROM STDIN",
        quoted(&table.name),
        table.column_list()
    );
    let mut copied = server(tx)?.copy_in_raw(&statement).await?;
    let mut chunk = String::new();
    let select = with_names(select(table));
    let mut rows = sqlx::query(select).fetch(file(source)?);
    while let Some(row) = rows.try_next().await? {
        chunk.push_str(&line(&cells(&row, table)?));
        if chunk.len() >= CHUNK {
            copied.send(std::mem::take(&mut chunk).into_bytes()).await?;
        }
    }
    copied.send(chunk.into_bytes()).await?;
    copied.finish().await?;
    Ok(())
}

/// Goes on numbering where the file would have gone on, so that no number is given twice.
pub(super) async fn set_sequences(source: &Db, tx: &mut Tx, tables: &[Table]) -> Result<()> {
    let pool = file(source)?;
    for table in tables {
        for column in table.columns.iter().filter(|column| column.is_identity) {
            let (name, id) = (quoted(&table.name), quoted(&column.name));
            let used = format!(
                "SELECT MAX(COALESCE((SELECT MAX({id}) FROM {name}), 0),
                            COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0))"
            );
            let used = sqlx::query_scalar(with_names(used)).bind(&table.name);
            let used: i64 = used.fetch_one(pool).await?;
            if used > 0 {
                sqlx::query("SELECT setval(pg_get_serial_sequence($1, $2), $3)")
                    .bind(&name)
                    .bind(&column.name)
                    .bind(used)
                    .execute(server(tx)?)
                    .await?;
            }
        }
    }
    Ok(())
}

/// What the rows in the file come to.
pub(super) async fn digest_of_file(source: &Db, table: &Table) -> Result<Digest> {
    digest(file(source)?, table).await
}

/// What the rows in PostgreSQL come to.
pub(super) async fn digest_of_server(tx: &mut Tx, table: &Table) -> Result<Digest> {
    digest(server(tx)?, table).await
}

/// Lets PostgreSQL count what it has, so that it finds its rows by the right index at once.
pub(super) async fn analyze(target: &Db) -> Result<()> {
    if let Db::Postgres { pool, .. } = target {
        pool.execute("ANALYZE").await?;
    }
    Ok(())
}

async fn digest<'c, E, DB>(from: E, table: &Table) -> Result<Digest>
where
    E: Executor<'c, Database = DB>,
    DB: Database,
    for<'q> DB::Arguments: sqlx::IntoArguments<DB>,
    i64: Type<DB> + for<'r> Decode<'r, DB>,
    bool: Type<DB> + for<'r> Decode<'r, DB>,
    String: Type<DB> + for<'r> Decode<'r, DB>,
    Vec<u8>: Type<DB> + for<'r> Decode<'r, DB>,
    usize: sqlx::ColumnIndex<DB::Row>,
{
    let mut digest = Digest::default();
    let mut rows = sqlx::query(with_names(select(table))).fetch(from);
    while let Some(row) = rows.try_next().await? {
        digest.add(&cells(&row, table)?);
    }
    Ok(digest.sorted())
}

fn select(table: &Table) -> String {
    format!(
        "SELECT {} FROM {}",
        table.column_list(),
        quoted(&table.name)
    )
}

fn cells<R>(row: &R, table: &Table) -> Result<Vec<Cell>>
where
    R: Row,
    i64: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    bool: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    String: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    Vec<u8>: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    usize: sqlx::ColumnIndex<R>,
{
    let cell = |(place, column): (usize, &Column)| -> Result<Cell, sqlx::Error> {
        let cell = match column.kind {
            Kind::Number => row.try_get::<Option<_>, _>(place)?.map(Cell::Number),
            Kind::Flag => row.try_get::<Option<_>, _>(place)?.map(Cell::Flag),
            Kind::Text => row.try_get::<Option<_>, _>(place)?.map(Cell::Text),
            Kind::Bytes => row.try_get::<Option<_>, _>(place)?.map(Cell::Bytes),
        };
        Ok(cell.unwrap_or(Cell::Null))
    };
    let cells = table.columns.iter().enumerate().map(cell);
    Ok(cells.collect::<Result<_, _>>()?)
}
