//! Files with voters between the sending and the saving. Each admin has one for each poll; it is
//! forgotten after an hour.

use std::time::Duration;

use super::{
    listing::{List, enrol, invite},
    matching::plan,
};
use crate::{
    audit::Actor,
    clock::Timestamp,
    db::{Begun, Tx, detached, execute, on, transaction, within},
    error::Result,
    history,
    polls::{
        Poll, PollId, Polls,
        editing::Edit,
        roll::{Invite, Plan, Upload},
        store::changes::refused,
    },
    statement::Range,
    users::UserId,
};

/// How long a file is kept.
const LIFE: Duration = Duration::from_hours(1);

impl Polls {
    /// Keeps a file until the admin has confirmed it; it takes the place of an earlier one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_upload(
        &self,
        id: PollId,
        admin: UserId,
        upload: &Upload,
        now: Timestamp,
    ) -> Result<()> {
        let content = serde_json::to_string(upload)?;
        transaction!(self.db, |tx| {
            forget(&mut *tx, id, admin).await?;
            execute!(
                tx,
                sqlx::query(
                    "INSERT INTO roll_uploads (poll_id, user_id, created_at, content)
                     VALUES ($1, $2, $3, $4)",
                )
                .bind(id)
                .bind(admin)
                .bind(now)
                .bind(content)
            )?;
        })
    }

    /// The file that the admin has sent, and what would become of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn upload(
        &self,
        id: PollId,
        admin: UserId,
        now: Timestamp,
    ) -> Result<Option<(Upload, Plan)>> {
        let content: Option<String> = on!(&self.db, |pool| {
            sqlx::query_scalar(UPLOAD)
                .bind(id)
                .bind(admin)
                .bind(now.minus(LIFE))
                .fetch_optional(pool)
                .await
        })?;
        let Some(content) = content else {
            return Ok(None);
        };
        let upload: Upload = serde_json::from_str(&content)?;
        let mut tx = self.db.begin_reading().await?;
        let plan = plan(&mut tx, id, &upload.voters).await?;
        Ok(Some((upload, plan)))
    }

    /// Puts everybody in the admin's file onto the list, or nobody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn save_upload(
        &self,
        id: PollId,
        admin: UserId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let db = self.db.clone();
        detached(async move {
            let mut tx = db.begin().await?;
            let list = match List::lock(&mut tx, id, now).await? {
                Ok(list) => list,
                Err(refused) => return Ok(refused),
            };
            let Some(upload) = sent(&mut tx, id, admin, now).await? else {
                return Ok(Edit::NotFound);
            };
            if upload.invalid > 0 || !put(&mut tx, &list, &upload.voters).await? {
                return Ok(Edit::Stale);
            }
            list.close(&mut tx, "voters_added", &actor, now).await?;
            forget(&mut tx, id, admin).await?;
            tx.commit().await?;
            Ok(Edit::Done(id))
        })
        .await
        .or_else(refused)
    }

    /// Whether `actor` has put voters onto the poll's list since `shown`, a time in milliseconds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_saved_voters(
        &self,
        poll: &Poll,
        actor: &Actor,
        shown: Option<i64>,
    ) -> Result<bool> {
        let (Some(shown), Actor::Person { id, .. }) = (shown, actor) else {
            return Ok(false);
        };
        let saved = history::Filter {
            action: Some("voters_added".to_owned()),
            actor: Some(*id),
            at: Range {
                from: Some(Timestamp::from_millis(shown)),
                before: None,
            },
            ..history::Filter::of("poll", poll.id)
        };
        Ok(history::count(&self.db, &saved).await? > 0)
    }

    /// Puts everybody whom the lines name onto the list, or nobody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invite_voters(
        &self,
        id: PollId,
        lines: Vec<Invite>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let db = self.db.clone();
        detached(async move {
            let mut tx = db.begin().await?;
            let list = match List::lock(&mut tx, id, now).await? {
                Ok(list) => list,
                Err(refused) => return Ok(refused),
            };
            if !put(&mut tx, &list, &lines).await? {
                return Ok(Edit::Stale);
            }
            list.close(&mut tx, "voters_added", &actor, now).await?;
            tx.commit().await?;
            Ok(Edit::Done(id))
        })
        .await
        .or_else(refused)
    }

    /// Forgets files that nobody has confirmed; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let before = now.minus(LIFE);
        transaction!(self.db, |tx| {
            let delete = "DELETE FROM roll_uploads WHERE created_at < $1";
            execute!(tx, sqlx::query(delete).bind(before))?
        })
    }

    /// Forgets the admin's file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_upload(&self, id: PollId, admin: UserId) -> Result<()> {
        transaction!(self.db, |tx| forget(tx, id, admin).await?)
    }
}

/// Puts everybody onto the list, unless somebody cannot be told apart.
async fn put(tx: &mut Tx, list: &List, lines: &[Invite]) -> Result<bool> {
    hold_sign_ins(tx).await?;
    let plan = plan(tx, list.poll.id, lines).await?;
    if !plan.ambiguous().is_empty() {
        return Ok(false);
    }
    enrol(tx, list, &plan.enrolled()).await?;
    invite(tx, list, &plan.invited()).await?;
    Ok(true)
}

/// Waits for sign-ins on their way, and makes others wait: whoever signs in for the first time
/// meanwhile would be invited and not enrolled until the next time. SQLite has one writer anyway.
async fn hold_sign_ins(tx: &mut Tx) -> Result<()> {
    if let Begun::Postgres(tx, _) = &mut tx.on {
        let lock = sqlx::query("LOCK TABLE users IN SHARE MODE");
        lock.execute(&mut **tx).await?;
    }
    Ok(())
}

const UPLOAD: &str = "SELECT content FROM roll_uploads
    WHERE poll_id = $1 AND user_id = $2 AND created_at >= $3";

async fn sent(tx: &mut Tx, id: PollId, admin: UserId, now: Timestamp) -> Result<Option<Upload>> {
    let content: Option<String> = within!(tx, |conn| {
        sqlx::query_scalar(UPLOAD)
            .bind(id)
            .bind(admin)
            .bind(now.minus(LIFE))
            .fetch_optional(conn)
            .await
    })?;
    Ok(content
        .map(|text| serde_json::from_str(&text))
        .transpose()?)
}

async fn forget(tx: &mut Tx, id: PollId, admin: UserId) -> Result<()> {
    execute!(
        tx,
        sqlx::query("DELETE FROM roll_uploads WHERE poll_id = $1 AND user_id = $2")
            .bind(id)
            .bind(admin)
    )?;
    Ok(())
}
