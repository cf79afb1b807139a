//! Token introspection (RFC 7662), with ZITADEL's members.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use crate::{
    answer, claims, client_auth::authenticate, options::Client, patch::members, provider::Call,
    userinfo::user_claims,
};

/// `POST /oauth/v2/introspect`: all about an active token, `{"active":false}` about any other.
pub(crate) fn introspect(call: &Call) -> Response {
    let client = match authenticate(call) {
        Ok(client) => client,
        Err(refusal) => return *refusal,
    };
    let token = call.request.form("token").unwrap_or_default();
    let body = active(call, client, token).unwrap_or_else(|| json!({"active": false}));
    answer::json(StatusCode::OK, &body)
}

fn active(call: &Call, client: &Client, token: &str) -> Option<Value> {
    let access = call.op.store().access(token, call.now)?.clone();
    let person = call.op.person(&access.grant.sub)?;
    let grant = &access.grant;
    let audience = claims::audience(call, grant);
    if !names(&audience, &client.id) {
        return None;
    }
    let mut body = user_claims(call, grant, &person);
    body.extend(members(json!({
        "active": true,
        "scope": grant.scopes.join(),
        "client_id": grant.client_id,
        "token_type": "Bearer",
        "iat": access.issued_at,
        "nbf": access.issued_at,
        "aud": audience,
        "iss": call.op.issuer,
        "jti": access.jti,
        "username": person.preferred_username,
    })));
    body.extend(access.expires_at.map(|at| ("exp".to_owned(), json!(at))));
    call.knobs.introspection.apply(&mut body);
    Some(Value::Object(body))
}

/// Whether an audience, string or array, names this client.
fn names(audience: &Value, client_id: &str) -> bool {
    audience == client_id
        || audience
            .as_array()
            .is_some_and(|ids| ids.iter().any(|id| id == client_id))
}
