//! The results as files: a table for spreadsheet programs, and JSON.

use axum::{
    Json, extract,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::reader::to_results;
use crate::{
    error::Result,
    polls::{Polls, Reader, sheets},
    spreadsheet::attachment,
};

/// `GET /polls/{id}/results.json`: the results as facts, with the document that was sealed. Leads
/// to the results' page while there are none.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived, 500 when the ballots are not
/// what was sealed.
pub async fn json(
    reader: Reader,
    extract::State(polls): extract::State<Polls>,
) -> Result<Response> {
    let Some(report) = reader.report(&polls).await? else {
        return Ok(to_results(&reader));
    };
    let disposition = attachment(&reader.file("results", "json"));
    Ok(([(header::CONTENT_DISPOSITION, disposition)], Json(report)).into_response())
}

/// `GET /polls/{id}/results.csv`: the results as a table. Leads to the results' page while there
/// are none.
///
/// # Errors
/// As [`json`].
pub async fn csv(reader: Reader, extract::State(polls): extract::State<Polls>) -> Result<Response> {
    let Some(report) = reader.report(&polls).await? else {
        return Ok(to_results(&reader));
    };
    sheets::results(&reader, &report)?.download(&reader.file("results", "csv"))
}
