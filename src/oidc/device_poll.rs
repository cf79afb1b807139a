//! Asks once whether the person with a device code has decided (RFC 8628, 3.4): a program asks us,
//! and we ask the provider. The library would wait for the end of it.

use std::sync::Arc;

use http::StatusCode;
use openidconnect::{HttpResponse, core::CoreTokenResponse};
use serde::Deserialize;

use super::{
    Oidc,
    callback::{Authentication, PATIENCE},
    failure::Reason,
    http::Outage,
    metadata::Discovered,
    occasion::Occasion,
    provider::Provider,
};
use crate::{attempts::Evidence, clock::Timestamp, metrics::Step};

/// Its name at the token endpoint (RFC 8628, 3.4).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How far a sign-in by device code has come.
pub enum Polled {
    /// The person has signed in.
    SignedIn(Box<Authentication>),
    /// The person has not decided yet.
    Pending,
    /// The provider wants to be asked less often.
    SlowDown,
    /// The person declined.
    Declined,
    /// The person took too long.
    Expired,
    /// It came to nothing.
    Failed(Reason, Box<Evidence>),
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
}

impl Oidc {
    /// Asks `provider` about the device code that it gave at `begun_at`.
    pub async fn poll_device(
        &self,
        provider: &Provider,
        device_code: &str,
        begun_at: Timestamp,
    ) -> Polled {
        let issuer = provider.config.op_base_url.as_str().trim_end_matches('/');
        let mut evidence = Evidence::of(issuer);
        let asked = self.ask_device(provider, device_code, begun_at, &mut evidence);
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(polled)) => polled,
            Ok(Err(reason)) => Polled::Failed(reason, Box::new(evidence)),
            Err(_) => Polled::Failed(Reason::Outage, Box::new(evidence)),
        }
    }

    async fn ask_device(
        &self,
        provider: &Provider,
        device_code: &str,
        begun_at: Timestamp,
        evidence: &mut Evidence,
    ) -> Result<Polled, Reason> {
        let known = provider.known().await?;
        let response = provider.device_answer(&known, device_code).await?;
        if response.status() != StatusCode::OK {
            return refusal(&response);
        }
        let tokens: CoreTokenResponse =
            serde_json::from_slice(response.body()).map_err(|_| Reason::Answer)?;
        let answers = provider.examine(&known, tokens, Occasion::Device, evidence);
        let answers = answers.await?;
        let authentication = self.authentication(provider, &answers, begun_at, evidence)?;
        Ok(Polled::SignedIn(Box::new(Authentication {
            evidence: evidence.clone(),
            ..authentication
        })))
    }
}

impl Provider {
    async fn device_answer(
        &self,
        known: &Arc<Discovered>,
        device_code: &str,
    ) -> Result<HttpResponse, Reason> {
        let endpoint = known.client.token_uri().url();
        let fields = [("grant_type", GRANT_TYPE), ("device_code", device_code)];
        self.post_as(self.web_client(), Step::Token, known, endpoint, &fields)
            .await
    }
}

/// What an error of the token endpoint means (RFC 8628, 3.5; RFC 6749, 5.2). None of its text
/// goes further.
fn refusal(response: &HttpResponse) -> Result<Polled, Reason> {
    let answer: ErrorAnswer = serde_json::from_slice(response.body())
        .map_err(|_| Outage("token endpoint: neither tokens nor an error".to_owned()))?;
    match answer.error.as_str() {
        "authorization_pending" => Ok(Polled::Pending),
        "slow_down" => Ok(Polled::SlowDown),
        "access_denied" => Ok(Polled::Declined),
        "expired_token" => Ok(Polled::Expired),
        "invalid_grant" => Err(Reason::Code),
        "server_error" | "temporarily_unavailable" => Err(Reason::Outage),
        _ => Err(Reason::Client),
    }
}
