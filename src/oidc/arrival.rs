//! The end of a sign-in: the session begins, or a page says why there is none; either way the
//! attempt is noted.

use askama::Template;
use askama_web::WebTemplate;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use super::{
    Oidc,
    browser::Browser,
    callback::Authentication,
    failure::{Failure, Reason},
    provider::Provider,
    query::{AuthenticateQuery, Prompt},
};
use crate::{
    attempts::{self, Attempt, Evidence},
    clock::Timestamp,
    error::Result,
    page::Page,
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
    /// Whether an admin has turned the person away; else it is the role that is missing.
    deactivated: bool,
    /// Whether the account was made just now.
    signed_up: bool,
    /// The project whose roles count.
    project: Option<String>,
    /// To sign in as somebody else.
    other_account: String,
    /// To end the session at the provider.
    provider_sign_out: Option<String>,
    /// A stable name of the reason.
    code: &'static str,
    request_id: String,
}

/// Begins the session, or says why there is none; then an earlier one in this browser ends, too.
pub(super) async fn receive(
    (page, browser): (Page, &Browser),
    oidc: &Oidc,
    users: &Users,
    provider: &Provider,
    authentication: Authentication,
) -> Result<Response> {
    let now = oidc.0.clock.now();
    let (identity, profile) = (authentication.identity, authentication.profile);
    let account = account(&profile, &identity.subject);
    let mut evidence = authentication.evidence;
    evidence.request_id.clone_from(&browser.request_id);
    let deactivated = match users
        .sign_in(
            identity.clone(),
            profile,
            authentication.role,
            Some(evidence.clone()),
            now,
        )
        .await?
    {
        SignIn::Welcome(user) => {
            tracing::info!(user = %user.id, role = user.role.as_str(), "signed in");
            let session = NewSession {
                user: user.id.0,
                issuer: identity.issuer,
                subject: identity.subject,
                sid: authentication.sid,
                tokens: authentication.tokens,
                user_agent: browser.user_agent.clone(),
            };
            let next = authentication.next;
            if begin(oidc, browser, session, authentication.begun_at).await? {
                return Ok(Redirect::to(next.as_str()).into_response());
            }
            let failure = Failure::new(Reason::SignedOut, next).after(evidence);
            let failure = failure.at(oidc.name_in_links(provider));
            return Ok(failed(oidc, page.without_person(), browser, failure).await);
        }
        SignIn::NoRole => false,
        SignIn::Deactivated => true,
    };
    let code = evidence.refusal(deactivated);
    oidc.log_refusal(code, &evidence).await;
    if browser.session.is_claimed() {
        browser.session.end().await?;
    }
    let page = RefusedPage {
        page: page.without_person(),
        account,
        deactivated,
        signed_up: authentication.prompt == Some(Prompt::Create),
        project: provider.config.project.clone(),
        other_account: AuthenticateQuery::to(authentication.next)
            .at(oidc.name_in_links(provider))
            .with_prompt(Prompt::SelectAccount)
            .link(),
        provider_sign_out: provider.sign_out_address().map(String::from),
        code,
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
pub(super) async fn failed(
    oidc: &Oidc,
    page: Page,
    browser: &Browser,
    mut failure: Failure,
) -> Response {
    match failure.reason {
        Reason::Ours(error) => return error.into_response(),
        Reason::NeedsInteraction => return Redirect::to(&failure.again()).into_response(),
        _ => {}
    }
    failure.evidence.request_id.clone_from(&browser.request_id);
    oidc.note_failure(&failure).await;
    let status = failure.reason.status();
    let page = FailedPage {
        page,
        failure,
        request_id: browser.request_id.clone(),
    };
    let mut response = (status, page).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

impl Oidc {
    /// Says in the log why somebody was refused, and when many were whom the site knows.
    async fn log_refusal(&self, code: &str, evidence: &Evidence) {
        tracing::info!(
            code,
            id_token = %evidence.id_token,
            userinfo = %evidence.userinfo,
            unmapped_roles = %evidence.unmapped_roles,
            cause = attempts::likely_cause(code).unwrap_or_default(),
            "sign-in refused"
        );
        match attempts::role_claim_is_missing(&self.0.db).await {
            Ok(true) => tracing::warn!(
                "the last people who signed in came without any role claim and were refused: is \
                 the provider still sending it?"
            ),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the attempts could not be read"),
        }
    }

    /// Writes a failed sign-in to the log and to the attempts. That it could not be noted is no
    /// reason to show another page.
    async fn note_failure(&self, failure: &Failure) {
        let code = failure.reason.code();
        let cause = attempts::likely_cause(&code).unwrap_or_default();
        if failure.reason.is_for_the_operator() {
            tracing::warn!(%code, cause, "sign-in failed");
        } else {
            tracing::info!(%code, cause, "sign-in failed");
        }
        let attempt = Attempt::failed(failure.evidence.clone(), code);
        let recorded = attempts::record(&self.0.db, attempt, self.0.clock.now());
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "the attempt could not be noted");
        }
    }
}
