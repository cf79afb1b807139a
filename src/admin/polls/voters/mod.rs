//! The list of voters of a poll: [`list`] shows it, [`remove`] takes people off it, [`pick`] adds
//! some who have signed in, [`upload`] takes a file, which [`preview`] explains before it is saved.
//!
//! The pages below the list carry its query, so that each leads back to it as it was; in that query
//! is the one of the list of polls.

pub mod list;
pub mod pick;
pub mod preview;
pub mod remove;
pub mod upload;

use axum::response::{IntoResponse as _, Redirect, Response};

use crate::{
    admin::Editor,
    error::{Error, Result},
    language::Message,
    paths,
    polls::{Poll, RollMode, State, editing::Edit},
};

/// The address of the list of a poll, as it was left.
fn to_voters(editor: &Editor, poll: &Poll) -> String {
    editor
        .list
        .at(&paths::with_id(paths::ADMIN_VOTERS, poll.id))
}

/// The address of the poll, from where the way leads back to the list of polls.
fn to_poll(editor: &Editor, poll: &Poll) -> String {
    let path = paths::with_id(paths::ADMIN_POLL, poll.id);
    editor.list.carried().carried_to(&path)
}

/// The address of the list of polls, as it was left.
fn to_polls(editor: &Editor) -> String {
    editor.list.carried().at(paths::ADMIN_POLLS)
}

/// Whether people can be added.
const fn can_grow(state: State) -> bool {
    matches!(state, State::Draft | State::Scheduled | State::Open)
}

/// Whether people can be taken off.
const fn can_shrink(state: State) -> bool {
    matches!(state, State::Draft | State::Scheduled)
}

/// Why nobody can be added to this poll's list, and where that is told.
async fn closed(editor: &Editor, poll: &Poll, state: State) -> Result<Option<Response>> {
    if poll.roll_mode != RollMode::List {
        editor.warn("no-list").await?;
    } else if can_grow(state) {
        return Ok(None);
    } else {
        editor.warn(too_late(state)).await?;
    }
    Ok(Some(Redirect::to(&to_voters(editor, poll)).into_response()))
}

fn too_late(state: State) -> Message {
    Message::new("list-too-late").with("state", state.class())
}

/// Back to the list, with a word on what was done.
async fn after(editor: &Editor, poll: &Poll, edit: Edit, done: Message) -> Result<Response> {
    match edit {
        Edit::Done(_) => editor.tell(done).await?,
        Edit::NotNow(state) => editor.warn(too_late(state)).await?,
        Edit::Blocked(_) => editor.warn("list-not-emptied").await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Redirect::to(&to_voters(editor, poll)).into_response())
}

/// How many people, out of a count of lines.
fn people(number: impl TryInto<u64>) -> Message {
    Message::new("people").with("count", number.try_into().unwrap_or(0))
}
