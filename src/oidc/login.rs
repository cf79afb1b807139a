//! The way to the provider: an authorization request with everything that its answer will be
//! checked against (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636).

use openidconnect::{
    AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
    core::{CoreAuthPrompt, CoreResponseType},
};
use url::Url;

use super::{
    Oidc,
    failure::{Failure, Reason},
    metadata::Discovered,
    store::NewLogin,
};
use crate::{db::text_enum, paths::ReturnPath, random};

/// What the vault seals the PKCE verifier for.
pub(super) const CODE_VERIFIER: &str = "code_verifier";

text_enum! {
    /// What the provider is asked to show (OpenID Connect Core, 3.1.2.1; Prompt Create 1.0).
    pub enum Prompt {
        /// Nothing: answer at once.
        None = "none",
        /// The sign-in, even for somebody whom it knows.
        Login = "login",
        /// The choice of an account.
        SelectAccount = "select_account",
        /// The registration of a new account.
        Create = "create",
    }
}

impl From<Prompt> for CoreAuthPrompt {
    fn from(prompt: Prompt) -> Self {
        match prompt {
            Prompt::None => Self::None,
            Prompt::Login => Self::Login,
            Prompt::SelectAccount => Self::SelectAccount,
            Prompt::Create => Self::Extension("create".to_owned()),
        }
    }
}

/// Where a sign-in is to lead and what the provider is asked to show.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthenticateQuery {
    /// Where to go afterwards (`next`).
    pub next: ReturnPath,
    /// What to show (`prompt`, or `signup=1`).
    pub prompt: Option<Prompt>,
}

impl AuthenticateQuery {
    /// Reads the query of `/oidc/authenticate/`; what is unknown there is ignored.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let value = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value)
        };
        let prompt = match value("signup") {
            Some(signup) if signup == "1" => Some(Prompt::Create),
            _ => value("prompt").and_then(|word| Prompt::from_word(&word)),
        };
        let next = value("next");
        Self {
            next: next.map_or_else(ReturnPath::home, |next| ReturnPath::parse(&next)),
            prompt,
        }
    }
}

/// A sign-in on its way (OpenID Connect Core 1.0, 3.1.2.1).
pub struct AuthenticationRequest {
    /// The authorization request.
    pub url: Url,
    /// What binds it to the browser: the value of its login cookie.
    pub browser: String,
}

impl Oidc {
    /// Begins a sign-in for the browser whose login cookie is `browser`; one without gets one.
    ///
    /// # Errors
    /// When the provider cannot be used or the database does not answer.
    pub async fn begin(
        &self,
        query: AuthenticateQuery,
        browser: Option<String>,
    ) -> Result<AuthenticationRequest, Failure> {
        let next = query.next.clone();
        let begun = self.try_begin(query, browser).await;
        begun.map_err(|reason| Failure::new(reason, next))
    }

    async fn try_begin(
        &self,
        query: AuthenticateQuery,
        browser: Option<String>,
    ) -> Result<AuthenticationRequest, Reason> {
        let parts = &self.0;
        let known = parts.provider.known().await?;
        let browser = browser.map_or_else(|| parts.random.token(), Ok)?;
        let (state, nonce) = (parts.random.token()?, parts.random.token()?);
        let code_verifier = PkceCodeVerifier::new(parts.random.token()?);
        let url = self.authorization_request(&known, &state, &nonce, &code_verifier, query.prompt);
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

    fn authorization_request(
        &self,
        known: &Discovered,
        state: &str,
        nonce: &str,
        code_verifier: &PkceCodeVerifier,
        prompt: Option<Prompt>,
    ) -> Url {
        // The library asks for `openid` by itself.
        let scopes = self
            .0
            .config
            .scopes
            .iter()
            .filter(|scope| *scope != "openid");
        let (state, nonce) = (state.to_owned(), nonce.to_owned());
        let mut request = known
            .client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(code_verifier));
        if let Some(prompt) = prompt {
            request = request.add_prompt(prompt.into());
        }
        let (url, _, _) = request.url();
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_takes_what_it_knows_and_ignores_the_rest() {
        let query = AuthenticateQuery::parse(
            "next=%2Fpolls%2F1%2F%3Fa%3Db&prompt=login&redirect_uri=//evil&x",
        );
        assert_eq!(query.next.as_str(), "/polls/1/?a=b");
        assert_eq!(query.prompt, Some(Prompt::Login));
        assert_eq!(
            AuthenticateQuery::parse("signup=1").prompt,
            Some(Prompt::Create)
        );
        assert_eq!(
            AuthenticateQuery::parse("prompt=consent&signup=yes").prompt,
            None
        );
        assert_eq!(
            AuthenticateQuery::parse("next=https://evil").next,
            ReturnPath::home()
        );
        assert_eq!(AuthenticateQuery::parse("").next, ReturnPath::home());
    }
}
