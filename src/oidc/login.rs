//! The way to the provider: an authorization request with everything that its answer will be
//! checked against (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636).

use std::borrow::Cow;

use openidconnect::{
    AuthenticationFlow, CsrfToken, LanguageTag, LoginHint, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, core::CoreResponseType,
};
use url::Url;

use super::{
    Oidc,
    failure::{Failure, Reason},
    metadata::Discovered,
    provider::{Callback, Provider},
    query::{AuthenticateQuery, Prompt},
    store::NewLogin,
};
use crate::{attempts::Evidence, random};

/// What the vault seals the PKCE verifier for.
pub(super) const CODE_VERIFIER: &str = "code_verifier";

/// A sign-in on its way (OpenID Connect Core 1.0, 3.1.2.1).
pub struct AuthenticationRequest {
    /// The authorization request.
    pub url: Url,
    /// What binds it to the browser: the value of its login cookie.
    pub browser: String,
}

impl Oidc {
    /// Begins a sign-in at `provider` for the browser whose login cookie is `browser`; one
    /// without gets one. The answer arrives at `callback`.
    ///
    /// # Errors
    /// When the provider cannot be used or the database does not answer.
    pub async fn begin(
        &self,
        provider: &Provider,
        callback: Callback,
        query: AuthenticateQuery,
        browser: Option<String>,
    ) -> Result<AuthenticationRequest, Failure> {
        let next = query.next.clone();
        let begun = self.try_begin(provider, callback, query, browser).await;
        begun.map_err(|reason| {
            let issuer = provider.config.op_base_url.as_str().trim_end_matches('/');
            let evidence = Evidence::of(issuer);
            Failure::new(reason, next).after(evidence)
        })
    }

    async fn try_begin(
        &self,
        provider: &Provider,
        callback: Callback,
        query: AuthenticateQuery,
        browser: Option<String>,
    ) -> Result<AuthenticationRequest, Reason> {
        let parts = &self.0;
        let known = provider.known().await?;
        if provider.is_down(&known).await {
            return Err(Reason::Outage);
        }
        let browser = browser.map_or_else(|| parts.random.token(), Ok)?;
        let (state, nonce) = (parts.random.token()?, parts.random.token()?);
        let code_verifier = PkceCodeVerifier::new(parts.random.token()?);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&code_verifier);
        let secrets = Secrets {
            state: state.clone(),
            nonce: nonce.clone(),
            challenge,
            redirect_uri: provider.redirect_url(callback)?,
        };
        let url = provider.authorization_request(&known, secrets, &query);
        let login = NewLogin {
            state_hash: random::digest(&state),
            browser_hash: random::digest(&browser),
            provider: known.metadata.issuer().to_string(),
            nonce,
            code_verifier: parts.vault.seal(CODE_VERIFIER, code_verifier.secret())?,
            return_path: query.next,
            prompt: query.prompt,
        };
        parts.logins.add(login, parts.clock.now()).await?;
        Ok(AuthenticationRequest { url, browser })
    }
}

/// What the answer will be checked against.
pub(super) struct Secrets {
    pub state: String,
    pub nonce: String,
    pub challenge: PkceCodeChallenge,
    pub redirect_uri: RedirectUrl,
}

impl Provider {
    pub(super) fn authorization_request(
        &self,
        known: &Discovered,
        secrets: Secrets,
        query: &AuthenticateQuery,
    ) -> Url {
        // The library asks for `openid` by itself.
        let scopes = self.config.scopes.iter().filter(|scope| *scope != "openid");
        let mut request = known
            .client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(secrets.state),
                || Nonce::new(secrets.nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_redirect_uri(Cow::Owned(secrets.redirect_uri))
            .set_pkce_challenge(secrets.challenge);
        let config = &self.config;
        match (query.prompt, &config.signup_param) {
            (Some(Prompt::Create), Some((name, value))) => {
                request = request.add_extra_param(name, value);
            }
            (Some(Prompt::SelectAccount), _) if !config.select_account => {
                request = request.add_prompt(Prompt::Login.into());
            }
            (Some(prompt), _) => request = request.add_prompt(prompt.into()),
            (None, _) => {}
        }
        if let Some(max_age) = config.max_age {
            request = request.set_max_age(max_age);
        }
        if let Some(hint) = &query.login_hint {
            request = request.set_login_hint(LoginHint::new(hint.clone()));
        }
        for locale in query.ui_locales.iter().flat_map(|l| l.split_whitespace()) {
            request = request.add_ui_locale(LanguageTag::new(locale.to_owned()));
        }
        if let Some(audience) = &config.audience {
            request = request.add_extra_param("audience", audience);
        }
        for (name, value) in &config.extra_params {
            request = request.add_extra_param(name, value);
        }
        let (url, _, _) = request.url();
        url
    }
}
