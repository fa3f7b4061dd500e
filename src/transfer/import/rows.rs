//! The rows of what was received, one at a time: each a line, or in CSV a record, whose quoted cells may hold line breaks.

use std::io::{BufRead, BufReader};

use super::Format;
use crate::domain::Result;
use crate::transfer::csv::BYTE_ORDER_MARK;
use crate::transfer::spool::{Spool, SpoolReader, unusable};

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its line, from 1.
    pub line: u64,
    /// Its first byte.
    offset: u64,
}

impl Place {
    /// Where the first row may begin.
    pub const FIRST: Self = Self { line: 1, offset: 0 };
}

/// The bytes of a row, without the end of its line.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it begins.
    pub place: Place,
    /// Its bytes; `None` if there are more than a row may have.
    pub bytes: Option<Vec<u8>>,
}

/// Reads rows. Lines that are empty are none.
pub struct Rows {
    reader: BufReader<SpoolReader>,
    next: Place,
    bounds: Bounds,
    marked: bool,
}

/// Reads rows again.
pub struct Earlier {
    spool: Spool,
    bounds: Bounds,
}

/// How far a row reaches.
#[derive(Clone, Copy)]
struct Bounds {
    /// The end of what is read.
    end: u64,
    /// How many bytes a row may have.
    longest: usize,
    /// Whether a line break may stand between quotes.
    quoted: bool,
}

/// Where one is within the cells of a row of CSV (RFC 4180, section 2): a quote opens a cell at its beginning only, and what
/// closes it ends the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell {
    /// Before a cell.
    #[default]
    Begin,
    /// Within a cell without quotes.
    Plain,
    /// Between quotes, where a line break is part of the cell.
    Quoted,
    /// Behind a quote that ends the cell, or is the first of two that stand for one.
    Closed,
    /// Within a cell that has a quote where none may stand.
    Broken,
}

impl Cell {
    /// Where one is after one byte more.
    #[must_use]
    pub const fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Broken, _) | (Self::Plain, b'"') => Self::Broken,
            // The end of a line may be CRLF.
            (Self::Quoted, b'"') | (Self::Closed, b'\r') => Self::Closed,
            (Self::Begin | Self::Closed, b'"') | (Self::Quoted, _) => Self::Quoted,
            (_, b',') => Self::Begin,
            (Self::Closed, _) => Self::Broken,
            (Self::Begin | Self::Plain, _) => Self::Plain,
        }
    }
}

/// How a row ended.
struct Span {
    bytes: Option<Vec<u8>>,
    length: u64,
    lines: u64,
}

impl Rows {
    /// The rows of the first `end` bytes of `spool`.
    #[must_use]
    pub fn new(spool: &Spool, format: Format, end: u64, longest: usize) -> Self {
        let reader = BufReader::with_capacity(65_536, spool.reader(0, end));
        let bounds = Bounds { end, longest, quoted: format == Format::Csv };
        Self { reader, next: Place::FIRST, bounds, marked: false }
    }

    /// Whether the first line begins with a byte order mark, as spreadsheets write it; known once it was read.
    #[must_use]
    pub const fn marked(&self) -> bool {
        self.marked
    }

    /// The next row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&mut self) -> Result<Option<Row>> {
        if self.next == Place::FIRST {
            self.pass_mark()?;
        }
        while let Some(span) = span(&mut self.reader, self.bounds)? {
            let place = self.next;
            self.next =
                Place { line: place.line.saturating_add(span.lines), offset: place.offset.saturating_add(span.length) };
            if span.bytes.as_ref().is_none_or(|bytes| !bytes.trim_ascii().is_empty()) {
                return Ok(Some(Row { place, bytes: span.bytes }));
            }
        }
        Ok(None)
    }

    /// The line that follows.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.next.line
    }

    /// What reads rows of `spool` again, after these.
    #[must_use]
    pub const fn earlier(&self, spool: Spool) -> Earlier {
        Earlier { spool, bounds: self.bounds }
    }

    /// Passes over the byte order mark that some programs write before the first line.
    fn pass_mark(&mut self) -> Result<()> {
        let begin = self.reader.fill_buf().map_err(|error| unusable(&error))?;
        if begin.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            self.reader.consume(BYTE_ORDER_MARK.len());
            self.next.offset = u64::try_from(BYTE_ORDER_MARK.len()).unwrap_or_default();
            self.marked = true;
        }
        Ok(())
    }
}

impl Earlier {
    /// The row at a place.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self, place: Place) -> Result<Row> {
        let mut reader = BufReader::new(self.spool.reader(place.offset, self.bounds.end));
        let span = span(&mut reader, self.bounds)?;
        Ok(Row { place, bytes: span.and_then(|span| span.bytes) })
    }
}

/// Reads up to the end of a row, keeping no more of it than a row may have.
fn span(reader: &mut impl BufRead, bounds: Bounds) -> Result<Option<Span>> {
    let mut span = Span { bytes: Some(Vec::new()), length: 0, lines: 0 };
    let mut cell = Cell::Begin;
    loop {
        let buffer = reader.fill_buf().map_err(|error| unusable(&error))?;
        if buffer.is_empty() {
            // The last line may lack its end.
            return Ok((span.length > 0).then_some(span));
        }
        let ends = |byte: &u8| {
            span.lines = span.lines.saturating_add(u64::from(*byte == b'\n'));
            let ends = *byte == b'\n' && cell != Cell::Quoted;
            if bounds.quoted {
                cell = cell.after(*byte);
            }
            ends
        };
        let end = buffer.iter().position(ends);
        let taken = end.map_or(buffer.len(), |end| end.saturating_add(1));
        let part = buffer.get(..end.unwrap_or(taken)).unwrap_or_default();
        let fits = |bytes: &Vec<u8>| bytes.len().saturating_add(part.len()) <= bounds.longest;
        span.bytes = span.bytes.filter(fits);
        if let Some(bytes) = &mut span.bytes {
            bytes.extend_from_slice(part);
        }
        span.length = span.length.saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
        reader.consume(taken);
        if end.is_some() {
            return Ok(Some(span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, format: Format, longest: usize) -> Vec<(u64, Option<String>)> {
        let mut spool = Spool::new().unwrap();
        spool.append(text.as_bytes()).unwrap();
        let mut rows = Rows::new(&spool, format, spool.length(), longest);
        let (earlier, mut found) = (rows.earlier(spool), Vec::new());
        while let Some(row) = rows.read().unwrap() {
            assert_eq!(earlier.read(row.place).unwrap(), row);
            found.push((row.place.line, row.bytes.map(|bytes| String::from_utf8(bytes).unwrap())));
        }
        found
    }

    fn row(line: u64, text: &str) -> (u64, Option<String>) {
        (line, Some(text.to_owned()))
    }

    #[test]
    fn empty_lines_are_counted_and_are_no_rows() {
        let text = "\u{feff}a\r\n\r\n  \nb\n\nc";
        assert_eq!(rows(text, Format::Ndjson, 10), [row(1, "a\r"), row(4, "b"), row(6, "c")]);
        assert_eq!(rows("", Format::Ndjson, 10), []);
        assert_eq!(rows("\n", Format::Ndjson, 10), []);
    }

    #[test]
    fn a_row_that_is_too_long_is_known_by_its_place_alone() {
        let long = "x".repeat(200_000);
        let text = format!("a\n{long}\nb\n");
        assert_eq!(rows(&text, Format::Ndjson, 100_000), [row(1, "a"), (2, None), row(3, "b")]);
        assert_eq!(rows(&text, Format::Ndjson, 200_000).len(), 3);
    }

    #[test]
    fn a_line_may_break_between_quotes_in_csv_only() {
        let text = "a,\"b\nc \"\"d\"\"\n\"\n\"e\"\n";
        assert_eq!(rows(text, Format::Csv, 100), [row(1, "a,\"b\nc \"\"d\"\"\n\""), row(4, "\"e\"")]);
        assert_eq!(rows(text, Format::Ndjson, 100).len(), 4);
        assert_eq!(rows("a,\"b\nc\n", Format::Csv, 100), [row(1, "a,\"b\nc\n")]);
        assert_eq!(rows("\u{feff}\"a\nb\"\nc\n", Format::Csv, 100), [row(1, "\"a\nb\""), row(3, "c")]);
    }

    #[test]
    fn a_quote_within_a_cell_takes_no_other_line_along() {
        assert_eq!(rows("a\"b\nc\"d\n", Format::Csv, 100), [row(1, "a\"b"), row(2, "c\"d")]);
        assert_eq!(rows("\"a\" \"b\nc\n", Format::Csv, 100), [row(1, "\"a\" \"b"), row(2, "c")]);
    }
}
