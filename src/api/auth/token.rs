//! The token endpoint (RFC 6749, 3.2), and the keys that its tokens are verified with.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;

use super::{
    AuthorizationServer, error::TokenError, exchange, fields::Fields, response::TokenResponse,
};
use crate::{api::verifiers::Verifiers, error::Result, oidc::device_poll};

/// `POST /api/auth/v2/token`: tokens for a code, a refresh token, a device code or a token of the
/// provider.
///
/// # Errors
/// Why there are none.
pub async fn token(
    State(server): State<AuthorizationServer>,
    State(verifiers): State<Verifiers>,
    fields: Fields,
) -> Result<TokenResponse, TokenError> {
    let audience = server.audience(fields.get("resource"))?;
    match fields.required("grant_type", "grant_type is missing.")? {
        "authorization_code" => server.redeem(&fields, audience).await,
        "refresh_token" => server.renew(&fields, audience).await,
        device_poll::GRANT_TYPE => server.poll(&fields, audience).await,
        exchange::GRANT_TYPE => server.exchange(&fields, audience, &verifiers).await,
        _ => Err(TokenError::UnsupportedGrantType),
    }
}

impl AuthorizationServer {
    /// Who is to take the access token (RFC 8707, 2): this site, or a peer that trusts it.
    fn audience(&self, resource: Option<&str>) -> Result<String, TokenError> {
        match resource {
            None => Ok(self.0.issuer.clone()),
            Some(resource) if resource == self.0.issuer => Ok(self.0.issuer.clone()),
            Some(resource) if self.0.peers.find(resource).is_some() => Ok(resource.to_owned()),
            Some(_) => Err(TokenError::InvalidTarget),
        }
    }
}

/// `GET /api/auth/v2/.well-known/jwks.json`: the public halves of the signing keys (RFC 7517, 5).
///
/// # Errors
/// When the database does not answer.
pub async fn jwks(State(server): State<AuthorizationServer>) -> Result<Response> {
    let keys = server.0.keys.known().await?;
    let max_age = HeaderValue::from_static("public, max-age=300");
    let body = Json(json!({ "keys": keys.jwks() }));
    Ok(([(header::CACHE_CONTROL, max_age)], body).into_response())
}
