//! What admins write: drafts, and the steps of a poll's life. Each change goes together with its
//! entry in the history, and only when nobody else was faster (`version`).

use super::{
    Polls,
    drafts::{insert, rewrite, told, write_choices, write_roles},
    select_poll,
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, detached, execute, transaction, within},
    error::{Error, Result},
    polls::{
        Choice, Poll, PollId, State,
        editing::{Edit, PollDraft, Step},
    },
};

impl Polls {
    /// Makes a draft.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create(&self, draft: PollDraft, actor: Actor, now: Timestamp) -> Result<Edit> {
        let (db, draft) = (self.db.clone(), draft.tidy());
        let flaws = draft.flaws();
        if !flaws.is_empty() {
            return Ok(Edit::Flawed(flaws));
        }
        transaction!(db, |tx| {
            let id = insert(tx, &draft, &actor, now).await?;
            write_roles(tx, id, &draft).await?;
            write_choices(tx, id, &draft).await?;
            let change = Change::new("poll_created", "poll", id, &draft.question);
            audit::append(tx, &actor, change, now).await?;
            Edit::Done(id)
        })
    }

    /// Rewrites a draft, or a scheduled poll, whose ballot paper is then frozen anew. `version`
    /// is the one that the admin saw.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update(
        &self,
        id: PollId,
        version: i64,
        draft: PollDraft,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let (db, draft) = (self.db.clone(), draft.tidy());
        let flaws = draft.flaws();
        if !flaws.is_empty() {
            return Ok(Edit::Flawed(flaws));
        }
        detached(async move {
            let mut tx = db.begin().await?;
            let edit = match seen(&mut tx, id, version).await? {
                Ok(poll) => redo(&mut tx, &poll, &draft, &actor, now).await?,
                Err(refused) => refused,
            };
            finish(tx, edit).await
        })
        .await
        .or_else(refused)
    }

    /// Takes a step of the poll's life. `version` is the one that the admin saw.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(
        &self,
        step: Step,
        id: PollId,
        version: i64,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let db = self.db.clone();
        let edit = detached(async move {
            let mut tx = db.begin().await?;
            let edit = match seen(&mut tx, id, version).await? {
                Ok(poll) => go(&mut tx, step, &poll, &actor, now).await?,
                Err(refused) => refused,
            };
            finish(tx, edit).await
        })
        .await
        .or_else(refused)?;
        if step == Step::Close && matches!(edit, Edit::Done(_)) {
            self.seal_at_once(id, now).await;
        }
        Ok(edit)
    }
}

/// What the database refuses has happened since the poll was read: it opened, and took a ballot.
pub(super) fn refused(error: Error) -> Result<Edit> {
    match error.refusal() {
        Some("poll_has_ballots" | "poll_frozen" | "results_promised") => {
            Ok(Edit::NotNow(State::Open))
        }
        _ => Err(error),
    }
}

/// The poll, when it is still the one that the admin saw.
async fn seen(tx: &mut Tx, id: PollId, version: i64) -> Result<Result<Poll, Edit>> {
    Ok(match find(tx, id).await? {
        None => Err(Edit::NotFound),
        Some(poll) if poll.version != version => Err(Edit::Stale),
        Some(poll) => Ok(poll),
    })
}

/// Keeps what was done; what was refused half way leaves nothing behind.
async fn finish(tx: Tx, edit: Edit) -> Result<Edit> {
    if matches!(edit, Edit::Done(_)) {
        tx.commit().await?;
    }
    Ok(edit)
}

async fn redo(
    tx: &mut Tx,
    poll: &Poll,
    draft: &PollDraft,
    actor: &Actor,
    now: Timestamp,
) -> Result<Edit> {
    let state = poll.state(now);
    if !matches!(state, State::Draft | State::Scheduled) {
        return Ok(Edit::NotNow(state));
    }
    let change = told(poll, &choices(tx, poll.id).await?, draft);
    if !thaw(tx, poll).await? {
        return Ok(Edit::Stale);
    }
    rewrite(tx, poll, draft, now).await?;
    write_roles(tx, poll.id, draft).await?;
    write_choices(tx, poll.id, draft).await?;
    if let (Some(_), Some(edited)) = (poll.frozen_at, find(tx, poll.id).await?) {
        let blockers = edited.blockers(&choices(tx, poll.id).await?, now);
        if !blockers.is_empty() {
            return Ok(Edit::Blocked(blockers));
        }
        freeze(tx, poll.id, now).await?;
    }
    audit::append(tx, actor, change, now).await?;
    Ok(Edit::Done(poll.id))
}

pub(super) async fn go(tx: &mut Tx, step: Step, poll: &Poll, actor: &Actor, now: Timestamp) -> Result<Edit> {
    let state = poll.state(now);
    if !step.is_possible(state) {
        return Ok(Edit::NotNow(state));
    }
    if step == Step::Open {
        let blockers = poll.blockers(&choices(tx, poll.id).await?, now);
        if !blockers.is_empty() {
            return Ok(Edit::Blocked(blockers));
        }
    }
    let after = step.take(poll, now);
    if !set_times(tx, &after, now).await? {
        return Ok(Edit::Stale);
    }
    let change = Change::new(step.action(), "poll", poll.id, &poll.question)
        .field("published_at", poll.published_at, after.published_at)
        .field("opens_at", poll.opens_at, after.opens_at)
        .field("closed_at", poll.closed_at, after.closed_at)
        .field("archived_at", poll.archived_at, after.archived_at);
    audit::append(tx, actor, change, now).await?;
    Ok(Edit::Done(poll.id))
}

pub(super) async fn find(tx: &mut Tx, id: PollId) -> Result<Option<Poll>> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(select_poll!("WHERE polls.id = $1"))
            .bind(id)
            .fetch_optional(conn)
            .await
    })?)
}

async fn choices(tx: &mut Tx, id: PollId) -> Result<Vec<Choice>> {
    Ok(within!(tx, |conn| {
        sqlx::query_as("SELECT id, poll_id, text FROM choices WHERE poll_id = $1 ORDER BY position")
            .bind(id)
            .fetch_all(conn)
            .await
    })?)
}

/// Takes the version, so that a second editor finds it gone, and unlocks the ballot paper. The
/// database refuses once there is a ballot.
async fn thaw(tx: &mut Tx, poll: &Poll) -> Result<bool> {
    let done: Option<PollId> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE polls SET frozen_at = NULL, version = version + 1
             WHERE id = $1 AND version = $2 RETURNING id",
        )
        .bind(poll.id)
        .bind(poll.version)
        .fetch_optional(conn)
        .await
    })?;
    Ok(done.is_some())
}

async fn freeze(tx: &mut Tx, id: PollId, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE polls SET frozen_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
    )?;
    Ok(())
}

async fn set_times(tx: &mut Tx, after: &Poll, now: Timestamp) -> Result<bool> {
    let done: Option<PollId> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE polls SET published_at = $3, opens_at = $4, frozen_at = $5, closed_at = $6,
                    archived_at = $7, updated_at = $8, version = version + 1
             WHERE id = $1 AND version = $2 RETURNING id",
        )
        .bind(after.id)
        .bind(after.version)
        .bind(after.published_at)
        .bind(after.opens_at)
        .bind(after.frozen_at)
        .bind(after.closed_at)
        .bind(after.archived_at)
        .bind(now)
        .fetch_optional(conn)
        .await
    })?;
    Ok(done.is_some())
}
