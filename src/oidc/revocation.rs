//! Tells the provider that a refresh token will not be used any more (RFC 7009), so that it is
//! worth nothing to whoever may have a copy.
//!
//! The request is put together here because the library refuses addresses without https, which
//! a provider on this machine has.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http::{Method, StatusCode, header};
use openidconnect::{AsyncHttpClient as _, AuthType, HttpRequest, RefreshToken};
use tracing::Instrument as _;
use url::{Url, form_urlencoded};

use super::{
    Oidc, failure::Reason, http::Outage, metadata::Discovered, provider::Provider, tokens::Tokens,
};
use crate::error::Error;

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
