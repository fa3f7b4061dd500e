//! The rows of what was received, one at a time: each a line, or in CSV a record, whose quoted cells may hold line breaks.

use std::io::{BufRead, BufReader};

use super::Format;
use crate::domain::Result;
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
        Self { reader, next: Place::FIRST, bounds }
    }

    /// The next row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&mut self) -> Result<Option<Row>> {
        while let Some(span) = span(&mut self.reader, self.bounds)? {
            let place = self.next;
            self.next =
                Place { line: place.line.saturating_add(span.lines), offset: place.offset.saturating_add(span.length) };
            let bytes = span.bytes.map(|bytes| without_mark(place, bytes));
            if bytes.as_ref().is_none_or(|bytes| !bytes.trim_ascii().is_empty()) {
                return Ok(Some(Row { place, bytes }));
            }
        }
        Ok(None)
    }

    /// The line that follows.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.next.line
    }

    /// The row at a place once more.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn again(&self, spool: &Spool, place: Place) -> Result<Row> {
        let mut reader = BufReader::new(spool.reader(place.offset, self.bounds.end));
        let span = span(&mut reader, self.bounds)?;
        Ok(Row { place, bytes: span.and_then(|span| span.bytes).map(|bytes| without_mark(place, bytes)) })
    }
}

/// The byte order mark that some programs write before the first line.
fn without_mark(place: Place, bytes: Vec<u8>) -> Vec<u8> {
    match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) if place.offset == 0 => rest.to_vec(),
        _ => bytes,
    }
}

/// Reads up to the end of a row, keeping no more of it than a row may have.
fn span(reader: &mut impl BufRead, bounds: Bounds) -> Result<Option<Span>> {
    let mut span = Span { bytes: Some(Vec::new()), length: 0, lines: 0 };
    let mut within_quotes = false;
    loop {
        let buffer = reader.fill_buf().map_err(|error| unusable(&error))?;
        if buffer.is_empty() {
            // The last line may lack its end.
            return Ok((span.length > 0).then_some(span));
        }
        let ends = |byte: &u8| {
            within_quotes ^= bounds.quoted && *byte == b'"';
            span.lines = span.lines.saturating_add(u64::from(*byte == b'\n'));
            *byte == b'\n' && !within_quotes
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
        let mut found = Vec::new();
        while let Some(row) = rows.read().unwrap() {
            assert_eq!(rows.again(&spool, row.place).unwrap(), row);
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
    }
}
