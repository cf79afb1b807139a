//! Where to sign out at the provider (OpenID Connect RP-Initiated Logout 1.0, section 2).

use std::time::Duration;

use openidconnect::{ClientId, CsrfToken, LogoutRequest, PostLogoutRedirectUrl, core::CoreIdToken};
use url::Url;

use super::{Oidc, metadata, provider::Provider, tokens::Tokens};
use crate::{error::Result, paths};

/// How long a person who signs out waits for a sign of life from the provider.
const PATIENCE: Duration = Duration::from_secs(2);

/// A sign-out on its way to the provider (RP-Initiated Logout 1.0, 2).
pub struct EndSession {
    /// Where the browser goes.
    pub url: Url,
    /// What comes back with it.
    pub state: String,
}

impl Oidc {
    /// The end-session request for the sign-in at `issuer` whose sealed tokens are given; `None`
    /// when the provider does not answer or has no such endpoint.
    ///
    /// # Errors
    /// When there is no randomness.
    pub async fn end_session(
        &self,
        issuer: &str,
        sealed_tokens: Option<String>,
    ) -> Result<Option<EndSession>> {
        let Some(provider) = self.provider_of(issuer) else {
            return Ok(None);
        };
        let Some(request) = provider.end_session_request() else {
            return Ok(None);
        };
        if !provider.answers(PATIENCE).await {
            return Ok(None);
        }
        let tokens = sealed_tokens.and_then(|sealed| Tokens::open(&self.0.vault, &sealed));
        let hint = tokens.and_then(|tokens| tokens.id_token().parse::<CoreIdToken>().ok());
        let request = match &hint {
            Some(id_token) => request.set_id_token_hint(id_token),
            None => request,
        };
        let state = self.0.random.token()?;
        let request = request.set_state(CsrfToken::new(state.clone()));
        Ok(Some(EndSession {
            url: request.http_get_url(),
            state,
        }))
    }
}

impl Provider {
    /// The end-session address for somebody who is not signed in here, without any token in it.
    #[must_use]
    pub fn sign_out_address(&self) -> Option<Url> {
        self.end_session_request().map(LogoutRequest::http_get_url)
    }

    fn end_session_request(&self) -> Option<LogoutRequest> {
        let known = self.current()?;
        let endpoint = known.end_session_endpoint()?.clone();
        let back = metadata::absolute(&self.site, paths::LOGOUT);
        let back = PostLogoutRedirectUrl::new(back).ok()?;
        let client_id = ClientId::new(self.config.client_id.clone());
        Some(
            LogoutRequest::from(endpoint)
                .set_client_id(client_id)
                .set_post_logout_redirect_uri(back),
        )
    }
}
