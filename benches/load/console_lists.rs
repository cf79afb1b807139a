//! Every list of the console with 10,000 polls, 100,000 people, voters of one poll, sign-ins and
//! changes: how long one page takes, one request after the other, and how much of the processor.

use std::time::Duration;

use rolecall::db::Db;
use tokio::time::Instant;

use crate::{
    Outcome,
    program::{self, Program},
};

/// Requests for each page.
const ROUNDS: usize = 21;

/// The lists as they open, and a few of the dearer ways to look at them.
const PAGES: [&str; 16] = [
    "/admin/",
    "/admin/polls/",
    "/admin/polls/?page=200",
    "/admin/polls/?q=question+99&state=open&sort=-closes",
    "/admin/polls/?facets=1",
    "/admin/users/",
    "/admin/users/?page=2000",
    "/admin/users/?q=person+99",
    "/admin/users/?role=staff&sort=-last",
    "/admin/sessions/",
    "/admin/sign-ins/",
    "/admin/audit/",
    "/admin/polls/10000/voters/",
    "/admin/polls/10000/voters/?page=2000",
    "/admin/polls/10000/voters/?q=person+99",
    "/admin/polls/10000/",
];

pub async fn run() -> Outcome<()> {
    let program = Program::start().await?;
    fill(&program).await?;
    let client = program::client()?;
    let cookie = program.sign_in(&client, "pick-ada").await?;
    for page in PAGES {
        let (mut times, before) = (Vec::new(), program.cpu().await?);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let address = format!("{}{page}", program.base_url);
            let answer = client.get(address).header("cookie", &cookie).send().await?;
            let status = answer.status();
            answer.bytes().await?;
            if status != 200 {
                return Err(format!("{page} was answered with {status}").into());
            }
            times.push(begun.elapsed());
        }
        let rounds = u32::try_from(ROUNDS)?;
        let cpu = program.cpu().await?.saturating_sub(before) / rounds;
        times.sort();
        let (median, slowest) = (times.get(ROUNDS / 2), times.last());
        let ms = |time: Option<&Duration>| time.copied().unwrap_or_default().as_secs_f64() * 1000.0;
        println!(
            "{page}: median {:.1} ms, slowest {:.1} ms, processor {:.1} ms",
            ms(median),
            ms(slowest),
            ms(Some(&cpu))
        );
    }
    Ok(())
}

async fn fill(program: &Program) -> Outcome<()> {
    let db = Db::connect(&format!("sqlite:{}", program.database().display())).await?;
    let Db::Sqlite { writer, .. } = &db else {
        return Err("SQLite was asked for".into());
    };
    sqlx::raw_sql(FILL).execute(writer).await?;
    db.close().await;
    Ok(())
}

/// The chain of the history is none here: nobody reads it.
const FILL: &str = "
DROP TRIGGER audit_log_insert;
INSERT INTO users (issuer, subject, username, display_name, sort_key, search_key, email, role,
                   role_checked_at, first_seen_at, last_login_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT 'https://op.example', 's' || i, 's' || i, 'Person ' || i, 'person ' || i, 'person ' || i,
       i || '@example.org', CASE WHEN i % 50 = 0 THEN 'staff' ELSE 'user' END, 1, 1,
       1772409600000 - i % 400 * 86400000 FROM n;
INSERT INTO polls (question, search_key, published_at, closes_at, created_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
SELECT 'Question ' || i || '?', 'question ' || i || '?', 1700000000000 + i * 1000000,
       4000000000000 + i, i, i FROM n;
INSERT INTO poll_roles SELECT id, 'user' FROM polls;
INSERT INTO choices (poll_id, position, text, text_key) SELECT id, 1, 'Yes', 'yes' FROM polls;
INSERT INTO choices (poll_id, position, text, text_key) SELECT id, 2, 'No', 'no' FROM polls;
UPDATE polls SET frozen_at = 1700000000000 WHERE id % 2 = 0;
INSERT INTO polls (id, question, search_key, roll_mode, created_at, updated_at)
VALUES (10000, 'Everybody?', 'everybody?', 'list', 1, 1);
INSERT INTO choices (poll_id, position, text, text_key)
VALUES (10000, 1, 'Yes', 'yes'), (10000, 2, 'No', 'no');
INSERT INTO voter_roll (poll_id, user_id, source)
SELECT 10000, id, 'list' FROM users WHERE subject LIKE 's%' LIMIT 100000;
INSERT INTO sign_in_attempts (at, issuer, subject, outcome)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT 1772409600000 + i, 'https://op.example', 's' || i, 'ok' FROM n;
INSERT INTO audit_log (seq, at, actor_label, action, object_type, object_id, prev_hash, hash)
WITH RECURSIVE n (i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM n WHERE i < 1100000)
SELECT i, 1772409600000 + i, 'somebody', 'poll_edited', 'poll', i % 10000, randomblob(32),
       randomblob(32) FROM n;
";
