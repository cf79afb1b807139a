//! Tells the provider that a refresh token will not be used any more (RFC 7009), so that it is
//! worth nothing to whoever may have a copy.
//!
//! The request is put together here because the library refuses addresses without https, which
//! a provider on this machine has.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use futures_util::future::join_all;
use http::{Method, StatusCode, header};
use openidconnect::{AsyncHttpClient as _, AuthType, HttpRequest, RefreshToken};
use tracing::Instrument as _;
use url::{Url, form_urlencoded};

use super::{
    Oidc,
    failure::Reason,
    http::Outage,
    metadata::Discovered,
    provider::Provider,
    revocation_store::{self, EndedTokens},
    tokens::Tokens,
};
use crate::error::{Error, Result};

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
        loop {
            let ended = revocation_store::take(&self.0.db, AT_ONCE).await?;
            let is_last = ended.len() < usize::try_from(AT_ONCE).unwrap_or_default();
            join_all(ended.into_iter().map(|ended| self.revoke(ended))).await;
            if is_last {
                return Ok(());
            }
        }
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
    async fn revoke(&self, token: &RefreshToken) -> Result<(), Reason> {
        let known = self.known().await?;
        let Some(endpoint) = known.revocation_endpoint() else {
            return Ok(());
        };
        let request = self.revocation_request(&known, endpoint, token)?;
        let response = self.authenticated_http(&known)?.call(request).await?;
        match response.status() {
            StatusCode::OK => Ok(()),
            status => Err(Outage(format!("revocation: status {status}")).into()),
        }
    }

    /// RFC 7009, 2.1. A private key proves who we are later, in `authenticated_http`.
    fn revocation_request(
        &self,
        known: &Discovered,
        endpoint: &Url,
        token: &RefreshToken,
    ) -> Result<HttpRequest, Error> {
        let id = &self.config.client_id;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.secret());
        form.append_pair("token_type_hint", "refresh_token");
        let mut request = http::Request::builder()
            .method(Method::POST)
            .uri(endpoint.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        match (self.config.credential.secret(), known.client.auth_type()) {
            (Some(secret), AuthType::BasicAuth) => {
                let pair = format!("{}:{}", encoded(id), encoded(secret.expose()));
                let value = format!("Basic {}", BASE64.encode(pair));
                request = request.header(header::AUTHORIZATION, value);
            }
            (secret, _) => {
                form.append_pair("client_id", id);
                if let Some(secret) = secret {
                    form.append_pair("client_secret", secret.expose());
                }
            }
        }
        let request = request.body(form.finish().into_bytes());
        request.map_err(Error::internal)
    }
}

/// RFC 6749, 2.3.1.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
