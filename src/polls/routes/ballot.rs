//! The ballot paper with its form: empty, filled in for a change, or with what was wrong.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::view::{html, moment, told};
use crate::{
    error::Result,
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{Choice, Fault, Listed, Poll, Polls, Selection, VoteForm},
    prose::Prose,
    users::User,
};

/// The ballot paper with its form.
#[derive(Template)]
#[template(path = "polls/ballot.html")]
pub(super) struct BallotPage {
    pub page: Page,
    pub poll: Arc<Poll>,
    /// In the order in which this person sees it.
    pub paper: Arc<[Choice]>,
    /// What is filled in when the page comes.
    form: VoteForm,
    /// What the ballot's receipt is made from, where there is one.
    pub nonce: Option<String>,
    /// The ballot that this one would replace, in words, and when it was cast.
    earlier: Option<(Message, Moment)>,
    pub closes: Option<Moment>,
    errors: Vec<FormError>,
}

/// One entry of the error summary.
struct FormError {
    field: String,
    text: Message,
}

impl BallotPage {
    /// The paper as it is for this person now.
    pub async fn load(page: Page, polls: &Polls, listed: Listed, user: &User) -> Result<Self> {
        let poll = listed.poll;
        let paper = polls.choices(poll.id).await?;
        let earlier = match listed.has_voted {
            Some(true) => polls.ballot(poll.id, user.id).await?,
            _ => None,
        };
        let filled_in = earlier.as_ref().map(|ballot| &ballot.selection);
        Ok(Self {
            page,
            form: filled_in.map(VoteForm::of).unwrap_or_default(),
            earlier: earlier.as_ref().map(|ballot| told(ballot, &poll, &paper)),
            closes: moment(&poll, poll.closing()),
            errors: Vec::new(),
            nonce: polls.nonce(&poll)?,
            paper: poll.in_order_for(user.id, paper),
            poll,
        })
    }

    /// What the form says, held against this paper.
    pub fn read(&self, form: &VoteForm) -> Result<Selection, Fault> {
        let selection = form.selection()?;
        let is_on_paper = |key| self.paper.iter().any(|choice| choice.id == key);
        if form.paper().is_some_and(|key| !is_on_paper(key)) {
            return Err(Fault::OtherPaper);
        }
        selection.check(&self.poll, &self.paper)?;
        Ok(selection)
    }

    /// The paper with what was filled in before.
    pub fn filled_in(mut self, form: VoteForm) -> Response {
        self.form = form;
        html(StatusCode::OK, &self)
    }

    /// The form once more, with the reason and with what was filled in.
    pub fn ask_again(mut self, fault: Fault, form: VoteForm) -> Response {
        let first = self.paper.first().map(|choice| choice.id.to_string());
        let field = form.at_fault(fault).or(first.as_deref());
        self.errors.push(FormError {
            field: format!("choice-{}", field.unwrap_or("abstain")),
            text: fault.message(self.poll.method),
        });
        self.form = form;
        html(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// The value that stands for this paper, whatever order it is shown in.
    fn key(&self) -> String {
        let keys = self.paper.iter().map(|choice| choice.id.0);
        keys.min().map_or_else(String::new, |key| key.to_string())
    }

    /// Where the form goes: a vote that nobody can find again is shown once more first.
    fn action(&self) -> String {
        let route = if self.poll.asks_for_review() {
            paths::REVIEW
        } else {
            paths::VOTE
        };
        paths::with_id(route, self.poll.id)
    }

    /// What it says: the id of a message.
    fn button(&self) -> &'static str {
        match self.earlier {
            _ if self.poll.asks_for_review() => "continue",
            Some(_) => "change-my-vote",
            None => "cast-my-vote",
        }
    }

    /// When it was first to close, if that was moved.
    fn extended(&self) -> Option<Moment> {
        moment(&self.poll, self.poll.extended_from)
    }

    fn problem(&self) -> Message {
        let first = self.errors.first();
        first.map_or_else(Message::default, |error| error.text.clone())
    }
}
