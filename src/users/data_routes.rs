//! A person takes along what the site keeps of them.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::{
    Users,
    access::SignedIn,
    personal_data::{PersonalData, Reader},
};
use crate::{
    clock::Clock, error::Result, polls::Polls, session::Sessions, spreadsheet::attachment,
};

/// `GET /user/data.json`: all of it, as a file.
///
/// # Errors
/// When the database does not answer.
pub async fn download(
    SignedIn { user, .. }: SignedIn,
    State(users): State<Users>,
    State(sessions): State<Sessions>,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
) -> Result<Response> {
    let kept = PersonalData::gather(user, &users, &sessions, &polls, clock.now()).await?;
    let document = format!("{:#}\n", kept.document(Reader::Themselves));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("my-data.json")),
    ];
    Ok((headers, document).into_response())
}
