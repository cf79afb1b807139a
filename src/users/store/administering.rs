//! What admins and operators do with people: the change, the sessions that end with it and the
//! entry in the history are one transaction.

use std::collections::BTreeSet;

use super::{lock, tokens};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, execute, transaction, within},
    error::Result,
    session::{self, Session},
    users::{
        User, UserId, Users,
        administration::{SessionsOf, Step, Taken},
    },
};

impl Users {
    /// Deactivates somebody, or activates them again. Either way their sessions end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(
        &self,
        step: Step,
        id: UserId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Taken> {
        if step == Step::Deactivate && actor.is_user(id.0) {
            return Ok(Taken::Oneself);
        }
        transaction!(self.db, |tx| {
            let taken = go(tx, step, id, &actor, now).await?;
            if taken == Taken::LastAdmin {
                return Ok(taken);
            }
            taken
        })
    }

    /// Deactivates several people, or activates them again, in one transaction; returns how each
    /// step ended. When nobody could use the console afterwards, nothing is changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_all(
        &self,
        step: Step,
        ids: BTreeSet<UserId>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Vec<Taken>> {
        transaction!(self.db, |tx| {
            let mut all = Vec::new();
            for id in ids {
                let is_oneself = step == Step::Deactivate && actor.is_user(id.0);
                let taken = if is_oneself {
                    Taken::Oneself
                } else {
                    go(tx, step, id, &actor, now).await?
                };
                if taken == Taken::LastAdmin {
                    return Ok(vec![taken]);
                }
                all.push(taken);
            }
            all
        })
    }

    /// Ends sessions of several, but for `kept`, in one transaction; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions_of_all(
        &self,
        all: Vec<SessionsOf>,
        kept: Option<Session>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<u64> {
        transaction!(self.db, |tx| {
            let mut ended = 0;
            for whose in all {
                ended += end(tx, whose, kept.as_ref(), &actor, now).await?;
            }
            ended
        })
    }

    /// Ends sessions, but for `kept`; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions(
        &self,
        whose: SessionsOf,
        kept: Option<Session>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<u64> {
        transaction!(self.db, |tx| end(tx, whose, kept.as_ref(), &actor, now)
            .await?)
    }
}

/// Takes the step. After [`Taken::LastAdmin`] the transaction must not be committed.
async fn go(tx: &mut Tx, step: Step, id: UserId, actor: &Actor, now: Timestamp) -> Result<Taken> {
    let Some(user) = lock(tx, id).await? else {
        return Ok(Taken::NotFound);
    };
    if Step::next(&user) != step || user.merged_into.is_some() {
        return Ok(Taken::Already);
    }
    let deactivated_at = (step == Step::Deactivate).then_some(now);
    set_deactivated_at(tx, id, deactivated_at).await?;
    // Activating ends sessions as well: a sign-in that was on its way at the deactivation
    // may have left one, which must not come to life.
    let ended = session::end_all_of(tx, id.0).await?;
    // Nor do their programs come back by themselves.
    let tokens = tokens::delete(tx, id, None).await?.len();
    let change = Change::new(action(step), "user", id, user.name())
        .field("deactivated_at", user.deactivated_at, deactivated_at)
        .field("sessions_ended", 0, ended)
        .field("tokens_ended", 0, tokens);
    audit::append(tx, actor, change, now).await?;
    // Asked after the entry in the history, which makes writers take turns: of two admins
    // who deactivate each other at once, the second is refused.
    if user.is_active() && user.role.is_admin() && active_admins(tx).await? == 0 {
        return Ok(Taken::LastAdmin);
    }
    Ok(Taken::Done(ended))
}

async fn end(
    tx: &mut Tx,
    whose: SessionsOf,
    kept: Option<&Session>,
    actor: &Actor,
    now: Timestamp,
) -> Result<u64> {
    let (ended, change) = match whose {
        SessionsOf::One(user, handle) => {
            let ended = session::end_one_of(tx, user.id.0, &handle, kept).await?;
            (ended, sessions_of(&user))
        }
        SessionsOf::Person(user) => {
            let ended = session::end_others_of(tx, user.id.0, kept).await?;
            (ended, sessions_of(&user))
        }
        SessionsOf::Everybody => {
            let ended = session::end_all_but(tx, kept).await?;
            let change = Change::new("sessions_ended", "session", "all", "everybody");
            (ended, change)
        }
    };
    if ended > 0 {
        let change = change
            .field("kind", None, Some("admin"))
            .field("sessions_ended", 0, ended);
        audit::append(tx, actor, change, now).await?;
    }
    Ok(ended)
}

fn sessions_of(user: &User) -> Change {
    Change::new("sessions_ended", "user", user.id, user.name())
}

const fn action(step: Step) -> &'static str {
    match step {
        Step::Deactivate => "user_deactivated",
        Step::Activate => "user_activated",
    }
}

/// Whoever is active again is a person like any other, also for being erased once more.
async fn set_deactivated_at(tx: &mut Tx, id: UserId, at: Option<Timestamp>) -> Result<()> {
    let update = "UPDATE users SET deactivated_at = $2,
            erased_at = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN NULL ELSE erased_at END
        WHERE id = $1";
    execute!(tx, sqlx::query(update).bind(id).bind(at))?;
    Ok(())
}

pub(super) async fn active_admins(tx: &mut Tx) -> Result<i64> {
    Ok(within!(tx, |conn| {
        sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE is_superuser")
            .fetch_one(conn)
            .await
    })?)
}
