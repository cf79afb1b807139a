//! Polls of the list as a table for spreadsheet programs.

use axum::response::Response;

use crate::{clock::Timestamp, error::Result, polls::Listed, spreadsheet::Sheet};

const COLUMNS: [&str; 8] = [
    "id",
    "question",
    "state",
    "method",
    "secrecy",
    "opens_at",
    "closes_at",
    "votes",
];

/// The polls as a table; times as RFC 3339. How many have voted stands in it where that may be
/// told.
pub(super) fn table(polls: &[Listed], now: Timestamp) -> Result<Response> {
    let mut sheet = Sheet::default();
    sheet.row(COLUMNS)?;
    for listed in polls {
        sheet.row(cells(listed, now))?;
    }
    sheet.download("polls.csv")
}

fn cells(Listed { poll, ballots, .. }: &Listed, now: Timestamp) -> [String; 8] {
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, Timestamp::rfc3339);
    let votes = poll.shows_turnout(now).then_some(ballots);
    [
        poll.id.to_string(),
        poll.question.clone(),
        poll.state(now).class().to_owned(),
        poll.method.as_str().to_owned(),
        poll.secrecy.as_str().to_owned(),
        time(poll.opening()),
        time(poll.closing()),
        votes.map_or_else(String::new, i64::to_string),
    ]
}
