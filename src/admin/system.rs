//! The state of the installation.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{FromRef, FromRequestParts, State};
use http::request::Parts;

use super::{
    Editor,
    backups::{self, Fact},
};
use crate::{
    backup::{Backups, Status},
    clock::{Clock, Timestamp},
    db::{Db, SchemaGap},
    error::{Error, Result},
    history::Chain,
    language::Message,
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
    size: Message,
    /// How the schema and this program stand to each other.
    schema: Message,
    /// How backups stand.
    backups: Vec<Fact>,
    health: Health,
}

/// How the parts are that the site depends on.
pub struct Health {
    /// When that was.
    pub(super) now: Timestamp,
    /// The providers.
    pub(super) providers: Vec<ProviderRow>,
    /// Whether the newest part of the history holds, in words.
    pub(super) chain: Message,
    /// How backups stand.
    backups: Status,
}

impl Health {
    /// How backups stand, in one line.
    pub(super) fn backup(&self) -> Message {
        backups::summary(&self.backups, self.now)
    }

    /// What to do about them; `None` when all is well.
    fn backup_hint(&self) -> Option<Message> {
        backups::is_amiss(&self.backups).then(backups::hint)
    }
}

impl<S> FromRequestParts<S> for Health
where
    S: Send + Sync,
    Db: FromRef<S>,
    Oidc: FromRef<S>,
    Clock: FromRef<S>,
    Backups: FromRef<S>,
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
                Chain::Holds(head) => Message::new("chain-holds").with("number", head.seq),
                Chain::BrokenAt(seq) => Message::new("chain-broken").with("number", seq),
            },
            backups: Backups::from_ref(state).status().await,
        })
    }
}

/// A provider.
pub(super) struct ProviderRow {
    pub(super) id: String,
    pub(super) issuer: String,
    /// Whether its metadata and keys are known, and since when.
    pub(super) state: Message,
    /// How its clock and ours stand to each other; empty while that is not known.
    pub(super) clock: Message,
}

impl ProviderRow {
    pub(super) fn new(provider: &Arc<Provider>, now: Timestamp) -> Self {
        let state = provider.state();
        Self {
            id: provider.config.id.clone(),
            issuer: provider.config.op_base_url.to_string(),
            state: match state.fetched_at {
                Some(at) => Message::new("provider-fetched").with("ago", ago(at, now)),
                None => Message::new("provider-silent"),
            },
            clock: match (state.fetched_at, state.date) {
                (Some(at), Some(date)) => clock(at, date),
                _ => Message::default(),
            },
        }
    }
}

fn size(database: &Database) -> Message {
    let size = size_in_words(database.size);
    match database.log.map(size_in_words) {
        Some(log) => Message::new("size-with-log")
            .with("size", size)
            .with("log", log),
        None => size,
    }
}

fn schema(gap: SchemaGap) -> Message {
    match gap {
        SchemaGap {
            missing: 0,
            newer: 0,
        } => Message::new("schema-up-to-date"),
        SchemaGap { missing, newer } => Message::new("schema-gap")
            .with("missing", missing)
            .with("newer", newer),
    }
}

/// What the difference of two clocks means.
fn clock(ours: Timestamp, theirs: Timestamp) -> Message {
    let (ahead, behind) = (ours.since(theirs).as_secs(), theirs.since(ours).as_secs());
    let offset = ahead.max(behind);
    if offset <= LEEWAY {
        return Message::new("clock-agrees").with("leeway", LEEWAY);
    }
    let id = if ahead > behind {
        "clock-behind"
    } else {
        "clock-ahead"
    };
    Message::new(id).with("offset", offset)
}

/// `GET /admin/system/`: versions, schema, providers, sizes, the history, backups.
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
    let zone = page.zone;
    Ok(SystemPage {
        page,
        size: size(&database),
        database,
        schema: schema(db.schema_gap().await),
        backups: backups::facts(&health.backups, zone, health.now),
        health,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;

    #[test]
    fn clocks_that_are_apart_are_told() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let said = |ours, theirs| Locale::default().t(clock(at(ours), at(theirs))).plain();
        assert!(said(100, 150).contains("agrees"));
        assert!(said(100, 400).starts_with("300 seconds ahead of ours"));
        assert!(said(400, 100).starts_with("300 seconds behind ours"));
    }
}
