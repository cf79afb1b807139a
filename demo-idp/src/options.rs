//! What a provider is started with.

use std::{fmt, sync::Arc, time::UNIX_EPOCH};

use tokio::net::TcpListener;

use crate::{people::Person, random};

/// Tells the time in UTC seconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything a provider needs to start.
pub struct Options {
    /// Where it listens: bound already, to a loopback address.
    pub listener: TcpListener,
    /// Path in front of every endpoint and part of the issuer; empty, or `/realms/demo`.
    pub base_path: String,
    /// The relying parties.
    pub clients: Vec<Client>,
    /// The people who can sign in.
    pub people: Vec<Person>,
    /// The project all clients belong to.
    pub project_id: String,
    /// Whether the root shows what this provider is and whom it knows.
    pub demo_page: bool,
    /// The time.
    pub clock: Clock,
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("listener", &self.listener)
            .field("base_path", &self.base_path)
            .field("project_id", &self.project_id)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// The provider of `rolecall demo`: one client with a random id and secret for the application
    /// at `app_base_url`, and four people.
    #[must_use]
    pub fn demo(listener: TcpListener, app_base_url: &str) -> Self {
        Self {
            listener,
            base_path: String::new(),
            clients: vec![Client::for_app(app_base_url)],
            people: vec![Person::ada(), Person::stan(), Person::uma(), Person::nora()],
            project_id: random::id(),
            demo_page: true,
            clock: Arc::new(system_time),
        }
    }
}

/// A relying party.
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    /// Addresses to send codes to, compared byte for byte.
    pub redirect_uris: Vec<String>,
    /// Addresses to return to after sign-out, compared byte for byte.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens are delivered.
    pub backchannel_logout_uri: Option<String>,
}

impl Client {
    /// A client with a random id and secret for rolecall at `app_base_url`.
    #[must_use]
    pub fn for_app(app_base_url: &str) -> Self {
        let base = app_base_url.trim_end_matches('/');
        Self {
            id: random::id(),
            secret: random::token(),
            redirect_uris: vec![
                format!("{base}/oidc/callback/"),
                format!("{base}/api/auth/v2/callback"),
            ],
            post_logout_redirect_uris: vec![format!("{base}/oidc/logout/")],
            backchannel_logout_uri: Some(format!("{base}/oidc/backchannel-logout/")),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("id", &self.id)
            .field("redirect_uris", &self.redirect_uris)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the demo's one clock; tests pass their own"
)]
fn system_time() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
