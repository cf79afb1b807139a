//! Pages of sign-in.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{
    Oidc,
    browser::Browser,
    callback::Authentication,
    choice::ChoicePage,
    failure::{Failure, Reason},
    provider::Provider,
    query::{AuthenticateQuery, Prompt},
    refusal::Refusal,
};
use crate::{
    clock::Timestamp,
    error::Result,
    page::Page,
    paths::ReturnPath,
    session::NewSession,
    users::{Identity, Profile, SignIn, Users},
};

/// A sign-in that failed.
#[derive(Template, WebTemplate)]
#[template(path = "oidc/failed.html")]
struct FailedPage {
    page: Page,
    failure: Failure,
    request_id: String,
}

/// Somebody whom the provider knows and who has no role here.
#[derive(Template, WebTemplate)]
#[template(path = "oidc/refused.html")]
struct RefusedPage {
    page: Page,
    /// The account that was used.
    account: String,
    refusal: Refusal,
    /// Whether the account was made just now.
    signed_up: bool,
    /// The project whose roles count.
    project: Option<String>,
    /// To sign in as somebody else.
    other_account: String,
    /// To end the session at the provider.
    provider_sign_out: Option<String>,
    request_id: String,
}

/// `GET /oidc/authenticate/`: sends the browser to the provider; asks to which, where there are
/// several and none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn authenticate(
    page: Page,
    State(oidc): State<Oidc>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = AuthenticateQuery::parse(&query.unwrap_or_default());
    let Some(provider) = oidc.chosen(&query) else {
        return Ok(ChoicePage::new(page, &oidc, &query).into_response());
    };
    let cookie = browser.login_cookie().map(str::to_owned);
    Ok(match oidc.begin(provider, query, cookie).await {
        Ok(request) => (
            browser.set_login_cookie(request.browser)?,
            Redirect::to(request.url.as_str()),
        )
            .into_response(),
        Err(failure) => failed(page, &browser, failure),
    })
}

/// `GET /oidc/callback/`, and below it one for each further provider: the browser comes back.
///
/// # Errors
/// When the database does not answer.
pub async fn callback(
    page: Page,
    State(oidc): State<Oidc>,
    State(users): State<Users>,
    browser: Browser,
    name: Option<Path<String>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let Some(provider) = oidc.of_callback(name.as_ref().map(|Path(name)| name.as_str())) else {
        let nowhere = Failure::new(Reason::NotACallback, ReturnPath::home());
        return Ok(failed(page, &browser, nowhere));
    };
    let completed = oidc
        .complete(provider, &query, browser.login_cookie())
        .await;
    let name = oidc.name_in_links(provider);
    match completed.map_err(|failure| failure.at(name.clone())) {
        Ok(authentication) => {
            let frame = (page, &browser);
            receive(frame, &oidc, &users, provider, authentication).await
        }
        Err(failure)
            if browser.person.is_some() && failure.reason.is_no_matter_when_signed_in() =>
        {
            Ok(Redirect::to(failure.next.as_str()).into_response())
        }
        Err(failure) => Ok(failed(page, &browser, failure)),
    }
}

/// Begins the session, or says why there is none; then an earlier one in this browser ends, too.
async fn receive(
    (page, browser): (Page, &Browser),
    oidc: &Oidc,
    users: &Users,
    provider: &Provider,
    authentication: Authentication,
) -> Result<Response> {
    let now = oidc.0.clock.now();
    let (identity, profile) = (authentication.identity, authentication.profile);
    let account = account(&profile, &identity.subject);
    let refused = provider.refuses(users, &identity, &profile).await?;
    let signed_in = match refused {
        Some(refusal) => Err(refusal),
        None => users
            .sign_in(identity.clone(), profile, authentication.role, now)
            .await
            .map(Ok)?,
    };
    let refusal = match signed_in {
        Ok(SignIn::Welcome(user)) => {
            tracing::info!(user = %user.id, role = user.role.as_str(), "signed in");
            let session = NewSession {
                user: user.id.0,
                issuer: identity.issuer,
                subject: identity.subject,
                sid: authentication.sid,
                ends_at: authentication.ends_at,
                tokens: authentication.tokens,
                user_agent: browser.user_agent.clone(),
            };
            let next = authentication.next;
            if begin(oidc, browser, session, authentication.begun_at).await? {
                return Ok(Redirect::to(next.as_str()).into_response());
            }
            let failure = Failure::new(Reason::SignedOut, next).at(oidc.name_in_links(provider));
            return Ok(failed(page.without_person(), browser, failure));
        }
        Ok(SignIn::NoRole) => Refusal::NoRole,
        Ok(SignIn::Deactivated) => Refusal::Deactivated,
        Err(refusal) => refusal,
    };
    tracing::info!(code = refusal.code(), "sign-in refused");
    if browser.session.is_claimed() {
        browser.session.end().await?;
    }
    let page = RefusedPage {
        page: page.without_person(),
        account,
        refusal,
        signed_up: authentication.prompt == Some(Prompt::Create),
        project: provider.config.project.clone(),
        other_account: AuthenticateQuery::to(authentication.next)
            .at(oidc.name_in_links(provider))
            .with_prompt(Prompt::SelectAccount)
            .link(),
        provider_sign_out: provider.sign_out_address().map(String::from),
        request_id: browser.request_id.clone(),
    };
    Ok((StatusCode::FORBIDDEN, page).into_response())
}

/// Begins the session, unless the provider has ended it while the sign-in was on its way. That is
/// asked once the session is there: a logout token that comes now finds it.
async fn begin(
    oidc: &Oidc,
    browser: &Browser,
    session: NewSession,
    begun_at: Timestamp,
) -> Result<bool> {
    let identity = Identity {
        issuer: session.issuer.clone(),
        subject: session.subject.clone(),
    };
    let (sid, now) = (session.sid.clone(), oidc.0.clock.now());
    browser.session.begin(session, &oidc.0.random, now).await?;
    let has_ended = oidc.0.logout_tokens.has_ended(identity, sid, begun_at);
    if has_ended.await? {
        browser.session.end().await?;
        return Ok(false);
    }
    Ok(true)
}

/// What a person knows their account by.
fn account(profile: &Profile, subject: &str) -> String {
    let labels = [
        profile.email.as_deref().unwrap_or_default(),
        &profile.preferred_username,
        &profile.display_name,
    ];
    let label = labels.into_iter().find(|label| !label.is_empty());
    label.unwrap_or(subject).to_owned()
}

/// The page of a failed sign-in.
fn failed(page: Page, browser: &Browser, failure: Failure) -> Response {
    let code = failure.reason.code();
    match failure.reason {
        Reason::Ours(error) => return error.into_response(),
        Reason::NeedsInteraction => {
            return Redirect::to(&failure.again()).into_response();
        }
        Reason::Sealed => tracing::warn!(
            %code,
            "sign-in failed: do all instances share one key file, and is it the old one?"
        ),
        Reason::IdToken(_) | Reason::Client | Reason::OtherProvider => {
            tracing::warn!(%code, "sign-in failed");
        }
        _ => tracing::info!(%code, "sign-in failed"),
    }
    let status = failure.reason.status();
    let mut response = (
        status,
        FailedPage {
            page,
            failure,
            request_id: browser.request_id.clone(),
        },
    )
        .into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// `GET /login`: shorthand for `/oidc/authenticate/`.
pub async fn login(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&AuthenticateQuery::parse(&query.unwrap_or_default()).link())
}

/// `GET /signup`: a new account at the provider.
pub async fn sign_up(RawQuery(query): RawQuery) -> Redirect {
    let query = AuthenticateQuery::parse(&query.unwrap_or_default());
    Redirect::to(&query.with_prompt(Prompt::Create).link())
}
