//! Whether the process lives and can work.

use axum::{Json, extract::State};
use serde_json::{Map, Value};

use crate::{attempts, db::Db, error::Result, oidc::Oidc};

/// `GET /healthz`: the process answers. The providers' state is told and changes nothing.
pub async fn healthz(State(oidc): State<Oidc>) -> Json<Map<String, Value>> {
    Json(report(&oidc))
}

/// `GET /readyz`: the database answers. Whether the role claim seems to be missing is told and
/// changes nothing.
///
/// # Errors
/// 503 when it does not.
pub async fn readyz(
    State(db): State<Db>,
    State(oidc): State<Oidc>,
) -> Result<Json<Map<String, Value>>> {
    let missing = attempts::role_claim_is_missing(&db).await?;
    let role_claims = if missing { "missing" } else { "ok" };
    let mut report = report(&oidc);
    report.insert("role_claims".to_owned(), role_claims.into());
    Ok(Json(report))
}

/// `oidc` is `ok` when every provider was found; `providers` tells of each.
fn report(oidc: &Oidc) -> Map<String, Value> {
    let word = |found: bool| if found { "ok" } else { "unreachable" };
    let providers = oidc.providers().iter();
    let providers = providers.map(|provider| {
        let found = provider.current().is_some();
        (provider.config.id.clone(), word(found).into())
    });
    let providers: Map<_, Value> = providers.collect();
    let all = providers.values().all(|state| state == word(true));
    let report = [
        ("status", "ok".into()),
        ("oidc", word(all).into()),
        ("providers", providers.into()),
    ];
    let owned = report.map(|(name, value): (&str, Value)| (name.to_owned(), value));
    owned.into_iter().collect()
}
