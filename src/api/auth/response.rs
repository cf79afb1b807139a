//! What a program gets (RFC 6749, 5.1).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::header;
use serde::Serialize;

use super::{
    AuthorizationServer,
    access_token::{Claims, LIFE},
    scope,
};
use crate::{
    clock::Timestamp,
    error::Result,
    session::SessionKey,
    users::{Role, User},
};

/// The tokens of a program.
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    /// The same as a time, in seconds since 1970.
    expires: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// When that ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires: Option<i64>,
    scope: String,
    /// RFC 8693, 2.2.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
}

/// For whom an access token speaks, and what it may do.
pub struct Grant<'a> {
    /// The person.
    pub user: &'a User,
    /// The program's session.
    pub session: &'a SessionKey,
    /// When that ends.
    pub session_ends_at: Timestamp,
    /// What was asked for at most.
    pub limit: Option<Role>,
    /// Who is to take it.
    pub audience: String,
}

impl AuthorizationServer {
    /// An access token for `grant`, and nothing beside it.
    ///
    /// # Errors
    /// When the database does not answer, or the key does not sign.
    pub(super) async fn issue(&self, grant: Grant<'_>) -> Result<TokenResponse> {
        let now = self.now();
        let role = grant.user.role.min(grant.limit.unwrap_or(Role::Admin));
        let scope = scope::names(role).join(" ");
        let expires = now.plus(LIFE).min(grant.session_ends_at).as_seconds();
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: grant.audience,
            sub: grant.user.subject.clone(),
            client_id: super::access_token::CLIENT_ID.to_owned(),
            iat: now.as_seconds(),
            exp: expires,
            jti: self.0.random.token()?,
            sid: grant.session.to_text(),
            scope: scope.clone(),
            roles: vec![role],
            idp: grant.user.issuer.clone(),
        };
        let keys = self.0.keys.known().await?;
        let life = u64::try_from(expires - now.as_seconds()).unwrap_or(0);
        Ok(TokenResponse {
            access_token: claims.sign(&keys)?,
            token_type: "Bearer",
            expires_in: life,
            expires,
            refresh_token: None,
            refresh_expires: None,
            scope,
            issued_token_type: None,
        })
    }
}

impl TokenResponse {
    /// The same with a refresh token, which ends at `end`.
    #[must_use]
    pub fn with_refresh_token(self, token: String, end: Timestamp) -> Self {
        Self {
            refresh_token: Some(token),
            refresh_expires: Some(end.as_seconds()),
            ..self
        }
    }

    /// The same as the answer to a token exchange.
    #[must_use]
    pub fn exchanged(self) -> Self {
        Self {
            issued_token_type: Some(super::exchange::ACCESS_TOKEN),
            ..self
        }
    }
}

impl IntoResponse for TokenResponse {
    fn into_response(self) -> Response {
        // RFC 6749, 5.1 asks for both.
        let headers = [
            (header::CACHE_CONTROL, "no-store"),
            (header::PRAGMA, "no-cache"),
        ];
        (headers, Json(self)).into_response()
    }
}
