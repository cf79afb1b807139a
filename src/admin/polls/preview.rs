//! A poll as a voter will see it, with a form that does nothing.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};

use super::Found;
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
    moment::Moment,
    page::Page,
    paths,
    polls::{Choice, Poll, Polls, State as PollState},
    prose::Prose,
};

/// The ballot paper, disabled.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/preview.html")]
struct PreviewPage {
    page: Page,
    poll: Poll,
    state: PollState,
    paper: Vec<Choice>,
    closes: Option<Moment>,
    back: String,
}

impl PreviewPage {
    fn kind(&self) -> &'static str {
        if self.poll.takes_several() { "checkbox" } else { "radio" }
    }

    fn hint(&self) -> String {
        match (self.poll.min_choices, self.poll.max_choices) {
            (_, 1) => "Select one.".to_owned(),
            (min, max) if min == max => format!("Select {min}."),
            (min, max) => format!("Select {min} to {max}."),
        }
    }
}

/// `GET /admin/polls/{id}/preview/`: the ballot paper as a voter will see it.
///
/// # Errors
/// When the database does not answer.
pub async fn preview(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
) -> Result<Response> {
    let preview = PreviewPage {
        page,
        state: poll.state(clock.now()),
        paper: polls.choices(poll.id).await?,
        closes: poll.closing().map(|at| Moment::new(at, &poll.zone)),
        back: editor.list.carried_to(&paths::with_id(paths::ADMIN_POLL, poll.id)),
        poll,
    };
    Ok(preview.into_response())
}
