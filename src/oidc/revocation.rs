//! Tells the provider that a refresh token will not be used any more (RFC 7009), so that it is
//! worth nothing to whoever may have a copy.

use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;
use openidconnect::RefreshToken;
use tracing::Instrument as _;

use super::{
    Oidc,
    failure::Reason,
    http::Outage,
    provider::Provider,
    revocation_store::{self, EndedTokens},
    tokens::Tokens,
};
use crate::{error::Result, metrics::Step};

/// How long the provider may take; nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many tokens are revoked at the same time.
const AT_ONCE: i64 = 16;

/// How often [`Oidc::keep_revoking`] looks for sessions that have ended.
const ROUND: Duration = Duration::from_mins(1);

impl Oidc {
    /// Revokes the refresh tokens of sessions that have ended, in a task of its own.
    pub fn revoke_in_background(&self) {
        let oidc = self.clone();
        let revoked = async move { oidc.revoke_and_log().await };
        tokio::spawn(revoked.in_current_span());
    }

    /// Revokes the refresh tokens of sessions that were ended elsewhere: by an admin, from another
    /// browser, from the command line, by the provider, or by time. Never ends; for a task of its
    /// own.
    pub async fn keep_revoking(self) {
        let mut round = tokio::time::interval(ROUND);
        loop {
            round.tick().await;
            self.revoke_and_log().await;
        }
    }

    async fn revoke_and_log(&self) {
        if let Err(error) = self.revoke_ended().await {
            tracing::warn!(%error, "refresh tokens of ended sessions could not be revoked yet");
        }
    }

    /// Revokes the refresh tokens of all sessions that have ended, each once: when the provider
    /// does not take it, that is only logged.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_ended(&self) -> Result<()> {
        while let Some(ended) = revocation_store::take(&self.0.db, AT_ONCE).await? {
            join_all(ended.into_iter().map(|ended| self.revoke(ended))).await;
        }
        Ok(())
    }

    async fn revoke(&self, ended: EndedTokens) {
        let tokens = Tokens::open(&self.0.vault, &ended.tokens);
        let refresh_token = tokens.and_then(|tokens| tokens.refresh_token());
        let (Some(token), Some(provider)) = (refresh_token, self.provider_of(&ended.issuer)) else {
            return;
        };
        match tokio::time::timeout(PATIENCE, provider.revoke(&token)).await {
            Ok(Ok(())) => tracing::debug!("the refresh token was revoked"),
            Ok(Err(reason)) => {
                tracing::warn!(code = %reason.code(), "the refresh token was not revoked");
            }
            Err(_) => tracing::warn!("the refresh token was not revoked in time"),
        }
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
        let response = self.post_as(
            self.web_client(),
            Step::Revocation,
            &known,
            endpoint,
            &fields,
        );
        let response = response.await?;
        match response.status() {
            StatusCode::OK => Ok(()),
            status => Err(Outage(format!("revocation: status {status}")).into()),
        }
    }
}
