//! Amendments of polls that take ballots, or have.

use super::{
    Polls,
    changes::{find, refused},
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, detached, within},
    error::Result,
    polls::{Poll, PollId, amendment::Amendment, editing::Edit},
};

impl Polls {
    /// Gives voters more time, or makes the results stricter. `version` is the one that the
    /// admin saw.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn amend(
        &self,
        id: PollId,
        version: i64,
        amendment: Amendment,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let db = self.db.clone();
        detached(async move {
            let mut tx = db.begin().await?;
            let poll = match find(&mut tx, id).await? {
                None => return Ok(Edit::NotFound),
                Some(poll) if poll.version != version => return Ok(Edit::Stale),
                Some(poll) => poll,
            };
            let state = poll.state(now);
            if !Amendment::is_possible(state) {
                return Ok(Edit::NotNow(state));
            }
            let flaws = amendment.flaws(&poll, now);
            if !flaws.is_empty() {
                return Ok(Edit::Flawed(flaws));
            }
            if !write(&mut tx, &poll, &amendment, now).await? {
                return Ok(Edit::Stale);
            }
            let change = Change::new("poll_amended", "poll", id, &poll.question)
                .field("closes_at", poll.closes_at, amendment.closes_at)
                .field("results", poll.results, amendment.results)
                .field("voter_results", poll.voter_results, amendment.voter_results)
                .because(&amendment.reason);
            audit::append(&mut tx, &actor, change, now).await?;
            tx.commit().await?;
            Ok(Edit::Done(id))
        })
        .await
        .or_else(refused)
    }
}

/// Keeps the first closing time that was announced, so that the poll can say that it was
/// extended.
async fn write(tx: &mut Tx, poll: &Poll, amendment: &Amendment, now: Timestamp) -> Result<bool> {
    let done: Option<PollId> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE polls SET
                 extended_from = CASE WHEN closes_at <> $3 OR $3 IS NULL
                                      THEN COALESCE(extended_from, closes_at)
                                      ELSE extended_from END,
                 closes_at = $3, results = $4, voter_results = $5, updated_at = $6,
                 version = version + 1
             WHERE id = $1 AND version = $2 RETURNING id",
        )
        .bind(poll.id)
        .bind(poll.version)
        .bind(amendment.closes_at)
        .bind(amendment.results)
        .bind(amendment.voter_results)
        .bind(now)
        .fetch_optional(conn)
        .await
    })?;
    Ok(done.is_some())
}
