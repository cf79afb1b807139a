//! What a row is made of, in a form that is the same for both engines.

use sha2::{Digest as _, Sha256};

use crate::random::hex;

/// What a column holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A whole number; a time is one.
    Number,
    /// Yes or no.
    Flag,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

impl Kind {
    /// The kind of a type as PostgreSQL's `information_schema` names it; `None` for one that our
    /// schema does not use.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "bigint" => Some(Self::Number),
            "boolean" => Some(Self::Flag),
            "text" => Some(Self::Text),
            "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}

/// A column that is written; those that are computed are not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether the database numbers new rows in it.
    pub is_identity: bool,
}

/// A table of the schema.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// The columns' names between commas, quoted.
    #[must_use]
    pub fn column_list(&self) -> String {
        let names = self.columns.iter().map(|column| quoted(&column.name));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// A name as SQL takes it.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A value of a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cell {
    /// None.
    Null,
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    /// As the text form of `COPY` wants it (PostgreSQL documentation, COPY, "Text Format").
    fn copied(&self) -> String {
        match self {
            Self::Null => "\\N".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => if *flag { "t" } else { "f" }.to_owned(),
            Self::Text(text) => text
                .replace('\\', "\\\\")
                .replace('\t', "\\t")
                .replace('\n', "\\n")
                .replace('\r', "\\r"),
            Self::Bytes(bytes) => format!("\\\\x{}", hex(bytes)),
        }
    }

    /// Kind, length and content, so that no two rows are written alike.
    fn hashed(&self, hash: Sha256) -> Sha256 {
        let (kind, content) = match self {
            Self::Null => (0_u8, Vec::new()),
            Self::Number(number) => (1, number.to_be_bytes().to_vec()),
            Self::Flag(flag) => (2, vec![u8::from(*flag)]),
            Self::Text(text) => (3, text.clone().into_bytes()),
            Self::Bytes(bytes) => (4, bytes.clone()),
        };
        hash.chain_update([kind])
            .chain_update(content.len().to_be_bytes())
            .chain_update(content)
    }
}

/// A row as a line of `COPY`.
#[must_use]
pub fn line(row: &[Cell]) -> String {
    let cells: Vec<_> = row.iter().map(Cell::copied).collect();
    format!("{}\n", cells.join("\t"))
}

/// What the rows of a table come to, in whatever order they are read.
#[derive(Debug, Default)]
pub struct Digest(Vec<[u8; 32]>);

impl Digest {
    /// Adds a row.
    pub fn add(&mut self, row: &[Cell]) {
        let hash = row
            .iter()
            .fold(Sha256::new(), |hash, cell| cell.hashed(hash));
        self.0.push(hash.finalize().into());
    }

    /// How many rows there were.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.0.len()
    }

    /// The same rows, sorted by their hashes.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_unstable();
        self
    }
}

/// Two sorted digests are equal when each row stands on both sides equally often.
impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copy_would_misread_is_escaped() {
        let row = [
            Cell::Text("a\tb\\N\nc\r".to_owned()),
            Cell::Null,
            Cell::Bytes(vec![0, 255]),
            Cell::Flag(true),
            Cell::Number(-7),
            Cell::Text(String::new()),
        ];
        assert_eq!(line(&row), "a\\tb\\\\N\\nc\\r\t\\N\t\\\\x00ff\tt\t-7\t\n");
    }

    #[test]
    fn a_digest_sees_every_cell_and_no_order() {
        let digest = |rows: &[&[Cell]]| {
            let mut digest = Digest::default();
            for row in rows {
                digest.add(row);
            }
            digest.sorted()
        };
        let text = |text: &str| Cell::Text(text.to_owned());
        let (one, two) = ([text("a"), text("bc")], [text("ab"), text("c")]);
        assert!(digest(&[&one, &two]) == digest(&[&two, &one]));
        assert!(digest(&[&one]) != digest(&[&two]));
        assert!(digest(&[&one]) != digest(&[&one, &one]));
        assert!(digest(&[&[Cell::Null]]) != digest(&[&[text("")]]));
    }
}
