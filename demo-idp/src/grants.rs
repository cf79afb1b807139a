//! Grants, and the tokens made of them.

use axum::{http::StatusCode, response::Response};
use serde_json::{Map, Value, json};

use crate::{
    answer,
    claims::{self, Place},
    error::Error,
    options::Client,
    patch::members,
    people::Person,
    provider::Call,
    random,
    scopes::Scopes,
    store::AccessToken,
};

/// What a person let a client have.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) sub: String,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) auth_time: i64,
    /// The provider's session; none for a personal access token.
    pub(crate) sid: Option<String>,
    /// Shared by all tokens that come of one authorization.
    pub(crate) family: String,
}

impl Grant {
    /// A grant of a new family.
    pub(crate) fn new(client_id: &str, sub: &str, scopes: Scopes, auth_time: i64) -> Self {
        Self {
            client_id: client_id.to_owned(),
            sub: sub.to_owned(),
            scopes,
            nonce: None,
            auth_time,
            sid: None,
            family: random::token(),
        }
    }
}

/// The answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
pub(crate) fn token_answer(call: &Call, client: &Client, grant: &Grant) -> Response {
    let Some(person) = call.op.person(&grant.sub) else {
        return answer::oauth_error("invalid_grant", "this person is gone");
    };
    match tokens(call, client, grant, &person) {
        Ok(mut tokens) => {
            call.knobs.token_answer.apply(&mut tokens);
            answer::json(StatusCode::OK, &Value::Object(tokens))
        }
        Err(error) => answer::server_error(&error),
    }
}

fn tokens(
    call: &Call,
    client: &Client,
    grant: &Grant,
    person: &Person,
) -> Result<Map<String, Value>, Error> {
    let access = access_token(call, client, grant, person)?;
    let mut answer = members(json!({
        "token_type": "Bearer",
        "expires_in": call.knobs.access_token.lifetime_secs,
        "scope": grant.scopes.join(),
    }));
    if grant.scopes.has("openid") {
        let id_token = id_token(call, client, grant, person, &access)?;
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    if grant.scopes.has("offline_access") {
        let expires_at = call.now + call.knobs.refresh_token_secs;
        let refresh = call.op.store().add_refresh(grant.clone(), expires_at);
        answer.insert("refresh_token".to_owned(), json!(refresh));
    }
    answer.insert("access_token".to_owned(), json!(access));
    Ok(answer)
}

fn access_token(
    call: &Call,
    client: &Client,
    grant: &Grant,
    person: &Person,
) -> Result<String, Error> {
    let knobs = &call.knobs.access_token;
    let expires_at = call.now + knobs.lifetime_secs;
    let jti = random::id();
    let token = if knobs.jwt {
        let mut claims = members(json!({
            "iss": call.op.issuer, "sub": grant.sub, "client_id": grant.client_id,
            "aud": claims::audience(call.op, call.knobs, &grant.client_id, &grant.scopes),
            "exp": expires_at, "iat": call.now, "nbf": call.now, "jti": jti,
            "scope": grant.scopes.join(),
        }));
        claims.extend(claims::roles(
            call.op,
            call.knobs,
            person,
            &grant.scopes,
            Place::AccessToken,
        ));
        knobs
            .minting
            .mint(&call.op.keys(), &client.secret, claims)?
    } else {
        random::token()
    };
    let access = AccessToken {
        grant: grant.clone(),
        issued_at: call.now,
        expires_at: Some(expires_at),
        jti,
    };
    call.op.store().add_access(token.clone(), access);
    Ok(token)
}

fn id_token(
    call: &Call,
    client: &Client,
    grant: &Grant,
    person: &Person,
    access_token: &str,
) -> Result<String, Error> {
    let minting = &call.knobs.id_token;
    let mut claims = members(json!({
        "iss": call.op.issuer,
        "sub": grant.sub,
        "aud": claims::audience(call.op, call.knobs, &grant.client_id, &grant.scopes),
        "azp": grant.client_id,
        "client_id": grant.client_id,
        "exp": call.now + call.knobs.id_token_secs,
        "iat": call.now,
        "auth_time": grant.auth_time,
        "amr": ["pwd"],
        "at_hash": minting.signing.half_hash(access_token),
    }));
    let optional = [("nonce", &grant.nonce), ("sid", &grant.sid)];
    for (claim, value) in optional {
        claims.extend(value.as_ref().map(|value| (claim.to_owned(), json!(value))));
    }
    if call.knobs.id_token_user_info {
        claims.extend(claims::profile(person, &grant.scopes));
    }
    claims.extend(claims::roles(
        call.op,
        call.knobs,
        person,
        &grant.scopes,
        Place::IdToken,
    ));
    minting.mint(&call.op.keys(), &client.secret, claims)
}
