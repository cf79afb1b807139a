//! The token endpoint: authorization codes, refresh tokens, device codes.

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    answer,
    client_auth::authenticate,
    device,
    grants::Grant,
    issue::token_answer,
    options::Client,
    provider::Call,
    scopes::Scopes,
    store::{Code, Redeemed},
};

/// The grant type of RFC 8628 section 3.4.
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `POST /oauth/v2/token`.
pub(crate) fn token(call: &Call) -> Response {
    let client = match authenticate(call) {
        Ok(client) => client,
        Err(refusal) => return *refusal,
    };
    let grant = match call.request.form("grant_type") {
        Some("authorization_code") => redeem_code(call, client),
        Some("refresh_token") => refresh(call, client),
        Some(DEVICE_CODE) => device::poll(call, client),
        Some(_) => Err(answer::oauth_error(
            "unsupported_grant_type",
            "no such grant type here",
        )),
        None => Err(answer::oauth_error(
            "invalid_request",
            "grant_type is missing",
        )),
    };
    match grant {
        Ok(grant) => token_answer(call, client, &grant),
        Err(refusal) => refusal,
    }
}

#[expect(
    clippy::result_large_err,
    reason = "both sides end up as the one response"
)]
fn redeem_code(call: &Call, client: &Client) -> Result<Grant, Response> {
    let Some(code) = call.request.form("code") else {
        return Err(answer::oauth_error("invalid_request", "code is missing"));
    };
    match call.op.store().redeem(code, call.now) {
        Redeemed::Fresh(redeemed) if fits(call, client, &redeemed) => Ok(Grant {
            code: Some(code.to_owned()),
            ..redeemed.grant
        }),
        Redeemed::Fresh(_) | Redeemed::Again | Redeemed::Unknown => Err(answer::oauth_error(
            "invalid_grant",
            "the code is not valid",
        )),
    }
}

/// Whether client, redirect URI and PKCE verifier are those of the authorization request.
fn fits(call: &Call, client: &Client, code: &Code) -> bool {
    let verifier = call.request.form("code_verifier");
    let proven = match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            (43..=128).contains(&verifier.len())
                && bool::from(s256(verifier).as_bytes().ct_eq(challenge.as_bytes()))
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    proven
        && code.grant.client_id == client.id
        && call.request.form("redirect_uri") == Some(&code.redirect_uri)
}

/// `code_challenge` of a verifier (RFC 7636 section 4.2).
fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[expect(
    clippy::result_large_err,
    reason = "both sides end up as the one response"
)]
fn refresh(call: &Call, client: &Client) -> Result<Grant, Response> {
    let Some(token) = call.request.form("refresh_token") else {
        return Err(answer::oauth_error(
            "invalid_request",
            "refresh_token is missing",
        ));
    };
    let Some(mut grant) = call.op.store().take_refresh(token, &client.id, call.now) else {
        return Err(answer::oauth_error(
            "invalid_grant",
            "the refresh token is not valid",
        ));
    };
    if let Some(narrower) = call.request.form("scope").map(Scopes::parse) {
        if !narrower.within(&grant.scopes) {
            return Err(answer::oauth_error(
                "invalid_scope",
                "a scope was not granted",
            ));
        }
        grant.scopes = narrower;
    }
    // OpenID Connect Core section 12.2: a refreshed ID token should not carry the nonce.
    grant.nonce = None;
    grant.code = None;
    Ok(grant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
