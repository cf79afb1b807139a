//! A file with voters, or lines that were pasted.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::StatusCode;

use super::{closed, to_poll, to_polls, to_voters};
use crate::{
    admin::{
        Editor,
        complaints::{Complaint, Complaints},
        polls::Found,
    },
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    polls::{Poll, Polls, roll::Upload},
    session::FileForm,
};

/// The form for a file.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/upload.html")]
struct UploadPage {
    page: Page,
    poll: Arc<Poll>,
    complaints: Complaints,
    /// At whose provider subjects are meant.
    issuer: String,
    action: String,
    back: String,
    voters: String,
    to_list: String,
}

impl UploadPage {
    fn new(page: Page, editor: &Editor, poll: Arc<Poll>) -> Self {
        let path = paths::with_id(paths::ADMIN_VOTERS_UPLOAD, poll.id);
        Self {
            page,
            complaints: Complaints::default(),
            issuer: editor.user.issuer.clone(),
            action: editor.list.carried_to(&path),
            back: to_poll(editor, &poll),
            voters: to_voters(editor, &poll),
            to_list: to_polls(editor),
            poll,
        }
    }
}

/// `GET /admin/polls/{id}/voters/upload/`: the form for a file.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(clock): State<Clock>,
    Found(poll): Found,
) -> Result<Response> {
    let state = poll.state(clock.now());
    if let Some(refused) = closed(&editor, &poll, state).await? {
        return Ok(refused);
    }
    Ok(UploadPage::new(page, &editor, poll).into_response())
}

/// `POST /admin/polls/{id}/voters/upload/`: reads the file and goes on to its preview.
///
/// # Errors
/// When the database does not answer.
pub async fn send(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    form: FileForm,
) -> Result<Response> {
    let now = clock.now();
    if let Some(refused) = closed(&editor, &poll, poll.state(now)).await? {
        return Ok(refused);
    }
    let content = match form.field("file") {
        [] => form.field("lines"),
        file => file,
    };
    let upload = Upload::read(content, &editor.user.issuer);
    if upload == Upload::default() {
        let mut again = UploadPage::new(page, &editor, poll);
        let nothing = Message::new("upload-nothing");
        again.complaints = std::iter::once(Complaint::new("file", nothing)).collect();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    polls
        .keep_upload(poll.id, editor.user.id, &upload, now)
        .await?;
    let preview = paths::with_id(paths::ADMIN_VOTERS_PREVIEW, poll.id);
    Ok(Redirect::to(&editor.list.carried_to(&preview)).into_response())
}
