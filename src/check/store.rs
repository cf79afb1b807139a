//! What the database remembers of the last sign-in.

use crate::{
    db::{Db, on},
    oidc::provider::Provider,
};

/// The names of the claims that the last sign-in at `provider` brought.
pub async fn claim_names_of_last_sign_in(db: &Db, provider: &Provider) -> Option<Vec<String>> {
    // As providers write their issuer: with a slash at its end, or without.
    let issuer = provider.config.op_base_url.as_str().trim_end_matches('/');
    let names: Option<String> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT claim_names FROM sign_in_attempts
             WHERE issuer IN ($1, $2) AND claim_names <> '[]' ORDER BY at DESC, id DESC LIMIT 1",
        )
        .bind(issuer)
        .bind(format!("{issuer}/"))
        .fetch_optional(pool)
        .await
    })
    .ok()?;
    serde_json::from_str(&names?).ok()
}
