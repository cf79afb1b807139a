//! Whether the process lives and can work.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{db::Db, error::Result, oidc::Oidc};

/// `GET /healthz`: the process answers. The provider's state is told and changes nothing.
pub async fn healthz(State(oidc): State<Oidc>) -> Json<Value> {
    let oidc = if oidc.is_ready() { "ok" } else { "unreachable" };
    Json(json!({ "status": "ok", "oidc": oidc }))
}

/// `GET /readyz`: the database answers.
///
/// # Errors
/// 503 when it does not.
pub async fn readyz(State(db): State<Db>) -> Result<Json<Value>> {
    db.ping().await?;
    Ok(Json(json!({ "status": "ok" })))
}
