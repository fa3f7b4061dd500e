//! Tables as CSV (RFC 4180): for programs that open them, or so that each value can be read back as it is.

use std::borrow::Cow;
use std::fs::File;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};
use serde_json::Value;

use super::columns::{Column, readable};
use super::labels::Labels;
use super::spool;
use crate::domain::{Error, Result};

/// What tells programs of spreadsheets that a text is UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How values are written.
#[derive(Debug)]
pub enum Dialect {
    /// For spreadsheets: a byte order mark, lists between semicolons, no text that would be taken for a formula; headings
    /// and codes in Vietnamese if there are labels.
    Excel(Option<Labels>),
    /// For programs: lists and objects as JSON, all else as it is; an empty cell is null.
    Raw,
}

/// A table that is being written.
#[derive(Debug)]
pub struct CsvTable {
    columns: Vec<Column>,
    dialect: Dialect,
    writer: Writer<File>,
}

impl CsvTable {
    /// A table with its header.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for it; so have all that follow.
    pub fn new(columns: Vec<Column>, dialect: Dialect) -> Result<Self> {
        let mut file = spool::file()?;
        let labels = match &dialect {
            Dialect::Excel(labels) => {
                file.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(|error| spool::unusable(&error))?;
                labels.as_ref()
            }
            Dialect::Raw => None,
        };
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).buffer_capacity(64 * 1024).from_writer(file);
        writer.write_record(columns.iter().map(|column| column.heading(labels))).map_err(failed)?;
        Ok(Self { columns, dialect, writer })
    }

    /// Adds a record, and says how many bytes it has.
    pub fn add(&mut self, record: &Value) -> Result<usize> {
        let mut bytes: usize = 0;
        for column in &self.columns {
            let cell = self.dialect.cell(column, &column.value(record));
            bytes = bytes.saturating_add(cell.len());
            self.writer.write_field(cell.as_bytes()).map_err(failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(failed)?;
        Ok(bytes)
    }

    /// The file, once all records are in it.
    pub fn finish(self) -> Result<File> {
        self.writer.into_inner().map_err(|error| spool::unusable(error.error()))
    }
}

impl Dialect {
    fn cell(&self, column: &Column, value: &Value) -> String {
        match (self, value) {
            (Self::Excel(labels), value) => {
                let cell = readable(value, &column.kind, labels.as_ref());
                if value.is_number() { cell } else { neutralized(&cell).into_owned() }
            }
            (Self::Raw, Value::Null) => String::new(),
            (Self::Raw, Value::String(text)) => text.clone(),
            (Self::Raw, other) => other.to_string(),
        }
    }
}

/// A text with an apostrophe before it where a program of spreadsheets might take it for a formula (OWASP, "CSV
/// Injection"): where it begins with one of `= + - @`, in full width too, whatever white space stands before, or with a
/// tab or an end of line. Before a text that looks as if it had one already goes another, so that [`restored`] gives back
/// what there was.
fn neutralized(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_formula(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    first.is_some_and(|first| "=+-@＝＋－＠".contains(first)) || text.starts_with(['\t', '\r', '\n'])
}

/// The text of a cell that was written for spreadsheets.
#[must_use]
pub fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text.trim_start_matches('\''))).unwrap_or(cell)
}

fn failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => spool::unusable(&error),
        other => Error::Internal(format!("a table: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_might_be_a_formula_is_text() {
        for text in
            ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{a0}=1", "＝1", "－1", "'=1", "''=1"]
        {
            assert_eq!(neutralized(text), format!("'{text}"), "{text:?}");
            assert_eq!(restored(&neutralized(text)), text, "{text:?}");
        }
        for text in ["", "32-KL/TW", "a=1", "'a", "5", "– gạch"] {
            assert_eq!(neutralized(text), text, "{text:?}");
            assert_eq!(restored(text), text, "{text:?}");
        }
    }
}
