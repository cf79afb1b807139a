//! Asks the provider about an access token (RFC 7662). It may have been revoked a moment ago, and
//! its person may have another role by now: only the provider can tell.

use http::StatusCode;
use serde_json::Value;

use super::{
    client_request::Client, failure::Reason, http::Outage, id_token::Claims, metadata::Discovered,
    provider::Provider,
};
use crate::metrics::Step;

impl Provider {
    /// What is said about `token`, `None` when it is not active. `active` is looked at before
    /// anything else: an inactive answer has nothing else in it (RFC 7662, 2.2).
    ///
    /// # Errors
    /// When the provider cannot be asked, or does not accept who asks.
    pub(super) async fn introspect(
        &self,
        known: &Discovered,
        token: &str,
    ) -> Result<Option<Claims>, Reason> {
        let endpoint = known
            .introspection_endpoint()
            .ok_or_else(|| Outage("discovery names no introspection endpoint".to_owned()))?;
        let fields = [("token", token), ("token_type_hint", "access_token")];
        let response = self.post_as(
            self.api_client(),
            Step::Introspection,
            known,
            endpoint,
            &fields,
        );
        let response = response.await?;
        if response.status().is_client_error() {
            // 401 from here is about us (RFC 7662, 2.3), never about the token.
            let client = self.api_client().id;
            tracing::error!(
                provider = self.config.id,
                client,
                status = %response.status(),
                "our credentials for introspection are not accepted: look at OIDC_API_CLIENT_ID",
            );
        }
        if response.status() != StatusCode::OK {
            let why = format!("introspection: status {}", response.status());
            return Err(Outage(why).into());
        }
        let answer: Option<Claims> = serde_json::from_slice(response.body()).ok();
        match answer.and_then(|answer| Some((answer.get("active")?.as_bool()?, answer))) {
            Some((true, answer)) => Ok(Some(answer)),
            Some((false, _)) => Ok(None),
            None => Err(Outage("introspection: not an answer".to_owned()).into()),
        }
    }

    /// The client that asks about tokens: one of its own where it is configured.
    pub(super) fn api_client(&self) -> Client<'_> {
        match &self.config.api_client {
            Some(client) => Client {
                id: &client.id,
                credential: &client.credential,
            },
            None => self.web_client(),
        }
    }

    /// Whether a token for `audience` is meant for us: for the site, its API, or the project of
    /// both.
    pub(super) fn is_audience(&self, audience: &Value) -> bool {
        let config = &self.config;
        let ours = [Some(&config.client_id), config.project.as_ref()];
        let further = [
            config.audience.as_ref(),
            config.api_client.as_ref().map(|client| &client.id),
        ];
        let mut ours = ours.into_iter().chain(further).flatten();
        ours.any(|our| audience == our.as_str())
    }
}
