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

/// Nothing but the button.
#[derive(Debug, Deserialize)]
pub struct Pressed {}

/// `POST /admin/polls/{id}/copy/`: makes a draft like this poll, without dates, votes and list.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    _: csrf::Form<Pressed>,
) -> Result<Response> {
    let draft = PollDraft::copy_of(&poll, &polls.choices(poll.id).await?);
    match polls
        .create(draft, editor.actor.clone(), clock.now())
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
