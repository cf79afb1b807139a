//! What a database file is copied with and asked for.

use std::path::Path;

use sqlx::{
    Connection as _, Executor as _, SqliteConnection, error::DatabaseError,
    sqlite::SqliteConnectOptions,
};

use crate::{
    db::{Db, Tx, execute, on},
    error::{Error, Result},
    polls::PollId,
};

/// Problems of one kind that are listed; a broken file has many.
const MOST: i64 = 10;

/// Writes the database as it is at this moment into the empty file `target`. On a connection of
/// its own: others go on reading and writing.
pub(super) async fn copy(database: &Path, target: &Path) -> Result<()> {
    let target = target.to_str();
    let target = target.ok_or_else(|| Error::unavailable("the name of the file is no text"))?;
    let options = SqliteConnectOptions::new().filename(database);
    let mut conn = SqliteConnection::connect_with(&options).await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(target)
        .execute(&mut conn);
    let copied = copied.await;
    // While it was copied the log could not be emptied, and it may hold secret votes. Whoever
    // writes at this moment empties it as well.
    let emptied = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
    if let Err(error) = emptied {
        tracing::debug!(%error, "the write-ahead log was not emptied after a backup");
    }
    conn.close().await?;
    copied?;
    Ok(())
}

/// What SQLite finds wrong with the pages of a file.
pub(super) async fn damage(db: &Db) -> Result<Vec<String>> {
    let Db::Sqlite { readers, .. } = db else {
        return Ok(Vec::new());
    };
    let found = "SELECT integrity_check FROM pragma_integrity_check
                 WHERE integrity_check <> 'ok' LIMIT $1";
    let found = sqlx::query_scalar(found).bind(MOST);
    Ok(found.fetch_all(readers).await?)
}

/// Tables of a SQLite file whose rows refer to rows that are not there, and how many do.
pub(super) async fn loose_ends(db: &Db) -> Result<Vec<(String, i64)>> {
    let Db::Sqlite { readers, .. } = db else {
        return Ok(Vec::new());
    };
    let found = r#"SELECT "table", COUNT(*) FROM pragma_foreign_key_check GROUP BY "table""#;
    Ok(sqlx::query_as(found).fetch_all(readers).await?)
}

/// What a database holds.
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
pub(super) struct Contents {
    pub people: i64,
    pub polls: i64,
    pub ballots: i64,
}

/// What it holds, counted.
pub(super) async fn contents(db: &Db) -> Result<Contents> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM users) AS people, (SELECT COUNT(*) FROM polls) AS polls,
                    (SELECT COUNT(*) FROM ballots) AS ballots",
        )
        .fetch_one(pool)
        .await
    })?)
}

/// A poll whose marks, ballots and counters differ from each other, or whose choices stand on no
/// ballot.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Differing {
    pub poll: PollId,
    pub marks: i64,
    pub ballots: i64,
    pub strays: i64,
}

/// The first few of them.
pub(super) async fn differing(db: &Db) -> Result<Vec<Differing>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "WITH roll AS (SELECT poll_id, COUNT(*) AS marks FROM voter_roll
                           WHERE has_voted GROUP BY poll_id),
                  box AS (SELECT poll_id, COUNT(*) AS ballots FROM ballots GROUP BY poll_id),
                  loose AS (SELECT poll_id, COUNT(*) AS strays FROM ballot_choices
                            WHERE NOT EXISTS (SELECT 1 FROM ballots
                                              WHERE ballots.poll_id = ballot_choices.poll_id
                                                AND ballots.id = ballot_choices.ballot_id)
                            GROUP BY poll_id),
                  counted AS (SELECT polls.id AS poll, COALESCE(marks, 0) AS marks,
                                     COALESCE(box.ballots, 0) AS ballots,
                                     COALESCE(strays, 0) AS strays,
                                     COALESCE(poll_counts.voted, -1) AS voted,
                                     COALESCE(poll_counts.ballots, -1) AS noted
                              FROM polls
                              LEFT JOIN roll ON roll.poll_id = polls.id
                              LEFT JOIN box ON box.poll_id = polls.id
                              LEFT JOIN loose ON loose.poll_id = polls.id
                              LEFT JOIN poll_counts ON poll_counts.poll_id = polls.id)
             SELECT poll, marks, ballots, strays FROM counted
             WHERE marks <> ballots OR marks <> voted OR ballots <> noted OR strays > 0
             ORDER BY poll LIMIT $1",
        )
        .bind(MOST)
        .fetch_all(pool)
        .await
    })?)
}

/// From this migration on there is `roll_names`.
pub(super) const ROLL_NAMES_SINCE: i64 = 18;

/// A poll, and how many lines its list of voters has too many or too few in the order of names.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Misnamed {
    pub poll: PollId,
    pub lines: i64,
}

/// The first few of them, of a schema that has reached [`ROLL_NAMES_SINCE`].
pub(super) async fn misnamed(db: &Db) -> Result<Vec<Misnamed>> {
    Ok(on!(db, |pool| {
        sqlx::query_as(
            "WITH listed AS (SELECT voter_roll.poll_id, users.sort_key, users.id AS user_id
                             FROM voter_roll JOIN users ON users.id = voter_roll.user_id
                             WHERE voter_roll.source <> 'role'),
                  missing AS (SELECT poll_id, sort_key, user_id FROM listed
                              EXCEPT SELECT poll_id, sort_key, user_id FROM roll_names),
                  surplus AS (SELECT poll_id, sort_key, user_id FROM roll_names
                              EXCEPT SELECT poll_id, sort_key, user_id FROM listed)
             SELECT poll_id AS poll, COUNT(*) AS lines
             FROM (SELECT poll_id FROM missing UNION ALL SELECT poll_id FROM surplus) AS misnamed
             GROUP BY poll_id ORDER BY poll_id LIMIT $1",
        )
        .bind(MOST)
        .fetch_all(pool)
        .await
    })?)
}

/// The polls that are sealed.
pub(super) async fn sealed(db: &Db) -> Result<Vec<PollId>> {
    Ok(on!(db, |pool| {
        sqlx::query_scalar("SELECT id FROM polls WHERE sealed_at IS NOT NULL ORDER BY id")
            .fetch_all(pool)
            .await
    })?)
}

/// Ends every sign-in there is: sessions, what programs hold, and sign-ins on their way. The keys
/// that sign the tokens of programs go as well; the next start makes new ones. How many sessions
/// and how many personal access tokens there were.
pub(super) async fn end_sign_ins(tx: &mut Tx) -> Result<(u64, u64)> {
    let sessions = execute!(tx, sqlx::query("DELETE FROM sessions"))?;
    let tokens = execute!(tx, sqlx::query("DELETE FROM personal_access_tokens"))?;
    execute!(tx, sqlx::query("DELETE FROM device_codes"))?;
    execute!(tx, sqlx::query("DELETE FROM pending_logins"))?;
    execute!(tx, sqlx::query("DELETE FROM unsent_forms"))?;
    execute!(tx, sqlx::query("DELETE FROM signing_keys"))?;
    Ok((sessions, tokens))
}

/// What stands in the way of putting a SQLite database aside as one file.
pub(super) enum Folded {
    /// Nothing: the write-ahead log is in the file, and nobody has it open.
    Whole,
    /// Another program has it open.
    InUse,
    /// It cannot be read.
    Broken,
}

/// Folds the write-ahead log into the file, which is no longer in WAL mode then.
pub(super) async fn fold(database: &Path) -> Folded {
    let options = SqliteConnectOptions::new().filename(database);
    let Ok(mut conn) = SqliteConnection::connect_with(&options).await else {
        return Folded::Broken;
    };
    let mode: Result<String, _> = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&mut conn)
        .await;
    let closed = conn.close().await;
    match mode {
        Ok(mode) if mode == "delete" && closed.is_ok() => Folded::Whole,
        Ok(_) => Folded::InUse,
        Err(error) if is_busy(&error) => Folded::InUse,
        Err(_) => Folded::Broken,
    }
}

/// `SQLITE_BUSY`, extended codes included.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}
