//! Two questions whose answers show whether this site is registered at the provider as it is
//! configured here. Nobody is signed in by them and nothing is stored; `rolecall check` asks.

use http::header;
use openidconnect::{
    AsyncHttpClient as _, AuthenticationFlow, AuthorizationCode, CsrfToken, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope,
    core::{CoreAuthPrompt, CoreResponseType},
};
use url::Url;

use super::{
    http::{Http, Outage},
    metadata::Discovered,
};

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

/// Whether the token endpoint takes our client credentials: it is sent a made-up code, whose
/// refusal (`invalid_grant`) means that they are fine (RFC 6749, 5.2).
///
/// # Errors
/// When it does not answer.
pub async fn credentials(known: &Discovered, http: &Http) -> Result<Answer, Outage> {
    let request = known
        .client
        .exchange_code(AuthorizationCode::new(MADE_UP.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(MADE_UP.to_owned()));
    match request.request_async(http).await {
        Err(RequestTokenError::ServerResponse(response)) => {
            let code = response.error().as_ref();
            Ok(match code {
                "invalid_grant" => Answer::Fine,
                // Keycloak and Auth0 say the second and the third of a wrong secret.
                "invalid_client" | "unauthorized_client" | "access_denied" => {
                    Answer::Refused(short(code))
                }
                _ => Answer::Unclear(short(code)),
            })
        }
        Err(RequestTokenError::Request(outage)) => Err(outage),
        Err(_) => Ok(Answer::Unclear("not an OAuth answer".to_owned())),
        Ok(_) => Ok(Answer::Refused("it took a made-up code".to_owned())),
    }
}

/// Whether the authorization endpoint takes our client, redirect URI and `scopes`. It is asked
/// for an answer without any page (`prompt=none`): a refusal that is no redirect is about the
/// client or the redirect URI (RFC 6749, 4.1.2.1).
///
/// # Errors
/// When it does not answer.
pub async fn authorization(
    known: &Discovered,
    http: &Http,
    scopes: &[String],
) -> Result<Answer, Outage> {
    let url = authorization_request(known, scopes);
    let mut request = openidconnect::HttpRequest::new(Vec::new());
    *request.uri_mut() = url
        .as_str()
        .parse()
        .map_err(|_| Outage("the authorization endpoint is no address".to_owned()))?;
    let response = http.call(request).await?;
    if !response.status().is_redirection() {
        let status = response.status();
        return Ok(if status.is_client_error() {
            Answer::Refused(format!("status {}", status.as_u16()))
        } else {
            Answer::Fine
        });
    }
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| url.join(value.to_str().ok()?).ok());
    Ok(location.map_or(Answer::Fine, |location| verdict(&location)))
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

fn authorization_request(known: &Discovered, scopes: &[String]) -> Url {
    let verifier = PkceCodeVerifier::new(MADE_UP.to_owned());
    // The library asks for `openid` by itself.
    let scopes = scopes.iter().filter(|scope| *scope != "openid");
    let (url, _, _) = known
        .client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            || CsrfToken::new(MADE_UP.to_owned()),
            || Nonce::new(MADE_UP.to_owned()),
        )
        .add_scopes(scopes.cloned().map(Scope::new))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_prompt(CoreAuthPrompt::None)
        .url();
    url
}

/// The provider's own word, cut to what an error code may be (RFC 6749, 5.2).
fn short(code: &str) -> String {
    let printable = code.chars().filter(char::is_ascii_graphic);
    printable.take(LONGEST).collect()
}
