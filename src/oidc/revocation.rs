//! Tells the provider that a refresh token will not be used any more (RFC 7009), so that it is
//! worth nothing to whoever may have a copy.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use openidconnect::RefreshToken;
use tracing::Instrument as _;

use super::{Oidc, failure::Reason, http::Outage, provider::Provider, tokens::Tokens};

/// How long the provider may take; nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

impl Oidc {
    /// Revokes the refresh token among the sealed tokens of an ended session at `issuer`, if
    /// there is one, behind the person's back: when it fails, that is only logged.
    pub fn revoke_in_background(&self, issuer: &str, sealed_tokens: Option<&str>) {
        let tokens = sealed_tokens.and_then(|sealed| Tokens::open(&self.0.vault, sealed));
        let refresh_token = tokens.and_then(|tokens| tokens.refresh_token());
        let (Some(token), Some(provider)) = (refresh_token, self.provider_of(issuer)) else {
            return;
        };
        let provider = Arc::clone(provider);
        let revoked = async move {
            match tokio::time::timeout(PATIENCE, provider.revoke(&token)).await {
                Ok(Ok(())) => tracing::debug!("the refresh token was revoked"),
                Ok(Err(reason)) => {
                    tracing::warn!(code = %reason.code(), "the refresh token was not revoked");
                }
                Err(_) => tracing::warn!("the refresh token was not revoked in time"),
            }
        };
        tokio::spawn(revoked.in_current_span());
    }
}

impl Provider {
    /// RFC 7009, 2.1.
    async fn revoke(&self, token: &RefreshToken) -> Result<(), Reason> {
        let known = self.known().await?;
        let Some(endpoint) = known.revocation_endpoint() else {
            return Ok(());
        };
        let fields = [
            ("token", token.secret().as_str()),
            ("token_type_hint", "refresh_token"),
        ];
        let response = self.post_as(self.web_client(), &known, endpoint, &fields);
        let response = response.await?;
        match response.status() {
            StatusCode::OK => Ok(()),
            status => Err(Outage(format!("revocation: status {status}")).into()),
        }
    }
}
