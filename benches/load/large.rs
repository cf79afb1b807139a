//! A poll with a million ballots beside one with a thousand: how long the program takes to start,
//! and what their results cost (PF-5, PF-9).

use std::time::Duration;

use rolecall::db::Db;
use tokio::time::Instant;

use crate::{
    Outcome,
    program::{self, Program},
};

const STARTS: usize = 5;
const PAGES: u32 = 1000;

pub async fn run() -> Outcome<()> {
    let mut program = Program::start().await?;
    let client = program::client()?;
    let staff = program.sign_in(&client, "pick-stan").await?;
    fill(&program).await?;
    let list = format!("{}/polls/", program.base_url);
    for _ in 0..STARTS {
        let begun = Instant::now();
        program.start_again().await?;
        let answer = client.get(&list).send().await?;
        println!(
            "from the start to the first list of polls ({}): {:.0?}, {:.0} MB in use",
            answer.status(),
            begun.elapsed(),
            program.memory().await?
        );
    }
    for (poll, ballots) in [(1, 1_000), (2, 1_000_000)] {
        let results = format!("{}/polls/{poll}/results/", program.base_url);
        let page = async || client.get(&results).header("cookie", &staff).send().await;
        let begun = Instant::now();
        let first = page().await?;
        let (status, took) = (first.status(), begun.elapsed());
        let before = program.cpu().await?;
        for _ in 0..PAGES {
            page().await?;
        }
        let each: Duration = program.cpu().await?.saturating_sub(before) / PAGES;
        println!(
            "results of {ballots} ballots ({status}): the first in {took:.1?}, then {each:.0?} of processor time each"
        );
    }
    Ok(())
}

async fn fill(program: &Program) -> Outcome<()> {
    let db = Db::connect(&format!("sqlite:{}", program.database().display())).await?;
    let Db::Sqlite { writer, .. } = &db else {
        return Err("SQLite was asked for".into());
    };
    let mut conn = writer.acquire().await?;
    sqlx::raw_sql(FILL).execute(&mut *conn).await?;
    drop(conn);
    db.close().await;
    Ok(())
}

/// Choices 1 and 2 belong to the first poll, 3 and 4 to the second.
const FILL: &str = "
INSERT INTO users (issuer, subject, username, display_name, sort_key, search_key, email, role,
                   role_checked_at, first_seen_at, last_login_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
SELECT 'https://op.example', 's' || i, 's' || i, 'Person ' || i, 'person ' || i, 'person ' || i,
       i || '@example.org', 'user', 1, 1, 1772409600000 FROM n;
INSERT INTO polls (id, question, search_key, published_at, closes_at, created_at, updated_at,
                   review, results)
VALUES (1, 'Small?', 'small?', 1700000000000, 4000000000000, 1, 1, FALSE, 'live'),
       (2, 'Large?', 'large?', 1700000000000, 4000000000000, 2, 2, FALSE, 'live');
INSERT INTO poll_roles SELECT id, 'user' FROM polls;
INSERT INTO choices (id, poll_id, position, text, text_key)
VALUES (1, 1, 1, 'Yes', 'yes'), (2, 1, 2, 'No', 'no'), (3, 2, 1, 'Yes', 'yes'), (4, 2, 2, 'No', 'no');
UPDATE polls SET frozen_at = 1700000000000;
CREATE TEMPORARY TABLE cast (poll_id INTEGER, user_id INTEGER, id BLOB, choice_id INTEGER);
INSERT INTO cast
SELECT polls.id, users.id, randomblob(16), polls.id * 2 - users.id % 2
FROM polls JOIN users ON subject LIKE 's%' AND (polls.id = 2 OR CAST(substr(subject, 2) AS INTEGER) <= 1000);
BEGIN IMMEDIATE;
INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
SELECT poll_id, user_id, TRUE, 'role' FROM cast ORDER BY poll_id, user_id;
INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
SELECT poll_id, id, choice_id, 1 FROM cast ORDER BY poll_id, id;
INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
SELECT poll_id, id, 'named', user_id, 1772409600000 FROM cast ORDER BY poll_id, id;
COMMIT;
DROP TABLE cast;
";
