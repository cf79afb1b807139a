//! Where to sign out at the provider (OpenID Connect RP-Initiated Logout 1.0, section 2).

use std::time::Duration;

use openidconnect::{ClientId, CsrfToken, LogoutRequest, PostLogoutRedirectUrl, core::CoreIdToken};
use url::Url;

use super::{Oidc, metadata, provider::Provider, tokens::Tokens};
use crate::{error::Result, paths};

/// How long a person who signs out waits for a sign of life from the provider.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest ID token sent along as `id_token_hint`, in bytes: it travels in an address, and servers
/// refuse long ones. Without it `client_id` tells the provider who asks.
const LONGEST_HINT: usize = 4096;

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
        if !provider.can_end_sessions() || !provider.answers(PATIENCE).await {
            return Ok(None);
        }
        let tokens = sealed_tokens.and_then(|sealed| Tokens::open(&self.0.vault, &sealed));
        let hint = tokens
            .filter(|tokens| tokens.id_token().len() <= LONGEST_HINT)
            .and_then(|tokens| tokens.id_token().parse::<CoreIdToken>().ok());
        let state = self.0.random.token()?;
        let url = provider.end_session_address(|request| {
            let request = request.set_state(CsrfToken::new(state.clone()));
            match &hint {
                Some(id_token) => request.set_id_token_hint(id_token),
                None => request,
            }
        });
        Ok(url.map(|url| EndSession { url, state }))
    }
}

impl Provider {
    /// The end-session address for somebody who is not signed in here, without any token in it.
    #[must_use]
    pub fn sign_out_address(&self) -> Option<Url> {
        self.end_session_address(|request| request)
    }

    fn can_end_sessions(&self) -> bool {
        self.sign_out_address().is_some()
    }

    /// The end-session request, with what `complete` adds to it; the configured address at a
    /// provider that knows no such request.
    fn end_session_address(
        &self,
        complete: impl FnOnce(LogoutRequest) -> LogoutRequest,
    ) -> Option<Url> {
        let known = self.current()?;
        let client_id = &self.config.client_id;
        let back = metadata::absolute(&self.site, paths::LOGOUT);
        let Some(endpoint) = known.end_session_endpoint() else {
            let own = self.config.logout_url.as_ref()?;
            return Some(own.fill(client_id, &back));
        };
        let request = LogoutRequest::from(endpoint.clone())
            .set_client_id(ClientId::new(client_id.clone()))
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(back).ok()?);
        Some(complete(request).http_get_url())
    }
}
