//! A file with voters, as spreadsheets and people write it: CSV (RFC 4180) with commas,
//! semicolons or tabs; with a heading that names the columns, or one voter on each line.

use std::collections::HashSet;

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use super::Invite;
use crate::spreadsheet::read_back;

/// Most characters of an e-mail address (RFC 5321, 4.5.3.1.3, without the angle brackets).
const LONGEST_EMAIL: usize = 254;
/// Most characters of `sub` (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;
/// Lines at fault that are told one by one.
const MOST_TOLD: usize = 20;

/// What was read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Upload {
    /// Whom the lines name, each once, in order.
    pub voters: Vec<Invite>,
    /// Lines that name somebody once more.
    pub repeated: usize,
    /// Lines that name nobody.
    pub invalid: usize,
    /// The first of those.
    pub faults: Vec<Fault>,
}

/// A line that names nobody.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Fault {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What stands there, shortened.
    pub text: String,
}

/// Where the columns are.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    email: Option<usize>,
    subject: Option<usize>,
    issuer: Option<usize>,
}

impl Columns {
    /// The columns that a heading names; `None` when the record is none.
    fn of(heading: &StringRecord) -> Option<Self> {
        let place = |names: &[&str]| {
            let mut cells = heading.iter();
            cells.position(|cell| names.contains(&cell.trim().to_ascii_lowercase().as_str()))
        };
        let columns = Self {
            email: place(&["email", "e-mail", "mail", "email address", "e-mail address"]),
            subject: place(&["sub", "subject"]),
            issuer: place(&["iss", "issuer"]),
        };
        (columns.email.is_some() || columns.subject.is_some()).then_some(columns)
    }

    /// Whom a record names. Where it gives both, the subject counts: it never changes.
    fn read(self, record: &StringRecord, issuer: &str) -> Option<Invite> {
        let cell = |place: Option<usize>| cell(record, place?);
        let issuer = cell(self.issuer).unwrap_or_else(|| issuer.to_owned());
        match (cell(self.subject), cell(self.email)) {
            (Some(subject), _) => named(&subject).then(|| Invite::subject(&issuer, &subject)),
            (None, Some(email)) => is_email(&email).then(|| Invite::email(&email)),
            (None, None) => None,
        }
    }
}

impl Upload {
    /// Reads a file. Subjects are meant at `issuer` unless a column says otherwise.
    #[must_use]
    pub fn read(file: &[u8], issuer: &str) -> Self {
        // What is no UTF-8 shows up as a line at fault, if it stands where it matters.
        let text = String::from_utf8_lossy(file);
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let (mut upload, mut seen, mut columns) = (Self::default(), HashSet::new(), None);
        for (number, record) in reader.records().enumerate() {
            let Ok(record) = record else { continue };
            if number == 0 {
                columns = Columns::of(&record);
                if columns.is_some() {
                    continue;
                }
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let voter = match columns {
                Some(columns) => columns.read(&record, issuer),
                None => cell(&record, 0).and_then(|cell| guess(&cell, issuer)),
            };
            upload.take(voter, &record, &mut seen);
        }
        upload
    }

    fn take(&mut self, voter: Option<Invite>, record: &StringRecord, seen: &mut HashSet<Invite>) {
        match voter {
            Some(voter) if seen.insert(voter.clone()) => self.voters.push(voter),
            Some(_) => self.repeated += 1,
            None => {
                self.invalid += 1;
                if self.faults.len() < MOST_TOLD {
                    let text = record.iter().collect::<Vec<_>>().join(" ");
                    self.faults.push(Fault {
                        line: record.position().map_or(0, csv::Position::line),
                        text: text.chars().filter(|c| !c.is_control()).take(60).collect(),
                    });
                }
            }
        }
    }
}

/// The character that stands most often on the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |wanted: &u8| first.bytes().filter(|byte| byte == wanted).count();
    // Of several equals the last one counts.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b',')
}

/// A cell without the blanks around it and without what [`super::download`] puts before what a
/// spreadsheet would run; `None` when nothing is left.
fn cell(record: &StringRecord, place: usize) -> Option<String> {
    let cell = read_back(record.get(place)?.trim());
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// Whom a lone cell names.
fn guess(cell: &str, issuer: &str) -> Option<Invite> {
    if cell.contains('@') {
        is_email(cell).then(|| Invite::email(cell))
    } else {
        named(cell).then(|| Invite::subject(issuer, cell))
    }
}

/// Whether it can be a subject: one word of bounded length.
fn named(subject: &str) -> bool {
    is_word(subject) && subject.chars().count() <= LONGEST_SUBJECT
}

/// Whether it can be an e-mail address: whether it is one, only a mail can tell.
fn is_email(text: &str) -> bool {
    let halves = text.rsplit_once('@');
    let has_both = halves.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    has_both && is_word(text) && text.len() <= LONGEST_EMAIL
}

fn is_word(text: &str) -> bool {
    let is_part = |c: char| !c.is_whitespace() && !c.is_control() && c != '\u{fffd}';
    text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://op.example";

    fn read(text: &str) -> Upload {
        Upload::read(text.as_bytes(), ISSUER)
    }

    #[test]
    fn a_plain_list_holds_addresses_and_subjects() {
        let upload = read("Uma@Example.org\n\n  269012345678 \r\nstan@example.org,Stan,Staff\n");
        let expected = [
            Invite::email("uma@example.org"),
            Invite::subject(ISSUER, "269012345678"),
            Invite::email("stan@example.org"),
        ];
        assert_eq!(upload.voters, expected);
        assert_eq!((upload.repeated, upload.invalid), (0, 0));
    }

    #[test]
    fn a_heading_names_the_columns_whatever_their_order_and_separator() {
        let with_all = "\u{feff}Name;E-Mail;Sub;iss\nUma;uma@example.org;;\nStan;stan@example.org;42;\n;;7;https://other.example\n";
        let expected = [
            Invite::email("uma@example.org"),
            Invite::subject(ISSUER, "42"),
            Invite::subject("https://other.example", "7"),
        ];
        for delimiter in [";", ",", "\t"] {
            let text = with_all.replace(';', delimiter);
            assert_eq!(read(&text).voters, expected, "{delimiter:?}");
        }
    }

    #[test]
    fn somebody_named_twice_counts_once() {
        let upload = read("uma@example.org\nUMA@example.org\numa@example.org\n");
        assert_eq!((upload.voters.len(), upload.repeated), (1, 2));
    }

    #[test]
    fn lines_that_name_nobody_are_told_with_their_number() {
        let upload = read("uma@example.org\nnobody at home\n@\nstan@example.org\nx@\n");
        assert_eq!(upload.invalid, 3);
        let told = upload.faults.iter();
        let told: Vec<_> = told
            .map(|fault| (fault.line, fault.text.as_str()))
            .collect();
        assert_eq!(told, [(2, "nobody at home"), (3, "@"), (5, "x@")]);
        let headed = read("email,name\n,Nora\nnora,Nora\n");
        assert_eq!((headed.voters.len(), headed.invalid), (0, 2));
    }

    #[test]
    fn letters_that_are_no_utf_8_are_a_fault_only_where_they_name_somebody() {
        let upload = Upload::read(
            b"email,name\nb@example.org,B\xe9la\nb\xe9la@example.org,B\n",
            ISSUER,
        );
        assert_eq!((upload.voters.len(), upload.invalid), (1, 1));
    }

    #[test]
    fn of_many_faults_the_first_are_told() {
        let upload = read(&"not one\n".repeat(50));
        assert_eq!((upload.invalid, upload.faults.len()), (50, MOST_TOLD));
        assert_eq!(read(""), Upload::default());
    }
}
