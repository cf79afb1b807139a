//! Changes of a list of voters. Until the poll opens it can be written as its ballot paper can;
//! while it is open people are only added, and are marked as late.

use serde_json::{Value, json};

use super::{matching::BATCH, reading::COUNTS};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, detached, execute, within},
    error::Result,
    polls::{
        Poll, PollId, Polls, RollMode, State,
        editing::{Blocker, Edit},
        roll::{Entry, Invite, Removal, RollCount},
        rules::RollSource,
        store::changes::{find, refused},
    },
    users::UserId,
};

impl Polls {
    /// Puts people who have signed in onto the poll's list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_voters(
        &self,
        id: PollId,
        people: Vec<UserId>,
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
            enrol(&mut tx, &list, &people).await?;
            list.close(&mut tx, "voters_added", &actor, now).await?;
            tx.commit().await?;
            Ok(Edit::Done(id))
        })
        .await
        .or_else(refused)
    }

    /// Takes some, or everybody, off the list of a poll that has not opened; the last ones stay
    /// on the list of a scheduled poll.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_voters(
        &self,
        id: PollId,
        removal: Removal,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Edit> {
        let db = self.db.clone();
        detached(async move {
            let mut tx = db.begin().await?;
            let list = match List::lock(&mut tx, id, now).await? {
                Ok(list) if list.source == RollSource::AddedLater => {
                    return Ok(Edit::NotNow(list.state));
                }
                Ok(list) => list,
                Err(refused) => return Ok(refused),
            };
            remove(&mut tx, id, &removal).await?;
            // It would open by itself, to nobody.
            if list.state == State::Scheduled && counts(&mut tx, id).await?.all() == 0 {
                return Ok(Edit::Blocked(vec![Blocker::EmptyList]));
            }
            list.close(&mut tx, "voters_removed", &actor, now).await?;
            tx.commit().await?;
            Ok(Edit::Done(id))
        })
        .await
        .or_else(refused)
    }
}

/// A list that is being changed.
pub(super) struct List {
    pub poll: Poll,
    state: State,
    /// As what those who are added now come onto the list.
    pub source: RollSource,
    before: RollCount,
}

impl List {
    /// Takes the poll's row, so that nobody opens it meanwhile, and unlocks the list as far as it
    /// may still be changed.
    pub async fn lock(tx: &mut Tx, id: PollId, now: Timestamp) -> Result<Result<Self, Edit>> {
        execute!(
            &mut *tx,
            sqlx::query("UPDATE polls SET version = version WHERE id = $1").bind(id)
        )?;
        let Some(poll) = find(tx, id).await? else {
            return Ok(Err(Edit::NotFound));
        };
        let state = poll.state(now);
        let source = match state {
            State::Draft | State::Scheduled => RollSource::List,
            State::Open => RollSource::AddedLater,
            State::Closed | State::Released | State::Archived => {
                return Ok(Err(Edit::NotNow(state)));
            }
        };
        if poll.roll_mode != RollMode::List {
            return Ok(Err(Edit::NotNow(state)));
        }
        if state == State::Scheduled {
            freeze_at(tx, id, None).await?;
        }
        let before = counts(tx, id).await?;
        Ok(Ok(Self {
            poll,
            state,
            source,
            before,
        }))
    }

    /// Locks the list again and tells the history how it has changed.
    pub async fn close(
        self,
        tx: &mut Tx,
        action: &'static str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        if self.state == State::Scheduled {
            freeze_at(tx, self.poll.id, self.poll.frozen_at).await?;
        }
        let after = counts(tx, self.poll.id).await?;
        let change = Change::new(action, "poll", self.poll.id, &self.poll.question)
            .field("voters", self.before.all(), after.all())
            .field("invitations", self.before.invited, after.invited)
            .field("added_later", false, self.source == RollSource::AddedLater);
        if after != self.before {
            audit::append(tx, actor, change, now).await?;
        }
        Ok(())
    }
}

async fn freeze_at(tx: &mut Tx, id: PollId, at: Option<Timestamp>) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE polls SET frozen_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at)
    )?;
    Ok(())
}

/// Puts people onto the roll; who is on it stays as they are, and an identity that was merged into
/// another is nobody.
pub(super) async fn enrol(tx: &mut Tx, list: &List, people: &[UserId]) -> Result<()> {
    for batch in people.chunks(BATCH) {
        let lines: Value = batch.iter().map(|id| json!({ "id": id })).collect();
        execute!(
            &mut *tx,
            sqlx::query(
                "INSERT INTO voter_roll (poll_id, user_id, source)
                 SELECT $1, users.id, $2 FROM json_each($3) AS line
                 JOIN users ON users.id = CAST(line.value->>'id' AS BIGINT)
                 WHERE users.merged_into IS NULL ON CONFLICT (poll_id, user_id) DO NOTHING",
            )
            .bind(list.poll.id)
            .bind(list.source)
            .bind(lines.to_string())
        )?;
    }
    Ok(())
}

/// Invites people who have not signed in.
pub(super) async fn invite(tx: &mut Tx, list: &List, invites: &[&Invite]) -> Result<()> {
    for batch in invites.chunks(BATCH) {
        execute!(
            &mut *tx,
            sqlx::query(
                "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
                 SELECT $1, line.value->>'kind', line.value->>'issuer', line.value->>'value', $2
                 FROM json_each($3) AS line
                 WHERE TRUE ON CONFLICT (poll_id, kind, issuer, value) DO NOTHING",
            )
            .bind(list.poll.id)
            .bind(list.source)
            .bind(serde_json::to_string(batch)?)
        )?;
    }
    Ok(())
}

async fn remove(tx: &mut Tx, id: PollId, removal: &Removal) -> Result<()> {
    let entries = match removal {
        Removal::Entries(entries) => entries,
        Removal::Everybody => return empty(tx, id).await,
    };
    for entry in entries {
        match entry {
            Entry::Enrolled(user) => execute!(
                &mut *tx,
                sqlx::query(
                    "DELETE FROM voter_roll WHERE poll_id = $1 AND user_id = $2 AND source <> 'role'",
                )
                .bind(id)
                .bind(user)
            )?,
            Entry::Invited(invite) => execute!(
                &mut *tx,
                sqlx::query(
                    "DELETE FROM roll_invites
                     WHERE poll_id = $1 AND kind = $2 AND issuer = $3 AND value = $4",
                )
                .bind(id)
                .bind(invite.kind)
                .bind(&invite.issuer)
                .bind(&invite.value)
            )?,
        };
    }
    Ok(())
}

async fn empty(tx: &mut Tx, id: PollId) -> Result<()> {
    for statement in [
        "DELETE FROM voter_roll WHERE poll_id = $1 AND source <> 'role'",
        "DELETE FROM roll_invites WHERE poll_id = $1",
    ] {
        execute!(&mut *tx, sqlx::query(statement).bind(id))?;
    }
    Ok(())
}

/// Drops the list of a poll that opens to roles after all.
pub(in crate::polls::store) async fn forget_unused(tx: &mut Tx, poll: &Poll) -> Result<()> {
    match poll.roll_mode {
        RollMode::Role => empty(tx, poll.id).await,
        RollMode::List => Ok(()),
    }
}

/// How many are on the poll's list.
pub(in crate::polls::store) async fn counts(tx: &mut Tx, id: PollId) -> Result<RollCount> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(COUNTS).bind(id).fetch_one(conn).await
    })?)
}
