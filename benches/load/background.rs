//! What the program does by itself, and what it costs those who ask something meanwhile (PF-13): a
//! sweep that finds a lot, a poll that has closed, a backup. All of it is done right after a start,
//! so each start is compared with one after which there is nothing to do.

use std::{path::Path, time::Duration};

use futures_util::future::try_join_all;
use tempfile::TempDir;
use tokio::{
    fs,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{
    Outcome,
    pages::{Voter, execute, fill, sign_in_all},
    program::{self, Program},
};

/// People who ask at the same time, half of them for a page and half of them to vote.
const PEOPLE: usize = 16;
/// How often each does.
const PACE: Duration = Duration::from_millis(20);
/// How often each does in a case: for ten seconds.
const TIMES: i64 = 500;
/// What was measured, and what there is to do then.
const CASES: [(&str, &str); 7] = [
    ("nothing to do", "SELECT 1"),
    (
        "100,000 sessions, tokens and sign-ins that have expired",
        EXPIRED,
    ),
    ("100,000 refresh tokens of ended sessions", ENDED),
    ("nothing to do, again", "SELECT 1"),
    ("a backup", BACKUP),
    ("a poll of 100,000 named ballots has closed", NAMED_CLOSES),
    ("a poll of 100,000 secret ballots has closed", SECRET_CLOSES),
];

pub async fn run() -> Outcome<()> {
    let backups = TempDir::new()?;
    let settings = format!(
        "ROLECALL_RATE_LIMIT=off\nROLECALL_BACKUP_DIR={}\n",
        backups.path().display()
    );
    let mut program = Program::start_with(&settings).await?;
    let client = program::client()?;
    fill(&program, TIMES * i64::try_from(CASES.len())?).await?;
    execute(&program, BALLOTS).await?;
    let people = sign_in_all(&program, &client, PEOPLE).await?;
    for (first, (what, to_do)) in (1..).step_by(usize::try_from(TIMES)?).zip(CASES) {
        execute(&program, to_do).await?;
        if to_do == BACKUP {
            empty(backups.path()).await?;
        }
        program.start_again().await?;
        let base_url = program.base_url.as_str();
        let asked = people.iter().enumerate().map(|(number, person)| {
            let is_voter = number % 2 == 0;
            ask(&client, base_url, person, is_voter.then_some(first))
        });
        let times = try_join_all(asked).await?;
        for (kind, of) in [("votes", 0), ("pages", 1)] {
            let times = times.iter().skip(of).step_by(2).flatten().copied();
            println!("{what}: {}", in_words(kind, times.collect()));
        }
    }
    Ok(())
}

/// Somebody who asks for a page again and again, or votes in one poll after the other; how long
/// each answer took.
async fn ask(
    client: &reqwest::Client,
    base_url: &str,
    (cookie, token): &Voter,
    votes_from: Option<i64>,
) -> Outcome<Vec<Duration>> {
    let mut turns = interval(PACE);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut times = Vec::new();
    for number in 0..TIMES {
        turns.tick().await;
        let request = match votes_from {
            Some(first) => {
                let choice = (first + number).to_string();
                let fields = [("choice", choice.as_str()), ("csrf_token", token)];
                let vote = client.post(format!("{base_url}/polls/{choice}/vote/"));
                vote.header("sec-fetch-site", "same-origin").form(&fields)
            }
            None => client.get(format!("{base_url}/polls/1/")),
        };
        let begun = Instant::now();
        let answer = request.header("cookie", cookie).send().await?;
        let wanted = if votes_from.is_some() { 303 } else { 200 };
        if answer.status() != wanted {
            return Err(format!("answered with {}", answer.status()).into());
        }
        answer.bytes().await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn in_words(kind: &str, mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |thousandth: usize| {
        let place = (times.len() * thousandth / 1000).min(times.len() - 1);
        times.get(place).copied().unwrap_or_default()
    };
    format!(
        "{} {kind}: p50 {:.1?}, p99 {:.1?}, p99.9 {:.1?}, slowest {:.1?}",
        times.len(),
        at(500),
        at(990),
        at(999),
        at(1000)
    )
}

/// The next backup is due where there is none.
async fn empty(folder: &Path) -> Outcome<()> {
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        fs::remove_file(entry.path()).await?;
    }
    Ok(())
}

/// As nobody has looked for a long time.
const EXPIRED: &str = "
    INSERT INTO sessions (id_hash, issuer, subject, sid, created_at, last_seen_at, expires_at, data,
                          tokens)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT randomblob(32), 'https://op.example', 's' || i, 'sid' || i, i, i, i,
           '{\"user\":' || i || ',\"csrf\":\"' || hex(randomblob(32)) || '\"}', hex(randomblob(512))
    FROM n;
    INSERT INTO revoked_logout_tokens (issuer, jti, expires_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT 'https://op.example', hex(randomblob(16)), i FROM n;
    INSERT INTO sign_in_attempts (at, issuer, subject, outcome)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT i, 'https://op.example', 's' || i, 'ok' FROM n";

/// Of a provider that is none of ours, which is not asked.
const ENDED: &str = "
    DELETE FROM tokens_to_revoke;
    INSERT INTO tokens_to_revoke (issuer, sid, tokens)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT 'https://op.example', 'sid' || i, hex(randomblob(512)) FROM n";

const BACKUP: &str = "SELECT 2";
const NAMED_CLOSES: &str = "UPDATE polls SET closed_at = 1772409600000 WHERE question = 'Named?'";
const SECRET_CLOSES: &str = "UPDATE polls SET closed_at = 1772409600000 WHERE question = 'Secret?'";

/// Two more polls in which 100,000 people have voted.
const BALLOTS: &str = "
    INSERT INTO users (issuer, subject, username, display_name, sort_key, search_key, email, role,
                       role_checked_at, first_seen_at, last_login_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT 'https://op.example', 's' || i, 's' || i, 'Person ' || i, 'person ' || i, 'person ' || i,
           i || '@example.org', 'user', 1, 1, 1772409600000 FROM n;
    INSERT INTO polls (id, question, search_key, secrecy, published_at, closes_at, created_at,
                       updated_at)
    VALUES (100001, 'Named?', 'named?', 'named', 1700000000000, 4000000000000, 1, 1),
           (100002, 'Secret?', 'secret?', 'secret', 1700000000000, 4000000000000, 1, 1);
    INSERT INTO poll_roles SELECT id, 'user' FROM polls WHERE frozen_at IS NULL;
    INSERT INTO choices (id, poll_id, position, text, text_key)
    VALUES (9000001, 100001, 1, 'Yes', 'yes'), (9000002, 100001, 2, 'No', 'no'),
           (9000003, 100002, 1, 'Yes', 'yes'), (9000004, 100002, 2, 'No', 'no');
    UPDATE polls SET frozen_at = 1700000000000 WHERE frozen_at IS NULL;
    CREATE TEMPORARY TABLE cast (poll_id INTEGER, secrecy TEXT, user_id INTEGER, id BLOB);
    INSERT INTO cast
    SELECT polls.id, secrecy, users.id, randomblob(16)
    FROM polls JOIN users ON users.issuer = 'https://op.example' WHERE polls.id > 100000;
    BEGIN IMMEDIATE;
    INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
    SELECT poll_id, user_id, TRUE, 'role' FROM cast ORDER BY poll_id, user_id;
    INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
    SELECT poll_id, id, 8800001 + 2 * (poll_id - 1) + user_id % 2, 1 FROM cast ORDER BY poll_id, id;
    INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
    SELECT poll_id, id, secrecy, CASE secrecy WHEN 'named' THEN user_id END,
           CASE secrecy WHEN 'named' THEN 1772409600000 END
    FROM cast ORDER BY poll_id, id;
    COMMIT;
    DROP TABLE cast";
