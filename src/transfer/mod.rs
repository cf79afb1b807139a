//! Moves a SQLite installation into an empty PostgreSQL database: schema and data in one
//! transaction, every row read again on both sides before it is committed. The file is only read.
//!
//! [`table`] says what the rows of a table are made of, `store` reads and writes them. What there
//! is to copy is read off the schema, so that no table can be forgotten.

mod order;
mod store;
pub mod table;

use std::path::Path;

use serde::Serialize;

use self::table::{Digest, Table};
use crate::{
    backup::verification,
    clock::Timestamp,
    db::{DatabaseLock, Db, Tx},
    error::{Error, Result},
};

/// How a move ended.
#[derive(Debug)]
pub enum Move {
    /// All of it is there.
    Done(Vec<Moved>),
    /// Not begun: a server or a command uses the file.
    InUse,
    /// Not begun, and why.
    Refused(String),
}

/// A table that was copied.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Moved {
    /// Its name.
    pub table: String,
    /// How many rows it has on either side.
    pub rows: usize,
}

/// Moves the database in `file` to the PostgreSQL database at `url`. Until everything is verified
/// nothing is there.
///
/// # Errors
/// When either database does not answer, or the two differ after copying.
pub async fn migrate_to(file: &Path, url: &str, now: Timestamp) -> Result<Move> {
    if !file.exists() {
        let file = file.display();
        return Ok(Move::Refused(format!("There is no database {file}.")));
    }
    let Some(_lock) = DatabaseLock::exclusive(file)? else {
        return Ok(Move::InUse);
    };
    let source = Db::read_only(file).await?;
    let target = Db::connect(url).await?;
    let moved = between(&source, &target, now).await;
    source.close().await;
    target.close().await;
    moved
}

async fn between(source: &Db, target: &Db, now: Timestamp) -> Result<Move> {
    if let Some(why) = unfit(source, target, now).await? {
        return Ok(Move::Refused(why));
    }
    let mut tx = target.begin().await?;
    tx.migrate().await?;
    let tables = store::tables(&mut tx).await?;
    if let Some(name) = unknown(&tables, &store::names(source).await?) {
        return Ok(Move::Refused(format!(
            "The table {name} is not one of this program's and would be left behind."
        )));
    }
    copy(source, &mut tx, &tables).await?;
    let moved = compare(source, &mut tx, &tables).await?;
    tx.commit().await?;
    let problems = tried(target, now).await;
    let problems = problems.unwrap_or_else(|error| vec![error.explained()]);
    if problems.is_empty() {
        Ok(Move::Done(moved))
    } else {
        Err(Error::unavailable(format!(
            "every row was copied and is the same, but trying the copy afterwards failed: {} The new \
             database is NOT empty: do not use it; empty it and try again",
            problems.join(" ")
        )))
    }
}

/// What is wrong with the copy once it is there.
async fn tried(target: &Db, now: Timestamp) -> Result<Vec<String>> {
    store::analyze(target).await?;
    let mut problems = Vec::new();
    verification::try_contents(target, true, now, &mut problems).await?;
    Ok(problems)
}

/// Why these two cannot be source and target.
async fn unfit(source: &Db, target: &Db, now: Timestamp) -> Result<Option<String>> {
    if source.newest_migration().await?.is_none() {
        return Ok(Some("The file holds no polls: nothing to move.".to_owned()));
    }
    let gap = source.schema_gap().await;
    if gap.newer > 0 {
        return Ok(Some(
            "The schema of the file is newer than this program.".to_owned(),
        ));
    }
    if gap.missing > 0 {
        return Ok(Some(
            "The schema of the file is not up to date: run `rolecall migrate` first.".to_owned(),
        ));
    }
    if !store::is_empty(target).await? {
        return Ok(Some(
            "The PostgreSQL database is not empty. Create a new one, or empty that one yourself."
                .to_owned(),
        ));
    }
    let mut problems = Vec::new();
    verification::try_contents(source, true, now, &mut problems).await?;
    let fit = problems.is_empty();
    Ok((!fit).then(|| format!("The file does not hold. {}", problems.join(" "))))
}

/// A table of the source that the target does not have.
fn unknown<'n>(tables: &[Table], names: &'n [String]) -> Option<&'n String> {
    let is_known = |name: &&String| tables.iter().any(|table| table.name == **name);
    names.iter().find(|name| !is_known(name))
}

async fn copy(source: &Db, tx: &mut Tx, tables: &[Table]) -> Result<()> {
    // The triggers say what people may do; these rows have been through them.
    store::let_triggers_rest(tx, tables).await?;
    for table in tables {
        store::copy(source, tx, table).await?;
    }
    store::set_sequences(source, tx, tables).await?;
    store::wake_triggers(tx, tables).await
}

/// Reads every row of both sides again.
async fn compare(source: &Db, tx: &mut Tx, tables: &[Table]) -> Result<Vec<Moved>> {
    let mut moved = Vec::new();
    for table in tables {
        let (ours, theirs): (Digest, Digest) = (
            store::digest_of_file(source, table).await?,
            store::digest_of_server(tx, table).await?,
        );
        if ours != theirs {
            return Err(Error::unavailable(format!(
                "the rows of {} differ after copying; nothing was kept",
                table.name
            )));
        }
        moved.push(Moved {
            table: table.name.clone(),
            rows: ours.rows(),
        });
    }
    Ok(moved)
}
