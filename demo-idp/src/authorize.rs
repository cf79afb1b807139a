//! The authorization endpoint (OpenID Connect Core section 3.1.2).

use axum::response::Response;
use serde_json::{Map, json};

use crate::{
    authorize_request::{AuthorizationRequest, Prompt, Target},
    grants::Grant,
    jwt, pages,
    provider::Call,
    sign_in,
    store::OpSession,
};

/// `GET` or `POST /oauth/v2/authorize`: a code for a remembered session, else the account picker.
pub(crate) fn authorize(call: &Call) -> Response {
    let params = match call.request.method.as_str() {
        "POST" => &call.request.form,
        _ => &call.request.query,
    };
    let target = match Target::find(call.op, params) {
        Ok(target) => target,
        Err(reason) => return pages::no_target(call, &reason),
    };
    if let Some(error) = &call.knobs.authorize.error {
        return target.refuse(call.knobs, &error.code, error.description.as_deref());
    }
    let request = match AuthorizationRequest::read(call.knobs, params) {
        Ok(request) => request,
        Err((code, description)) => return target.refuse(call.knobs, code, Some(description)),
    };
    let session = usable_session(call, &request);
    if let (Some(session), Prompt::AsNeeded | Prompt::Never) = (&session, request.prompt) {
        return answer_with_code(call, &target, &request, session);
    }
    if request.prompt == Prompt::Never {
        return target.refuse(call.knobs, "login_required", Some("nobody is signed in"));
    }
    if let Some(sub) = &call.knobs.authorize.pick {
        return sign_in::complete(call, &target, &request, sub);
    }
    pages::pick(call, &target, &request, params)
}

/// The remembered session, if it is fresh enough and belongs to the person the client expects.
fn usable_session(call: &Call, request: &AuthorizationRequest) -> Option<OpSession> {
    let cookie = call.request.cookie(&call.op.cookie_name)?;
    let session = call.op.store().session(cookie)?.clone();
    let fresh = request
        .max_age
        .is_none_or(|age| call.now - session.auth_time <= age);
    let expected = request.id_token_hint.as_ref().is_none_or(|hint| {
        let claims = jwt::read(&call.op.keys(), hint);
        claims.is_some_and(|claims| claims.get("sub") == Some(&json!(session.sub)))
    });
    (fresh && expected && call.op.person(&session.sub).is_some()).then_some(session)
}

/// Sends a new code to the client.
pub(crate) fn answer_with_code(
    call: &Call,
    target: &Target,
    request: &AuthorizationRequest,
    session: &OpSession,
) -> Response {
    let scopes = request.scopes.clone();
    let mut grant = Grant::new(&target.client.id, &session.sub, scopes, session.auth_time);
    grant.nonce.clone_from(&request.nonce);
    grant.sid = Some(session.sid.clone());
    let mut store = call.op.store();
    store.join(&session.sid, &target.client);
    let challenge = request.challenge.clone();
    let code = store.add_code(grant, target.redirect_uri.clone(), challenge, call.now);
    target.answer(
        call.knobs,
        Map::from_iter([("code".to_owned(), json!(code))]),
    )
}
