//! The writer of ballots, while commits fail and voters go away.

use rolecall::{
    db::Db,
    error::Error,
    polls::{Cast, Secrecy},
};
use sqlx::Executor as _;

use super::Hall;
use crate::support::{database::Engine, polls::pick};

const PEOPLE: usize = 200;

/// Of the commits with ballots, one in six fails, and leaves its transaction open on SQLite.
const SQLITE: &str = "
    CREATE TABLE broken (id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER breaks AFTER INSERT ON ballots WHEN abs(random()) % 6 = 0
    BEGIN INSERT INTO broken VALUES (-1); END";
const POSTGRES: &str = "
    CREATE TABLE broken (id BIGINT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF random() < 0.16 THEN INSERT INTO broken VALUES (-1); END IF; RETURN NEW; END $$;
    CREATE TRIGGER breaks AFTER INSERT ON ballots FOR EACH ROW EXECUTE FUNCTION breaks()";

/// The first two attempts to write ballots meet another instance. Sequences are not rolled back.
const COLLIDES: &str = "
    CREATE SEQUENCE attempts;
    CREATE FUNCTION collides() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
    RETURN NULL; END $$;
    CREATE TRIGGER collides AFTER INSERT ON ballots FOR EACH STATEMENT EXECUTE FUNCTION collides()";

async fn run(db: &Db, sqlite: &'static str, postgres: &'static str) {
    match db {
        Db::Sqlite { writer, .. } => writer.execute(sqlx::raw_sql(sqlite)).await.map(drop),
        Db::Postgres { pool, .. } => pool.execute(sqlx::raw_sql(postgres)).await.map(drop),
    }
    .expect("a trigger");
}

async fn answers_are_true(engine: Engine) {
    let mut hall = Hall::new(engine, Secrecy::Named, PEOPLE).await;
    run(&hall.app.state.db, SQLITE, POSTGRES).await;
    let votes: Vec<_> = (0..PEOPLE)
        .map(|who| {
            let (polls, poll, now) = (
                hall.app.state.polls.clone(),
                hall.poll,
                hall.app.clock.now(),
            );
            let (user, selection) = (hall.people[who].user, pick(&hall.paper, &[who % 2]));
            tokio::spawn(async move { polls.cast(poll, user, selection, now).await })
        })
        .collect();
    // Every fifth voter goes away, before or after the writer has come to the vote.
    for vote in votes.iter().step_by(5) {
        vote.abort();
        tokio::task::yield_now().await;
    }
    let mut refused = Vec::new();
    for (who, vote) in votes.into_iter().enumerate() {
        let user = hall.people[who].user;
        match vote.await {
            Ok(Ok(Cast::Recorded)) => {
                hall.acknowledged.insert(user);
            }
            Ok(Err(_)) => refused.push(user),
            Ok(other) => panic!("{other:?}"),
            Err(gone) => assert!(gone.is_cancelled(), "{gone}"),
        }
    }
    let stored = hall.stored().await;
    let untrue = refused.iter().find(|user| stored.contains(user));
    assert_eq!(untrue, None, "refused and stored");
    assert!(hall.acknowledged.len() > PEOPLE / 2);
    hall.nothing_is_lost().await;
}

/// FZ-16.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_is_acknowledged_exactly_when_it_was_committed_on_sqlite() {
    answers_are_true(Engine::Sqlite).await;
}

/// FZ-16.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_is_acknowledged_exactly_when_it_was_committed_on_postgres() {
    answers_are_true(Engine::Postgres).await;
}

/// FZ-16: two votes that wait are one batch, and neither voter is told to come back.
#[tokio::test]
async fn a_batch_that_meets_another_instance_is_cast_again() {
    let hall = Hall::new(Engine::Postgres, Secrecy::Named, 2).await;
    run(&hall.app.state.db, "", COLLIDES).await;
    let cast = |who: usize| {
        let now = hall.app.clock.now();
        let selection = pick(&hall.paper, &[who]);
        hall.app
            .state
            .polls
            .cast(hall.poll, hall.people[who].user, selection, now)
    };
    let (one, other) = tokio::join!(cast(0), cast(1));
    assert_eq!(one.expect("an outcome"), Cast::Recorded);
    assert_eq!(other.expect("an outcome"), Cast::Recorded);
}

/// SEC-49: a database without its tables answers nobody.
#[tokio::test]
async fn tables_that_are_gone_are_an_outage_and_open_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let hall = Hall::new(engine, Secrecy::Named, 1).await;
        hall.app.forget_at_once().await;
        run(
            &hall.app.state.db,
            "ALTER TABLE users RENAME TO gone",
            "ALTER TABLE users RENAME TO gone",
        )
        .await;
        let somebody = &hall.people[0];
        for path in ["/user", "/admin/", "/polls/"] {
            let answer = hall.app.send(somebody.page(path)).await;
            let page = crate::support::person::Reply::read(answer).await;
            super::is_outage(&page);
        }
        let now = hall.app.clock.now();
        let selection = pick(&hall.paper, &[0]);
        let cast = hall
            .app
            .state
            .polls
            .cast(hall.poll, somebody.user, selection, now)
            .await;
        assert!(matches!(cast, Err(Error::NotWritten(_))), "{cast:?}");
    }
}
