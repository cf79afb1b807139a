//! What happens when somebody presses a button of the account picker.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use crate::{
    authorize::answer_with_code,
    authorize_request::{AuthorizationRequest, Prompt, Target},
    pages,
    people::Person,
    provider::{Call, lock, pairs},
    random,
    store::OpSession,
};

/// The button's value for an account that does not exist yet.
pub(crate) const NEWCOMER: &str = "new";

/// `POST /ui/login` with `sub` or `deny`, and the authorization request that led here.
pub(crate) fn sign_in(call: &Call) -> Response {
    if from_another_site(call) {
        return pages::cross_site(call);
    }
    let params = pairs(call.request.form("request").unwrap_or_default().as_bytes());
    let target = match Target::find(call.op, &params) {
        Ok(target) => target,
        Err(reason) => return pages::no_target(call, &reason),
    };
    let request = match AuthorizationRequest::read(call.knobs, &params) {
        Ok(request) => request,
        Err((code, description)) => return target.refuse(call.knobs, code, Some(description)),
    };
    if call.request.form("deny").is_some() {
        let description = Some("the person declined");
        return target.refuse(call.knobs, "access_denied", description);
    }
    let newcomer;
    let sub = match call.request.form("sub") {
        Some(NEWCOMER) if request.prompt == Prompt::Create => {
            newcomer = register(call);
            Some(newcomer.as_str())
        }
        sub => sub.filter(|sub| call.op.person(sub).is_some_and(|person| !person.machine)),
    };
    match sub {
        Some(sub) => complete(call, &target, &request, sub),
        None => pages::pick(call, &target, &request, &params),
    }
}

/// Remembers the session in a cookie and goes back to the client with a code.
pub(crate) fn complete(
    call: &Call,
    target: &Target,
    request: &AuthorizationRequest,
    sub: &str,
) -> Response {
    let (cookie, session) = start_session(call, sub);
    let mut response = answer_with_code(call, target, request, &session);
    set_cookie(call, &mut response, &cookie);
    response
}

/// Signs a person in at the provider.
pub(crate) fn start_session(call: &Call, sub: &str) -> (String, OpSession) {
    let before = call.request.cookie(&call.op.cookie_name);
    call.op.store().sign_in(before, sub, call.now)
}

/// Lets the browser remember the session, or forget it when `value` is empty.
pub(crate) fn set_cookie(call: &Call, response: &mut Response, value: &str) {
    let expiry = if value.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{expiry}",
        call.op.cookie_name
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// A new person with an account and no role.
fn register(call: &Call) -> String {
    let sub = random::id();
    let mut people = lock(&call.op.people);
    let number = people.len() + 1;
    people.push(Person::newcomer(&sub, number));
    sub
}

/// Whether the form was posted by a page of somebody else.
pub(crate) fn from_another_site(call: &Call) -> bool {
    let site = call.request.header("sec-fetch-site");
    site.is_some_and(|site| !["same-origin", "none"].contains(&site))
}
