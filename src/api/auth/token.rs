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
    let grant_type = fields.required("grant_type", "grant_type is missing.")?;
    let audience = server.audience(&fields, grant_type)?;
    match grant_type {
        "authorization_code" => server.redeem(&fields, audience).await,
        "refresh_token" => server.renew(&fields, audience).await,
        device_poll::GRANT_TYPE => server.poll(&fields, audience).await,
        exchange::GRANT_TYPE => server.exchange(&fields, audience, &verifiers).await,
        _ => Err(TokenError::UnsupportedGrantType),
    }
}

impl AuthorizationServer {
    /// Who is to take the access token: this site, or a peer that trusts it. It is asked for as
    /// `resource` (RFC 8707, 2), in an exchange as `audience` as well (RFC 8693, 2.1).
    fn audience(&self, fields: &Fields, grant_type: &str) -> Result<String, TokenError> {
        let audience = fields.get("audience");
        let audience = audience.filter(|_| grant_type == exchange::GRANT_TYPE);
        let mut wanted = [fields.get("resource"), audience].into_iter().flatten();
        let first = wanted.next().unwrap_or(&self.0.issuer);
        let is_known = first == self.0.issuer || self.0.peers.find(first).is_some();
        if is_known && wanted.all(|other| other == first) {
            Ok(first.to_owned())
        } else {
            Err(TokenError::InvalidTarget)
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
