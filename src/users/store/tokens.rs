//! Personal access tokens in the database. Each change and its entry in the history are one
//! transaction.

use std::sync::Arc;

use super::lock;
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{PORTION, Tx, execute, in_portions, on, transaction, within},
    error::Result,
    users::{
        User, UserId, Users,
        tokens::{self, MOST, Made, NewToken, PersonalToken, TokensOf},
    },
};

/// How long an expired token stays in sight of its person.
const KEPT: std::time::Duration = std::time::Duration::from_hours(30 * 24);

/// A query for tokens.
macro_rules! select_token {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, name, role, created_at, expires_at, last_used_at
             FROM personal_access_tokens ",
            $rest
        )
    };
}

impl Users {
    /// The tokens of a person, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens_of(&self, user: UserId) -> Result<Vec<PersonalToken>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(select_token!("WHERE user_id = $1 ORDER BY id DESC"))
                .bind(user)
                .fetch_all(pool)
                .await
        })?)
    }

    /// The token that is shown as `token`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_token(&self, token: &str) -> Result<Option<PersonalToken>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(select_token!("WHERE token_hash = $1"))
                .bind(tokens::hash(token))
                .fetch_optional(pool)
                .await
        })?)
    }

    /// Keeps `new`, shown as `token`, for `owner`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn make_token(
        &self,
        owner: Arc<User>,
        new: NewToken,
        token: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Made> {
        let hash = tokens::hash(token);
        transaction!(self.db, |tx| {
            // So that two forms at once are counted one after the other.
            lock(tx, owner.id).await?;
            let (all, called_so) = count(tx, owner.id, &new.name).await?;
            if called_so > 0 {
                return Ok(Made::NameTaken);
            }
            if all >= MOST {
                return Ok(Made::TooMany);
            }
            insert(tx, owner.id, &new, hash, now).await?;
            let change = Change::new("token_made", "user", owner.id, owner.name())
                .field("token", None, Some(&new.name))
                .field("role", None, Some(new.role.as_str()))
                .field("expires_at", None, Some(new.expires_at));
            audit::append(tx, &actor, change, now).await?;
            Made::Done
        })
    }

    /// Ends tokens from the next request on; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_tokens(&self, whose: TokensOf, actor: Actor, now: Timestamp) -> Result<u64> {
        transaction!(self.db, |tx| {
            let (user, only) = match whose {
                TokensOf::One(user, id) => (user, Some(id)),
                TokensOf::Person(user) => (user, None),
            };
            let names = delete(tx, user.id, only).await?;
            for name in &names {
                let change = Change::new("token_ended", "user", user.id, user.name());
                let change = change.field("token", Some(name), None);
                audit::append(tx, &actor, change, now).await?;
            }
            names.len() as u64
        })
    }

    /// Notes the day on which a token was used, once a day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_use(&self, token: &PersonalToken, now: Timestamp) -> Result<()> {
        let (id, today) = (token.id, now.start_of_day());
        if token.last_used_at.is_some_and(|day| day >= today) {
            return Ok(());
        }
        transaction!(self.db, |tx| {
            let update = "UPDATE personal_access_tokens SET last_used_at = $2 WHERE id = $1";
            execute!(tx, sqlx::query(update).bind(id).bind(today))?;
        })
    }

    /// Forgets tokens that ended a while ago; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let before = now.minus(KEPT);
        let delete = "DELETE FROM personal_access_tokens WHERE id IN (
                          SELECT id FROM personal_access_tokens WHERE expires_at < $1 LIMIT $2)";
        Ok(in_portions!(
            self.db,
            sqlx::query(delete).bind(before).bind(PORTION)
        ))
    }
}

/// How many tokens somebody has, and how many of them are called `name`.
async fn count(tx: &mut Tx, user: UserId, name: &str) -> Result<(i64, i64)> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(
            "SELECT COUNT(*), COUNT(CASE WHEN name = $2 THEN 1 END)
             FROM personal_access_tokens WHERE user_id = $1",
        )
        .bind(user)
        .bind(name)
        .fetch_one(conn)
        .await
    })?)
}

async fn insert(
    tx: &mut Tx,
    user: UserId,
    new: &NewToken,
    hash: Vec<u8>,
    now: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO personal_access_tokens
                 (user_id, name, token_hash, role, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(user)
        .bind(&new.name)
        .bind(hash)
        .bind(new.role)
        .bind(now)
        .bind(new.expires_at)
    )?;
    Ok(())
}

/// Removes all tokens of somebody, or `only` one; what they were called.
pub(super) async fn delete(tx: &mut Tx, user: UserId, only: Option<i64>) -> Result<Vec<String>> {
    Ok(within!(tx, |conn| {
        sqlx::query_scalar(
            "DELETE FROM personal_access_tokens
             WHERE user_id = $1 AND id = COALESCE($2, id) RETURNING name",
        )
        .bind(user)
        .bind(only)
        .fetch_all(conn)
        .await
    })?)
}
