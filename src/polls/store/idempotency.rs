//! The keys by which programs call their votes: kept with the ballots, and forgotten when the
//! poll has closed.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Polls;
use crate::{
    db::{PORTION, Tx, execute, in_portions, within},
    error::Result,
    polls::{PollId, batch::Vote, idempotency::IdempotencyKey},
    random::hex,
};

/// A key, and the poll in which it was used.
pub(in crate::polls) type UsedKey = (PollId, IdempotencyKey);

impl Vote {
    /// What it is called, if it has a name.
    pub(in crate::polls) fn used_key(&self) -> Option<UsedKey> {
        self.key.clone().map(|key| (self.poll, key))
    }
}

/// Which of the keys of these votes were used before.
pub(super) async fn used(tx: &mut Tx, votes: &[Vote]) -> Result<HashSet<UsedKey>> {
    let keys: Vec<UsedKey> = votes.iter().filter_map(Vote::used_key).collect();
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<(PollId, Vec<u8>)> = within!(tx, |conn| {
        sqlx::query_as(
            "SELECT poll_id, key_hash FROM idempotency_keys WHERE (poll_id, key_hash) IN (
                 SELECT CAST(line.value->>'poll' AS BIGINT), unhex(line.value->>'key')
                 FROM json_each($1) AS line)",
        )
        .bind(lines(&keys))
        .fetch_all(conn)
        .await
    })?;
    let found = found.into_iter();
    Ok(found
        .map(|(poll, hash)| (poll, IdempotencyKey::kept(hash)))
        .collect())
}

/// Keeps the keys of ballots that go into the box, in an order that says nothing.
pub(super) async fn keep<'k>(
    tx: &mut Tx,
    keys: impl IntoIterator<Item = &'k UsedKey>,
) -> Result<()> {
    let mut keys = keys.into_iter().peekable();
    if keys.peek().is_none() {
        return Ok(());
    }
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO idempotency_keys (poll_id, key_hash)
             SELECT CAST(line.value->>'poll' AS BIGINT), unhex(line.value->>'key')
             FROM json_each($1) AS line ORDER BY 1, 2",
        )
        .bind(lines(keys))
    )?;
    Ok(())
}

fn lines<'k>(keys: impl IntoIterator<Item = &'k UsedKey>) -> String {
    let line = |(poll, key): &UsedKey| json!({ "poll": poll, "key": hex(key.as_bytes()) });
    keys.into_iter().map(line).collect::<Value>().to_string()
}

impl Polls {
    /// Forgets the keys of votes in polls that have closed by the clock of the database: what
    /// comes again is then too late in any case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_keys(&self) -> Result<()> {
        in_portions!(
            self.db,
            sqlx::query(
                "DELETE FROM idempotency_keys WHERE (poll_id, key_hash) IN (
                     SELECT poll_id, key_hash FROM idempotency_keys
                     WHERE poll_id IN (SELECT id FROM polls, clock
                                       WHERE closes_at <= clock.now OR closed_at <= clock.now)
                     LIMIT $1)",
            )
            .bind(PORTION)
        );
        Ok(())
    }
}
