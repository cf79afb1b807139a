//! Other makers' habits as settings: start with [`crate::start_with`].
//!
//! Issuers differ, too: give Keycloak the base path `/realms/demo` and django-oidc-provider
//! `/openid`.

use serde_json::json;

use crate::{
    endpoint::{Endpoint, Paths},
    knobs::{Audience, ClientAuth, Knobs, Placement, RefreshTokens, RolesStyle, WithoutHint},
};

/// ZITADEL: the starting point of everything else.
#[must_use]
pub fn zitadel() -> Knobs {
    Knobs::default()
}

/// Auth0: an issuer with a slash at its end, profile claims in the ID token, roles only under the
/// namespaced claim that an Action sets.
#[must_use]
pub fn auth0(roles_claim: &str) -> Knobs {
    let mut knobs = Knobs {
        issuer_suffix: "/".to_owned(),
        audience: Audience::Client,
        id_token_user_info: true,
        id_token_secs: 10 * 60 * 60,
        paths: paths(&[
            (Endpoint::Authorize, "/authorize"),
            (Endpoint::Token, "/oauth/token"),
            (Endpoint::UserInfo, "/userinfo"),
            (Endpoint::Jwks, "/.well-known/jwks.json"),
            (Endpoint::Revocation, "/oauth/revoke"),
            (Endpoint::EndSession, "/oidc/logout"),
            (Endpoint::DeviceAuthorization, "/oauth/device/code"),
        ]),
        ..Knobs::default()
    };
    knobs.authorize.signup_param = Some(("screen_hint".to_owned(), "signup".to_owned()));
    knobs.logout.return_param = Some("returnTo".to_owned());
    knobs.roles.style = RolesStyle::Named(roles_claim.to_owned());
    knobs.roles.in_id_token = Placement::Always;
    knobs.discovery.remove("introspection_endpoint");
    remove_claims(&mut knobs, &["azp", "client_id", "amr", "c_hash"]);
    knobs
}

/// Keycloak: roles in the access token only (a JWT) until a mapper is added, unknown scopes
/// refused, refresh tokens unasked, a question before sign-out without a hint, logout tokens typed
/// `logout+jwt`.
#[must_use]
pub fn keycloak() -> Knobs {
    let mut knobs = Knobs {
        audience: Audience::Client,
        id_token_user_info: true,
        id_token_secs: 5 * 60,
        refresh_tokens: RefreshTokens::Always,
        paths: paths(&[
            (Endpoint::Authorize, "/protocol/openid-connect/auth"),
            (Endpoint::Token, "/protocol/openid-connect/token"),
            (
                Endpoint::Introspection,
                "/protocol/openid-connect/token/introspect",
            ),
            (Endpoint::UserInfo, "/protocol/openid-connect/userinfo"),
            (Endpoint::Revocation, "/protocol/openid-connect/revoke"),
            (Endpoint::EndSession, "/protocol/openid-connect/logout"),
            (Endpoint::Jwks, "/protocol/openid-connect/certs"),
            (
                Endpoint::DeviceAuthorization,
                "/protocol/openid-connect/auth/device",
            ),
        ]),
        ..Knobs::default()
    };
    knobs.access_token.jwt = true;
    knobs.access_token.lifetime_secs = 5 * 60;
    knobs.access_token.minting.claims.set("aud", "account");
    knobs.authorize.strict_scopes = true;
    knobs.roles.style = RolesStyle::Keycloak;
    knobs.roles.in_id_token = Placement::Never;
    knobs.roles.in_userinfo = Placement::Never;
    knobs.logout.without_hint = WithoutHint::Confirm;
    knobs.logout.token.header.set("typ", "logout+jwt");
    remove_claims(&mut knobs, &["client_id", "amr", "c_hash"]);
    knobs
}

/// django-oidc-provider 0.9: few claims, short ID tokens, refresh tokens unasked, no roles, no `sid`, no logout tokens, a
/// redirect after sign-out only with a hint, and a discovery document that leaves much unsaid.
#[must_use]
pub fn django_oidc_provider() -> Knobs {
    let mut knobs = Knobs {
        audience: Audience::Client,
        id_token_secs: 10 * 60,
        client_auth: vec![ClientAuth::Post, ClientAuth::Basic],
        refresh_tokens: RefreshTokens::Always,
        paths: paths(&[
            (Endpoint::Authorize, "/authorize"),
            (Endpoint::Token, "/token"),
            (Endpoint::UserInfo, "/userinfo"),
            (Endpoint::EndSession, "/end-session"),
            (Endpoint::Introspection, "/introspect"),
            (Endpoint::Jwks, "/jwks"),
        ]),
        ..Knobs::default()
    };
    knobs.access_token.lifetime_secs = 60 * 60;
    knobs.roles.style = RolesStyle::None;
    knobs.logout.silent = true;
    knobs.logout.without_hint = WithoutHint::Stay;
    for member in [
        "scopes_supported",
        "code_challenge_methods_supported",
        "prompt_values_supported",
        "revocation_endpoint",
        "device_authorization_endpoint",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
    ] {
        knobs.discovery.remove(member);
    }
    let algorithms = json!(["RS256", "HS256"]);
    knobs
        .discovery
        .set("id_token_signing_alg_values_supported", algorithms);
    remove_claims(&mut knobs, &["azp", "client_id", "amr", "c_hash", "sid"]);
    knobs
}

fn paths(moved: &[(Endpoint, &str)]) -> Paths {
    let mut paths = Paths::default();
    for (endpoint, path) in moved {
        paths.set(*endpoint, *path);
    }
    paths
}

fn remove_claims(knobs: &mut Knobs, claims: &[&str]) {
    for claim in claims {
        knobs.id_token.claims.remove(*claim);
    }
}
