//! The pages people see. They say on every occasion that nobody is really signing in.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use url::{Url, form_urlencoded};

use crate::{
    answer,
    authorize_request::{AuthorizationRequest, NoTarget, Prompt, Target},
    device::Outcome,
    end_session::BadLogout,
    endpoint::Endpoint,
    people::Person,
    provider::{Call, lock},
    sign_in::NEWCOMER,
};

/// One button of the account picker.
struct Choice {
    sub: String,
    id: String,
    name: String,
    role: &'static str,
    may: &'static str,
    hinted: bool,
}

#[derive(Template)]
#[template(path = "pick.html")]
struct PickPage<'a> {
    css: String,
    action: String,
    application: String,
    request: String,
    choices: Vec<Choice>,
    newcomer: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage<'a> {
    css: String,
    action: String,
    user_code: &'a str,
    outcome: Option<Outcome>,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "confirm_logout.html")]
struct ConfirmLogoutPage<'a> {
    css: String,
    action: String,
    fields: &'a [(String, String)],
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    css: String,
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    css: String,
    issuer: &'a str,
    device: String,
    choices: Vec<Choice>,
}

/// The account picker.
pub(crate) fn pick(
    call: &Call,
    target: &Target,
    request: &AuthorizationRequest,
    params: &[(String, String)],
) -> Response {
    let origin = origin(&target.redirect_uri);
    let page = PickPage {
        css: css(call),
        action: call.op.path(call.knobs, Endpoint::SignIn),
        request: form_urlencoded::Serializer::new(String::new())
            .extend_pairs(params)
            .finish(),
        choices: choices(call, request.login_hint.as_deref()),
        newcomer: (request.prompt == Prompt::Create).then_some(NEWCOMER),
        application: origin.clone(),
    };
    // Chromium holds redirects after a form to `form-action`, so the client has to be in it.
    show(StatusCode::OK, &page, &origin)
}

/// The page of the device flow.
pub(crate) fn device(call: &Call, user_code: &str, outcome: Option<Outcome>) -> Response {
    let wrong = outcome == Some(Outcome::UnknownCode);
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = DevicePage {
        css: css(call),
        action: call.op.path(call.knobs, Endpoint::Device),
        user_code,
        outcome,
        choices: choices(call, None),
    };
    show(status, &page, "")
}

/// Asks whether to sign out, when nothing proves that a client may decide that.
pub(crate) fn confirm_logout(call: &Call, return_to: Option<&str>) -> Response {
    let fields = match call.request.method.as_str() {
        "POST" => &call.request.form,
        _ => &call.request.query,
    };
    let action = call.op.path(call.knobs, Endpoint::EndSession);
    let page = ConfirmLogoutPage {
        css: css(call),
        action,
        fields,
    };
    show(
        StatusCode::OK,
        &page,
        &return_to.map(origin).unwrap_or_default(),
    )
}

/// The session has ended and there is nowhere to go back to.
pub(crate) fn signed_out(call: &Call) -> Response {
    let text = "Your session at the demo identity provider has ended. You can close this page.";
    message(call, StatusCode::OK, "You are signed out", text)
}

/// Client or address are unknown; nothing is sent there.
pub(crate) fn no_target(call: &Call, reason: &NoTarget) -> Response {
    let text = match reason {
        NoTarget::Client => {
            "The application that sent you here is not registered: its client_id is unknown. \
             Check the client id in the application's configuration."
        }
        NoTarget::RedirectUri => {
            "The application asked to send you to an address that is not registered for it. \
             Its redirect_uri has to match byte for byte; check the application's base URL."
        }
    };
    message(
        call,
        StatusCode::BAD_REQUEST,
        "This sign-in cannot start",
        text,
    )
}

/// The sign-out request is wrong; nobody was signed out.
pub(crate) fn bad_logout(call: &Call, reason: BadLogout) -> Response {
    let text = match reason {
        BadLogout::Hint => "The id_token_hint does not come from this provider, or is too old.",
        BadLogout::Client => "The client_id is unknown or does not fit the id_token_hint.",
        BadLogout::ReturnAddress => {
            "The address to return to is not registered for this application. \
             Its post_logout_redirect_uri has to match byte for byte."
        }
    };
    message(
        call,
        StatusCode::BAD_REQUEST,
        "You were not signed out",
        text,
    )
}

/// A form that came from somewhere else.
pub(crate) fn cross_site(call: &Call) -> Response {
    let text = "This form was sent by another site, so nothing was done. \
                Start again from the application.";
    message(call, StatusCode::FORBIDDEN, "Nothing was done", text)
}

/// No such page.
pub(crate) fn not_found(call: &Call) -> Response {
    let text = "The demo identity provider has no such page. Start again from the application.";
    message(call, StatusCode::NOT_FOUND, "Page not found", text)
}

/// `GET /`: what this is.
pub(crate) fn home(call: &Call) -> Response {
    if !call.op.demo_page {
        return not_found(call);
    }
    let page = HomePage {
        css: css(call),
        issuer: &call.op.issuer,
        device: call.op.path(call.knobs, Endpoint::Device),
        choices: choices(call, None),
    };
    show(StatusCode::OK, &page, "")
}

/// `GET /demo-idp.css`.
pub(crate) fn stylesheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=300"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("../static/demo-idp.css")).into_response()
}

fn message(call: &Call, status: StatusCode, title: &str, text: &str) -> Response {
    show(
        status,
        &MessagePage {
            css: css(call),
            title,
            text,
        },
        "",
    )
}

fn css(call: &Call) -> String {
    call.op.path(call.knobs, Endpoint::Stylesheet)
}

fn choices(call: &Call, login_hint: Option<&str>) -> Vec<Choice> {
    let people = lock(&call.op.people);
    people
        .iter()
        .filter(|p| !p.machine)
        .map(|person| choice(person, login_hint))
        .collect()
}

fn choice(person: &Person, login_hint: Option<&str>) -> Choice {
    let (role, may) = in_words(&person.roles.keys());
    let names = [
        Some(person.preferred_username.as_str()),
        person.email.as_deref(),
    ];
    Choice {
        sub: person.sub.clone(),
        id: format!("pick-{}", person.preferred_username),
        name: person.display_name().to_owned(),
        role,
        may,
        hinted: login_hint.is_some_and(|hint| names.contains(&Some(hint))),
    }
}

/// The strongest role, and what it lets a person do.
fn in_words(roles: &[&str]) -> (&'static str, &'static str) {
    const WORDS: [(&str, &str, &str); 3] = [
        (
            "admin",
            "Administrator",
            "Can vote, read results and run the console",
        ),
        ("staff", "Staff", "Can vote and read results"),
        ("user", "User", "Can vote"),
    ];
    let strongest = WORDS.iter().find(|(key, ..)| roles.contains(key));
    strongest.map_or(
        ("No role", "Is known here, and may not enter"),
        |(_, role, may)| (role, may),
    )
}

/// Scheme, host and port of an address, as `form-action` names them.
fn origin(address: &str) -> String {
    Url::parse(address)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default()
}

/// Renders a page that may run nothing and posts only to itself and `form_target`.
fn show(status: StatusCode, page: &impl Template, form_target: &str) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page of the demo identity provider was not rendered");
            return answer::oauth_error("server_error", "the page could not be shown");
        }
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {form_target}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
