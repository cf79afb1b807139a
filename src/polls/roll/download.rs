//! A list as a table for spreadsheets. [`super::upload`] reads it again.

use crate::{error::Result, polls::rules::RollSource, spreadsheet::Sheet};

/// Somebody on a list, as the table names them; what is not known is empty.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    /// The best name there is to show.
    pub name: String,
    /// `email`
    pub email: String,
    /// `sub`
    pub subject: String,
    /// `iss`
    pub issuer: String,
    /// When they came onto the list.
    pub source: RollSource,
    /// Whether they have signed in.
    pub has_signed_in: bool,
    /// Whether they have voted. Not for anybody's eyes in a secret poll.
    pub has_voted: bool,
}

/// The table. Who has voted stands in it only where it `tells_votes`.
///
/// # Errors
/// When there is no memory for it.
pub fn table(lines: &[Line], tells_votes: bool) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    let mut row = |cells: [&str; 6], voted| {
        let voted = tells_votes.then_some(voted);
        sheet.row(cells.into_iter().chain(voted))
    };
    let heading = ["name", "email", "sub", "iss", "source", "signed_in"];
    row(heading, "voted")?;
    let yes_or_no = |is| if is { "yes" } else { "no" };
    for line in lines {
        let cells = [
            line.name.as_str(),
            &line.email,
            &line.subject,
            &line.issuer,
            line.source.as_str(),
            yes_or_no(line.has_signed_in),
        ];
        row(cells, yes_or_no(line.has_voted))?;
    }
    Ok(sheet)
}
