//! Polls in the console.
//!
//! [`list`] finds them, [`bulk`] does something to several, and `export` writes them into a file. [`edit`] writes one before it opens: [`form`] holds the fields as typed,
//! [`rows`] its choices, [`reading`] says what they mean and [`conflict`] what somebody else has
//! changed meanwhile. Afterwards [`facts`] shows it and [`amend`] changes the little that may
//! still change; both say what comes [`next`]. [`steps`] asks before a poll opens, closes or is put away and says in
//! [`consequences`] what that means; [`preview`] shows what a voter will see. [`voters`] are
//! the lists of voters; [`copy`], [`delete`] and [`qr`] do what they say.

pub mod amend;
pub mod bulk;
pub mod conflict;
pub mod consequences;
pub mod copy;
pub mod delete;
pub mod edit;
mod export;
pub mod facts;
pub mod form;
pub mod list;
pub mod next;
mod percent;
pub mod preview;
pub mod qr;
pub mod reading;
pub mod rows;
pub mod steps;
pub mod voters;

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::path;
use crate::{
    error::{Error, Result},
    polls::{Poll, PollId, Polls},
};

/// The poll that the path names by `{id}`, in whatever state. Take it after the
/// [`super::Editor`]: who may not be here is not told whether there is such a poll.
#[derive(Clone, Debug)]
pub struct Found(pub Arc<Poll>);

impl<S> FromRequestParts<S> for Found
where
    S: Send + Sync,
    Polls: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let key = path::key(parts, state).await?;
        let poll = Polls::from_ref(state).find(PollId(key)).await?;
        poll.map(Self).ok_or(Error::NotFound)
    }
}
