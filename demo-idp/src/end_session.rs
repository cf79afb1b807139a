//! RP-initiated logout (OpenID Connect RP-Initiated Logout).

use axum::response::Response;
use serde_json::{Map, Value};

use crate::{
    answer, backchannel, jwt,
    knobs::WithoutHint,
    options::Client,
    pages,
    provider::Call,
    sign_in::{from_another_site, set_cookie},
};

/// What the client sent, after it was checked.
struct Logout<'a> {
    hint: Option<Map<String, Value>>,
    return_to: Option<&'a str>,
}

/// Why nobody is signed out.
#[derive(Clone, Copy)]
pub(crate) enum BadLogout {
    Hint,
    Client,
    ReturnAddress,
}

/// `GET` or `POST /oidc/v1/end_session`: ends the session, tells the clients, returns or says so.
pub(crate) fn end_session(call: &Call) -> Response {
    let logout = match read(call) {
        Ok(logout) => logout,
        Err(reason) => return pages::bad_logout(call, reason),
    };
    let without_hint = call.knobs.logout.without_hint;
    let hinted = logout.hint.is_some();
    if without_hint == WithoutHint::Confirm && !hinted && !confirmed(call) {
        return pages::confirm_logout(call, logout.return_to);
    }
    end(call, logout.hint.as_ref());
    let may_return = hinted || without_hint != WithoutHint::Stay;
    let mut response = match logout.return_to {
        Some(address) if may_return => {
            let state = call.request.param("state").map(|state| ("state", state));
            answer::redirect(&answer::with_params(address, state))
        }
        _ => pages::signed_out(call),
    };
    set_cookie(call, &mut response, "");
    response
}

/// Whether the person pressed the button of our own page.
fn confirmed(call: &Call) -> bool {
    call.request.form("confirmed").is_some() && !from_another_site(call)
}

fn read<'a>(call: &Call<'a>) -> Result<Logout<'a>, BadLogout> {
    let hint = match call.request.param("id_token_hint") {
        Some(token) => Some(hint(call, token).ok_or(BadLogout::Hint)?),
        None => None,
    };
    let hinted = hint
        .as_ref()
        .and_then(|claims| audience_client(call, claims));
    let client = match call.request.param("client_id") {
        Some(id) => Some(call.op.client(id).ok_or(BadLogout::Client)?),
        None => hinted,
    };
    if let (Some(client), Some(hinted)) = (client, hinted)
        && client.id != hinted.id
    {
        return Err(BadLogout::Client);
    }
    Ok(Logout {
        return_to: return_address(call, client)?,
        hint,
    })
}

/// Without hint and `client_id` nobody vouches for an address, and it is ignored.
fn return_address<'a>(
    call: &Call<'a>,
    client: Option<&Client>,
) -> Result<Option<&'a str>, BadLogout> {
    let second = call.knobs.logout.return_param.as_deref();
    let uri = call.request.param("post_logout_redirect_uri");
    match (uri.or_else(|| call.request.param(second?)), client) {
        (Some(uri), Some(client)) => {
            let registered = client
                .post_logout_redirect_uris
                .iter()
                .any(|known| known == uri);
            registered
                .then_some(Some(uri))
                .ok_or(BadLogout::ReturnAddress)
        }
        _ => Ok(None),
    }
}

/// The claims of a hint that this provider signed.
fn hint(call: &Call, token: &str) -> Option<Map<String, Value>> {
    let claims = jwt::read(&call.op.keys(), token)?;
    let expired = claims
        .get("exp")
        .and_then(Value::as_i64)
        .is_none_or(|at| at <= call.now);
    (!(expired && call.knobs.logout.refuse_expired_hints)).then_some(claims)
}

/// The client a hint was issued to: `azp`, or `aud` when it is a single string.
fn audience_client<'a>(call: &Call<'a>, claims: &Map<String, Value>) -> Option<&'a Client> {
    let id = claims.get("azp").or_else(|| claims.get("aud"))?.as_str()?;
    call.op.client(id)
}

/// Ends the hinted session; without `sid`, the one of this browser.
fn end(call: &Call, hint: Option<&Map<String, Value>>) {
    let mut store = call.op.store();
    let hinted = hint
        .and_then(|claims| claims.get("sid"))
        .and_then(Value::as_str);
    let cookie = call.request.cookie(&call.op.cookie_name);
    let remembered = || {
        cookie
            .and_then(|cookie| store.session(cookie))
            .map(|s| s.sid.clone())
    };
    let Some(sid) = hinted.map(str::to_owned).or_else(remembered) else {
        return;
    };
    let ended = store.end_sessions(|session| session.sid == sid);
    drop(store);
    for session in &ended {
        backchannel::announce(call.op, session);
    }
}
