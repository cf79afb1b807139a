//! The provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0,
//! 2.5). Its request comes from no browser: no session, cookie or form token is looked at, only
//! the signature of the token.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{
    Oidc,
    http::Outage,
    id_token::{self, Invalid},
    logout_token::{self, LogoutToken},
    metadata::Discovered,
};
use crate::{
    error::{Error, Result},
    metrics::{self, LogoutToken as Counted},
    session::csrf,
    telemetry::origin,
};

/// The field that carries the token; the provider may send others, which mean nothing.
const FIELD: &str = "logout_token";

/// Why a logout token has no effect.
enum Refusal {
    /// It is not acceptable, and will not be when it is sent again.
    Invalid(Invalid),
    /// Its signature cannot be checked at the moment.
    Outage(Outage),
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Outage> for Refusal {
    fn from(outage: Outage) -> Self {
        Self::Outage(outage)
    }
}

/// `POST /oidc/backchannel-logout/`: ends the sessions that the token means. The answer is the
/// same whether there are any.
///
/// # Errors
/// 503 when keys or database do not answer; the provider then tries again.
pub async fn receive(
    State(oidc): State<Oidc>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response> {
    let token = match oidc.logout_token(&headers, body).await {
        Ok(token) => token,
        Err(Refusal::Invalid(invalid)) => {
            let code = format!("logout_token_{}", invalid.part());
            metrics::logout_token(Counted::Refused);
            tracing::info!(code, ip = origin::ip(), "a logout token was refused");
            let error = Json(json!({ "error": "invalid_request" }));
            return Ok((StatusCode::BAD_REQUEST, error).into_response());
        }
        Err(Refusal::Outage(outage)) => {
            metrics::logout_token(Counted::Unavailable);
            return Err(Error::unavailable(outage));
        }
    };
    let now = oidc.0.clock.now();
    let sub_hash = token.sub_hash();
    match oidc.0.logout_tokens.receive(token, now).await {
        Ok(Some(sessions)) => {
            metrics::logout_token(Counted::Accepted);
            let ip = origin::ip();
            tracing::info!(sessions, sub_hash, ip, "signed out by the provider");
        }
        Ok(None) => {
            metrics::logout_token(Counted::Repeated);
            tracing::info!("a logout token came again and changes nothing");
        }
        Err(error) => {
            metrics::logout_token(Counted::Unavailable);
            return Err(error);
        }
    }
    Ok(StatusCode::OK.into_response())
}

impl Oidc {
    async fn logout_token(
        &self,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<LogoutToken, Refusal> {
        csrf::require_form(headers).map_err(|_| Invalid::Malformed)?;
        let body = body.map_err(|_| Invalid::Malformed)?;
        let token = only_value(&body).ok_or(Invalid::Missing)?;
        let now = self.0.clock.now();
        // Only to learn whose keys have to have signed it.
        let claims = id_token::payload(&token).ok_or(Invalid::Malformed)?;
        let issuer = claims.get("iss").and_then(Value::as_str);
        let provider = issuer.and_then(|issuer| self.provider_of(issuer));
        let provider = provider.ok_or(Invalid::Issuer)?;
        let known = provider.known().await?;
        let secret = provider.config.credential.secret();
        let verify = |known: &Discovered| logout_token::verify(&token, known, secret, now);
        Ok(provider.with_keys(&known, verify).await??)
    }
}

/// The token, when there is exactly one.
fn only_value(body: &[u8]) -> Option<String> {
    let mut values = url::form_urlencoded::parse(body).filter(|(name, _)| name == FIELD);
    let (_, token) = values.next()?;
    values.next().is_none().then(|| token.into_owned())
}

#[cfg(test)]
mod tests {
    use super::only_value;

    #[test]
    fn a_token_is_taken_when_there_is_one_and_other_fields_mean_nothing() {
        for (body, token) in [
            ("logout_token=a.b.c", Some("a.b.c")),
            ("x=1&logout_token=a&logout_tokens=b&x=2", Some("a")),
            ("logout_token=a&logout_token=a", None),
            ("logout_token=a&logout_token=", None),
            ("x=1", None),
            ("", None),
        ] {
            assert_eq!(only_value(body.as_bytes()).as_deref(), token, "{body}");
        }
    }
}
