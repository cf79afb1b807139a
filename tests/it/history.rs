//! The history of changes is a chain.

use rolecall::audit::{self, Actor, Change};
use rolecall::db::Db;

use crate::support::{app::MORNING, database};

async fn note(db: &Db, label: &str) {
    let mut tx = db.begin().await.expect("a transaction");
    let change = Change::new("poll_opened", "poll", 1, label).field("opens_at", None, Some(5));
    audit::append(&mut tx, &Actor::System, change, MORNING)
        .await
        .expect("an entry");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_chain_that_nobody_touched_holds() {
    database::both(|db| async move {
        for label in ["one", "two", "three"] {
            note(&db, label).await;
        }
        assert_eq!(audit::verify(&db).await.expect("an answer"), None);
    })
    .await;
}

#[tokio::test]
async fn an_entry_changed_behind_the_programs_back_is_found() {
    const TAMPER: &str =
        "DROP TRIGGER audit_log_update; UPDATE audit_log SET object_label = 'x' WHERE seq = 2";
    let db = database::sqlite().await;
    for label in ["one", "two", "three"] {
        note(&db, label).await;
    }
    let Db::Sqlite { writer, .. } = &db else {
        unreachable!("asked for SQLite")
    };
    sqlx::raw_sql(TAMPER)
        .execute(writer)
        .await
        .expect("a forger with the file");
    assert_eq!(audit::verify(&db).await.expect("an answer"), Some(2));
}

#[tokio::test]
async fn entries_written_at_once_stand_one_after_the_other() {
    database::both(|db| async move {
        let writers = (0..8).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { note(&db, &n.to_string()).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("an entry");
        }
        assert_eq!(audit::verify(&db).await.expect("an answer"), None);
    })
    .await;
}
