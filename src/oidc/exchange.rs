//! The calls to the provider behind the browser's back: token endpoint and userinfo.

use std::{borrow::Cow, sync::Arc};

use openidconnect::{
    AccessToken, AuthorizationCode, OAuth2TokenResponse as _, PkceCodeVerifier, RefreshToken,
    RequestTokenError, StandardErrorResponse, TokenResponse as _,
    core::{CoreErrorResponseType, CoreIdToken, CoreTokenResponse},
};
use serde_json::Value;

use super::{
    failure::Reason,
    http::Outage,
    id_token::{self, Claims, Expected, Invalid},
    metadata::Discovered,
    occasion::Occasion,
    provider::{Callback, Provider},
    userinfo::NoUserInfo,
};
use crate::{attempts::Evidence, metrics::Step};

/// What the provider answered, every part of it verified.
pub struct Answers {
    /// The token response.
    pub tokens: CoreTokenResponse,
    /// The claims of the ID token.
    pub id_token: Claims,
    /// The UserInfo response, when there is such an endpoint.
    pub userinfo: Option<Claims>,
}

type TokenError = RequestTokenError<Outage, StandardErrorResponse<CoreErrorResponseType>>;

impl Provider {
    /// Redeems an authorization code that arrived at `callback`, once, and verifies what comes back. What is found to be
    /// genuine on the way is `evidence`, even when something after it is not.
    ///
    /// # Errors
    /// What is wrong with the answer, or that there is none.
    pub(super) async fn redeem(
        &self,
        known: &Arc<Discovered>,
        (code, callback): (String, Callback),
        code_verifier: String,
        nonce: &str,
        evidence: &mut Evidence,
    ) -> Result<Answers, Reason> {
        let request = known
            .client
            .exchange_code(AuthorizationCode::new(code.clone()))
            .set_redirect_uri(Cow::Owned(self.redirect_url(callback)?))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier));
        let tokens = request
            .request_async(&self.authenticated_http(Step::Token, known)?)
            .await
            .map_err(token_error)?;
        let occasion = Occasion::SignIn {
            nonce,
            code: &code,
            max_age: self.config.max_age,
        };
        self.examine(known, tokens, occasion, evidence).await
    }

    /// Verifies the tokens of a sign-in and fetches userinfo for the same subject.
    ///
    /// # Errors
    /// What is wrong with either.
    pub(super) async fn examine(
        &self,
        known: &Arc<Discovered>,
        tokens: CoreTokenResponse,
        occasion: Occasion<'_>,
        evidence: &mut Evidence,
    ) -> Result<Answers, Reason> {
        let issued = tokens.id_token().ok_or(Invalid::Missing)?;
        let id_token = self
            .verify(known, issued, tokens.access_token(), occasion)
            .await?;
        let subject = id_token
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default();
        evidence.subject = Some(subject.to_owned());
        evidence.id_token = id_token.keys().map(String::as_str).collect();
        // The ID token may have shown that there are newer keys.
        let known = &self.current().unwrap_or_else(|| Arc::clone(known));
        let userinfo = match self.userinfo(known, tokens.access_token(), subject).await {
            Ok(userinfo) => userinfo,
            Err(NoUserInfo::Refused) => return Err(Reason::UserInfo),
            Err(NoUserInfo::Other(reason)) => return Err(reason),
        };
        let names = userinfo.iter().flat_map(Claims::keys);
        evidence.userinfo = names.map(String::as_str).collect();
        Ok(Answers {
            tokens,
            id_token,
            userinfo,
        })
    }

    /// Trades a refresh token for new tokens (RFC 6749, 6; OpenID Connect Core, 12).
    ///
    /// # Errors
    /// [`Reason::Code`] when the provider does not take it any more.
    pub(super) async fn renew(
        &self,
        known: &Discovered,
        refresh_token: &RefreshToken,
    ) -> Result<CoreTokenResponse, Reason> {
        let request = known.client.exchange_refresh_token(refresh_token);
        request
            .request_async(&self.authenticated_http(Step::Token, known)?)
            .await
            .map_err(token_error)
    }

    /// Verifies an ID token that came with `access_token`; fetches the keys again when one is
    /// missing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) async fn verify(
        &self,
        known: &Arc<Discovered>,
        id_token: &CoreIdToken,
        access_token: &AccessToken,
        occasion: Occasion<'_>,
    ) -> Result<Claims, Reason> {
        let expected = Expected {
            occasion,
            provider: &self.config,
            now: self.clock.now(),
        };
        match id_token::verify(id_token, access_token, known, expected) {
            Err(invalid) if invalid.may_be_a_new_key() => {
                let known = self.refetch_keys(known).await?;
                Ok(id_token::verify(id_token, access_token, &known, expected)?)
            }
            verified => Ok(verified?),
        }
    }
}

/// The library's errors hold whole answers, tokens and all: none of their text goes further.
fn token_error(error: TokenError) -> Reason {
    match error {
        RequestTokenError::Request(outage) => outage.into(),
        RequestTokenError::ServerResponse(response) => match response.error().as_ref() {
            "invalid_grant" => Reason::Code,
            "server_error" | "temporarily_unavailable" => Reason::Outage,
            _ => Reason::Client,
        },
        RequestTokenError::Parse(error, _) if error.inner().is_data() => Reason::Answer,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Outage("token endpoint: not a token response".to_owned()).into()
        }
    }
}
