//! The layer around guarded routes that keeps roles fresh. It runs before the handler, for every
//! method, and never around public pages.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::Method;

use super::{
    Oidc,
    provider::Provider,
    query::{AuthenticateQuery, Prompt},
    refresh::Recheck,
};
use crate::{
    db::detached,
    error::{Error, Result},
    page::wants_json,
    paths::{self, ReturnPath},
    session::Sessions,
    users::{
        User, Users,
        access::{self, SignedIn},
    },
};

/// How long a role is believed beyond the re-check interval while the provider is silent.
const GRACE: Duration = Duration::from_mins(15);

/// How long a silent provider is left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// Asks the provider about a signed-in person whose role was not confirmed for a while. What it
/// says takes effect on this very request.
///
/// When it cannot be asked behind the browser's back, a person who opens a page is sent by way of
/// the provider, which shows nothing (`prompt=none`). Any other request is answered as if nobody
/// were signed in. The session stays until the provider has said something else.
///
/// # Errors
/// 503 when the provider has been silent for too long.
pub async fn keep_roles_fresh(
    State(oidc): State<Oidc>,
    State(users): State<Users>,
    State(sessions): State<Sessions>,
    person: Option<SignedIn>,
    request: Request,
    next: Next,
) -> Result<Response> {
    match person.filter(|person| oidc.is_stale(&person.user)) {
        None => Ok(next.run(request).await),
        // Apart, because it seldom happens and would make every request carry its size.
        Some(person) => {
            Box::pin(keep_role_fresh(
                oidc,
                (users, sessions),
                person,
                request,
                next,
            ))
            .await
        }
    }
}

async fn keep_role_fresh(
    oidc: Oidc,
    (users, sessions): (Users, Sessions),
    person: SignedIn,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let (asking, asked) = (oidc.clone(), person.clone());
    // The provider takes a refresh token only once: the new one must not be lost with a
    // request that is given up.
    let is_settled =
        detached(async move { asking.recheck(&users, &sessions, &asked).await }).await?;
    if is_settled {
        access::forget(request.extensions_mut());
    } else if let Some(provider) = oidc.provider_of(&person.user.issuer) {
        if is_navigation(&request) {
            let link = oidc.silent_check(provider, page_of(&request));
            return Ok(Redirect::to(&link).into_response());
        }
        access::set_aside(request.extensions_mut());
    } else {
        person.session.end().await?;
        access::forget(request.extensions_mut());
    }
    Ok(next.run(request).await)
}

/// Whether a person opens a page, which a redirect can be put in front of.
fn is_navigation(request: &Request) -> bool {
    let mode = request.headers().get("sec-fetch-mode");
    request.method() == Method::GET
        && !wants_json(request.headers())
        && mode.is_none_or(|mode| mode == "navigate")
}

fn page_of(request: &Request) -> ReturnPath {
    let path = request.uri().path_and_query();
    ReturnPath::parse(path.map_or(paths::HOME, |path| path.as_str()))
}

impl Oidc {
    /// Whether the role of `user` counts although the provider is silent.
    #[must_use]
    pub fn is_believed(&self, user: &User) -> bool {
        let since = self.0.clock.now().since(user.role_checked_at);
        since < self.0.recheck.saturating_add(GRACE)
    }

    fn is_stale(&self, user: &User) -> bool {
        self.0.clock.now().since(user.role_checked_at) >= self.0.recheck
    }

    /// The link by which `provider` is asked whether it still knows the person, without showing
    /// anything (OpenID Connect Core, 3.1.2.1), on the way to `next`.
    fn silent_check(&self, provider: &Arc<Provider>, next: ReturnPath) -> String {
        AuthenticateQuery::to(next)
            .at(self.name_in_links(provider))
            .with_prompt(Prompt::None)
            .link()
    }

    /// Asks behind the browser's back; whether that has settled what the person may do.
    async fn recheck(&self, users: &Users, sessions: &Sessions, person: &SignedIn) -> Result<bool> {
        let turn = self.0.recheck_flights.turn(person.user.id);
        let mut silent_since = turn.lock().await;
        let Some(user) = users.find(person.user.id).await? else {
            return Ok(true);
        };
        // Somebody else may have asked while this request waited for its turn.
        if !user.is_active() || !self.is_stale(&user) {
            return Ok(true);
        }
        let now = self.0.clock.now();
        let recheck = match *silent_since {
            Some(silent_since) if now.since(silent_since) < PAUSE => Recheck::NoAnswer,
            _ => {
                let recheck = self.ask_again(&user, sessions, &person.session).await?;
                *silent_since = matches!(recheck, Recheck::NoAnswer).then(|| self.0.clock.now());
                recheck
            }
        };
        match recheck {
            Recheck::Role(role) => {
                let is_another = role.as_ref().is_some_and(|now| now.role != user.role);
                users.confirm_role(user.id, role, now).await?;
                if is_another {
                    sessions.change_id(&person.session).await?;
                }
                Ok(true)
            }
            // With a browser the provider may still answer.
            Recheck::SignInAgain | Recheck::Refused => Ok(false),
            Recheck::NoAnswer if !self.is_believed(&user) => Err(Error::unavailable(
                "the role could not be confirmed for too long",
            )),
            Recheck::NoAnswer => Ok(true),
        }
    }
}
