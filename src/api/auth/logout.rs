//! Signs a program out: its session ends, with all its tokens.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde_json::json;

use super::{AuthorizationServer, fields::Fields, store::refresh_tokens};
use crate::{
    api::{bearer, refusal::Refusal},
    db::transaction,
    error::Result,
    random,
    session::{EndedProgram, SessionKey, end_program},
    telemetry::origin,
};

/// `POST /api/auth/v2/logout`, with the access token, or with the refresh token in the field
/// `refresh_token` once that has expired. The answer names the address at which a browser ends the
/// session at the provider, if there is one; where that leads afterwards is fixed.
///
/// # Errors
/// When the access token is no good, or the database does not answer.
pub async fn logout(
    State(server): State<AuthorizationServer>,
    (uri, headers): (Uri, HeaderMap),
    fields: Result<Fields, super::error::TokenError>,
) -> Result<Response, Refusal> {
    let refresh_token = fields
        .as_ref()
        .ok()
        .and_then(|fields| fields.get("refresh_token"));
    let session = match (bearer::token(&headers, &uri)?, refresh_token) {
        (Some(token), _) => {
            let claims = server.own_claims(token).await?;
            Some(SessionKey::parse(&claims.sid).ok_or(Refusal::InvalidToken)?)
        }
        (None, Some(token)) => {
            let known = refresh_tokens::find(&server.0.db, &random::digest(token)).await?;
            known.map(|known| known.session())
        }
        (None, None) => return Err(Refusal::MissingAuthorization),
    };
    // What has ended is signed out, too (RFC 7009, 2.2).
    let ended = match session {
        Some(session) => server.end(&session).await?,
        None => None,
    };
    let at_provider = match ended {
        Some(ended) => {
            tracing::info!(
                user = %ended.user_id,
                sub_hash = origin::sub_hash(&ended.issuer, &ended.subject),
                ip = origin::ip(),
                "a program was signed out"
            );
            server
                .0
                .oidc
                .end_session(&ended.issuer, ended.tokens)
                .await?
        }
        None => None,
    };
    let at_provider = at_provider.map(|request| request.url.to_string());
    let body = Json(json!({ "end_session_uri": at_provider }));
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, no_store)], body).into_response())
}

impl AuthorizationServer {
    /// Ends a program's session; the provider's refresh token is revoked in the background. What
    /// the session held, if it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn end(&self, key: &SessionKey) -> Result<Option<EndedProgram>> {
        let key = key.clone();
        let ended = transaction!(self.0.db, |tx| end_program(tx, &key).await?)?;
        if ended.is_some() {
            self.0.oidc.revoke_in_background();
        }
        Ok(ended)
    }
}
