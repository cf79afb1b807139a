//! The results, for staff: under the poll's rules, as the pages show them.

#![expect(
    clippy::missing_errors_doc,
    reason = "the comments are the description that programs read, which tells of errors once"
)]

use axum::{extract::State, response::Response};
use http::HeaderMap;

use super::{
    access::StaffReader,
    answer,
    problem::{Result, not_yet},
};
use crate::{
    db::Db,
    error::Problem,
    paths,
    polls::{Polls, Report, ResultsView, sheets},
    rate_limit::Limit,
    search::Words,
};

/// What is said while the numbers may not be read.
fn later(view: ResultsView) -> Problem {
    not_yet(match view {
        ResultsView::AfterRelease => "The numbers can be read once an admin has released them.",
        _ => "The numbers can be read once the poll has closed.",
    })
}

/// Read the results
///
/// Without numbers where so few ballots would tell who voted how.
#[utoipa::path(
    get, path = paths::V1_RESULTS, operation_id = "read_results", tag = "results",
    security(("bearer" = ["staff"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "The results", body = Report,
               headers(("ETag" = String))))
)]
pub async fn results(
    StaffReader { reader, .. }: StaffReader,
    State(polls): State<Polls>,
    headers: HeaderMap,
) -> Result<Response> {
    match reader.report(&polls).await? {
        Some(report) => Ok(answer::document(&headers, &report)?),
        None => Err(later(reader.view()).into()),
    }
}

/// Take the results away as a table
#[utoipa::path(
    get, path = paths::V1_RESULTS_CSV, operation_id = "export_results", tag = "results",
    security(("bearer" = ["staff"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "CSV (RFC 4180)", body = String,
               content_type = "text/csv"))
)]
pub async fn results_csv(staff: StaffReader, State(polls): State<Polls>) -> Result<Response> {
    staff.count(Limit::Export)?;
    let reader = &staff.reader;
    let report = reader.report(&polls).await?;
    let report = report.ok_or_else(|| later(reader.view()))?;
    let sheet = sheets::results(reader, &report)?;
    Ok(sheet.download(&reader.file("results", "csv"))?)
}

/// Take the ballots of a named poll away with their names
///
/// The history tells who has.
#[utoipa::path(
    get, path = paths::V1_VOTES_CSV, operation_id = "export_votes", tag = "results",
    security(("bearer" = ["staff"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "CSV (RFC 4180)", body = String,
               content_type = "text/csv"))
)]
pub async fn votes_csv(
    staff: StaffReader,
    State(polls): State<Polls>,
    State(db): State<Db>,
) -> Result<Response> {
    staff.count(Limit::Export)?;
    let reader = &staff.reader;
    let numbers = reader.numbers(&polls).await?;
    numbers.ok_or_else(|| later(reader.view()))?;
    reader.note(&db, "named_votes_exported").await?;
    let poll = reader.poll();
    let votes = polls
        .list_named_votes(poll.id, &Words::default(), (0, i64::MAX))
        .await?;
    let sheet = sheets::votes(poll, &votes)?;
    Ok(sheet.download(&reader.file("votes", "csv"))?)
}

/// Take away who has voted and who has not, without a word on what
#[utoipa::path(
    get, path = paths::V1_PARTICIPATION_CSV, operation_id = "export_participation",
    tag = "results",
    security(("bearer" = ["staff"])), params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "CSV (RFC 4180)", body = String,
               content_type = "text/csv"))
)]
pub async fn participation_csv(staff: StaffReader, State(polls): State<Polls>) -> Result<Response> {
    staff.count(Limit::Export)?;
    let reader = &staff.reader;
    if !reader.is_told_participation(&polls).await? {
        const WHEN: &str = "Who has voted can be read once the poll has closed and, when it is \
            secret, holds enough ballots.";
        return Err(not_yet(WHEN).into());
    }
    let poll = reader.poll();
    let people = polls
        .list_participants(poll.id, &Words::default(), None, (0, i64::MAX))
        .await?;
    let sheet = sheets::participation(poll, &people)?;
    Ok(sheet.download(&reader.file("participation", "csv"))?)
}
