//! The state of the installation.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{FromRef, FromRequestParts, State};
use http::request::Parts;

use super::Editor;
use crate::{
    clock::{Clock, Timestamp},
    db::{Db, SchemaGap},
    error::{Error, Result},
    history::Chain,
    oidc::{Oidc, provider::Provider},
    page::Page,
    system::{self, Database, ago, size_in_words},
};

/// How far two clocks may be apart before tokens are refused, in seconds.
const LEEWAY: u64 = 60;

/// The state of the installation.
#[derive(Template, WebTemplate)]
#[template(path = "admin/system.html")]
pub struct SystemPage {
    page: Page,
    database: Database,
    /// How much room the database takes.
    size: String,
    /// How the schema and this program stand to each other.
    schema: String,
    health: Health,
}

/// How the parts are that the site depends on.
pub struct Health {
    /// When that was.
    pub(super) now: Timestamp,
    /// The providers.
    pub(super) providers: Vec<ProviderRow>,
    /// Whether the newest part of the history holds, in words.
    pub(super) chain: String,
}

impl<S> FromRequestParts<S> for Health
where
    S: Send + Sync,
    Db: FromRef<S>,
    Oidc: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self> {
        let now = Clock::from_ref(state).now();
        let oidc = Oidc::from_ref(state);
        let providers = oidc.providers().iter();
        Ok(Self {
            now,
            providers: providers
                .map(|provider| ProviderRow::new(provider, now))
                .collect(),
            chain: match system::newest_history(&Db::from_ref(state)).await? {
                Chain::Holds(head) => {
                    format!("the newest entries hold, the last is number {}", head.seq)
                }
                Chain::BrokenAt(seq) => format!("broken at entry {seq}"),
            },
        })
    }
}

/// A provider.
pub(super) struct ProviderRow {
    pub(super) id: String,
    pub(super) issuer: String,
    /// Whether its metadata and keys are known, and since when.
    pub(super) state: String,
    /// How its clock and ours stand to each other.
    pub(super) clock: String,
}

impl ProviderRow {
    pub(super) fn new(provider: &Arc<Provider>, now: Timestamp) -> Self {
        let state = provider.state();
        Self {
            id: provider.config.id.clone(),
            issuer: provider.config.op_base_url.to_string(),
            state: match state.fetched_at {
                Some(at) => format!("metadata and keys fetched {}", ago(at, now)),
                None => "has not answered yet, so nobody can sign in there".to_owned(),
            },
            clock: match (state.fetched_at, state.date) {
                (Some(at), Some(date)) => clock(at, date),
                _ => String::new(),
            },
        }
    }
}

fn size(database: &Database) -> String {
    let size = size_in_words(database.size);
    match database.log.map(size_in_words) {
        Some(log) => format!("{size}, and {log} in the write-ahead log"),
        None => size,
    }
}

fn schema(gap: SchemaGap) -> String {
    match gap {
        SchemaGap {
            missing: 0,
            newer: 0,
        } => "Up to date".to_owned(),
        SchemaGap { missing, newer } => {
            format!("{missing} migrations are missing, {newer} are newer than this program")
        }
    }
}

/// What the difference of two clocks means.
fn clock(ours: Timestamp, theirs: Timestamp) -> String {
    let (ahead, behind) = (ours.since(theirs).as_secs(), theirs.since(ours).as_secs());
    let offset = ahead.max(behind);
    if offset <= LEEWAY {
        return format!("agrees with ours within {LEEWAY} seconds");
    }
    let side = if ahead > behind { "behind" } else { "ahead of" };
    format!("{offset} seconds {side} ours: sign-in is refused until both are set")
}

/// `GET /admin/system/`: versions, schema, providers, sizes, the history.
///
/// # Errors
/// When the database does not answer.
pub async fn show(
    page: Page,
    _: Editor,
    State(db): State<Db>,
    health: Health,
) -> Result<SystemPage> {
    let database = system::database(&db).await?;
    Ok(SystemPage {
        page,
        size: size(&database),
        database,
        schema: schema(db.schema_gap().await),
        health,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_apart_are_told() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        assert!(clock(at(100), at(150)).contains("agrees"));
        assert!(clock(at(100), at(400)).starts_with("300 seconds ahead of ours"));
        assert!(clock(at(400), at(100)).starts_with("300 seconds behind ours"));
    }
}
