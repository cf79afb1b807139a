//! A new draft with the question, the choices and the rules of another poll.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::Found;
use crate::{
    admin::Editor,
    clock::Clock,
    error::{Error, Result},
    polls::{
        Polls, RollMode,
        editing::{Edit, PollDraft},
    },
    session::csrf,
};

/// The button, and what the form is called.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(default)]
    form_key: String,
}

/// `POST /admin/polls/{id}/copy/`: makes a draft like this poll, without dates, votes and list.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<Pressed>,
) -> Result<Response> {
    let draft = PollDraft::copy_of(&poll, &polls.choices(poll.id).await?);
    let actor = editor.actor.clone();
    match polls
        .create_once(draft, form.form_key, actor, clock.now())
        .await?
    {
        Edit::Done(id) => {
            let text = match poll.roll_mode {
                RollMode::Role => "is-copy",
                RollMode::List => "is-copy-without-list",
            };
            editor.tell(text).await?;
            Ok(Redirect::to(&editor.to_poll(id)).into_response())
        }
        refused => Err(Error::internal(format!("a copy was refused: {refused:?}"))),
    }
}
