//! Tokens of ended sessions in the database, until the provider is told. A trigger puts them there
//! whenever a session's row goes, so that no way to end one can forget it.

use crate::{
    db::{Db, on, transaction, within},
    error::Result,
};

/// The sealed tokens of a session that has ended.
#[derive(sqlx::FromRow)]
pub struct EndedTokens {
    /// Who issued them.
    pub issuer: String,
    /// What [`super::tokens::Tokens::open`] opens.
    pub tokens: String,
    /// Whether the `sid` of that sign-in lives on in another session.
    pub lives_on: bool,
}

/// Takes up to `most` of them out of `db`, the oldest first; nobody else gets those.
///
/// # Errors
/// When the database does not answer.
pub async fn take(db: &Db, most: i64) -> Result<Vec<EndedTokens>> {
    let is_some: bool = on!(db, |pool| {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tokens_to_revoke)")
            .fetch_one(pool)
            .await
    })?;
    if !is_some {
        return Ok(Vec::new());
    }
    transaction!(db, |tx| {
        within!(tx, |conn| {
            sqlx::query_as(
                "DELETE FROM tokens_to_revoke WHERE id IN (
                     SELECT id FROM tokens_to_revoke ORDER BY id LIMIT $1)
                 RETURNING issuer, tokens, EXISTS (
                     SELECT 1 FROM sessions WHERE sessions.issuer = tokens_to_revoke.issuer
                        AND sessions.sid = tokens_to_revoke.sid) AS lives_on",
            )
            .bind(most)
            .fetch_all(conn)
            .await
        })?
    })
}
