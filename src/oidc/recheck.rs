//! The layer around guarded routes that keeps roles fresh. It runs before the handler, for every
//! method, and never around public pages.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{Oidc, refresh::Recheck};
use crate::{
    db::detached,
    error::{Error, Result},
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
/// # Errors
/// 503 when the provider has been silent for too long.
pub async fn keep_roles_fresh(
    State(oidc): State<Oidc>,
    State(users): State<Users>,
    State(sessions): State<Sessions>,
    person: Option<SignedIn>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    if let Some(person) = person
        && oidc.is_stale(&person.user)
    {
        // The provider takes a refresh token only once: the new one must not be lost with a
        // request that is given up.
        detached(async move { oidc.recheck(&users, &sessions, &person).await }).await?;
        access::forget(request.extensions_mut());
    }
    Ok(next.run(request).await)
}

impl Oidc {
    fn is_stale(&self, user: &User) -> bool {
        self.0.clock.now().since(user.role_checked_at) >= self.0.recheck
    }

    async fn recheck(&self, users: &Users, sessions: &Sessions, person: &SignedIn) -> Result<()> {
        let turn = self.0.recheck_flights.turn(person.user.id);
        let mut silent_since = turn.lock().await;
        let Some(user) = users.find(person.user.id).await? else {
            return Ok(());
        };
        // Somebody else may have asked while this request waited for its turn.
        if !user.is_active() || !self.is_stale(&user) {
            return Ok(());
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
                Ok(())
            }
            Recheck::SignInAgain => person.session.end().await,
            Recheck::NoAnswer
                if now.since(user.role_checked_at) >= self.0.recheck.saturating_add(GRACE) =>
            {
                Err(Error::unavailable(
                    "the role could not be confirmed for too long",
                ))
            }
            Recheck::NoAnswer => Ok(()),
        }
    }
}
