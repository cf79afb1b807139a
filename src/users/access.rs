//! Who may open what: the argument type of a handler is its access level.
//!
//! [`SignedIn`], [`Staff`] and [`Admin`] refuse everybody else before the handler runs;
//! `Option<SignedIn>` is for pages that greet anonymous people as well.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use http::{Method, request::Parts};

use super::{Role, User, UserId, Users};
use crate::{
    error::{Error, Result},
    paths::ReturnPath,
    session::Session,
    telemetry::origin,
};

/// A signed-in, active person and the session of this browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person, as the database knows them now.
    pub user: Arc<User>,
    /// This browser's session.
    pub session: Session,
}

/// A [`SignedIn`] person with the role staff or admin.
#[derive(Clone, Debug)]
pub struct Staff(pub SignedIn);

/// A [`SignedIn`] person with the role admin.
#[derive(Clone, Debug)]
pub struct Admin(pub SignedIn);

/// The look-up's result, kept with the request so that it is made once.
#[derive(Clone)]
struct Current(Option<SignedIn>);

/// Forgets the look-up's result, so that whoever asks next sees what has changed since.
pub fn forget(extensions: &mut http::Extensions) {
    extensions.remove::<Current>();
}

/// Answers this request as if nobody were signed in, and leaves the session alone.
pub fn set_aside(extensions: &mut http::Extensions) {
    extensions.insert(Current(None));
}

/// Finds the signed-in person. A session whose user is gone or inactive is ended.
async fn current<S>(parts: &mut Parts, state: &S) -> Result<Option<SignedIn>>
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    if let Some(Current(known)) = parts.extensions.get() {
        return Ok(known.clone());
    }
    let found = look_up(parts, &Users::from_ref(state)).await?;
    parts.extensions.insert(Current(found.clone()));
    Ok(found)
}

async fn look_up(parts: &Parts, users: &Users) -> Result<Option<SignedIn>> {
    let session = Session::from_extensions(&parts.extensions)?;
    if !session.is_claimed() {
        return Ok(None);
    }
    let Some(id) = session.user().await? else {
        return Ok(None);
    };
    match users.find(UserId(id)).await? {
        Some(user) if user.is_active() => Ok(Some(SignedIn { user, session })),
        _ => {
            session.end().await?;
            Ok(None)
        }
    }
}

impl<S> OptionalFromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>> {
        current(parts, state).await
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let found = current(parts, state).await?;
        found.ok_or_else(|| Error::SignInRequired {
            next: page_to_return_to(parts),
        })
    }
}

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        require(parts, state, Role::Staff, "needed-staff")
            .await
            .map(Self)
    }
}

impl<S> FromRequestParts<S> for Admin
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        require(parts, state, Role::Admin, "needed-admin")
            .await
            .map(Self)
    }
}

async fn require<S>(
    parts: &mut Parts,
    state: &S,
    role: Role,
    needed: &'static str,
) -> Result<SignedIn>
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    let person = <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
    if person.user.role >= role {
        return Ok(person);
    }
    tracing::info!(
        user = %person.user.id,
        sub_hash = person.user.sub_hash(),
        ip = origin::ip(),
        needed = role.as_str(),
        "access denied"
    );
    Err(Error::Forbidden { needed })
}

/// The page to come back to after sign-in: this one when it was asked for; the one above it when
/// a form was posted, because its address takes no `GET`.
fn page_to_return_to(parts: &Parts) -> ReturnPath {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return ReturnPath::parse(parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    }
    ReturnPath::parse(parent(parts.uri.path()))
}

/// `/polls/1/` for `/polls/1/vote/`.
pub(crate) fn parent(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    trimmed
        .rfind('/')
        .and_then(|slash| trimmed.get(..=slash))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::parent;

    #[test]
    fn the_page_above_a_form_action_is_its_parent() {
        assert_eq!(parent("/polls/1/vote/"), "/polls/1/");
        assert_eq!(parent("/"), "/");
    }
}
