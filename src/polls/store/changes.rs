//! What admins write: drafts, and the steps of a poll's life. Each change goes together with its
//! entry in the history, and only when nobody else was faster (`version`).

use super::{
    Polls,
    drafts::{insert, rewrite, told, write_choices, write_roles},
    roll::listing,
    select_poll,
};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, detached, execute, transaction, within},
    error::{Error, Result},
    history,
    polls::{
        Choice, Poll, PollId, State,
        editing::{Blocker, Details, Edit, Flaw, PollDraft, Step},
    },
};

impl Polls {
    /// Makes a draft.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create(&self, draft: PollDraft, actor: Actor, now: Timestamp) -> Result<Edit> {
        self.create_once(draft, String::new(), actor, now).await
    }

    /// Makes a draft out of what was typed into the form of this name: the same form with the same
    /// in it, sent again, is the draft that it made before. A form without a name is always new.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_once(
        &self,
        draft: PollDraft,
        form: String,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let (db, draft) = (self.db.clone(), draft.tidy().as_new());
        let form = Some(form).filter(|form| !form.is_empty());
        let flaws = draft.flaws();
        if !flaws.is_empty() {
            return Ok(Edit::Flawed(flaws));
        }
        transaction!(db, |tx| {
            let id = match insert(tx, &draft, form.as_deref(), &actor, now).await? {
                Some(id) => id,
                None => match made_before(tx, form.as_deref(), &draft).await? {
                    Some(id) => return Ok(Edit::Done(id)),
                    None => insert(tx, &draft, None, &actor, now)
                        .await?
                        .ok_or_else(|| Error::internal("a poll was not made"))?,
                },
            };
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

    /// Deletes a poll that was never published, with its choices and its list. `version` is the
    /// one that the admin saw.
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
        let db = self.db.clone();
        detached(async move {
            let mut tx = db.begin().await?;
            let poll = match seen(&mut tx, id, version).await? {
                Ok(poll) if poll.frozen_at.is_some() => {
                    return Ok(Edit::NotNow(poll.state(now)));
                }
                Ok(poll) => poll,
                Err(refused) => return Ok(refused),
            };
            execute!(
                &mut tx,
                sqlx::query("DELETE FROM polls WHERE id = $1").bind(id)
            )?;
            let change = Change::new("poll_deleted", "poll", id, &poll.question);
            audit::append(&mut tx, &actor, change, now).await?;
            finish(tx, Edit::Done(id)).await
        })
        .await
        .or_else(refused)
    }

    /// Whether there was a poll with this key that was deleted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn was_deleted(&self, id: PollId) -> Result<bool> {
        let deleted = history::Filter {
            action: Some("poll_deleted".to_owned()),
            ..history::Filter::of("poll", id)
        };
        Ok(history::count(&self.db, &deleted).await? > 0)
    }

    /// Takes a step of the poll's life about which there is nothing to say. `version` is the one
    /// that the admin saw.
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
        let seen = (id, version);
        self.take_with(step, Details::default(), seen, actor, now)
            .await
    }

    /// Takes a step of the poll's life with what the admin says beside it. `seen` is the poll and
    /// its version that the admin saw.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_with(
        &self,
        step: Step,
        details: Details,
        (id, version): (PollId, i64),
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let (db, details) = (self.db.clone(), details.tidy());
        let edit = detached(async move {
            let mut tx = db.begin().await?;
            let edit = match seen(&mut tx, id, version).await? {
                Ok(poll) => go(&mut tx, (step, &details), &poll, &actor, now).await?,
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
        Some("poll_has_ballots" | "poll_frozen" | "results_promised" | "poll_sealed") => {
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
    if draft.ends_before(poll.published_at) {
        return Ok(Edit::Flawed(vec![Flaw::ClosesBeforeOpening]));
    }
    let change = told(poll, &choices(tx, poll.id).await?, draft);
    if !thaw(tx, poll).await? {
        return Ok(Edit::Stale);
    }
    rewrite(tx, poll, draft, now).await?;
    write_roles(tx, poll.id, draft).await?;
    write_choices(tx, poll.id, draft).await?;
    if let (Some(_), Some(edited)) = (poll.frozen_at, find(tx, poll.id).await?) {
        let blockers = blockers(tx, &edited, now).await?;
        if !blockers.is_empty() {
            return Ok(Edit::Blocked(blockers));
        }
        listing::forget_unused(tx, &edited).await?;
        freeze(tx, poll.id, now).await?;
    }
    audit::append(tx, actor, change, now).await?;
    Ok(Edit::Done(poll.id))
}

pub(super) async fn go(
    tx: &mut Tx,
    (step, details): (Step, &Details),
    poll: &Poll,
    actor: &Actor,
    now: Timestamp,
) -> Result<Edit> {
    if !step.is_possible(poll, now) {
        return Ok(Edit::NotNow(poll.state(now)));
    }
    let flaws = step.flaws(poll, details, now);
    if !flaws.is_empty() {
        return Ok(Edit::Flawed(flaws));
    }
    if step == Step::Open {
        let blockers = blockers(tx, poll, now).await?;
        if !blockers.is_empty() {
            return Ok(Edit::Blocked(blockers));
        }
        listing::forget_unused(tx, poll).await?;
    }
    let after = step.take(poll, details, now);
    if !set_times(tx, &after, step, now).await? {
        return Ok(Edit::Stale);
    }
    if step == Step::Unfreeze {
        renew_choices(tx, poll).await?;
    }
    let change = Change::new(step.action(), "poll", poll.id, &poll.question)
        .field("published_at", poll.published_at, after.published_at)
        .field("opens_at", poll.opens_at, after.opens_at)
        .field("closes_at", poll.closes_at, after.closes_at)
        .field("closed_at", poll.closed_at, after.closed_at)
        .field("released_at", poll.released_at, after.released_at)
        .field("archived_at", poll.archived_at, after.archived_at)
        .because(&details.reason);
    audit::append(tx, actor, change, now).await?;
    Ok(Edit::Done(poll.id))
}

/// Gives the choices new keys: whoever still has the old ballot paper on the screen has chosen
/// among other words, and is asked again.
async fn renew_choices(tx: &mut Tx, poll: &Poll) -> Result<()> {
    let paper = choices(tx, poll.id).await?;
    write_choices(tx, poll.id, &PollDraft::of(poll, &paper).as_new()).await
}

/// What keeps the poll from opening.
async fn blockers(tx: &mut Tx, poll: &Poll, now: Timestamp) -> Result<Vec<Blocker>> {
    let paper = choices(tx, poll.id).await?;
    Ok(poll.blockers(&paper, listing::counts(tx, poll.id).await?.all(), now))
}

/// The poll that the form has made, when it says what the draft says.
async fn made_before(tx: &mut Tx, form: Option<&str>, draft: &PollDraft) -> Result<Option<PollId>> {
    let poll: Option<Poll> = within!(&mut *tx, |conn| {
        sqlx::query_as(select_poll!("WHERE polls.form_key = $1"))
            .bind(form)
            .fetch_optional(conn)
            .await
    })?;
    let Some(poll) = poll else {
        return Ok(None);
    };
    let paper = choices(tx, poll.id).await?;
    Ok(draft.is_stored(&poll, &paper).then_some(poll.id))
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

/// A seal belongs to the box as it was: whoever reopens a poll breaks it.
async fn set_times(tx: &mut Tx, after: &Poll, step: Step, now: Timestamp) -> Result<bool> {
    let done: Option<PollId> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE polls SET published_at = $3, opens_at = $4, closes_at = $5, extended_from = $6,
                    frozen_at = $7, closed_at = $8, closed_reason = $9, released_at = $10,
                    archived_at = $11, sealed_at = CASE WHEN $12 THEN NULL ELSE sealed_at END,
                    updated_at = $13, version = version + 1
             WHERE id = $1 AND version = $2 AND ($7 IS NOT NULL OR sealed_at IS NULL)
             RETURNING id",
        )
        .bind(after.id)
        .bind(after.version)
        .bind(after.published_at)
        .bind(after.opens_at)
        .bind(after.closes_at)
        .bind(after.extended_from)
        .bind(after.frozen_at)
        .bind(after.closed_at)
        .bind(&after.closed_reason)
        .bind(after.released_at)
        .bind(after.archived_at)
        .bind(step == Step::Reopen)
        .bind(now)
        .fetch_optional(conn)
        .await
    })?;
    Ok(done.is_some())
}
