//! The curious operator: somebody with a copy of every file, after a secret poll has closed.
//!
//! Two worlds differ in who voted for what and in nothing else. What is stored is the same in
//! both, down to the byte, so it cannot tell.

use std::{fs, path::PathBuf, time::Duration};

use rolecall::{
    backup::snapshot,
    clock::{Clock, Timestamp},
    db::Db,
    polls::{
        Cast, PollId, Polls, Receipts, Report, Secrecy,
        editing::{PollDraft, Step},
    },
    random::Random,
    search::Words,
    users::{Role, UserId, Users},
};

use crate::support::{
    app::{execute, number},
    database::{self, Engine},
    polls::{draft, open, paper, pick, take, voter},
};

/// Who votes for which choice, in the order in which they come.
type Story = [(usize, usize); 6];

const ONE: Story = [(0, 0), (1, 1), (2, 1), (3, 0), (4, 1), (5, 1)];
/// The same choices one after the other, by other people.
const OTHER: Story = [(4, 0), (0, 1), (5, 1), (1, 0), (3, 1), (2, 1)];

/// An open secret poll with six voters.
struct World {
    db: Db,
    polls: Polls,
    poll: PollId,
    voters: Vec<UserId>,
    now: Timestamp,
}

impl World {
    async fn new(db: Db, now: Timestamp) -> Self {
        let polls = Polls::new(db.clone(), Random::seeded(7));
        let users = Users::new(db.clone());
        let secret = PollDraft {
            secrecy: Secrecy::Secret,
            receipts: Receipts::Counted,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let poll = open(&polls, secret, now.minus(Duration::from_hours(1))).await;
        let mut voters = Vec::new();
        for name in ["ada", "bo", "cy", "di", "ed", "flo"] {
            voters.push(voter(&users, name, Role::User, now).await);
        }
        Self {
            db,
            polls,
            poll,
            voters,
            now,
        }
    }

    async fn cast(&self, (who, what): (usize, usize)) {
        let selection = pick(&paper(&self.polls, self.poll).await, &[what]);
        let cast = self
            .polls
            .cast(self.poll, self.voters[who], selection, self.now);
        assert_eq!(cast.await.expect("an outcome"), Cast::Recorded);
    }

    async fn tell(&self, story: Story) {
        for vote in story {
            self.cast(vote).await;
        }
    }

    async fn close(&self) {
        take(&self.polls, Step::Close, self.poll, self.now).await;
        self.polls.unlink(self.now).await.expect("rewritten");
    }

    /// Everything that may leave the site once the poll has closed: report, document, seal, check,
    /// and who has voted.
    async fn told(&self) -> String {
        let (polls, now) = (&self.polls, self.now);
        let poll = polls.find(self.poll).await.expect("an answer");
        let poll = poll.expect("the poll is there");
        let results = polls.results(&poll, now).await.expect("counted");
        let document = polls.sealed_document(self.poll).await.expect("an answer");
        let report = Report::new(&poll, &results, None, document.as_deref(), now);
        let report = serde_json::to_string(&report).expect("JSON");
        let everybody = polls
            .list_participants(self.poll, &Words::default(), None, (0, 100))
            .await
            .expect("people");
        let check = polls.check(&poll, now).await.expect("checked");
        assert!(check.passes(), "{check:?}");
        assert!(!document.unwrap_or_default().contains("cast_at"));
        format!("{report}\n{everybody:?}\n{check:?}")
    }
}

/// T4, T9, R13, R15: what is told of a closed secret poll is the same, whoever voted for what.
#[tokio::test]
async fn neither_seal_nor_export_nor_participation_tells_who_voted_for_what() {
    let now = Clock::System.now();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut told = Vec::new();
        for story in [ONE, OTHER] {
            let db = match engine {
                Engine::Sqlite => database::sqlite().await,
                Engine::Postgres => database::postgres().await,
            };
            let world = World::new(db, now).await;
            world.tell(story).await;
            world.close().await;
            told.push(world.told().await);
        }
        assert_eq!(told[0], told[1], "{engine:?}");
        assert!(told[0].contains("\"ballots\":6"), "{}", told[0]);
    }
}

/// A migrated database, so that two worlds begin with the same bytes.
async fn beginning() -> PathBuf {
    let path = database::new_file("db");
    let db = connect(&path).await;
    db.migrate().await.expect("the schema fits");
    db.close().await;
    path
}

async fn connect(path: &std::path::Path) -> Db {
    let url = format!("sqlite:{}", path.display());
    Db::connect(&url).await.expect("the database opens")
}

fn beside(path: &std::path::Path, suffix: &str) -> Vec<u8> {
    fs::read(format!("{}{suffix}", path.display())).unwrap_or_default()
}

/// T1, T9: on SQLite the whole file is the same in both worlds.
#[tokio::test]
async fn the_files_of_a_closed_secret_poll_do_not_tell_who_voted_for_what() {
    let (beginning, now) = (beginning().await, Clock::System.now());
    let mut files = Vec::new();
    for story in [ONE, OTHER] {
        let path = database::new_file("db");
        fs::copy(&beginning, &path).expect("a copy");
        let world = World::new(connect(&path).await, now).await;
        world.tell(story).await;
        world.close().await;
        assert_eq!(
            beside(&path, "-wal"),
            [0_u8; 0],
            "the write-ahead log is empty"
        );
        files.push(beside(&path, ""));
        world.db.close().await;
    }
    assert!(files[0] == files[1], "the files differ");
}

/// T1, T9, OP-07: one backup made while the poll is open is the same in both worlds.
#[tokio::test]
async fn a_backup_of_an_open_secret_poll_does_not_tell_who_voted_for_what() {
    let (beginning, now) = (beginning().await, Clock::System.now());
    let mut files = Vec::new();
    for story in [ONE, OTHER] {
        let path = database::new_file("db");
        fs::copy(&beginning, &path).expect("a copy");
        let world = World::new(connect(&path).await, now).await;
        world.tell(story).await;
        let backup = database::new_file("db");
        let made = snapshot::make(&path, &backup, now).await;
        assert_eq!(made.expect("a backup").ballots, 6);
        files.push(beside(&backup, ""));
        world.db.close().await;
    }
    assert!(files[0] == files[1], "the files differ");
}

/// T9: the write-ahead log holds no vote longer than until its voter is answered, though people
/// read at the same time.
#[tokio::test]
async fn the_write_ahead_log_is_empty_after_every_secret_vote() {
    let path = database::new_file("db");
    let db = connect(&path).await;
    db.migrate().await.expect("the schema fits");
    let world = World::new(db, Clock::System.now()).await;
    for vote in ONE {
        let (read, ()) = tokio::join!(world.polls.tally(world.poll, world.now), world.cast(vote));
        read.expect("counted");
        assert_eq!(beside(&path, "-wal").len(), 0, "{vote:?}");
    }
}

/// T1, T9: on PostgreSQL neither the number of the writing transaction nor the place of a row
/// joins marks and ballots.
#[tokio::test]
async fn rows_of_a_closed_secret_poll_have_one_transaction_and_the_order_of_their_keys() {
    let world = World::new(database::postgres().await, Clock::System.now()).await;
    world.tell(ONE).await;
    let Db::Postgres { pool, .. } = &world.db else {
        panic!("PostgreSQL was asked for");
    };
    let read = async |statement: &'static str| -> i64 {
        let number = sqlx::query_scalar(statement)
            .bind(world.poll)
            .fetch_one(pool);
        number.await.expect("a number")
    };
    assert!(
        read(TRANSACTIONS[0]).await > 1,
        "each vote was a transaction of its own"
    );
    world.close().await;
    for statement in TRANSACTIONS {
        assert_eq!(read(statement).await, 1, "{statement}");
    }
    for statement in MISPLACED {
        assert_eq!(read(statement).await, 0, "{statement}");
    }
}

const TRANSACTIONS: [&str; 3] = [
    "SELECT COUNT(DISTINCT xmin::text) FROM voter_roll WHERE poll_id = $1",
    "SELECT COUNT(DISTINCT xmin::text) FROM ballots WHERE poll_id = $1",
    "SELECT COUNT(DISTINCT xmin::text) FROM ballot_choices WHERE poll_id = $1",
];

/// Rows that stand before a row of a smaller key.
const MISPLACED: [&str; 3] = [
    "SELECT COUNT(*) FROM (SELECT user_id, lag(user_id) OVER (ORDER BY ctid) AS before
     FROM voter_roll WHERE poll_id = $1) AS placed WHERE before > user_id",
    "SELECT COUNT(*) FROM (SELECT id, lag(id) OVER (ORDER BY ctid) AS before
     FROM ballots WHERE poll_id = $1) AS placed WHERE before > id",
    "SELECT COUNT(*) FROM (SELECT ballot_id, lag(ballot_id) OVER (ORDER BY ctid) AS before
     FROM ballot_choices WHERE poll_id = $1) AS placed WHERE before > ballot_id",
];

/// T1: what a secret ballot consists of, on both databases; and nothing but making, opening,
/// closing and sealing the poll is in the history.
#[tokio::test]
async fn a_secret_ballot_has_neither_voter_nor_time_and_the_history_has_no_votes() {
    database::both(|db| async move {
        let world = World::new(db, Clock::System.now()).await;
        world.tell(ONE).await;
        world.close().await;
        for (statement, expected) in [
            ("SELECT COUNT(*) FROM ballots", 6),
            ("SELECT COUNT(user_id) + COUNT(cast_at) FROM ballots", 0),
            ("SELECT COUNT(*) FROM voter_roll WHERE has_voted", 6),
            (
                "SELECT COUNT(*) FROM audit_log WHERE object_type = 'poll'",
                4,
            ),
            (
                "SELECT COUNT(*) FROM polls WHERE unlinked_at IS NOT NULL",
                1,
            ),
        ] {
            let found = number(&world.db, statement).await;
            assert_eq!(found, expected, "{statement}");
        }
        let tally = world
            .polls
            .tally(world.poll, world.now)
            .await
            .expect("counted");
        let votes: Vec<u64> = tally.counts.iter().map(|count| count.votes).collect();
        assert_eq!(votes, [2, 4]);
    })
    .await;
}

/// Open polls and named ones are left alone, and a poll is written anew once.
#[tokio::test]
async fn only_closed_secret_polls_are_written_anew() {
    database::both(|db| async move {
        let world = World::new(db, Clock::System.now()).await;
        let named = open(&world.polls, draft("Named?", &["Yes", "No"]), world.now).await;
        take(&world.polls, Step::Close, named, world.now).await;
        world.polls.unlink(world.now).await.expect("nothing to do");
        let unlinked = "SELECT COUNT(*) FROM polls WHERE unlinked_at IS NOT NULL";
        assert_eq!(number(&world.db, unlinked).await, 0);
        world.tell(ONE).await;
        world.close().await;
        let later = world.now.plus(Duration::from_hours(1));
        world.polls.unlink(later).await.expect("nothing to do");
        let first = "SELECT COUNT(*) FROM polls WHERE unlinked_at = closed_at";
        assert_eq!(number(&world.db, first).await, 1);
    })
    .await;
}

/// T9: a reader that keeps the write-ahead log keeps what is in it as well, so the poll is not
/// told to be unlinked before the reader has gone.
#[tokio::test]
async fn a_poll_whose_write_ahead_log_could_not_be_emptied_is_written_anew_again() {
    let path = database::new_file("db");
    let db = connect(&path).await;
    db.migrate().await.expect("the schema fits");
    let Db::Sqlite { readers, .. } = db.clone() else {
        panic!("SQLite was asked for");
    };
    let world = World::new(db, Clock::System.now()).await;
    world.tell(ONE).await;
    take(&world.polls, Step::Close, world.poll, world.now).await;
    execute(&world.db, "PRAGMA busy_timeout = 0").await;
    let mut reader = readers.begin().await.expect("a reader");
    let read = sqlx::query("SELECT 1 FROM polls").fetch_all(&mut *reader);
    read.await.expect("a snapshot");

    let unlinked = "SELECT COUNT(*) FROM polls WHERE unlinked_at IS NOT NULL";
    let kept = world.polls.unlink(world.now).await;
    assert!(kept.is_err(), "the log still holds every vote");
    assert_eq!(number(&world.db, unlinked).await, 0);

    reader.rollback().await.expect("the reader goes");
    world.polls.unlink(world.now).await.expect("rewritten");
    assert_eq!(number(&world.db, unlinked).await, 1);
    assert_eq!(beside(&path, "-wal").len(), 0);
}

/// T9: what is closed is decided by the clock of the database, which decides about ballots as
/// well; one that is ahead of it must not write a poll anew that still takes them.
#[tokio::test]
async fn a_poll_that_the_database_still_holds_open_is_left_alone() {
    database::both(|db| async move {
        let now = Clock::System.now();
        let world = World::new(db, now).await;
        world.tell(ONE).await;
        let closing = PollDraft {
            secrecy: Secrecy::Secret,
            closes_at: Some(now.plus(Duration::from_hours(1))),
            ..draft("Still open?", &["Yes", "No"])
        };
        open(&world.polls, closing, now).await;
        take(&world.polls, Step::Close, world.poll, now).await;
        let ahead = now.plus(Duration::from_hours(2));
        world.polls.unlink(ahead).await.expect("rewritten");
        let unlinked = "SELECT COUNT(*) FROM polls WHERE unlinked_at IS NOT NULL";
        assert_eq!(number(&world.db, unlinked).await, 1);
    })
    .await;
}
