//! People erased in place, and two identities that are one person. Votes and counts stay.

use super::{administering::active_admins, lock, tokens};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Tx, execute, on, transaction},
    error::Result,
    session,
    users::{User, UserId, Users, administration::Taken},
};

/// The issuer of an identity on its way from one row to another; no provider's is one without a
/// scheme.
const ON_ITS_WAY: &str = "merged";

impl Users {
    /// Puts "Former user" in place of somebody's names, e-mail and picture, also under identities
    /// that were merged into theirs, and turns them away. The identity stays, so that the same
    /// person does not come back as somebody else and vote twice; so do ballots, and what the
    /// history says of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erase(&self, id: UserId, actor: Actor, now: Timestamp) -> Result<Taken> {
        if actor.is_user(id.0) {
            return Ok(Taken::Oneself);
        }
        transaction!(self.db, |tx| {
            let Some(user) = lock(tx, id).await? else {
                return Ok(Taken::NotFound);
            };
            if user.erased_at.is_some() || user.merged_into.is_some() {
                return Ok(Taken::Already);
            }
            forget(tx, &user, now).await?;
            let ended = session::end_all_of(tx, id.0).await?;
            tokens::delete(tx, id, None).await?;
            let change = Change::new("user_erased", "user", id, &former(id)).field(
                "sessions_ended",
                0,
                ended,
            );
            audit::append(tx, &actor, change, now).await?;
            if user.is_active() && user.role.is_admin() && active_admins(tx).await? == 0 {
                return Ok(Taken::LastAdmin);
            }
            Taken::Done(ended)
        })
    }

    /// Gives the identity, profile and role of `given_up` to `kept`, who keeps their own votes.
    /// `given_up` stays behind with its votes and with the identity that `kept` had until now:
    /// whoever signs in with that one is turned away, and does not vote as somebody new.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn merge(
        &self,
        kept: UserId,
        given_up: UserId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Taken> {
        if actor.is_user(kept.0) || actor.is_user(given_up.0) {
            return Ok(Taken::Oneself);
        }
        transaction!(self.db, |tx| {
            // In the order of keys, so that two merges do not wait for each other.
            let first = lock(tx, kept.min(given_up)).await?;
            let second = lock(tx, kept.max(given_up)).await?;
            let (Some(first), Some(second)) = (first, second) else {
                return Ok(Taken::NotFound);
            };
            let (old, new) = if kept < given_up {
                (first, second)
            } else {
                (second, first)
            };
            if kept == given_up || old.is_gone() || new.is_gone() {
                return Ok(Taken::Already);
            }
            join(tx, &old, &new, now).await?;
            let ended = session::end_all_of(tx, kept.0).await?
                + session::end_all_of(tx, given_up.0).await?;
            tokens::delete(tx, given_up, None).await?;
            let change = Change::new("users_merged", "user", kept, new.name())
                .field("issuer", &old.issuer, &new.issuer)
                .field("subject", &old.subject, &new.subject)
                .field("role", old.role, new.role)
                .field("merged_from", None, Some(given_up))
                .field("sessions_ended", 0, ended);
            audit::append(tx, &actor, change, now).await?;
            let had_admin = [&old, &new]
                .iter()
                .any(|user| user.is_active() && user.role.is_admin());
            if had_admin && active_admins(tx).await? == 0 {
                return Ok(Taken::LastAdmin);
            }
            Taken::Done(ended)
        })
    }

    /// In how many polls somebody has voted, as far as that may be told: of a secret poll once it
    /// is sealed and holds enough ballots
    /// ([`Poll::tells_participation`](crate::polls::Poll::tells_participation)).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_votes(&self, id: UserId) -> Result<i64> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM voter_roll
                 JOIN polls ON polls.id = voter_roll.poll_id
                 JOIN poll_counts ON poll_counts.poll_id = polls.id
                 WHERE voter_roll.user_id = $1 AND voter_roll.has_voted
                   AND (polls.secrecy = 'named'
                        OR polls.sealed_at IS NOT NULL AND poll_counts.ballots >= polls.min_show)",
            )
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }
}

fn former(id: UserId) -> String {
    format!("Former user {id}")
}

async fn forget(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    let former = former(user.id);
    execute!(
        tx,
        sqlx::query(
            "UPDATE users SET display_name = $2, sort_key = $3, search_key = $3,
                    preferred_username = '', email = NULL, email_verified = FALSE,
                    given_name = '', family_name = '', picture = NULL, locale = NULL,
                    zone = NULL, theme = NULL, language = NULL, last_login_at = NULL,
                    deactivated_at = COALESCE(deactivated_at, $4), erased_at = $4
             WHERE id = $1 OR merged_into = $1",
        )
        .bind(user.id)
        .bind(&former)
        .bind(former.to_lowercase())
        .bind(now)
    )?;
    let attempts = "DELETE FROM sign_in_attempts WHERE (issuer, subject) IN (
        SELECT issuer, subject FROM users WHERE id = $1 OR merged_into = $1)";
    execute!(tx, sqlx::query(attempts).bind(user.id))?;
    Ok(())
}

/// Swaps the identities; no two rows have the same at any moment.
async fn join(tx: &mut Tx, old: &User, new: &User, now: Timestamp) -> Result<()> {
    let earlier = "UPDATE users SET merged_into = $2 WHERE merged_into = $1";
    execute!(&mut *tx, sqlx::query(earlier).bind(new.id).bind(old.id))?;
    let aside = "UPDATE users SET issuer = $2, subject = $3 WHERE id = $1";
    execute!(
        &mut *tx,
        sqlx::query(aside)
            .bind(new.id)
            .bind(ON_ITS_WAY)
            .bind(new.id.to_string())
    )?;
    take_over(tx, old, new).await?;
    stay_behind(tx, old, new, now).await?;
    list_instead(tx, old.id, new.id, now).await
}

/// Whoever was deactivated under either identity stays so.
async fn take_over(tx: &mut Tx, old: &User, new: &User) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE users SET issuer = $3, subject = $4, username = $4, deactivated_at = $5,
                    (preferred_username, email, email_verified, given_name, family_name,
                     display_name, picture, sort_key, search_key, role, role_source,
                     role_checked_at, role_lost_at, last_login_at)
                    = (SELECT preferred_username, email, email_verified, given_name, family_name,
                              display_name, picture, sort_key, search_key, role, role_source,
                              role_checked_at, role_lost_at, last_login_at
                       FROM users AS other WHERE other.id = $2)
             WHERE id = $1",
        )
        .bind(old.id)
        .bind(new.id)
        .bind(&new.issuer)
        .bind(&new.subject)
        .bind(old.deactivated_at.or(new.deactivated_at))
    )?;
    Ok(())
}

/// The e-mail address goes: by it, lists of voters mean the one who is kept.
async fn stay_behind(tx: &mut Tx, old: &User, new: &User, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE users SET issuer = $2, subject = $3, username = $3, email = NULL,
                    email_verified = FALSE, search_key = '', merged_into = $4,
                    deactivated_at = COALESCE(deactivated_at, $5)
             WHERE id = $1",
        )
        .bind(new.id)
        .bind(&old.issuer)
        .bind(&old.subject)
        .bind(old.id)
        .bind(now)
    )?;
    Ok(())
}

/// Where the identity that was given up stands on a list and has not voted, the one that is kept
/// stands from now on; not in polls that are over.
async fn list_instead(tx: &mut Tx, kept: UserId, given_up: UserId, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
             SELECT entry.poll_id, $1, FALSE,
                    CASE WHEN polls.frozen_at IS NULL THEN 'list' ELSE 'added_later' END
             FROM voter_roll AS entry JOIN polls ON polls.id = entry.poll_id
             WHERE entry.user_id = $2 AND NOT entry.has_voted AND entry.source <> 'role'
               AND polls.archived_at IS NULL AND polls.closed_at IS NULL
               AND (polls.closes_at IS NULL OR polls.closes_at > $3)
               AND NOT EXISTS (SELECT 1 FROM voter_roll AS own
                               WHERE own.poll_id = entry.poll_id AND own.user_id = $1)",
        )
        .bind(kept)
        .bind(given_up)
        .bind(now)
    )?;
    execute!(
        tx,
        sqlx::query(
            "DELETE FROM voter_roll WHERE user_id = $1 AND NOT has_voted AND poll_id IN (
                 SELECT id FROM polls WHERE frozen_at IS NULL)",
        )
        .bind(given_up)
    )?;
    Ok(())
}
