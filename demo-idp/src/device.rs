//! The device flow (RFC 8628): a code for the device, a page for the person.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use crate::{
    answer,
    client_auth::authenticate,
    endpoint::Endpoint,
    grants::Grant,
    options::Client,
    pages,
    patch::members,
    provider::Call,
    random,
    scopes::Scopes,
    sign_in::{from_another_site, set_cookie, start_session},
};

/// A device that waits for its person.
pub(crate) struct Device {
    client_id: String,
    scopes: Scopes,
    user_code: String,
    expires_at: i64,
    interval_secs: i64,
    last_poll: Option<i64>,
    decision: Decision,
}

enum Decision {
    Open,
    Declined,
    Granted(Box<Grant>),
}

/// What the verification page says after a form was posted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// No such code, or not any more.
    UnknownCode,
    /// The code is right: whose device is it?
    Pick,
    /// The device is signed in.
    Granted,
    /// The device stays outside.
    Declined,
}

/// `POST /oauth/v2/device_authorization` (section 3.1).
pub(crate) fn authorize(call: &Call) -> Response {
    let client = match authenticate(call) {
        Ok(client) => client,
        Err(refusal) => return *refusal,
    };
    let knobs = &call.knobs.device;
    let (device_code, user_code) = (random::token(), random::user_code());
    let page = call.op.url(call.knobs, Endpoint::Device);
    let mut body = members(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": knobs.lifetime_secs,
        "interval": knobs.interval_secs,
    }));
    knobs.answer.apply(&mut body);
    let device = Device {
        client_id: client.id.clone(),
        scopes: Scopes::parse(call.request.form("scope").unwrap_or_default()),
        user_code,
        expires_at: call.now + knobs.lifetime_secs,
        interval_secs: knobs.interval_secs,
        last_poll: None,
        decision: Decision::Open,
    };
    call.op.store().devices.insert(device_code, device);
    answer::json(StatusCode::OK, &Value::Object(body))
}

/// The device asks whether its person has decided (section 3.4 and 3.5).
#[expect(
    clippy::result_large_err,
    reason = "both sides end up as the one response"
)]
pub(crate) fn poll(call: &Call, client: &Client) -> Result<Grant, Response> {
    let Some(code) = call.request.form("device_code") else {
        return Err(answer::oauth_error(
            "invalid_request",
            "device_code is missing",
        ));
    };
    let mut store = call.op.store();
    let device = store
        .devices
        .get_mut(code)
        .filter(|device| device.client_id == client.id);
    let Some(device) = device else {
        return Err(answer::oauth_error("invalid_grant", "no such device code"));
    };
    if let Some(error) = device.pending(call.now) {
        return Err(answer::oauth_error(error, "see RFC 8628 section 3.5"));
    }
    match store.devices.remove(code).map(|device| device.decision) {
        Some(Decision::Granted(grant)) => {
            store.join(grant.sid.as_deref().unwrap_or_default(), client);
            Ok(*grant)
        }
        _ => Err(answer::oauth_error("access_denied", "the person declined")),
    }
}

impl Device {
    /// Why the device has to wait or give up; nothing once its person has decided.
    fn pending(&mut self, now: i64) -> Option<&'static str> {
        let last = self.last_poll.replace(now);
        if self.expires_at <= now {
            Some("expired_token")
        } else if !matches!(self.decision, Decision::Open) {
            None
        } else if last.is_some_and(|last| now - last < self.interval_secs) {
            self.interval_secs += 5;
            Some("slow_down")
        } else {
            Some("authorization_pending")
        }
    }
}

/// `GET /device` asks for the code; `POST /device` takes code and decision.
pub(crate) fn verify(call: &Call) -> Response {
    let typed = call.request.param("user_code").unwrap_or_default();
    if call.request.method == "GET" {
        return pages::device(call, typed, None);
    }
    if from_another_site(call) {
        return pages::cross_site(call);
    }
    let typed = normal(typed);
    let Some(code) = open_device(call, &typed) else {
        return pages::device(call, &typed, Some(Outcome::UnknownCode));
    };
    let sub = call
        .request
        .form("sub")
        .filter(|sub| call.op.person(sub).is_some());
    if call.request.form("deny").is_some() {
        decide(call, &code, |_| Decision::Declined);
        return pages::device(call, &typed, Some(Outcome::Declined));
    }
    let Some(sub) = sub else {
        return pages::device(call, &typed, Some(Outcome::Pick));
    };
    let (cookie, session) = start_session(call, sub);
    decide(call, &code, |device| {
        let scopes = device.scopes.clone();
        let mut grant = Grant::new(&device.client_id, sub, scopes, session.auth_time);
        grant.sid = Some(session.sid);
        Decision::Granted(Box::new(grant))
    });
    let mut response = pages::device(call, &typed, Some(Outcome::Granted));
    set_cookie(call, &mut response, &cookie);
    response
}

/// The device code behind a user code that still waits for a decision.
fn open_device(call: &Call, user_code: &str) -> Option<String> {
    let store = call.op.store();
    let mut devices = store.devices.iter();
    let open = devices.find(|(_, device)| {
        device.user_code == user_code
            && device.expires_at > call.now
            && matches!(device.decision, Decision::Open)
    });
    open.map(|(code, _)| code.clone())
}

fn decide(call: &Call, code: &str, decision: impl FnOnce(&Device) -> Decision) {
    if let Some(device) = call.op.store().devices.get_mut(code) {
        device.decision = decision(device);
    }
}

/// People type lower case and forget the dash (section 6.1).
fn normal(typed: &str) -> String {
    let letters: String = typed.chars().filter(char::is_ascii_alphabetic).collect();
    let letters = letters.to_ascii_uppercase();
    match letters.split_at_checked(4) {
        Some((left, right)) => format!("{left}-{right}"),
        None => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_code_may_be_typed_carelessly() {
        for typed in ["bcdf-ghjk", "BCDFGHJK", " bcdf ghjk "] {
            assert_eq!(normal(typed), "BCDF-GHJK");
        }
        assert_eq!(normal("bc"), "BC");
    }
}
