//! What the schema itself promises, shown with raw SQL on both databases.
//!
//! Cases are data: one text for SQLite and PostgreSQL, each run in a transaction that is rolled
//! back. Time is a table in place of the view `clock`.

mod allowed;
mod casting;
mod parallel;
mod refused;
mod refused_polls;
mod twins;
mod upgrades;

use rolecall::db::Db;
use sqlx::{Connection, Database, Executor, error::ErrorKind};

use crate::support::database;

use refused::Refused;

/// The people and polls that every case starts from.
const FIXTURE: &str = include_str!("fixture.sql");

/// Why a statement is refused, in words that are the same on both databases.
#[derive(Clone, Copy, Debug)]
pub enum Because {
    /// A trigger says this word.
    Says(&'static str),
    /// A CHECK constraint of this name.
    Check(&'static str),
    /// A key that exists already.
    Unique,
    /// A row that does not exist, or a broken law of conservation at commit.
    ForeignKey,
}

impl Because {
    fn explains(self, error: &sqlx::Error) -> bool {
        let Some(error) = error.as_database_error() else {
            return false;
        };
        match self {
            Self::Says(word) => error.message() == word,
            Self::Check(name) => {
                error.kind() == ErrorKind::CheckViolation && error.message().contains(name)
            }
            Self::Unique => error.kind() == ErrorKind::UniqueViolation,
            Self::ForeignKey => error.kind() == ErrorKind::ForeignKeyViolation,
        }
    }
}

/// Runs statements in one transaction, which is dropped unless one of them is `COMMIT`.
async fn run<C>(connection: &mut C, statements: &[&'static str]) -> sqlx::Result<()>
where
    C: Connection,
    for<'c> &'c mut <C::Database as Database>::Connection: Executor<'c, Database = C::Database>,
{
    let mut transaction = connection.begin().await?;
    for statement in statements {
        if *statement == "COMMIT" {
            return transaction.commit().await;
        }
        sqlx::raw_sql(*statement).execute(&mut *transaction).await?;
    }
    transaction.rollback().await
}

/// [`run`] on either database.
async fn attempt(db: &Db, statements: &[&'static str]) -> sqlx::Result<()> {
    match db {
        Db::Sqlite { writer, .. } => run(&mut *writer.acquire().await?, statements).await,
        Db::Postgres { pool, .. } => run(&mut *pool.acquire().await?, statements).await,
    }
}

async fn furnish(db: &Db) {
    let done = match db {
        Db::Sqlite { writer, .. } => sqlx::raw_sql(FIXTURE).execute(writer).await.map(|_| ()),
        Db::Postgres { pool, .. } => sqlx::raw_sql(FIXTURE).execute(pool).await.map(|_| ()),
    };
    done.expect("the fixture fits the schema");
}

/// What is wrong with a case, if anything.
async fn fault(db: &Db, case: &Refused) -> Option<String> {
    if let Err(error) = attempt(db, case.setup).await {
        return Some(format!("{}: the setup fails: {error}", case.name));
    }
    let statements = [case.setup, &[case.statement]].concat();
    match attempt(db, &statements).await {
        Ok(()) => Some(format!("{}: accepted", case.name)),
        Err(error) if case.because.explains(&error) => None,
        Err(error) => Some(format!(
            "{}: refused for another reason: {error}",
            case.name
        )),
    }
}

async fn all_refused(cases: &'static [Refused]) {
    database::both(|db| async move {
        furnish(&db).await;
        let mut faults = Vec::new();
        for case in cases {
            faults.extend(fault(&db, case).await);
        }
        assert!(faults.is_empty(), "{db:?}\n{}", faults.join("\n"));
    })
    .await;
}

/// T2.
#[tokio::test]
async fn a_commit_in_which_marks_and_ballots_differ_is_refused() {
    all_refused(refused::CONSERVATION).await;
}

/// V9.
#[tokio::test]
async fn a_ballot_outside_the_opening_hours_is_refused() {
    all_refused(refused::WINDOW).await;
}

/// T3, V6.
#[tokio::test]
async fn a_ballot_that_breaks_the_rules_of_its_poll_is_refused() {
    all_refused(refused::BALLOTS).await;
}

#[tokio::test]
async fn a_roll_that_loses_marks_or_gains_strangers_is_refused() {
    all_refused(refused::ROLL).await;
}

/// T1, R4.
#[tokio::test]
async fn a_poll_of_forbidden_combinations_is_refused() {
    all_refused(refused_polls::RULES).await;
}

/// R3, A31.
#[tokio::test]
async fn a_frozen_ballot_paper_is_not_edited() {
    all_refused(refused_polls::FREEZE).await;
}

/// T4.
#[tokio::test]
async fn a_seal_a_tally_and_an_audit_entry_are_written_once() {
    all_refused(refused_polls::RECORDS).await;
}
