//! People in the console. Their names and roles are managed at the provider and only shown here.
//!
//! [`list`] finds them, [`bulk`] does something to several, and [`detail`] shows one, with the sessions, which can be ended there.
//! [`tokens`] ends what they have made for programs. [`activation`] deactivates somebody or activates
//! them again, [`everybody`] ends all sessions, [`erasure`] forgets somebody's names; all ask first,
//! on the same [`confirmation`]. [`merging`] joins two identities.

pub mod activation;
pub mod bulk;
pub mod confirmation;
pub mod detail;
pub mod erasure;
pub mod everybody;
pub mod list;
pub mod merging;
pub mod tokens;

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::path;
use crate::{
    error::{Error, Result},
    users::{User, UserId, Users},
};

/// The person whom the path names by `{id}`. Take it after the [`super::Editor`]: who may not be
/// here is not told whether there is such a person.
#[derive(Clone, Debug)]
pub struct Found(pub Arc<User>);

impl<S> FromRequestParts<S> for Found
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let key = path::key(parts, state).await?;
        let user = Users::from_ref(state).find(UserId(key)).await?;
        user.map(Self).ok_or(Error::NotFound)
    }
}
