//! Whether the process lives and can work.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use serde_json::{Map, Value};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    attempts,
    db::Db,
    error::{Error, Result},
    oidc::Oidc,
};

/// How long an answer of the database counts: however many ask, it is asked once in this time.
const FRESH: Duration = Duration::from_secs(1);

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// When the database was asked, and whether the role claim seemed to be missing; `None` in place of
/// that when it could not do its part.
type Answer = (Instant, Option<bool>);

/// What the database last said of itself.
#[derive(Clone, Debug)]
pub struct Readiness {
    db: Db,
    last: Arc<Mutex<Option<Answer>>>,
}

impl Readiness {
    /// Of `db`, which was not asked yet.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            last: Arc::default(),
        }
    }

    /// Whether the role claim seems to be missing, of a database that can work.
    async fn require(&self) -> Result<bool> {
        let mut last = self.last.lock().await;
        if let Some((_, known)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            let why = "the database could not do its part a moment ago";
            return known.ok_or_else(|| Error::unavailable(why));
        }
        let asked = timeout(PATIENCE, async {
            self.db.require_ready().await?;
            attempts::role_claim_is_missing(&self.db).await
        });
        let asked = asked.await.map_err(Error::unavailable).flatten();
        *last = Some((Instant::now(), asked.as_ref().ok().copied()));
        asked
    }
}

/// `GET /healthz`: the process answers. The providers' state is told and changes nothing.
pub async fn healthz(State(oidc): State<Oidc>) -> Json<Map<String, Value>> {
    Json(report(&oidc))
}

/// `GET /readyz`: the database takes changes and its schema is up to date. The providers' state, and
/// whether the role claim seems to be missing, are told and change nothing.
///
/// # Errors
/// 503 when the database cannot do its part.
pub async fn readyz(
    State(readiness): State<Readiness>,
    State(oidc): State<Oidc>,
) -> Result<Json<Map<String, Value>>> {
    let missing = readiness.require().await?;
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
