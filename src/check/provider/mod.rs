//! Whether sign-in can work: what `serve` needs of a provider, one step after the other. What
//! depends on a step that failed is left out, because it would only repeat the failure.

mod document;
mod registered;
mod roles;

use http::StatusCode;

use super::{Finding, Level};
use crate::{
    clock::Clock,
    config::{Config, ProviderConfig},
    db::Db,
    error::Result,
    headers::FormTargets,
    oidc::{
        http::Outage,
        metadata::{self, Metadata},
        provider::Provider,
        transport::{TransportError, TransportErrorKind as Kind},
    },
    random::Random,
};

/// A provider as `serve` would use it.
pub struct Subject<'a> {
    /// Itself.
    pub provider: Provider,
    /// What is configured beside it.
    pub config: &'a Config,
    clock: &'a Clock,
}

impl<'a> Subject<'a> {
    /// The provider that `config` describes.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(provider: &ProviderConfig, config: &'a Config, clock: &'a Clock) -> Result<Self> {
        let provider = Provider::new(
            provider.clone(),
            config.oidc.timeout,
            config.site.clone(),
            clock.clone(),
            Random::System,
            FormTargets::default(),
        )?;
        Ok(Self {
            provider,
            config,
            clock,
        })
    }

    /// The name of one of its settings.
    fn variable(&self, name: &str) -> String {
        self.provider.config.variable(name)
    }

    /// Everything about it.
    pub async fn findings(&self, db: Option<&Db>) -> Vec<Finding> {
        let url = metadata::discovery_url(&self.provider.config);
        let found = match self.provider.http.document::<Metadata>(&url).await {
            Ok(found) => found,
            Err(error) => return vec![self.unreachable(&error)],
        };
        let mut findings = vec![Finding::ok("discovery", format!("{url} answers."))];
        findings.extend(document::clock(found.date, self.clock.now()));
        findings.extend(document::findings(&found.content, self));
        findings.push(roles::scope(&self.provider));
        findings.push(roles::claim(&self.provider, db).await);
        if findings.iter().all(is_no_obstacle) {
            findings.extend(self.registered().await);
        }
        findings
    }

    /// What needs a provider that `serve` would use: it is found by the same steps.
    async fn registered(&self) -> Vec<Finding> {
        match self.provider.known().await {
            Ok(known) => registered::findings(&known, self).await,
            Err(Outage(why)) => vec![Finding::fail(
                "keys",
                format!("{why}."),
                "The discovery document leads there: look whether that address works from here.",
            )],
        }
    }

    fn unreachable(&self, error: &TransportError) -> Finding {
        let base_url = self.variable("OIDC_OP_BASE_URL");
        let advice = match &error.kind {
            Kind::Dns => format!("Correct the host in {base_url}, or this machine's name service."),
            Kind::Refused => {
                format!("Start the provider, or correct host and port in {base_url}.")
            }
            Kind::Tls(_) => {
                "Give the provider a certificate that this machine trusts; if it comes \
                from your own authority, point SSL_CERT_FILE to that authority's certificate."
                    .to_owned()
            }
            Kind::Timeout => format!(
                "Look for a firewall or proxy in between. OIDC_HTTP_TIMEOUT allows {} s.",
                self.config.oidc.timeout.as_secs()
            ),
            Kind::Redirect(_) => {
                format!("Redirects are not followed: set {base_url} to the address it leads to.")
            }
            Kind::Status(StatusCode::TOO_MANY_REQUESTS) => {
                "The provider was asked too often: wait a little.".to_owned()
            }
            Kind::Status(status) if status.is_server_error() => {
                "The provider has a problem of its own: look into its log.".to_owned()
            }
            Kind::Status(_) | Kind::WebPage | Kind::Unreadable(_) | Kind::TooLarge => format!(
                "Correct {base_url}: it is what stands before /.well-known/openid-configuration."
            ),
            Kind::Broken(_) => {
                "Look whether the provider is well, and what is in between.".to_owned()
            }
        };
        Finding::fail("discovery", format!("{error}."), advice)
    }
}

/// A clock that is off refuses people, but not the calls that follow.
fn is_no_obstacle(finding: &Finding) -> bool {
    finding.level < Level::Fail || finding.check == document::CLOCK
}
