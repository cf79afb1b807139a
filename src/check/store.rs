//! What the database remembers of the last sign-in.

use crate::{
    db::{Db, on},
    oidc::provider::Provider,
};

/// A sign-in that came so far that roles were looked for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LastSignIn {
    /// Why there was no role, if there was none.
    pub reason: Option<String>,
}

/// The last sign-in at `provider` that tells whether roles arrive.
pub async fn last_sign_in(db: &Db, provider: &Provider) -> Option<LastSignIn> {
    // As providers write their issuer: with a slash at its end, or without.
    let issuer = provider.config.op_base_url.as_str().trim_end_matches('/');
    on!(db, |pool| {
        sqlx::query_as(
            "SELECT reason FROM sign_in_attempts
             WHERE issuer IN ($1, $2) AND (outcome = 'ok' OR reason LIKE 'role%')
             ORDER BY id DESC LIMIT 1",
        )
        .bind(issuer)
        .bind(format!("{issuer}/"))
        .fetch_optional(pool)
        .await
    })
    .ok()?
}
