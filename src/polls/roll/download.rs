//! A list as a file for spreadsheets: CSV (RFC 4180) in UTF-8 with a byte order mark, by which
//! they know it. [`super::upload`] reads it again.

use super::{Enrolled, InviteKind, Invited};
use crate::{
    error::{Error, Result},
    polls::rules::RollSource,
};

/// A cell that begins with one of these would be run as a formula.
pub const RUN_BY_SPREADSHEETS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A list that is being written.
pub struct Download {
    file: csv::Writer<Vec<u8>>,
    tells_votes: bool,
}

impl Download {
    /// An empty list with its heading. Who has voted stands on it only where it `tells_votes`.
    ///
    /// # Errors
    /// Never when writing to memory; the library asks.
    pub fn new(tells_votes: bool) -> Result<Self> {
        let file = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let mut download = Self { file, tells_votes };
        let heading = ["name", "email", "sub", "iss", "source", "signed_in"];
        download.write(heading.map(str::to_owned), "voted")?;
        Ok(download)
    }

    /// Adds somebody who has signed in.
    ///
    /// # Errors
    /// As [`Download::new`].
    pub fn enrolled(&mut self, voter: Enrolled) -> Result<()> {
        let email = voter.email.unwrap_or_default();
        let cells = [voter.name, email, voter.subject, voter.issuer];
        self.row(cells, voter.source, true, voter.has_voted)
    }

    /// Adds somebody who has not.
    ///
    /// # Errors
    /// As [`Download::new`].
    pub fn invited(&mut self, invited: Invited) -> Result<()> {
        let invite = invited.invite;
        let (email, subject) = match invite.kind {
            InviteKind::Email => (invite.value, String::new()),
            InviteKind::Subject => (String::new(), invite.value),
        };
        let cells = [String::new(), email, subject, invite.issuer];
        self.row(cells, invited.source, false, false)
    }

    fn row(
        &mut self,
        cells: [String; 4],
        source: RollSource,
        signed_in: bool,
        voted: bool,
    ) -> Result<()> {
        let [name, email, subject, issuer] = cells.map(safe);
        let yes_or_no = |is| if is { "yes" } else { "no" };
        let (source, signed_in) = (source.as_str(), yes_or_no(signed_in));
        let cells = [
            name,
            email,
            subject,
            issuer,
            source.into(),
            signed_in.into(),
        ];
        self.write(cells, yes_or_no(voted))
    }

    fn write(&mut self, cells: [String; 6], voted: &str) -> Result<()> {
        let voted = self.tells_votes.then(|| voted.to_owned());
        let record = cells.into_iter().chain(voted);
        self.file.write_record(record).map_err(Error::internal)
    }

    /// The file.
    ///
    /// # Errors
    /// As [`Download::new`].
    pub fn finish(self) -> Result<Vec<u8>> {
        self.file
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))
    }
}

/// A cell that no spreadsheet runs.
fn safe(cell: String) -> String {
    if cell.starts_with(RUN_BY_SPREADSHEETS) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        polls::roll::{Invite, Upload},
        users::UserId,
    };

    fn uma(name: &str, subject: &str) -> Enrolled {
        Enrolled {
            user_id: UserId(1),
            name: name.to_owned(),
            email: Some("uma@example.org".to_owned()),
            issuer: "https://op.example".to_owned(),
            subject: subject.to_owned(),
            source: RollSource::List,
            has_voted: true,
        }
    }

    fn file(tells_votes: bool) -> String {
        let mut download = Download::new(tells_votes).unwrap();
        download.enrolled(uma("=cmd|'/c calc'!A1", "-7")).unwrap();
        let nora = Invited {
            invite: Invite::email("nora@example.org"),
            source: RollSource::AddedLater,
        };
        download.invited(nora).unwrap();
        String::from_utf8(download.finish().unwrap()).unwrap()
    }

    /// R13.
    #[test]
    fn no_cell_is_run_by_a_spreadsheet() {
        let text = file(true);
        let (heading, rows) = text.split_once("\r\n").unwrap();
        assert_eq!(heading, "\u{feff}name,email,sub,iss,source,signed_in,voted");
        let expected = "'=cmd|'/c calc'!A1,uma@example.org,'-7,https://op.example,list,yes,yes\r\n\
            ,nora@example.org,,,added_later,no,no\r\n";
        assert_eq!(rows, expected);
    }

    #[test]
    fn who_has_voted_is_left_out_where_it_may_not_be_told() {
        assert!(!file(false).contains("voted"));
    }

    #[test]
    fn a_list_that_was_downloaded_can_be_uploaded_again() {
        let upload = Upload::read(file(true).as_bytes(), "https://elsewhere.example");
        let expected = [
            Invite::subject("https://op.example", "-7"),
            Invite::email("nora@example.org"),
        ];
        assert_eq!(
            (upload.voters.as_slice(), upload.invalid),
            (&expected[..], 0)
        );
    }
}
