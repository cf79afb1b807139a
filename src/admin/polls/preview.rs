//! A poll as a voter will see it, with a form that does nothing.

use std::sync::Arc;

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
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{Choice, Poll, Polls, State as PollState, VoteForm},
    prose::Prose,
};

/// The ballot paper, disabled.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/preview.html")]
struct PreviewPage {
    page: Page,
    poll: Arc<Poll>,
    state: PollState,
    paper: Arc<[Choice]>,
    /// Nothing is filled in.
    form: VoteForm,
    closes: Option<Moment>,
    to_list: String,
    back: String,
}

impl PreviewPage {
    fn extended(&self) -> Option<Moment> {
        let extended = self.poll.extended_from?;
        Some(Moment::new(extended, &self.poll.zone))
    }

    #[expect(
        clippy::unused_self,
        reason = "a template calls methods of its page only"
    )]
    fn problem(&self) -> Message {
        Message::default()
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
        form: VoteForm::default(),
        state: poll.state(clock.now()),
        paper: polls.choices(poll.id).await?,
        closes: poll.closing().map(|at| Moment::new(at, &poll.zone)),
        to_list: editor.list.at(paths::ADMIN_POLLS),
        back: editor.to_poll(poll.id),
        poll,
    };
    Ok(preview.into_response())
}
