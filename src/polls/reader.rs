//! A member of staff before the results of a poll, and what they may read of it now: the same on
//! pages, in files and for programs.

use std::time::Duration;

use super::{Listed, Poll, Polls, Report, Results, ResultsView, State};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::Db,
    error::{Error, Result},
};

/// Whoever turns pages within this time is noted once.
const ONE_VISIT: Duration = Duration::from_hours(1);

/// A member of staff before a published poll.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The poll.
    pub listed: Listed,
    /// When they read.
    pub now: Timestamp,
    /// Who, as the history will name them.
    pub actor: Actor,
}

impl Reader {
    /// `actor`, who is staff, before the poll that was found.
    ///
    /// # Errors
    /// 404 when it is not published, 410 when it was archived.
    pub fn new(found: Option<Listed>, actor: Actor, now: Timestamp) -> Result<Self> {
        let listed = found.ok_or(Error::NotFound)?;
        if !listed.poll.is_published(now) {
            return Err(Error::NotFound);
        }
        if listed.poll.state(now) == State::Archived {
            return Err(Error::Gone);
        }
        Ok(Self { listed, now, actor })
    }

    /// The poll.
    #[must_use]
    pub fn poll(&self) -> &Poll {
        &self.listed.poll
    }

    /// What the poll's rule lets staff see now.
    #[must_use]
    pub fn view(&self) -> ResultsView {
        self.poll().results_view(self.now)
    }

    /// Whether it lets them see numbers.
    #[must_use]
    pub fn may_see_numbers(&self) -> bool {
        matches!(self.view(), ResultsView::Live | ResultsView::Final)
    }

    /// The numbers, when they may be read.
    ///
    /// # Errors
    /// When the ballots are not what was sealed: no number leaves the site then.
    pub async fn numbers(&self, polls: &Polls) -> Result<Option<Results>> {
        if !self.may_see_numbers() {
            return Ok(None);
        }
        let results = polls.results(self.poll(), self.now).await?;
        if !results.are_as_sealed() {
            return Err(Error::internal("the ballots differ from what was sealed"));
        }
        Ok(Some(results))
    }

    /// The numbers as facts, with the document that was sealed; `None` when they may not be read.
    ///
    /// # Errors
    /// As [`Reader::numbers`].
    pub async fn report(&self, polls: &Polls) -> Result<Option<Report>> {
        let Some(results) = self.numbers(polls).await? else {
            return Ok(None);
        };
        let (history, document) = match &results.seal {
            Some(seal) => (
                polls.history_of(seal).await?,
                polls.sealed_document(self.poll().id).await?,
            ),
            None => (None, None),
        };
        Ok(Some(Report::new(
            self.poll(),
            &results,
            history.as_ref(),
            document.as_deref(),
            self.now,
        )))
    }

    /// Whether it may be told who has voted; the poll is sealed then. What was not sealed is not
    /// told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_told_participation(&self, polls: &Polls) -> Result<bool> {
        let results = polls.results(self.poll(), self.now).await?;
        let ballots = results.tally.ballots;
        Ok(self.poll().tells_participation(ballots, self.now))
    }

    /// Notes in the history that somebody looks at named ballots, at most once per visit. In a
    /// secret poll there is nothing to look at.
    ///
    /// # Errors
    /// 404 when the poll is secret.
    pub async fn note(&self, db: &Db, action: &'static str) -> Result<()> {
        let poll = self.poll();
        if !poll.is_named() {
            return Err(Error::NotFound);
        }
        let change = Change::new(action, "poll", poll.id, &poll.question);
        let since = self.now.minus(ONE_VISIT);
        audit::append_once(db, self.actor.clone(), change, self.now, since).await
    }

    /// The name under which a file about the poll is saved.
    #[must_use]
    pub fn file(&self, what: &str, kind: &str) -> String {
        format!("{what}-{}.{kind}", self.poll().id)
    }
}
