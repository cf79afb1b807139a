//! The results as tables for spreadsheet programs.

use super::{
    Poll, Reader, Report,
    participation::{NamedVote, Participant},
    report::{Numbers, RoundFacts},
};
use crate::{
    clock::Timestamp, error::Result, language::Locale, moment::Moment, spreadsheet::Sheet,
};

/// The numbers, or that they are withheld.
///
/// # Errors
/// When there is no memory for it.
pub fn results(reader: &Reader, report: &Report) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    facts(&mut sheet, reader.poll(), report, reader.now)?;
    match (&report.numbers, report.withheld_below) {
        (Some(found), _) => numbers(&mut sheet, found)?,
        (None, fewest) => {
            let fewest = fewest.unwrap_or_default();
            let why = format!("Fewer than {fewest} ballots were cast; the numbers are withheld.");
            sheet.row(["Outcome", &why])?;
        }
    }
    Ok(sheet)
}

/// Who has voted for what.
///
/// # Errors
/// When there is no memory for it.
pub fn votes(poll: &Poll, votes: &[NamedVote]) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    sheet.row(["Question", &poll.question])?;
    sheet.row([""])?;
    sheet.row(["Name", "Vote", "Cast"])?;
    for vote in votes {
        let cast = Moment::new(vote.cast_at, &poll.zone).text();
        let chosen = Locale::default().t(vote.in_words(poll)).plain();
        sheet.row([&vote.name, &chosen, &cast])?;
    }
    Ok(sheet)
}

/// Who has voted.
///
/// # Errors
/// When there is no memory for it.
pub fn participation(poll: &Poll, people: &[Participant]) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    sheet.row(["Question", &poll.question])?;
    sheet.row([""])?;
    sheet.row(["Name", "Voted"])?;
    for person in people {
        let voted = if person.has_voted { "yes" } else { "no" };
        sheet.row([person.name.as_str(), voted])?;
    }
    Ok(sheet)
}

/// What the poll is, how many voted, and the seal.
fn facts(sheet: &mut Sheet, poll: &Poll, report: &Report, now: Timestamp) -> Result<()> {
    let time = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| Moment::new(at, &poll.zone).text())
    };
    let rows = [
        ("Question", poll.question.clone()),
        ("Rule", Locale::default().t(poll.counting()).plain()),
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

fn numbers(sheet: &mut Sheet, numbers: &Numbers) -> Result<()> {
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
