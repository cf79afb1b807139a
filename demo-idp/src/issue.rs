//! Tokens, made of grants.

use axum::{http::StatusCode, response::Response};
use serde_json::{Map, Value, json};

use crate::{
    answer,
    claims::{self, Place},
    error::Error,
    grants::Grant,
    knobs::RefreshTokens,
    options::Client,
    patch::members,
    people::Person,
    provider::Call,
    random,
    store::AccessToken,
};

/// Everything one token answer is made of.
struct Issue<'a> {
    call: &'a Call<'a>,
    client: &'a Client,
    grant: &'a Grant,
    person: &'a Person,
}

/// The answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
pub(crate) fn token_answer(call: &Call, client: &Client, grant: &Grant) -> Response {
    let Some(person) = call.op.person(&grant.sub) else {
        return answer::oauth_error("invalid_grant", "this person is gone");
    };
    let issue = Issue {
        call,
        client,
        grant,
        person: &person,
    };
    match issue.tokens() {
        Ok(mut tokens) => {
            call.knobs.token_answer.apply(&mut tokens);
            answer::json(StatusCode::OK, &Value::Object(tokens))
        }
        Err(error) => answer::server_error(&error),
    }
}

impl Issue<'_> {
    fn tokens(&self) -> Result<Map<String, Value>, Error> {
        let (call, grant) = (self.call, self.grant);
        let access_token = self.access_token()?;
        let mut answer = members(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": call.knobs.access_token.lifetime_secs,
            "scope": grant.scopes.join(),
        }));
        if grant.scopes.has("openid") {
            answer.insert("id_token".to_owned(), json!(self.id_token(&access_token)?));
        }
        let asked = grant.scopes.has("offline_access");
        if asked || call.knobs.refresh_tokens == RefreshTokens::Always {
            let expires_at = call.now + call.knobs.refresh_token_secs;
            let refresh = call.op.store().add_refresh(grant.clone(), expires_at);
            answer.insert("refresh_token".to_owned(), json!(refresh));
        }
        Ok(answer)
    }

    fn access_token(&self) -> Result<String, Error> {
        let (call, grant) = (self.call, self.grant);
        let knobs = &call.knobs.access_token;
        let access = AccessToken {
            grant: grant.clone(),
            issued_at: call.now,
            expires_at: Some(call.now + knobs.lifetime_secs),
            jti: random::id(),
        };
        let token = if knobs.jwt {
            let mut claims = members(json!({
                "iss": call.op.issuer,
                "sub": grant.sub,
                "aud": claims::audience(call, grant),
                "client_id": grant.client_id,
                "exp": access.expires_at,
                "iat": call.now,
                "nbf": call.now,
                "jti": access.jti,
                "scope": grant.scopes.join(),
            }));
            claims.extend(claims::roles(
                call,
                self.person,
                &grant.scopes,
                Place::AccessToken,
            ));
            knobs
                .minting
                .mint(&call.op.keys(), &self.client.secret, claims)?
        } else {
            random::token()
        };
        call.op.store().add_access(token.clone(), access);
        Ok(token)
    }

    /// The ID token (OpenID Connect Core sections 2 and 3.1.3.6).
    fn id_token(&self, access_token: &str) -> Result<String, Error> {
        let (call, grant) = (self.call, self.grant);
        let minting = &call.knobs.id_token;
        let mut claims = members(json!({
            "iss": call.op.issuer,
            "sub": grant.sub,
            "aud": claims::audience(call, grant),
            "azp": grant.client_id,
            "client_id": grant.client_id,
            "exp": call.now + call.knobs.id_token_secs,
            "iat": call.now,
            "auth_time": grant.auth_time,
            "amr": ["pwd"],
            "at_hash": minting.signing.half_hash(access_token),
        }));
        let c_hash = grant
            .code
            .as_ref()
            .map(|code| minting.signing.half_hash(code));
        for (claim, value) in [
            ("nonce", &grant.nonce),
            ("sid", &grant.sid),
            ("c_hash", &c_hash),
        ] {
            claims.extend(value.as_ref().map(|value| (claim.to_owned(), json!(value))));
        }
        if call.knobs.id_token_user_info {
            claims.extend(claims::profile(self.person, &grant.scopes));
        }
        claims.extend(claims::roles(
            call,
            self.person,
            &grant.scopes,
            Place::IdToken,
        ));
        minting.mint(&call.op.keys(), &self.client.secret, claims)
    }
}
