//! Deleting a draft. What voters can see stays, and can be archived.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::Found;
use crate::{
    admin::{
        Editor,
        complaints::{Complaint, Complaints},
        list::Query,
        path,
    },
    error::{Error, Result},
    language::Message,
    page::Page,
    paths,
    polls::{Poll, PollId, Polls, RollMode, editing::Edit},
    session::csrf,
};

/// With more choices than this the poll's number has to be typed.
const MANY_CHOICES: usize = 20;

/// The page that asks before a poll is deleted.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/delete.html")]
struct DeletePage {
    page: Page,
    poll: Arc<Poll>,
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
    async fn new(page: Page, editor: &Editor, polls: &Polls, poll: Arc<Poll>) -> Result<Self> {
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

/// The poll that the path names, or that it was deleted before, perhaps by the same button.
#[derive(Debug)]
pub enum Target {
    /// It is there.
    Poll(Arc<Poll>),
    /// It was deleted.
    Deleted,
}

impl<S> FromRequestParts<S> for Target
where
    S: Send + Sync,
    Polls: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let id = PollId(path::key(parts, state).await?);
        let polls = Polls::from_ref(state);
        match polls.find(id).await? {
            Some(poll) => Ok(Self::Poll(poll)),
            None if polls.was_deleted(id).await? => Ok(Self::Deleted),
            None => Err(Error::NotFound),
        }
    }
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
    target: Target,
    csrf::Form(form): csrf::Form<DeleteForm>,
) -> Result<Response> {
    let Target::Poll(poll) = target else {
        return deleted(&editor).await;
    };
    let mut again = DeletePage::new(page, &editor, &polls, poll).await?;
    if again.is_much && form.number.trim() != again.poll.id.to_string() {
        let complaint = Complaint::new("number", Message::new("type-number"));
        again.complaints = std::iter::once(complaint).collect();
        again.typed = form.number;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let (id, actor) = (again.poll.id, editor.actor.clone());
    match polls.delete(id, form.version, actor, clock.now()).await? {
        Edit::Done(_) | Edit::NotFound => deleted(&editor).await,
        _ => {
            editor.warn("poll-not-deleted").await?;
            Ok(Redirect::to(&again.back).into_response())
        }
    }
}

async fn deleted(editor: &Editor) -> Result<Response> {
    editor.tell("poll-deleted").await?;
    Ok(Redirect::to(&editor.list.at(paths::ADMIN_POLLS)).into_response())
}
