//! The authorization request: read, checked, answered.

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::{
    answer, knobs::Knobs, options::Client, provider::Provider, record::first, scopes::Scopes,
};

/// Where the answer goes, once that is known to be safe.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    pub(crate) redirect_uri: String,
    state: Option<String>,
}

/// Why the person stays here: the answer must not go to the address in the request
/// (RFC 6749 section 4.1.2.1).
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum NoTarget {
    Client,
    RedirectUri,
}

/// An error code and its description.
pub(crate) type Refusal = (&'static str, &'static str);

/// A request that can be answered with a code.
#[derive(Debug)]
pub(crate) struct AuthorizationRequest {
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) prompt: Prompt,
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
    pub(crate) id_token_hint: Option<String>,
}

/// What the client wants shown (OpenID Connect Core section 3.1.2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Prompt {
    /// Whatever is needed.
    AsNeeded,
    /// `none`: nothing.
    Never,
    /// `login`, `select_account` or `consent`: the account picker.
    Pick,
    /// `create`: registration (Initiating User Registration via OpenID Connect section 4).
    Create,
}

impl Target {
    /// The client and its registered address.
    pub(crate) fn find(op: &Provider, params: &[(String, String)]) -> Result<Self, NoTarget> {
        let client = first(params, "client_id").and_then(|id| op.client(id));
        let client = client.ok_or(NoTarget::Client)?.clone();
        let redirect_uri = first(params, "redirect_uri")
            .filter(|uri| client.redirect_uris.iter().any(|known| known == uri))
            .ok_or(NoTarget::RedirectUri)?
            .to_owned();
        let state = first(params, "state").map(str::to_owned);
        Ok(Self {
            client,
            redirect_uri,
            state,
        })
    }

    /// Sends parameters back, with `state`.
    pub(crate) fn answer(&self, knobs: &Knobs, mut params: Map<String, Value>) -> Response {
        params.extend(
            self.state
                .as_ref()
                .map(|state| ("state".to_owned(), json!(state))),
        );
        knobs.authorize.answer.apply(&mut params);
        let params = params
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        answer::redirect(&answer::with_params(&self.redirect_uri, params))
    }

    /// Sends an error back.
    pub(crate) fn refuse(&self, knobs: &Knobs, code: &str, description: Option<&str>) -> Response {
        let mut params = Map::from_iter([("error".to_owned(), json!(code))]);
        params.extend(description.map(|text| ("error_description".to_owned(), json!(text))));
        self.answer(knobs, params)
    }
}

impl AuthorizationRequest {
    /// Checks everything but the target.
    pub(crate) fn read(knobs: &Knobs, params: &[(String, String)]) -> Result<Self, Refusal> {
        let param = |name| first(params, name).map(str::to_owned);
        refuse_unsupported(params)?;
        let scopes = Scopes::parse(first(params, "scope").unwrap_or_default());
        if knobs.authorize.strict_scopes && scopes.unusual().is_some() {
            return Err(("invalid_scope", "a scope is unknown here"));
        }
        let challenge = challenge(params)?;
        if knobs.authorize.require_pkce && challenge.is_none() {
            return Err(("invalid_request", "code_challenge is missing"));
        }
        let max_age = match param("max_age").map(|age| age.parse::<u32>()) {
            Some(Err(_)) => return Err(("invalid_request", "max_age is not a number")),
            age => age.and_then(Result::ok).map(i64::from),
        };
        Ok(Self {
            scopes,
            nonce: param("nonce"),
            challenge,
            prompt: if signup(knobs, params) {
                Prompt::Create
            } else {
                prompt(first(params, "prompt").unwrap_or_default())?
            },
            max_age,
            login_hint: param("login_hint"),
            id_token_hint: param("id_token_hint"),
        })
    }
}

fn refuse_unsupported(params: &[(String, String)]) -> Result<(), Refusal> {
    let repeated = params
        .iter()
        .any(|(name, _)| params.iter().filter(|(other, _)| other == name).count() > 1);
    if repeated {
        return Err(("invalid_request", "a parameter is repeated"));
    }
    match first(params, "response_type") {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "only code is supported")),
        None => return Err(("invalid_request", "response_type is missing")),
    }
    if first(params, "response_mode").is_some_and(|mode| mode != "query") {
        return Err((
            "invalid_request",
            "only the response mode query is supported",
        ));
    }
    if first(params, "request").is_some() {
        return Err(("request_not_supported", "request objects are not supported"));
    }
    if first(params, "request_uri").is_some() {
        return Err((
            "request_uri_not_supported",
            "request objects are not supported",
        ));
    }
    Ok(())
}

/// `code_challenge` with its method, which has to be S256 (RFC 7636 section 4.3).
fn challenge(params: &[(String, String)]) -> Result<Option<String>, Refusal> {
    match (
        first(params, "code_challenge"),
        first(params, "code_challenge_method"),
    ) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(Some(challenge.to_owned())),
        _ => Err((
            "invalid_request",
            "PKCE needs a 43-character challenge and the method S256",
        )),
    }
}

fn signup(knobs: &Knobs, params: &[(String, String)]) -> bool {
    knobs
        .authorize
        .signup_param
        .as_ref()
        .is_some_and(|param| params.contains(param))
}

fn prompt(list: &str) -> Result<Prompt, Refusal> {
    let values: Vec<_> = list.split_ascii_whitespace().collect();
    match values.as_slice() {
        [] => Ok(Prompt::AsNeeded),
        ["none"] => Ok(Prompt::Never),
        values if values.contains(&"none") => Err(("invalid_request", "prompt none stands alone")),
        values if values.contains(&"create") => Ok(Prompt::Create),
        values
            if values
                .iter()
                .all(|v| ["login", "select_account", "consent"].contains(v)) =>
        {
            Ok(Prompt::Pick)
        }
        _ => Err(("invalid_request", "a prompt value is unknown")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(extra: &[(&str, &str)]) -> Result<AuthorizationRequest, Refusal> {
        let params = [("response_type", "code")].iter().chain(extra);
        let params: Vec<_> = params
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        AuthorizationRequest::read(&Knobs::default(), &params)
    }

    #[test]
    fn prompts_are_told_apart() {
        for (value, expected) in [
            ("", Prompt::AsNeeded),
            ("none", Prompt::Never),
            ("login", Prompt::Pick),
            ("select_account consent", Prompt::Pick),
            ("create", Prompt::Create),
        ] {
            assert_eq!(
                read(&[("prompt", value)]).unwrap().prompt,
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_by_its_own_code() {
        for (name, value, code) in [
            ("prompt", "none login", "invalid_request"),
            ("prompt", "dance", "invalid_request"),
            ("response_type", "code", "invalid_request"),
            ("response_mode", "form_post", "invalid_request"),
            ("max_age", "-1", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("request", "jwt", "request_not_supported"),
            (
                "request_uri",
                "https://elsewhere",
                "request_uri_not_supported",
            ),
        ] {
            assert_eq!(
                read(&[(name, value)]).unwrap_err().0,
                code,
                "{name}={value}"
            );
        }
    }
}
