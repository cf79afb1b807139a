//! The console, where admins run polls and people.
//!
//! - [`index`] is the overview;
//! - [`polls`] runs polls: the list, the form, and the steps of a poll's life;
//! - [`users`] lists the people, ends their sessions and deactivates them;
//! - [`sessions`] lists who is signed in;
//! - `audit` tells who changed what;
//! - `system` tells the state of the installation, [`backups`] how its backups stand;
//! - [`sign_ins`] tells what happened at each sign-in;
//! - they share [`path`] (what an address names), [`list`] (search, filters, pages), [`bulk`]
//!   (several rows at once),
//!   [`local_time`] (times as people type them),
//!   [`complaints`] (what is wrong with a form) and [`words`] (how that is said).
//!
//! HTTP edge: no SQL. Every handler takes an [`Editor`] or an `Admin`.

pub mod audit;
pub mod backups;
pub mod bulk;
pub mod complaints;
pub mod index;
pub mod local_time;
pub mod path;
pub mod polls;
pub mod sessions;
pub mod sign_ins;
pub mod system;
pub mod users;
pub mod words;

pub use crate::list;

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{Uri, request::Parts};

use crate::{
    audit::Actor,
    error::{Error, Result},
    language::Message,
    list::Query,
    page::RequestId,
    paths::{self, ReturnPath},
    polls::PollId,
    session::Session,
    unsent,
    users::{
        User, UserId, Users,
        access::{Admin, parent},
    },
};

/// From an address that takes a form only to the page above it, for whoever reloads it.
pub async fn back(_admin: Admin, address: Uri) -> Redirect {
    Redirect::to(parent(address.path()))
}

/// An admin at work.
#[derive(Clone, Debug)]
pub struct Editor {
    /// This browser's session.
    pub session: Session,
    /// The admin.
    pub user: Arc<User>,
    /// The admin, as the history will name them.
    pub actor: Actor,
    /// The list that the admin came from and goes back to.
    pub list: Query,
    /// What forms of this page are called, so that one which is sent twice counts once: the number
    /// of the request for the page.
    pub form_key: String,
}

impl Editor {
    /// The address of a poll's page, from where the way leads back to the list.
    #[must_use]
    pub fn to_poll(&self, id: PollId) -> String {
        self.list.carried_to(&paths::with_id(paths::ADMIN_POLL, id))
    }

    /// The address of a person's page, from where the way leads back to the list.
    #[must_use]
    pub fn to_user(&self, id: UserId) -> String {
        self.list.carried_to(&paths::with_id(paths::ADMIN_USER, id))
    }

    /// Leaves a message that something was done, for the next page.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell(&self, text: impl Into<Message>) -> Result<()> {
        self.session.flash("success", text).await
    }

    /// Leaves a message that something was not done, for the next page.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn warn(&self, text: impl Into<Message>) -> Result<()> {
        self.session.flash("error", text).await
    }
}

/// An [`Editor`] who sends a form that is worth keeping: when it comes after its session, what was
/// typed is found again at the same address ([`crate::unsent`]).
#[derive(Clone, Debug)]
pub struct Writer(pub Editor);

impl<S> FromRequestParts<S> for Writer
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let found = Editor::from_request_parts(parts, state).await;
        let is_late = unsent::author_of_late_form(&parts.extensions).is_some();
        let address = parts.uri.path_and_query().map_or("", |path| path.as_str());
        match found {
            Ok(_) if is_late => Err(unsent::refused(Redirect::to(address))),
            Ok(editor) => Ok(Self(editor)),
            Err(Error::SignInRequired { .. }) => {
                let next = ReturnPath::parse(address);
                Err(unsent::refused(Error::SignInRequired { next }))
            }
            Err(error) => Err(error.into_response()),
        }
    }
}

impl<S> FromRequestParts<S> for Editor
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Admin(admin) = Admin::from_request_parts(parts, state).await?;
        let request_id = RequestId::of(&parts.extensions);
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            list: Query::parse(query).carried(),
            form_key: request_id.clone(),
            actor: admin.user.actor(admin.user.role, request_id),
            session: admin.session,
            user: admin.user,
        })
    }
}
