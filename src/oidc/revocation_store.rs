//! Tokens of ended sessions in the database, until the provider is told. A trigger puts them there
//! whenever a session's row goes, so that no way to end one can forget it.

use crate::{
    db::{Db, execute, on, transaction, within},
    error::Result,
};

/// The sealed tokens of a session that has ended.
#[derive(sqlx::FromRow)]
pub struct EndedTokens {
    /// Who issued them.
    pub issuer: String,
    /// What [`super::tokens::Tokens::open`] opens.
    pub tokens: String,
}

/// Takes up to `most` of them out of `db`, the oldest first; nobody else gets those. `None` when
/// there are no more.
///
/// Those of a sign-in whose `sid` lives on in another session are only forgotten: a provider may
/// end that with them.
///
/// # Errors
/// When the database does not answer.
pub async fn take(db: &Db, most: i64) -> Result<Option<Vec<EndedTokens>>> {
    // No further than that: there may be a lot of them, and somebody waits to write.
    let last: Option<i64> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT MAX(id) FROM (SELECT id FROM tokens_to_revoke ORDER BY id LIMIT $1) AS oldest",
        )
        .bind(most)
        .fetch_one(pool)
        .await
    })?;
    let Some(last) = last else {
        return Ok(None);
    };
    transaction!(db, |tx| {
        let of_living = "DELETE FROM tokens_to_revoke WHERE id <= $1 AND EXISTS (
                             SELECT 1 FROM sessions WHERE sessions.issuer = tokens_to_revoke.issuer
                                AND sessions.sid = tokens_to_revoke.sid)";
        execute!(tx, sqlx::query(of_living).bind(last))?;
        let taken = within!(tx, |conn| {
            sqlx::query_as("DELETE FROM tokens_to_revoke WHERE id <= $1 RETURNING issuer, tokens")
                .bind(last)
                .fetch_all(conn)
                .await
        })?;
        Some(taken)
    })
}
