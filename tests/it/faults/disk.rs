//! A disk that is full, for a while.

use rolecall::{db::Db, polls::Secrecy};

use super::Hall;
use crate::support::{database::Engine, log, person::Reply};

const PEOPLE: usize = 60;

impl Hall {
    /// Lets the file have so many pages, or as many as it has.
    async fn room_for(&self, pages: &'static str) {
        let Db::Sqlite { writer, .. } = &self.app.state.db else {
            unreachable!("asked for SQLite")
        };
        let limited = sqlx::raw_sql(pages).execute(writer).await;
        limited.expect("a limit");
    }

    /// A vote takes more than what is free of the pages that there are.
    async fn fills_up(&self) {
        self.room_for(
            "CREATE TABLE filler (bytes BLOB); CREATE TRIGGER fills AFTER INSERT ON ballots
             BEGIN INSERT INTO filler VALUES (zeroblob(20000)); END",
        )
        .await;
        self.room_for("PRAGMA max_page_count = 1").await;
    }

    async fn has_room_again(&self) {
        self.room_for("PRAGMA max_page_count = 1073741823").await;
    }

    /// Votes until one is refused; by whom.
    async fn vote_until_full(&mut self) -> usize {
        for who in 0..PEOPLE - 1 {
            let reply = self.vote(who).await;
            if reply.status == 503 {
                return who;
            }
        }
        panic!("the disk never fills up");
    }
}

async fn a_full_disk(secrecy: Secrecy) {
    let mut hall = Hall::new(Engine::Sqlite, secrecy, PEOPLE).await;
    hall.votes(0).await;
    hall.fills_up().await;
    let first = hall.vote_until_full().await;
    hall.is_turned_away(first).await;
    hall.is_turned_away(PEOPLE - 1).await;
    // Pages are read meanwhile, also by somebody whose last request cannot be noted.
    hall.app.advance(std::time::Duration::from_mins(5)).await;
    for path in ["/polls/", "/user", "/readyz", "/healthz"] {
        let page = Reply::read(hall.app.send(hall.people[first].page(path)).await).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
    }
    hall.nothing_is_lost().await;

    hall.has_room_again().await;
    hall.votes(first).await;
    hall.votes(PEOPLE - 1).await;
    hall.nothing_is_lost().await;
}

/// FT-06.
#[tokio::test]
async fn while_the_disk_is_full_votes_are_refused_and_pages_read_and_then_it_goes_on() {
    a_full_disk(Secrecy::Named).await;
}

/// FT-06.
#[tokio::test]
async fn a_full_disk_takes_no_secret_vote_either_and_loses_none() {
    a_full_disk(Secrecy::Secret).await;
}

/// FT-06: a full disk is not filled with lines about itself.
#[tokio::test]
async fn two_hundred_votes_on_a_full_disk_are_a_few_lines_in_the_log() {
    let mut hall = Hall::new(Engine::Sqlite, Secrecy::Named, PEOPLE).await;
    hall.fills_up().await;
    let first = hall.vote_until_full().await;
    log::keep();
    for _ in 0..200 {
        hall.is_turned_away(first).await;
    }
    let log = log::taken();
    // Two causes, and each again for every second that this takes.
    let warnings = log.lines().filter(|line| line.contains(" WARN ")).count();
    assert!(warnings < 60, "{warnings}");
    assert!(!log.contains(" ERROR "));
}
