//! A list as a table for spreadsheets. [`super::upload`] reads it again.

use super::{Enrolled, InviteKind, Invited};
use crate::{error::Result, polls::rules::RollSource, spreadsheet::Sheet};

/// A list that is being written.
#[derive(Default)]
pub struct Download {
    /// The table so far.
    pub sheet: Sheet,
    tells_votes: bool,
}

impl Download {
    /// An empty list with its heading. Who has voted stands on it only where it `tells_votes`.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new(tells_votes: bool) -> Result<Self> {
        let mut download = Self {
            tells_votes,
            ..Self::default()
        };
        let heading = ["name", "email", "sub", "iss", "source", "signed_in"];
        download.write(heading, "voted")?;
        Ok(download)
    }

    /// Adds somebody who has signed in.
    ///
    /// # Errors
    /// As [`Download::new`].
    pub fn enrolled(&mut self, voter: &Enrolled) -> Result<()> {
        let email = voter.email.as_deref().unwrap_or_default();
        let (subject, issuer) = (&voter.subject, &voter.issuer);
        let who = [&voter.name, email, subject, issuer];
        self.row(who, voter.source, true, voter.has_voted)
    }

    /// Adds somebody who has not.
    ///
    /// # Errors
    /// As [`Download::new`].
    pub fn invited(&mut self, invited: &Invited) -> Result<()> {
        let invite = &invited.invite;
        let (email, subject) = match invite.kind {
            InviteKind::Email => (invite.value.as_str(), ""),
            InviteKind::Subject => ("", invite.value.as_str()),
        };
        let who = ["", email, subject, &invite.issuer];
        self.row(who, invited.source, false, false)
    }

    fn row(
        &mut self,
        [name, email, subject, issuer]: [&str; 4],
        source: RollSource,
        signed_in: bool,
        voted: bool,
    ) -> Result<()> {
        let yes_or_no = |is| if is { "yes" } else { "no" };
        let (source, signed_in) = (source.as_str(), yes_or_no(signed_in));
        let cells = [name, email, subject, issuer, source, signed_in];
        self.write(cells, yes_or_no(voted))
    }

    fn write(&mut self, cells: [&str; 6], voted: &str) -> Result<()> {
        let voted = self.tells_votes.then_some(voted);
        self.sheet.row(cells.into_iter().chain(voted))
    }
}
