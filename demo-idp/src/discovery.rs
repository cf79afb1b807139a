//! What clients read first: provider metadata and keys.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use crate::{
    answer, curves::Curve, endpoint::Endpoint, knobs::ClientAuth, patch::members, provider::Call,
    scopes, token::DEVICE_CODE,
};

/// Endpoints by their names in the document.
const ENDPOINTS: [(&str, Endpoint); 8] = [
    ("authorization_endpoint", Endpoint::Authorize),
    ("token_endpoint", Endpoint::Token),
    ("userinfo_endpoint", Endpoint::UserInfo),
    ("introspection_endpoint", Endpoint::Introspection),
    ("revocation_endpoint", Endpoint::Revocation),
    ("end_session_endpoint", Endpoint::EndSession),
    (
        "device_authorization_endpoint",
        Endpoint::DeviceAuthorization,
    ),
    ("jwks_uri", Endpoint::Jwks),
];

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery section 4.2).
pub(crate) fn metadata(call: &Call) -> Response {
    let mut document = members(json!({
        "issuer": call.op.issuer,
        "scopes_supported": scopes::STANDARD,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_CODE],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms(call.knobs.jwks.curves),
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "select_account", "create"],
        "claims_supported": [
            "sub", "aud", "exp", "iat", "iss", "auth_time", "nonce", "amr", "at_hash",
            "client_id", "azp", "sid", "preferred_username", "name", "family_name",
            "given_name", "email", "email_verified",
        ],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    }));
    document.extend(endpoints(call));
    document.extend(client_auth_methods(&call.knobs.client_auth));
    call.knobs.discovery.apply(&mut document);
    answer::json(StatusCode::OK, &Value::Object(document))
}

fn algorithms(with_curves: bool) -> Vec<&'static str> {
    let curves = Curve::ALL
        .into_iter()
        .filter(|_| with_curves)
        .map(Curve::alg);
    ["RS256"].into_iter().chain(curves).collect()
}

fn endpoints(call: &Call) -> Map<String, Value> {
    let url = |endpoint| json!(call.op.url(call.knobs, endpoint));
    ENDPOINTS
        .iter()
        .map(|(name, endpoint)| ((*name).to_owned(), url(*endpoint)))
        .collect()
}

fn client_auth_methods(methods: &[ClientAuth]) -> Map<String, Value> {
    let names: Vec<_> = methods.iter().map(|method| method.name()).collect();
    ["token", "introspection", "revocation"]
        .map(|place| {
            (
                format!("{place}_endpoint_auth_methods_supported"),
                json!(names),
            )
        })
        .into_iter()
        .collect()
}

/// `GET /oauth/v2/keys` (RFC 7517 section 5).
pub(crate) fn jwks(call: &Call) -> Response {
    let knobs = &call.knobs.jwks;
    let mut keys = call.op.keys().jwks(!knobs.without_kids, knobs.curves);
    keys.extend(knobs.extra.iter().cloned());
    let mut response = answer::json(StatusCode::OK, &json!({"keys": keys}));
    if let Ok(value) = HeaderValue::try_from(&knobs.cache_control) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}
