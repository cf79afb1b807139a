//! Who reads the results of which poll, and what may be read of it now.

use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse as _, Redirect, Response},
};
use http::request::Parts;

use crate::{
    audit::Actor,
    clock::{Clock, Timestamp},
    error::{Error, Result},
    page::RequestId,
    paths,
    polls::{Listed, Poll, PollId, Polls, Results, ResultsView, State},
    users::{Users, access::Staff},
};

/// A member of staff before a published poll.
pub struct Reader {
    pub(super) listed: Listed,
    pub(super) now: Timestamp,
    /// The reader, as the history will name them.
    pub(super) actor: Actor,
}

impl<S> FromRequestParts<S> for Reader
where
    S: Send + Sync,
    Users: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Error;

    /// 404 when the poll is not published, 410 when it was archived.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Staff(person) = Staff::from_request_parts(parts, state).await?;
        let id = PollId::from_request_parts(parts, state).await?;
        let now = Clock::from_ref(state).now();
        let found = Polls::from_ref(state).find_for(id, person.user.id).await?;
        let listed = found.ok_or(Error::NotFound)?;
        if !listed.poll.is_published(now) {
            return Err(Error::NotFound);
        }
        if listed.poll.state(now) == State::Archived {
            return Err(Error::Gone);
        }
        let request_id = parts.extensions.get().map(|RequestId(id)| id.clone());
        Ok(Self {
            listed,
            now,
            actor: Actor::Person {
                id: person.user.id.0,
                name: person.user.name().to_owned(),
                role: person.user.role.as_str(),
                request_id: request_id.unwrap_or_default(),
            },
        })
    }
}

impl Reader {
    pub(super) fn poll(&self) -> &Poll {
        &self.listed.poll
    }

    /// What the poll's rule lets staff see now.
    pub(super) fn view(&self) -> ResultsView {
        self.poll().results_view(self.now)
    }

    /// Whether it lets them see numbers.
    pub(super) fn may_see_numbers(&self) -> bool {
        matches!(self.view(), ResultsView::Live | ResultsView::Final)
    }

    /// The numbers, when they may be read.
    ///
    /// # Errors
    /// When the ballots are not what was sealed: no number leaves the site then.
    pub(super) async fn numbers(&self, polls: &Polls) -> Result<Option<Results>> {
        if !self.may_see_numbers() {
            return Ok(None);
        }
        let results = polls.results(self.poll(), self.now).await?;
        if !results.are_as_sealed() {
            return Err(Error::internal("the ballots differ from what was sealed"));
        }
        Ok(Some(results))
    }

    /// The page that says why there is nothing to see here yet.
    pub(super) fn to_results(&self) -> Response {
        Redirect::to(&paths::with_id(paths::RESULTS, self.poll().id)).into_response()
    }

    /// The name under which a file about the poll is saved.
    pub(super) fn file(&self, what: &str, kind: &str) -> String {
        format!("{what}-{}.{kind}", self.poll().id)
    }
}
