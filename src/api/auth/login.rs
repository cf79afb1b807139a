//! Signs a program in by way of the browser (RFC 8252): it opens this address there and listens on
//! its own machine for the code. The browser goes to the provider as for any sign-in.
//!
//! Codes go to loopback addresses only (RFC 8252, 7.3), whose port is the program's choice; what is
//! registered at the provider is our own callback and never the program's address.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use url::{Url, form_urlencoded};

use super::{AuthorizationServer, error::TokenError, fields::Fields, scope};
use crate::{
    error::Result,
    oidc::{arrival::failed, browser::Browser, provider::Callback, query::AuthenticateQuery},
    page::Page,
    paths::{self, ReturnPath},
};

/// Longest `state` of a program, in bytes.
const LONGEST_STATE: usize = 128;

/// What a program asks for (RFC 6749, 4.1.1; RFC 7636, 4.3).
pub struct LoginRequest {
    /// Where the code goes.
    pub redirect_uri: Url,
    /// What goes with it.
    pub state: String,
    /// `code_challenge`, of the method `S256`.
    pub code_challenge: String,
    /// `scope`
    pub scope: Option<String>,
}

impl LoginRequest {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with it. Nobody is sent anywhere with that: what shows the error is the
    /// browser of whoever has started the program.
    pub fn parse(query: &str) -> Result<Self, TokenError> {
        let fields = Fields::parse(query.as_bytes())?;
        let redirect_uri = fields.required("redirect_uri", "redirect_uri is missing.")?;
        let redirect_uri = loopback(redirect_uri).ok_or(TokenError::InvalidRequest(
            "redirect_uri must begin with http://127.0.0.1: or http://[::1]: and a port.",
        ))?;
        let state = fields.required("state", "state is missing.")?;
        let challenge = fields.required("code_challenge", "code_challenge is missing.")?;
        let is_code = fields
            .get("response_type")
            .is_none_or(|kind| kind == "code");
        let is_s256 = fields.get("code_challenge_method") == Some("S256");
        if !is_code || !is_s256 || !is_digest(challenge) {
            return Err(TokenError::InvalidRequest(
                "Ask for response_type=code, with a code_challenge of the method S256.",
            ));
        }
        if state.len() > LONGEST_STATE {
            return Err(TokenError::InvalidRequest("state is too long."));
        }
        Ok(Self {
            redirect_uri,
            state: state.to_owned(),
            code_challenge: challenge.to_owned(),
            scope: scope::asked(&fields)?.map(|role| role.as_str().to_owned()),
        })
    }

    /// The path that asks for the same: where the sign-in at the provider leads.
    fn path(&self) -> Result<ReturnPath, TokenError> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("state", &self.state)
            .append_pair("code_challenge", &self.code_challenge)
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(self.scope.as_ref().map(|scope| ("scope", scope)))
            .finish();
        let path = format!("{}?{query}", paths::API_LOGIN);
        let kept = ReturnPath::parse(&path);
        // One that is too long would lose its query.
        let is_whole = kept.as_str() == path;
        let too_long = TokenError::InvalidRequest("redirect_uri and state are too long.");
        is_whole.then_some(kept).ok_or(too_long)
    }

    /// What the sign-in that led to `path` was for.
    #[must_use]
    pub fn of_path(path: &ReturnPath) -> Option<Self> {
        let query = path.as_str().strip_prefix(paths::API_LOGIN)?;
        Self::parse(query.strip_prefix('?')?).ok()
    }

    /// The program's address with an answer in it (RFC 6749, 4.1.2; RFC 9207, 2).
    #[must_use]
    pub fn answer(&self, issuer: &str, name: &str, value: &str) -> Url {
        let mut url = self.redirect_uri.clone();
        url.query_pairs_mut()
            .append_pair(name, value)
            .append_pair("state", &self.state)
            .append_pair("iss", issuer);
        url
    }
}

/// An address of this machine by number, so that no name service has a say (RFC 8252, 8.3).
fn loopback(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_here = match url.host()? {
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
        url::Host::Domain(_) => false,
    };
    let is_plain = url.scheme() == "http"
        && url.port().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.as_str() == text;
    (is_here && is_plain).then_some(url)
}

/// SHA-256 in Base64, as RFC 7636, 4.2 has it.
fn is_digest(text: &str) -> bool {
    let is_url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_url_safe)
}

/// `GET /api/auth/v2/login`: sends the browser to the provider.
///
/// # Errors
/// When the request is not in order, or the database does not answer.
pub async fn login(
    page: Page,
    State(server): State<AuthorizationServer>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, TokenError> {
    let query = query.unwrap_or_default();
    let path = LoginRequest::parse(&query)?.path()?;
    let query = AuthenticateQuery {
        next: path,
        ..AuthenticateQuery::parse(&query)
    };
    let oidc = &server.0.oidc;
    let provider = oidc.chosen(&query).or(oidc.providers().first());
    let provider = provider.ok_or(TokenError::ProviderUnavailable)?;
    let cookie = browser.login_cookie().map(str::to_owned);
    let begun = oidc
        .begin(provider, Callback::Programs, query, cookie)
        .await;
    Ok(match begun {
        Ok(request) => (
            browser.set_login_cookie(request.browser)?,
            Redirect::to(request.url.as_str()),
        )
            .into_response(),
        Err(failure) => failed(oidc, page, &browser, failure).await,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E-68, P-1.
    #[test]
    fn codes_go_to_this_machine_only() {
        for fine in [
            "http://127.0.0.1:4711/",
            "http://127.0.0.1:4711/callback?x=1",
            "http://[::1]:4711/",
        ] {
            assert!(loopback(fine).is_some(), "{fine}");
        }
        for evil in [
            "https://evil.example/",
            "http://localhost:4711/",
            "http://127.0.0.1.evil.example:4711/",
            "http://127.0.0.1@evil.example:4711/",
            "http://user@127.0.0.1:4711/",
            "http://127.0.0.1:4711/#code",
            "http://127.0.0.1/",
            "https://127.0.0.1:4711/",
            "http://10.0.0.1:4711/",
            "http://0x7f000001:4711/",
            "http://127.0.0.1:4711\\@evil.example/",
            "javascript:alert(1)",
            "//127.0.0.1:4711/",
            "",
        ] {
            assert!(loopback(evil).is_none(), "{evil}");
        }
    }
}
