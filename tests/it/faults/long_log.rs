//! A write-ahead log that cannot be folded into the database, because somebody reads an earlier
//! state of it.

use rolecall::{db::Db, polls::Secrecy, system};
use sqlx::{Sqlite, Transaction};

use super::Hall;
use crate::support::{app::number, database::Engine, log};

/// More than the log may keep on the disk.
const MUCH: &str = "CREATE TABLE filler AS SELECT zeroblob(20000000) AS bytes";

/// Commits within which a log that nobody holds is begun anew.
const COMMITS: usize = 10;

impl Hall {
    /// The bytes of the log.
    async fn log(&self) -> i64 {
        let size = system::log_size(&self.app.state.db).await;
        size.expect("an answer").expect("a log of its own")
    }

    /// What is logged when a log of so many bytes is worth a word.
    async fn said(&self, limit: i64) -> String {
        log::keep();
        system::warn_of_long_log(&self.app.state.db, limit).await;
        log::taken()
    }
}

/// Somebody elsewhere who reads and does not end.
struct Reader {
    db: Db,
    snapshot: Transaction<'static, Sqlite>,
}

impl Reader {
    async fn of(hall: &Hall) -> Self {
        let db = Db::connect(hall.app.config.database.url.expose()).await;
        let db = db.expect("a connection");
        let Db::Sqlite { readers, .. } = &db else {
            unreachable!("asked for SQLite")
        };
        let snapshot = readers.begin().await.expect("a reader");
        let mut reader = Self { db, snapshot };
        assert_eq!(reader.ballots().await, 0);
        reader
    }

    async fn ballots(&mut self) -> i64 {
        let ballots = sqlx::query_scalar("SELECT COUNT(*) FROM ballots");
        let ballots = ballots.fetch_one(&mut *self.snapshot).await;
        ballots.expect("a number")
    }

    async fn ends(self) {
        self.snapshot.rollback().await.expect("an end");
        self.db.close().await;
    }
}

/// FT-27.
#[tokio::test]
async fn a_log_that_grows_because_somebody_reads_is_told_of_and_shrinks_after_it() {
    let mut hall = Hall::new(Engine::Sqlite, Secrecy::Named, 2).await;
    let mut reader = Reader::of(&hall).await;
    hall.app.execute(MUCH, 0).await;
    hall.votes(0).await;
    let size = hall.log().await;
    assert!(size > 20_000_000, "{size}");
    assert_eq!(hall.said(size + 1).await, "");
    let said = hall.said(size).await;
    assert!(
        said.contains(" WARN ") && said.contains("the write-ahead log grows"),
        "{said}"
    );
    assert!(said.contains(&format!("size={size}")), "{said}");
    hall.votes(1).await;
    assert_eq!(reader.ballots().await, 0, "it reads what it read");

    reader.ends().await;
    let mut commits = 0;
    while hall.log().await >= size {
        assert!(commits < COMMITS, "the log stays as it is");
        hall.app
            .execute("UPDATE users SET version = version + $1", 1)
            .await;
        commits += 1;
    }
    assert_eq!(hall.said(size).await, "");
    assert_eq!(
        number(&hall.app.state.db, "SELECT COUNT(*) FROM ballots").await,
        2
    );
    hall.nothing_is_lost().await;
}
