//! What the database remembers of the last sign-in.

use crate::db::{Db, on};

/// The names of the claims that the last sign-in brought, as stored.
pub async fn claim_names_of_last_sign_in(db: &Db) -> Option<Vec<String>> {
    let names: Option<String> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT claim_names FROM sign_in_attempts WHERE claim_names <> '[]'
             ORDER BY at DESC, id DESC LIMIT 1",
        )
        .fetch_optional(pool)
        .await
    })
    .ok()?;
    serde_json::from_str(&names?).ok()
}
