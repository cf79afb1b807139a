//! The UserInfo endpoint (OpenID Connect Core section 5.3).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    answer,
    claims::{self, Place},
    grants::Grant,
    people::Person,
    provider::Call,
};

/// `GET` or `POST /oidc/v1/userinfo` with a bearer token.
pub(crate) fn userinfo(call: &Call) -> Response {
    let Some(token) = bearer(call) else {
        return answer::invalid_token();
    };
    let Some(grant) = call
        .op
        .store()
        .access(token, call.now)
        .map(|known| known.grant.clone())
    else {
        return answer::invalid_token();
    };
    let Some(person) = call.op.person(&grant.sub) else {
        return answer::invalid_token();
    };
    let mut claims = user_claims(call, &grant, &person);
    if call.knobs.userinfo_signed {
        return signed(call, &grant, claims);
    }
    call.knobs.userinfo.claims.apply(&mut claims);
    answer::json(StatusCode::OK, &Value::Object(claims))
}

/// Everything a client may know of a person: subject, profile, roles.
pub(crate) fn user_claims(call: &Call, grant: &Grant, person: &Person) -> Map<String, Value> {
    let mut claims = claims::profile(person, &grant.scopes);
    claims.extend(claims::roles(call, person, &grant.scopes, Place::UserInfo));
    claims.insert("sub".to_owned(), json!(person.sub));
    claims
}

/// The token of `Authorization: Bearer` (RFC 6750 section 2.1).
fn bearer<'a>(call: &Call<'a>) -> Option<&'a str> {
    let (scheme, token) = call.request.header("authorization")?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// The same as a signed JWT, with `iss` and `aud`.
fn signed(call: &Call, grant: &Grant, mut claims: Map<String, Value>) -> Response {
    claims.insert("iss".to_owned(), json!(call.op.issuer));
    claims.insert("aud".to_owned(), json!(grant.client_id));
    let secret = call
        .op
        .client(&grant.client_id)
        .map_or("", |client| &client.secret);
    match call.knobs.userinfo.mint(&call.op.keys(), secret, claims) {
        Ok(token) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jwt"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, token).into_response()
        }
        Err(error) => answer::server_error(&error),
    }
}
