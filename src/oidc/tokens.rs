//! The tokens of one sign-in. They stay on the server, sealed, and show themselves nowhere.

use openidconnect::{
    AccessToken, OAuth2TokenResponse as _, RefreshToken, TokenResponse as _,
    core::CoreTokenResponse,
};
use serde::{Deserialize, Serialize};

use super::occasion::Original;
use crate::{clock::Timestamp, error::Result, vault::Vault};

/// What the vault seals them for.
const PURPOSE: &str = "tokens";

/// What is kept of a token response (OpenID Connect Core, 3.1.3.3). No `Debug`: these are keys.
#[derive(Clone, Deserialize, Serialize)]
pub struct Tokens {
    access_token: String,
    /// When the access token ends, if that was said.
    expires_at: Option<Timestamp>,
    refresh_token: Option<String>,
    id_token: String,
    /// Whether the role was found in the ID token, so that userinfo does not tell of its loss.
    pub role_in_id_token: bool,
    /// What the ID token of the sign-in said that a refreshed one must not contradict.
    #[serde(default)]
    pub original: Original,
}

impl Tokens {
    /// What to keep of `response`, which came at `now`. A refresh may leave out the refresh
    /// token and the ID token; then those of `before` stay (RFC 6749, 6).
    #[must_use]
    pub fn new(response: &CoreTokenResponse, before: Option<Self>, now: Timestamp) -> Self {
        let refresh_token = response.refresh_token().map(|token| token.secret().clone());
        let id_token = response.id_token().map(ToString::to_string);
        let before = before.unwrap_or_else(|| Self {
            access_token: String::new(),
            expires_at: None,
            refresh_token: None,
            id_token: String::new(),
            role_in_id_token: false,
            original: Original::default(),
        });
        Self {
            access_token: response.access_token().secret().clone(),
            expires_at: response.expires_in().map(|life| now.plus(life)),
            refresh_token: refresh_token.or(before.refresh_token),
            id_token: id_token.unwrap_or(before.id_token),
            role_in_id_token: before.role_in_id_token,
            original: before.original,
        }
    }

    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> AccessToken {
        AccessToken::new(self.access_token.clone())
    }

    /// The refresh token, when there is one.
    #[must_use]
    pub fn refresh_token(&self) -> Option<RefreshToken> {
        self.refresh_token.clone().map(RefreshToken::new)
    }

    /// The ID token as it came, for `id_token_hint`.
    #[must_use]
    pub fn id_token(&self) -> &str {
        &self.id_token
    }

    /// Whether the access token is known to have ended.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Seals them for the session's row.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, vault: &Vault) -> Result<String> {
        vault.seal(PURPOSE, &serde_json::to_string(self)?)
    }

    /// Opens what [`Tokens::seal`] made; `None` when another key sealed it.
    #[must_use]
    pub fn open(vault: &Vault, sealed: &str) -> Option<Self> {
        serde_json::from_str(&vault.open(PURPOSE, sealed)?).ok()
    }
}
