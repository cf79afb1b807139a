//! The browser comes back from the provider: the person sees which program asks, and what for, and
//! lets it in by following a link to it. Nothing is handed over before.

use std::time::Duration;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    AuthorizationServer,
    device::new_session,
    login::LoginRequest,
    scope, session_end,
    store::authorization_codes::{self, NewAuthorizationCode},
};
use crate::{
    db::transaction,
    error::Result,
    oidc::{
        admission::Admission,
        arrival::{failed, refuse},
        browser::Browser,
        callback::Authentication,
        failure::{Failure, Reason},
        provider::Callback,
    },
    page::Page,
    paths::ReturnPath,
    random,
    session::begin_program,
    users::{Role, User},
};

/// How long a code lives: the person reads the page, the program answers at once.
const CODE_LIFE: Duration = Duration::from_mins(5);

/// Asks whether to let a program in.
#[derive(Template, WebTemplate)]
#[template(path = "api/program.html")]
struct ProgramPage {
    page: Page,
    /// The person, as the provider calls them.
    account: String,
    /// What the program may do.
    role: Role,
    /// To the program, with the code.
    allow: Url,
    /// To the program, without one.
    decline: Url,
}

/// `GET /api/auth/v2/callback`, and below it one for each further provider.
///
/// # Errors
/// When the database does not answer.
pub async fn callback(
    page: Page,
    State(server): State<AuthorizationServer>,
    browser: Browser,
    name: Option<Path<String>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let (oidc, query) = (&server.0.oidc, query.unwrap_or_default());
    let name = name.as_ref().map(|Path(name)| name.as_str());
    let nowhere = || Failure::new(Reason::NotACallback, ReturnPath::home());
    let Some(provider) = oidc.of_callback(name) else {
        return Ok(failed(oidc, page, &browser, nowhere()).await);
    };
    let cookie = browser.login_cookie();
    let completed = oidc.complete(provider, Callback::Programs, &query, cookie);
    let mut authentication = match completed.await {
        Ok(authentication) => authentication,
        Err(failure) => return Ok(server.decline(page, &browser, failure).await),
    };
    let Some(request) = LoginRequest::of_path(&authentication.next) else {
        return Ok(failed(oidc, page, &browser, nowhere()).await);
    };
    authentication
        .evidence
        .request_id
        .clone_from(&browser.request_id);
    let evidence = Some(authentication.evidence.clone());
    let admission = oidc.admit(&server.0.users, provider, &mut authentication, evidence);
    match admission.await? {
        Admission::Welcome(user) => {
            let code = server.issue_code(&user, &authentication, &request).await?;
            let page = page.without_person();
            if let Some(code) = code {
                return Ok(server
                    .ask_person(page, &user, &request, &code)
                    .into_response());
            }
            let failure = Failure::new(Reason::SignedOut, authentication.next);
            let failure = failure.after(authentication.evidence);
            Ok(failed(oidc, page, &browser, failure).await)
        }
        Admission::Refused(refusal) => {
            refuse((page, &browser), oidc, provider, authentication, refusal).await
        }
    }
}

impl AuthorizationServer {
    /// The page of a sign-in that failed. A program that wanted nothing to be shown is told that
    /// something has to be.
    async fn decline(&self, page: Page, browser: &Browser, failure: Failure) -> Response {
        let program = LoginRequest::of_path(&failure.next);
        match (&failure.reason, program) {
            (Reason::NeedsInteraction, Some(request)) => {
                let address = request.answer(&self.0.issuer, "error", "login_required");
                Redirect::to(address.as_str()).into_response()
            }
            _ => failed(&self.0.oidc, page, browser, failure).await,
        }
    }

    /// Stores a code, which the person may let the program have; `None` when the provider has
    /// signed them out meanwhile.
    async fn issue_code(
        &self,
        user: &User,
        authentication: &Authentication,
        request: &LoginRequest,
    ) -> Result<Option<String>> {
        let now = self.now();
        let code = self.0.random.token()?;
        let expires_at = now.plus(CODE_LIFE);
        let kind = ("browser", request.scope.clone());
        let session = new_session(user, authentication, kind, expires_at);
        let new = NewAuthorizationCode {
            hash: random::digest(&code),
            redirect_uri: request.redirect_uri.to_string(),
            code_challenge: request.code_challenge.clone(),
            session_ends_at: session_end(now, authentication.ends_at),
            expires_at,
        };
        let random = self.0.random.clone();
        let key = transaction!(self.0.db, |tx| {
            let key = begin_program(tx, session, &random, now).await?;
            authorization_codes::add(tx, new, &key).await?;
            key
        })?;
        let has_ended = self.ended_meanwhile(&key, authentication).await?;
        Ok((!has_ended).then_some(code))
    }

    /// Asks the person whether the program gets the code.
    fn ask_person(
        &self,
        page: Page,
        user: &User,
        request: &LoginRequest,
        code: &str,
    ) -> ProgramPage {
        let limit = scope::limit(request.scope.as_deref());
        let account = user.email.as_ref().unwrap_or(&user.display_name);
        ProgramPage {
            page,
            account: account.clone(),
            role: user.role.min(limit.unwrap_or(Role::Admin)),
            allow: request.answer(&self.0.issuer, "code", code),
            decline: request.answer(&self.0.issuer, "error", "access_denied"),
        }
    }
}
