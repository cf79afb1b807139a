//! Tables for spreadsheet programs: CSV as in RFC 4180, in UTF-8 and saying so.
//!
//! Foundation: knows no feature.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header;

use crate::error::{Error, Result};

/// By this, spreadsheet programs know that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A table that is being written.
pub struct Sheet(csv::Writer<Vec<u8>>);

impl Default for Sheet {
    fn default() -> Self {
        Self::begun(BYTE_ORDER_MARK.to_vec())
    }
}

impl Sheet {
    /// Adds a row.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> Result<()> {
        for cell in cells {
            let cell = inert(cell.as_ref());
            self.0
                .write_field(cell.as_bytes())
                .map_err(Error::internal)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(Error::internal)
    }

    /// Goes on with a table of which the start was handed out already.
    #[must_use]
    pub fn continued() -> Self {
        Self::begun(Vec::new())
    }

    fn begun(start: Vec<u8>) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(start);
        Self(writer)
    }

    /// What was written.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| {
            let error = error.error();
            Error::internal(error.to_string())
        })
    }

    /// The table as a file to be saved as `name`, which is plain letters.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn download(self, name: &str) -> Result<Response> {
        let bytes = self.into_bytes()?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, attachment(name)),
        ];
        Ok((headers, bytes).into_response())
    }
}

/// `Content-Disposition` of a file to be saved as `name`, which is plain letters.
#[must_use]
pub fn attachment(name: &str) -> String {
    format!("attachment; filename=\"{name}\"")
}

/// Text that no spreadsheet program takes for a formula: an apostrophe goes before whatever would
/// begin one (OWASP, CSV Injection).
fn inert(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text of a cell that [`Sheet`] has written.
#[must_use]
pub fn read_back(cell: &str) -> &str {
    let text = cell.strip_prefix('\'');
    text.filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    let begins_formula = |first: char| matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n');
    // Programs for Japanese text read the wide forms as well.
    let is_wide = |first: char| matches!(first, '＝' | '＋' | '－' | '＠');
    text.starts_with(|first| begins_formula(first) || is_wide(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[&str]]) -> String {
        let mut sheet = Sheet::default();
        for row in rows {
            sheet.row(*row).unwrap();
        }
        String::from_utf8(sheet.0.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn rows_are_as_rfc_4180_says_after_a_byte_order_mark() {
        let text = written(&[
            &["Question", "Tea, or \"coffee\"?"],
            &["one"],
            &["a\nb", ""],
        ]);
        assert_eq!(
            text,
            "\u{feff}Question,\"Tea, or \"\"coffee\"\"?\"\r\none\r\n\"a\nb\",\r\n"
        );
    }

    /// R13: each way in which a formula can begin.
    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
            ("22", "22"),
            ("", ""),
        ] {
            assert_eq!(inert(text), cell, "{text:?}");
            assert_eq!(read_back(cell), text, "{cell:?}");
        }
    }
}
