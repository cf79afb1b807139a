//! The sign-ins, or those that a list shows, as a table.

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use http::header;

use super::{LIST, filter};
use crate::{
    admin::{
        Editor,
        list::{Asked, Query},
    },
    attempts::{self, Filter, Outcome, Stored},
    clock::Clock,
    db::Db,
    error::Result,
    moment::Day,
    page::Page,
    spreadsheet::{Sheet, attachment},
    statement::{Order, Window},
};

/// Attempts that are read at once.
const BATCH: i64 = 500;

const COLUMNS: [&str; 10] = [
    "at",
    "issuer",
    "subject",
    "name",
    "email",
    "outcome",
    "reason",
    "request_id",
    "claims",
    "unmapped_roles",
];

/// `GET /admin/sign-ins.csv`: the attempts that the list with the same query shows, the newest
/// first, in batches, so that it does not matter how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn export(
    page: Page,
    _: Editor,
    State(db): State<Db>,
    State(clock): State<Clock>,
    query: Query,
) -> Result<Response> {
    let asked = Asked::read(&LIST, query, page.zone, clock.now());
    let mut start = Sheet::default();
    start.row(COLUMNS)?;
    let begun = Part {
        db,
        filter: filter(&asked),
        start: Some(start.into_bytes()?),
        is_done: false,
    };
    let body = Body::from_stream(stream::try_unfold(begun, Part::next));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("sign-ins.csv")),
    ];
    Ok((headers, body).into_response())
}

/// What is left to hand out.
struct Part {
    db: Db,
    filter: Filter,
    start: Option<Vec<u8>>,
    is_done: bool,
}

impl Part {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        if let Some(start) = self.start.take() {
            return Ok(Some((start.into(), self)));
        }
        if self.is_done {
            return Ok(None);
        }
        let window = Window::first(BATCH);
        let found = attempts::list(&self.db, &self.filter, &Order::default(), window).await?;
        self.is_done = found.len() < usize::try_from(BATCH).unwrap_or_default();
        self.filter.before = found.last().map(|stored| stored.id);
        let mut sheet = Sheet::continued();
        for stored in found {
            sheet.row(cells(stored))?;
        }
        Ok(Some((sheet.into_bytes()?.into(), self)))
    }
}

/// In the order of [`COLUMNS`]; of a sign-in that succeeded the day is known and nothing finer.
fn cells(stored: Stored) -> [String; 10] {
    let attempt = stored.attempt;
    let at = match attempt.outcome {
        Outcome::Ok => Day::of(stored.at).iso(),
        Outcome::Refused | Outcome::Failed => stored.at.rfc3339(),
    };
    let evidence = attempt.evidence;
    let (id_token, userinfo) = (evidence.id_token.as_slice(), evidence.userinfo.as_slice());
    let claims = id_token.iter().chain(userinfo).map(String::as_str);
    let claims: std::collections::BTreeSet<_> = claims.collect();
    let claims: Vec<_> = claims.into_iter().collect();
    [
        at,
        evidence.issuer.clone(),
        evidence.subject.clone().unwrap_or_default(),
        stored.name.unwrap_or_default(),
        stored.email.unwrap_or_default(),
        attempt.outcome.as_str().to_owned(),
        attempt.reason.unwrap_or_default(),
        evidence.request_id.clone(),
        claims.join(" "),
        evidence.unmapped_roles.to_string(),
    ]
}
