//! The history, or the part of it that a list shows, as a file. Whoever takes one leaves an entry.

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use http::header;
use serde::Deserialize;

use super::list::{LIST, filter};
use crate::{
    admin::Editor,
    audit::{self, Actor, Change, Head},
    clock::{Clock, Timestamp},
    db::{Db, transaction},
    error::Result,
    history::{self, COLUMNS, Entry, Filter},
    list::Asked,
    page::Page,
    random::hex,
    session::csrf,
    spreadsheet::{Sheet, attachment},
    statement::{Order, Window},
};

/// Entries that are read at once.
const BATCH: i64 = 500;

/// How the file is to be written.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For spreadsheet programs.
    Csv,
    /// One JSON document on each line, the end of the chain on the first.
    Json,
}

/// The form that asks for a file.
#[derive(Debug, Deserialize)]
pub struct ExportForm {
    format: Format,
}

/// `POST /admin/audit/export/`: the entries of the list that `list` carries, the newest first, in
/// batches, so that it does not matter how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn export(
    page: Page,
    editor: Editor,
    State(db): State<Db>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<ExportForm>,
) -> Result<Response> {
    let now = clock.now();
    let asked = Asked::read(&LIST, editor.list.clone(), page.zone, now);
    let head = note(&db, editor.actor, form.format, now).await?;
    let begun = Part {
        filter: Filter {
            // What comes later is not what the end of the chain stands for.
            before: Some(head.seq.saturating_add(1)),
            ..filter(&asked)
        },
        format: form.format,
        start: Some(start(form.format, &head)?),
        db,
        is_done: false,
    };
    let body = Body::from_stream(stream::try_unfold(begun, Part::next));
    let (kind, name) = match form.format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::Json => ("application/x-ndjson", "audit.ndjson"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(name)),
    ];
    Ok((headers, body).into_response())
}

/// Writes down that somebody takes the history, and where its end is then.
async fn note(db: &Db, actor: Actor, format: Format, now: Timestamp) -> Result<Head> {
    let format = match format {
        Format::Csv => "csv",
        Format::Json => "json",
    };
    transaction!(db, |tx| {
        let change = Change::new("audit_exported", "audit", "all", "the history");
        let change = change.field("format", None, Some(format));
        audit::append(tx, &actor, change, now).await?
    })
}

/// What comes before the entries: the end of the chain.
fn start(format: Format, head: &Head) -> Result<Vec<u8>> {
    let hash = hex(&head.hash);
    match format {
        Format::Csv => {
            let mut sheet = Sheet::default();
            sheet.row(["end of the chain", &head.seq.to_string(), &hash])?;
            sheet.row(COLUMNS)?;
            sheet.into_bytes()
        }
        Format::Json => {
            let head = serde_json::json!({ "head": { "seq": head.seq, "hash": hash } });
            Ok(format!("{head}\n").into_bytes())
        }
    }
}

/// What is left to hand out.
struct Part {
    db: Db,
    filter: Filter,
    format: Format,
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
        let entries = history::list(&self.db, &self.filter, &Order::default(), window).await?;
        self.is_done = entries.len() < usize::try_from(BATCH).unwrap_or_default();
        self.filter.before = entries.last().map(|entry| entry.seq);
        let written = write(self.format, &entries)?;
        Ok(Some((written.into(), self)))
    }
}

fn write(format: Format, entries: &[Entry]) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let mut sheet = Sheet::continued();
            for entry in entries {
                sheet.row(entry.cells())?;
            }
            sheet.into_bytes()
        }
        Format::Json => {
            let lines = entries
                .iter()
                .map(|entry| format!("{}\n", entry.document()));
            Ok(lines.collect::<String>().into_bytes())
        }
    }
}
