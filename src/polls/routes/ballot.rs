//! The ballot paper with its form: empty, filled in for a change, or with what was wrong.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::view::{html, moment, told};
use crate::{
    error::Result,
    moment::Moment,
    page::Page,
    polls::{Choice, Fault, Poll, Polls, Selection},
    prose::Prose,
    users::User,
};

/// The ballot paper with its form.
#[derive(Template)]
#[template(path = "polls/ballot.html")]
pub(super) struct BallotPage {
    page: Page,
    poll: Poll,
    paper: Vec<Choice>,
    /// What is ticked when the page comes.
    ticked: Option<Selection>,
    /// The ballot that this one would replace, in words, and when it was cast.
    earlier: Option<(String, Moment)>,
    closes: Option<Moment>,
    errors: Vec<FormError>,
}

/// One entry of the error summary.
struct FormError {
    field: String,
    text: String,
}

impl BallotPage {
    /// The paper as it is for this person now.
    pub async fn load(page: Page, polls: &Polls, poll: Poll, user: &User) -> Result<Self> {
        let paper = polls.choices(poll.id).await?;
        let earlier = polls.ballot(poll.id, user.id).await?;
        Ok(Self {
            page,
            earlier: earlier.as_ref().map(|ballot| told(ballot, &poll, &paper)),
            ticked: earlier.map(|ballot| ballot.selection),
            closes: moment(&poll, poll.closing()),
            errors: Vec::new(),
            poll,
            paper,
        })
    }

    /// The form once more, with the reason and with what was ticked.
    pub fn ask_again(mut self, fault: Fault, values: &[String]) -> Response {
        let first = self.paper.first().map(|choice| choice.id.to_string());
        self.errors.push(FormError {
            field: format!("choice-{}", first.as_deref().unwrap_or("abstain")),
            text: fault.message(),
        });
        let ticked = self.paper.iter().map(|choice| choice.id);
        let ticked = ticked.filter(|id| values.contains(&id.to_string()));
        self.ticked = Some(Selection::Choices(ticked.collect()));
        html(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    fn is_ticked(&self, choice: &Choice) -> bool {
        self.ticked
            .as_ref()
            .is_some_and(|ticked| ticked.includes(choice.id))
    }

    fn abstains(&self) -> bool {
        self.ticked.as_ref().is_some_and(Selection::is_abstention)
    }

    fn problem(&self) -> &str {
        self.errors.first().map_or("", |error| &error.text)
    }
}
