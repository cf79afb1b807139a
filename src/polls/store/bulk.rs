//! Polls removed for good, and what is done to several polls at once.

use super::{
    Polls,
    changes::{find, go},
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, execute, on, transaction},
    error::Result,
    polls::{
        Poll, PollId,
        bulk::{Bulk, Done},
        editing::Edit,
    },
};

/// What goes when a poll is deleted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Contents {
    /// Lines of its ballot paper.
    pub choices: i64,
    /// People on its roll.
    pub roll: i64,
    /// People on its list who have never signed in.
    pub invites: i64,
    /// Ballots in the box; with any it cannot be deleted.
    pub ballots: i64,
}

impl Polls {
    /// What goes when the poll is deleted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn contents(&self, id: PollId) -> Result<Contents> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM choices WHERE poll_id = $1) AS choices,
                        (SELECT COUNT(*) FROM voter_roll WHERE poll_id = $1) AS roll,
                        (SELECT COUNT(*) FROM roll_invites WHERE poll_id = $1) AS invites,
                        (SELECT COALESCE(MAX(ballots), 0) FROM poll_counts WHERE poll_id = $1)
                            AS ballots",
            )
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }

    /// Removes a poll for good. `version` is the one that the admin saw.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete(
        &self,
        id: PollId,
        version: i64,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        transaction!(self.db, |tx| {
            match find(tx, id).await? {
                None => Edit::NotFound,
                Some(poll) if !poll.is_deletable() => Edit::NotNow(poll.state(now)),
                Some(poll) if poll.version != version => Edit::Stale,
                Some(poll) => {
                    if remove(tx, &poll, &actor, now).await? {
                        Edit::Done(id)
                    } else {
                        Edit::Stale
                    }
                }
            }
        })
    }

    /// Does one thing to several polls, in one transaction; what cannot be done to one of them
    /// any more leaves that one as it is.
    ///
    /// # Errors
    /// When the database does not answer: then nothing was done to any.
    pub async fn take_all(
        &self,
        bulk: Bulk,
        ids: Vec<PollId>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Done> {
        transaction!(self.db, |tx| {
            let mut all = Done::default();
            for id in ids {
                let Some(poll) = find(tx, id).await? else {
                    continue;
                };
                let is_done = match bulk {
                    Bulk::Take(step) => {
                        let edit = go(tx, step, &poll, &actor, now).await?;
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
        })
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
