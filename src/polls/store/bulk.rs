//! What is done to several polls at once.

use super::{
    Polls,
    changes::{find, go},
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, execute, transaction},
    error::Result,
    polls::{
        Poll, PollId,
        bulk::{Bulk, Done},
        editing::{Details, Edit, Step},
    },
};

impl Polls {
    /// Does one thing to several polls, in one transaction; what cannot be done to one of them
    /// any more leaves that one as it is.
    ///
    /// # Errors
    /// When the database does not answer: then nothing was done to any.
    pub async fn take_all(
        &self,
        bulk: Bulk,
        ids: Vec<PollId>,
        details: Details,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Done> {
        let details = details.tidy();
        let done: Done = transaction!(self.db, |tx| {
            let mut all = Done::default();
            for id in ids {
                let Some(poll) = find(tx, id).await? else {
                    continue;
                };
                let is_done = match bulk {
                    Bulk::Take(step) => {
                        let edit = go(tx, (step, &details), &poll, &actor, now).await?;
                        matches!(edit, Edit::Done(_))
                    }
                    Bulk::Delete => poll.is_deletable() && remove(tx, &poll, &actor, now).await?,
                };
                if is_done {
                    all.done.push(id);
                } else {
                    all.skipped.push((id, poll.state(now)));
                }
            }
            all
        })?;
        if bulk == Bulk::Take(Step::Close) {
            for id in &done.done {
                self.seal_at_once(*id, now).await;
            }
        }
        Ok(done)
    }
}

/// Removes a poll that is still as it was read, with its choices, roles and roll.
async fn remove(tx: &mut Tx, poll: &Poll, actor: &Actor, now: Timestamp) -> Result<bool> {
    let delete = "DELETE FROM polls WHERE id = $1 AND version = $2 AND frozen_at IS NULL";
    let deleted = execute!(tx, sqlx::query(delete).bind(poll.id).bind(poll.version))?;
    if deleted == 0 {
        return Ok(false);
    }
    let change = Change::new("poll_deleted", "poll", poll.id, &poll.question);
    audit::append(tx, actor, change, now).await?;
    Ok(true)
}
