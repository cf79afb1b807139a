//! Whether the process lives and can work.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use crate::{db::Db, error::Result, oidc::Oidc};

/// `GET /healthz`: the process answers. The providers' state is told and changes nothing.
pub async fn healthz(State(oidc): State<Oidc>) -> Json<Value> {
    Json(report(&oidc))
}

/// `GET /readyz`: the database answers.
///
/// # Errors
/// 503 when it does not.
pub async fn readyz(State(db): State<Db>, State(oidc): State<Oidc>) -> Result<Json<Value>> {
    db.ping().await?;
    Ok(Json(report(&oidc)))
}

/// `oidc` is `ok` when every provider was found; `providers` tells of each.
fn report(oidc: &Oidc) -> Value {
    let word = |found: bool| if found { "ok" } else { "unreachable" };
    let providers = oidc.providers().iter();
    let providers = providers.map(|provider| {
        let found = provider.current().is_some();
        (provider.config.id.clone(), word(found).into())
    });
    let providers: Map<_, Value> = providers.collect();
    let all = providers.values().all(|state| state == word(true));
    json!({ "status": "ok", "oidc": word(all), "providers": providers })
}
