//! The results as files: a table for spreadsheet programs, and JSON.

use axum::{
    Json, extract,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::reader::Reader;
use crate::{
    clock::Timestamp,
    error::Result,
    language::Locale,
    moment::Moment,
    polls::{
        Poll, Polls, Report, Results,
        report::{Numbers, RoundFacts},
        routes::figures::counting,
    },
    spreadsheet::{Sheet, attachment},
};

async fn report(polls: &Polls, reader: &Reader, results: &Results) -> Result<Report> {
    let (poll, now) = (reader.poll(), reader.now);
    let Some(seal) = &results.seal else {
        return Ok(Report::new(poll, results, None, None, now));
    };
    let history = polls.history_of(seal).await?;
    let document = polls.sealed_document(poll.id).await?;
    Ok(Report::new(
        poll,
        results,
        history.as_ref(),
        document.as_deref(),
        now,
    ))
}

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
    let Some(results) = reader.numbers(&polls).await? else {
        return Ok(reader.to_results());
    };
    let disposition = attachment(&reader.file("results", "json"));
    let report = report(&polls, &reader, &results).await?;
    Ok(([(header::CONTENT_DISPOSITION, disposition)], Json(report)).into_response())
}

/// `GET /polls/{id}/results.csv`: the results as a table. Leads to the results' page while there
/// are none.
///
/// # Errors
/// As [`json`].
pub async fn csv(reader: Reader, extract::State(polls): extract::State<Polls>) -> Result<Response> {
    let Some(results) = reader.numbers(&polls).await? else {
        return Ok(reader.to_results());
    };
    let report = report(&polls, &reader, &results).await?;
    let mut sheet = Sheet::default();
    facts(&mut sheet, reader.poll(), &report, reader.now)?;
    match (&report.numbers, report.withheld_below) {
        (Some(numbers), _) => votes(&mut sheet, numbers)?,
        (None, fewest) => {
            let fewest = fewest.unwrap_or_default();
            let why = format!("Fewer than {fewest} ballots were cast; the numbers are withheld.");
            sheet.row(["Outcome", &why])?;
        }
    }
    sheet.download(&reader.file("results", "csv"))
}

/// What the poll is, how many voted, and the seal.
fn facts(sheet: &mut Sheet, poll: &Poll, report: &Report, now: Timestamp) -> Result<()> {
    let time = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| Moment::new(at, &poll.zone).text())
    };
    let rows = [
        ("Question", poll.question.clone()),
        ("Rule", Locale::default().t(counting(poll)).plain()),
        (
            "Secrecy",
            Locale::default().t(poll.secrecy.message()).plain(),
        ),
        ("Opened", time(poll.opening())),
        ("Closes", time(poll.closing())),
        ("Read", time(Some(now))),
        ("Ballots", report.turnout.ballots.to_string()),
        ("Eligible", report.turnout.eligible.to_string()),
    ];
    for (name, value) in rows {
        sheet.row([name, &value])?;
    }
    let Some(seal) = &report.seal else {
        return Ok(());
    };
    sheet.row(["Seal (SHA-256)", &seal.sha256])?;
    let entry = seal.audit_seq.to_string();
    sheet.row(["Entry of the history", &entry])?;
    let hash = seal.audit_hash.as_deref().unwrap_or_default();
    sheet.row(["History until then (SHA-256)", hash])
}

fn votes(sheet: &mut Sheet, numbers: &Numbers) -> Result<()> {
    sheet.row(["Outcome", &numbers.outcome])?;
    sheet.row(["Abstentions", &numbers.abstentions.to_string()])?;
    sheet.row(["Base of the shares", &numbers.choosing.to_string()])?;
    sheet.row([""])?;
    sheet.row(["Choice", "Votes", "Percent"])?;
    for choice in &numbers.choices {
        sheet.row([&choice.text, &choice.votes.to_string(), &choice.percent])?;
    }
    rounds(sheet, numbers)?;
    pairs(sheet, numbers)
}

fn rounds(sheet: &mut Sheet, numbers: &Numbers) -> Result<()> {
    if numbers.rounds.is_empty() {
        return Ok(());
    }
    let names = (1..=numbers.rounds.len()).map(|number| format!("Round {number}"));
    sheet.row([""])?;
    sheet.row(std::iter::once("Choice".to_owned()).chain(names))?;
    for (place, choice) in numbers.choices.iter().enumerate() {
        let votes = |round: &RoundFacts| round.votes.get(place).copied().flatten();
        let cells = numbers
            .rounds
            .iter()
            .map(|round| votes(round).map_or_else(String::new, |votes| votes.to_string()));
        sheet.row(std::iter::once(choice.text.clone()).chain(cells))?;
    }
    let left = numbers
        .rounds
        .iter()
        .map(|round| round.exhausted.to_string());
    sheet.row(std::iter::once("No choice left".to_owned()).chain(left))
}

fn pairs(sheet: &mut Sheet, numbers: &Numbers) -> Result<()> {
    if numbers.preferred.is_empty() {
        return Ok(());
    }
    let names = numbers.choices.iter().map(|choice| choice.text.clone());
    sheet.row([""])?;
    let heads = ["Ballots that prefer the row to the column", "Place"];
    sheet.row(heads.map(str::to_owned).into_iter().chain(names))?;
    let rows = numbers.choices.iter().zip(&numbers.places);
    for ((choice, place), preferred) in rows.zip(&numbers.preferred) {
        let cells = preferred.iter().map(u64::to_string);
        sheet.row(
            [choice.text.clone(), place.to_string()]
                .into_iter()
                .chain(cells),
        )?;
    }
    Ok(())
}
