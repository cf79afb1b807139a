//! Deleting a poll that nobody has seen. Whatever was published stays, and can be archived.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::Found;
use crate::{
    admin::{
        Editor,
        complaints::{Complaint, Complaints},
        list::Query,
    },
    error::Result,
    language::Message,
    page::Page,
    paths,
    polls::{Poll, Polls, RollMode, editing::Edit},
    session::csrf,
};

/// With more choices than this the poll's number has to be typed.
const MANY_CHOICES: usize = 20;

/// The page that asks before a poll is deleted.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/delete.html")]
struct DeletePage {
    page: Page,
    poll: Poll,
    choices: usize,
    voters: i64,
    /// Whether the poll's number has to be typed.
    is_much: bool,
    complaints: Complaints,
    typed: String,
    list: Query,
    back: String,
}

impl DeletePage {
    async fn new(page: Page, editor: &Editor, polls: &Polls, poll: Poll) -> Result<Self> {
        let choices = polls.choices(poll.id).await?.len();
        let voters = polls.count_voters(poll.id).await?;
        Ok(Self {
            page,
            choices,
            voters: voters.all(),
            is_much: choices > MANY_CHOICES || poll.roll_mode == RollMode::List,
            complaints: Complaints::default(),
            typed: String::new(),
            list: editor.list.clone(),
            back: editor.to_poll(poll.id),
            poll,
        })
    }

    fn can_be_deleted(&self) -> bool {
        self.poll.frozen_at.is_none()
    }

    fn at(&self, path: &str) -> String {
        self.list.carried_to(path)
    }

    fn to_list(&self) -> String {
        self.list.at(paths::ADMIN_POLLS)
    }
}

/// `GET /admin/polls/{id}/delete/`: says what would go, or why nothing can.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    Found(poll): Found,
) -> Result<Response> {
    let ask = DeletePage::new(page, &editor, &polls, poll).await?;
    Ok(ask.into_response())
}

/// What the admin saw and typed.
#[derive(Debug, Deserialize)]
pub struct DeleteForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    number: String,
}

/// `POST /admin/polls/{id}/delete/`: deletes the poll.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<crate::clock::Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<DeleteForm>,
) -> Result<Response> {
    let mut again = DeletePage::new(page, &editor, &polls, poll).await?;
    if again.is_much && form.number.trim() != again.poll.id.to_string() {
        let complaint = Complaint::new("number", Message::new("type-number"));
        again.complaints = std::iter::once(complaint).collect();
        again.typed = form.number;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let (id, actor) = (again.poll.id, editor.actor.clone());
    let edit = polls.delete(id, form.version, actor, clock.now()).await?;
    if let Edit::Done(_) = edit {
        editor.tell("poll-deleted").await?;
        return Ok(Redirect::to(&again.to_list()).into_response());
    }
    editor.warn("poll-not-deleted").await?;
    Ok(Redirect::to(&again.back).into_response())
}
