//! The console, where admins run polls and people.
//!
//! - [`index`] is the overview; [`polls`] and [`users`] are lists, which share [`list`];
//! - [`poll_edit`] writes a poll before it opens, through the form in [`poll_form`]; afterwards
//!   [`poll_facts`] shows it and [`poll_amend`] changes the little that may still change;
//! - [`steps`] asks before a poll opens, closes or is put away; [`preview`] shows what a voter
//!   will see;
//! - [`local_time`] reads typed times, [`complaints`] and [`words`] say what is wrong with them.
//!
//! HTTP edge: no SQL. Every handler takes an [`Editor`] or an `Admin`.

pub mod complaints;
pub mod index;
pub mod list;
pub mod local_time;
pub mod poll_amend;
pub mod poll_edit;
pub mod poll_facts;
pub mod poll_form;
pub mod polls;
pub mod preview;
pub mod steps;
pub mod users;
pub mod words;

use std::collections::HashMap;

use axum::extract::{FromRef, FromRequestParts, Path};
use http::request::Parts;

use crate::{
    audit::Actor,
    error::{Error, Result},
    page::RequestId,
    polls::{Poll, PollId, Polls},
    session::Session,
    users::{Users, access::Admin},
};

/// An admin at work: the browser's session, and the name that goes into the history.
#[derive(Clone, Debug)]
pub struct Editor {
    /// This browser's session.
    pub session: Session,
    /// The admin, as the history will name them.
    pub actor: Actor,
}

impl<S> FromRequestParts<S> for Editor
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Admin(admin) = Admin::from_request_parts(parts, state).await?;
        let request_id = parts.extensions.get().map(|RequestId(id)| id.clone());
        Ok(Self {
            actor: Actor::Person {
                id: admin.user.id.0,
                name: admin.user.name().to_owned(),
                role: admin.user.role.as_str(),
                request_id: request_id.unwrap_or_default(),
            },
            session: admin.session,
        })
    }
}

/// The poll that the path names by `{id}`, in whatever state. Take it after the [`Editor`]: who
/// may not be here is not told whether there is such a poll.
#[derive(Clone, Debug)]
pub struct Found(pub Poll);

impl<S> FromRequestParts<S> for Found
where
    S: Send + Sync,
    Polls: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let id = path_part(parts, state, "id").await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let poll = Polls::from_ref(state).find(PollId(id)).await?;
        poll.map(Self).ok_or(Error::NotFound)
    }
}

/// A named part of the path.
async fn path_part<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<String> {
    let named = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
    let Path(mut named) = named.map_err(|_| Error::NotFound)?;
    named.remove(name).ok_or(Error::NotFound)
}
