//! Two questions whose answers show whether this site is registered at the provider as it is
//! configured here. Nobody is signed in by them and nothing is stored; `rolecall check` asks.

use http::header;
use openidconnect::{
    AsyncHttpClient as _, AuthorizationCode, HttpRequest, PkceCodeChallenge, PkceCodeVerifier,
    RequestTokenError,
};
use url::Url;

use super::{
    http::Outage,
    login::Secrets,
    metadata::Discovered,
    provider::{Callback, Provider},
    query::{AuthenticateQuery, Prompt},
};
use crate::{metrics::Step, paths::ReturnPath};

/// What is sent in the place of a code, `state`, `nonce` and verifier (which RFC 7636, 4.1 wants
/// to have 43 characters): no secret, and worth nothing.
const MADE_UP: &str = "made-up-by-rolecall-check-to-ask-a-question";

/// Longest error code of a provider that is repeated, in characters.
const LONGEST: usize = 60;

/// What the provider thinks of a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// Everything is registered as it is configured.
    Fine,
    /// It refuses us, with this error code or status.
    Refused(String),
    /// This error code or status tells neither.
    Unclear(String),
}

impl Provider {
    /// Whether the token endpoint takes our client credentials: it is sent a made-up code, whose
    /// refusal (`invalid_grant`) means that they are fine (RFC 6749, 5.2).
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn probe_credentials(&self, known: &Discovered) -> Result<Answer, Outage> {
        let request = known
            .client
            .exchange_code(AuthorizationCode::new(MADE_UP.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(MADE_UP.to_owned()));
        let http = self.authenticated_http(Step::Token, known);
        let http = http.map_err(|error| Outage(error.explained()))?;
        match request.request_async(&http).await {
            Err(RequestTokenError::ServerResponse(response)) => {
                Ok(opinion(response.error().as_ref()))
            }
            Err(RequestTokenError::Request(outage)) => Err(outage),
            Err(_) => Ok(Answer::Unclear("not an OAuth answer".to_owned())),
            Ok(_) => Ok(Answer::Refused("it took a made-up code".to_owned())),
        }
    }

    /// Whether the authorization endpoint takes our client, redirect URI and scopes. It is asked
    /// for an answer without any page (`prompt=none`): a refusal that is no redirect is about the
    /// client or the redirect URI (RFC 6749, 4.1.2.1).
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn probe_authorization(&self, known: &Discovered) -> Result<Answer, Outage> {
        let verifier = PkceCodeVerifier::new(MADE_UP.to_owned());
        let secrets = Secrets {
            state: MADE_UP.to_owned(),
            nonce: MADE_UP.to_owned(),
            challenge: PkceCodeChallenge::from_code_verifier_sha256(&verifier),
            redirect_uri: self
                .redirect_url(Callback::Pages)
                .map_err(|error| Outage(error.explained()))?,
        };
        let silent = AuthenticateQuery::to(ReturnPath::home()).with_prompt(Prompt::None);
        let url = self.authorization_request(known, secrets, &silent);
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = url
            .as_str()
            .parse()
            .map_err(|_| Outage("the authorization endpoint is no address".to_owned()))?;
        let response = self.http.call(request).await?;
        let status = response.status();
        if status.is_client_error() {
            return Ok(Answer::Refused(format!("status {}", status.as_u16())));
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| url.join(value.to_str().ok()?).ok());
        Ok(location.map_or(Answer::Fine, |location| verdict(&location)))
    }
}

/// What the token endpoint's error code says about our credentials.
fn opinion(code: &str) -> Answer {
    match code {
        "invalid_grant" => Answer::Fine,
        // Keycloak and Auth0 say the second and the third of a wrong secret.
        "invalid_client" | "unauthorized_client" | "access_denied" => Answer::Refused(short(code)),
        _ => Answer::Unclear(short(code)),
    }
}

/// Only errors that stay whoever signs in count; `login_required` and its like are what a
/// provider has to answer to nobody.
fn verdict(location: &Url) -> Answer {
    let error = location.query_pairs().find(|(name, _)| name == "error");
    match error {
        Some((_, code)) => match code.as_ref() {
            "invalid_scope"
            | "unauthorized_client"
            | "unsupported_response_type"
            | "invalid_request"
            | "invalid_client" => Answer::Refused(short(&code)),
            "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Answer::Fine,
            _ => Answer::Unclear(short(&code)),
        },
        None => Answer::Fine,
    }
}

/// The provider's own word, cut to what an error code may be (RFC 6749, 5.2).
fn short(code: &str) -> String {
    let printable = code.chars().filter(char::is_ascii_graphic);
    printable.take(LONGEST).collect()
}
