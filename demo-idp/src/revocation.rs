//! Token revocation (RFC 7009).

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{answer, client_auth::authenticate, provider::Call};

/// `POST /oauth/v2/revoke`: 200 for every token that is not somebody else's, known or not.
pub(crate) fn revoke(call: &Call) -> Response {
    let client = match authenticate(call) {
        Ok(client) => client,
        Err(refusal) => return *refusal,
    };
    let Some(token) = call.request.form("token") else {
        return answer::oauth_error("invalid_request", "token is missing");
    };
    let mut store = call.op.store();
    match store.owner(token) {
        Some(owner) if owner != client.id => {
            answer::oauth_error("unauthorized_client", "the token belongs to another client")
        }
        Some(_) => {
            store.revoke(token);
            StatusCode::OK.into_response()
        }
        None => StatusCode::OK.into_response(),
    }
}
