//! The end of a sign-in: the session begins, or a page says why there is none; either way the
//! attempt is noted.

use askama::Template;
use askama_web::WebTemplate;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use super::{
    Oidc,
    admission::Admission,
    browser::Browser,
    callback::Authentication,
    failure::{Failure, Reason},
    provider::Provider,
    query::{AuthenticateQuery, Prompt},
    refusal::Refusal,
};
use crate::{
    attempts::{self, Attempt},
    clock::Timestamp,
    error::Result,
    language::{Locale, Message},
    metrics,
    page::Page,
    paths::ReturnPath,
    session::NewSession,
    telemetry::origin,
    users::{Identity, Profile, Role, User, Users, access::SignedIn},
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
    /// A stable name of the reason.
    code: &'static str,
    request_id: String,
}

/// Begins the session, or says why there is none; then an earlier one in this browser ends, too.
/// After a silent check the session that is there goes on.
pub(super) async fn receive(
    (page, browser): (Page, &Browser),
    oidc: &Oidc,
    users: &Users,
    provider: &Provider,
    mut authentication: Authentication,
) -> Result<Response> {
    let is_silent = authentication.prompt == Some(Prompt::None);
    let checked = browser.person.as_ref().filter(|_| is_silent);
    if checked.is_some_and(|person| !is_same(&person.user, &authentication.identity)) {
        // The provider knows somebody else in this browser by now, and the person should see that.
        let link = other_account(oidc, provider, authentication.next);
        return Ok(Redirect::to(&link).into_response());
    }
    let evidence = &mut authentication.evidence;
    evidence.request_id.clone_from(&browser.request_id);
    // A role that is confirmed is no sign-in to keep.
    let is_confirmed = checked.is_some() && authentication.role.is_some();
    let evidence = (!is_confirmed).then(|| evidence.clone());
    let admission = oidc.admit(users, provider, &mut authentication, evidence);
    match admission.await? {
        Admission::Welcome(user) => {
            let next = authentication.next.clone();
            let evidence = authentication.evidence.clone();
            if begin(oidc, browser, checked, *user, authentication).await? {
                return Ok(Redirect::to(next.as_str()).into_response());
            }
            let failure = Failure::new(Reason::SignedOut, next).after(evidence);
            let failure = failure.at(oidc.name_in_links(provider));
            Ok(failed(oidc, page.without_person(), browser, failure).await)
        }
        Admission::Refused(refusal) => {
            refuse((page, browser), oidc, provider, authentication, refusal).await
        }
    }
}

fn is_same(user: &User, identity: &Identity) -> bool {
    user.issuer == identity.issuer && user.subject == identity.subject
}

fn other_account(oidc: &Oidc, provider: &Provider, next: ReturnPath) -> String {
    AuthenticateQuery::to(next)
        .at(oidc.name_in_links(provider))
        .with_prompt(Prompt::SelectAccount)
        .link()
}

/// Begins the session, or lets the `checked` one go on, unless the provider has ended it while the
/// sign-in was on its way. That is asked once the session is there: a logout token that comes now
/// finds it.
async fn begin(
    oidc: &Oidc,
    browser: &Browser,
    checked: Option<&SignedIn>,
    user: User,
    authentication: Authentication,
) -> Result<bool> {
    let (sid, now) = (authentication.sid, oidc.0.clock.now());
    let (id, role, sub_hash) = (user.id, user.role, user.sub_hash());
    let is_there = match checked {
        Some(person) => {
            let sealed = authentication.tokens.clone();
            go_on(
                oidc,
                person,
                user.role,
                sid.clone(),
                sealed,
                authentication.ends_at,
            )
            .await?
        }
        None => false,
    };
    if !is_there {
        let session = NewSession {
            user: user.id.0,
            issuer: user.issuer,
            subject: user.subject,
            sid: sid.clone(),
            ends_at: authentication.ends_at,
            tokens: authentication.tokens,
            user_agent: browser.user_agent.clone(),
        };
        browser.session.begin(session, &oidc.0.vault, now).await?;
    }
    let (identity, begun_at) = (authentication.identity, authentication.begun_at);
    let has_ended = oidc.has_ended_meanwhile(identity, sid, begun_at);
    if has_ended.await? {
        browser.session.end().await?;
        return Ok(false);
    }
    if !is_there {
        let ip = origin::ip();
        tracing::info!(user = %id, sub_hash, ip, role = role.as_str(), "signed in");
    }
    Ok(true)
}

/// Lets a session go on with new tokens; `false` when it has ended meanwhile.
async fn go_on(
    oidc: &Oidc,
    person: &SignedIn,
    role: Role,
    sid: Option<String>,
    sealed: String,
    ends_at: Option<Timestamp>,
) -> Result<bool> {
    let sessions = &oidc.0.sessions;
    let renewed = sessions.renew(&person.session, sid, sealed, ends_at);
    let is_there = renewed.await?;
    if is_there && person.user.role != role {
        sessions.change_id(&person.session).await?;
    }
    Ok(is_there)
}

/// The page for somebody who is not let in.
///
/// # Errors
/// When the database does not answer.
pub async fn refuse(
    (page, browser): (Page, &Browser),
    oidc: &Oidc,
    provider: &Provider,
    authentication: Authentication,
    refusal: Refusal,
) -> Result<Response> {
    let code = oidc.log_refusal(refusal, &authentication).await;
    if browser.session.is_claimed() {
        browser.session.end().await?;
    }
    let page = RefusedPage {
        page: page.without_person(),
        account: account(&authentication.profile, &authentication.identity.subject),
        refusal,
        signed_up: authentication.prompt == Some(Prompt::Create),
        project: provider.config.project.clone(),
        other_account: other_account(oidc, provider, authentication.next),
        provider_sign_out: provider.sign_out_address().map(String::from),
        code,
        request_id: browser.request_id.clone(),
    };
    Ok((StatusCode::FORBIDDEN, page).into_response())
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
pub async fn failed(oidc: &Oidc, page: Page, browser: &Browser, mut failure: Failure) -> Response {
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

/// The likely cause in words, for the log.
fn cause(code: &str) -> String {
    let cause = attempts::likely_cause(code).map(Message::new);
    Locale::default().t(cause.unwrap_or_default()).plain()
}

impl Oidc {
    /// Says in the log why somebody was refused, and when many were whom the site knows. Returns the
    /// stable name of the reason.
    pub async fn log_refusal(
        &self,
        refusal: Refusal,
        authentication: &Authentication,
    ) -> &'static str {
        let Authentication {
            identity, evidence, ..
        } = authentication;
        let code = match refusal {
            Refusal::NoRole => evidence.no_role(),
            other => other.code(),
        };
        tracing::info!(
            code,
            sub_hash = origin::sub_hash(&identity.issuer, &identity.subject),
            ip = origin::ip(),
            id_token = %evidence.id_token,
            userinfo = %evidence.userinfo,
            unmapped_roles = %evidence.unmapped_roles,
            cause = cause(code),
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
        code
    }

    /// Writes a failed sign-in to the log and to the attempts. That it could not be noted is no
    /// reason to show another page.
    pub async fn note_failure(&self, failure: &Failure) {
        let code = failure.reason.code();
        let (cause, ip) = (cause(&code), origin::ip());
        if failure.reason.is_for_the_operator() {
            tracing::warn!(%code, ip, cause, "sign-in failed");
        } else {
            tracing::info!(%code, ip, cause, "sign-in failed");
        }
        metrics::sign_in(match failure.reason.status() {
            StatusCode::SERVICE_UNAVAILABLE => metrics::SignIn::Unavailable,
            _ => metrics::SignIn::Failed,
        });
        let attempt = Attempt::failed(failure.evidence.clone(), code);
        let recorded = attempts::record(&self.0.db, attempt, self.0.clock.now());
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "the attempt could not be noted");
        }
    }
}
