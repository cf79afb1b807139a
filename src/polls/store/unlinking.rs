//! What is left of the order of casting in the files of a secret poll, taken out once it has
//! closed: a mark on the roll and the ballot that came with it would else stand at like places.
//!
//! SQLite puts a row into its page where there is room, so that the places tell which came
//! first; `VACUUM` writes all pages anew, in the order of keys. PostgreSQL puts rows one after
//! the other and numbers each with its transaction; writing all rows of the poll anew gives them
//! one number, and `CLUSTER` drops the old versions and sorts the rest.

use sqlx::PgPool;

use super::Polls;
use crate::{
    clock::Timestamp,
    db::{Db, detached, execute, on, transaction},
    error::{Error, Result},
    polls::PollId,
};

impl Polls {
    /// Takes out what is left of the order of casting in secret polls that have closed by the
    /// clock of the database, which would take a ballot until then. It answers nobody else while
    /// it writes its files anew.
    ///
    /// # Errors
    /// When the database does not answer, or a reader keeps old pages. The next call begins
    /// again.
    pub async fn unlink(&self, now: Timestamp) -> Result<()> {
        let closed: Vec<PollId> = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT id FROM polls, clock
                 WHERE secrecy = 'secret' AND unlinked_at IS NULL AND frozen_at IS NOT NULL
                   AND (closes_at <= clock.now OR closed_at <= clock.now)
                 ORDER BY id",
            )
            .fetch_all(pool)
            .await
        })?;
        if closed.is_empty() {
            return Ok(());
        }
        let db = self.db.clone();
        detached(async move {
            write_anew(&db, &closed).await?;
            for id in closed {
                mark(&db, id, now).await?;
            }
            db.empty_write_ahead_log().await;
            Ok(())
        })
        .await
    }
}

async fn write_anew(db: &Db, closed: &[PollId]) -> Result<()> {
    match db {
        Db::Sqlite { writer, .. } => {
            sqlx::query("VACUUM").execute(writer).await?;
            if !db.empty_write_ahead_log().await {
                return Err(Error::unavailable("the write-ahead log still holds votes"));
            }
        }
        Db::Postgres { pool, .. } => {
            renumber(pool, closed).await?;
            for statement in SORT {
                let mut tx = pool.begin().await?;
                // Whoever waits for a table makes everybody else wait behind.
                sqlx::query("SET LOCAL lock_timeout = '2s'")
                    .execute(&mut *tx)
                    .await?;
                sqlx::query(statement).execute(&mut *tx).await?;
                tx.commit().await?;
            }
        }
    }
    Ok(())
}

/// Gives all rows of these polls the number of one transaction, which has to end before
/// [`SORT`] can drop the old versions.
async fn renumber(pool: &PgPool, closed: &[PollId]) -> Result<()> {
    let closed: Vec<i64> = closed.iter().map(|id| id.0).collect();
    let mut tx = pool.begin().await?;
    for statement in RENUMBER {
        sqlx::query(statement)
            .bind(&closed)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

const RENUMBER: [&str; 3] = [
    "UPDATE voter_roll SET weight = weight WHERE poll_id = ANY($1)",
    "UPDATE ballots SET abstained = abstained WHERE poll_id = ANY($1)",
    "UPDATE ballot_choices SET value = value WHERE poll_id = ANY($1)",
];

const SORT: [&str; 3] = [
    "CLUSTER voter_roll USING voter_roll_pkey",
    "CLUSTER ballots USING ballots_pkey",
    "CLUSTER ballot_choices USING ballot_choices_pkey",
];

async fn mark(db: &Db, id: PollId, now: Timestamp) -> Result<()> {
    let mark = "UPDATE polls SET unlinked_at = $2 WHERE id = $1 AND unlinked_at IS NULL";
    transaction!(db, |tx| {
        execute!(tx, sqlx::query(mark).bind(id).bind(now))?;
    })
}
