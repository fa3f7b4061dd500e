//! The last line of an export, by which one knows that a copy of it is whole:
//! `{"type":"export_end","count":N,"digest":"sha-256=:BASE64:"}`.

use std::io::Read;

use serde_json::{Map, Value};

use super::Format;
use super::rows::Rows;
use crate::domain::{Fault, Faults, Result};
use crate::transfer::ndjson::{END, digest_field};
use crate::transfer::spool::{Spool, unusable};

/// How many bytes before the end such a line is looked for.
const WINDOW: u64 = 4096;

/// Of longer rows it is enough to know that they are there.
const LONGEST: usize = 4096;

/// Where the rows end, and what is wrong with the line behind them.
#[derive(Debug, PartialEq)]
pub struct End {
    /// The first byte that belongs to no row.
    pub rows: u64,
    /// What that line says that is not so.
    pub faults: Faults,
    /// The line.
    pub line: u64,
}

impl End {
    /// That of what has no such line.
    #[must_use]
    pub fn without_line(spool: &Spool) -> Self {
        Self { rows: spool.length(), faults: Faults::default(), line: 0 }
    }
}

/// Finds the end of the rows. Only what ends with such a line is read for it as a whole.
///
/// # Errors
/// If the file cannot be read.
pub fn find(spool: &Spool) -> Result<End> {
    let length = spool.length();
    let none = End::without_line(spool);
    let mut window = Vec::new();
    let from = length.saturating_sub(WINDOW);
    spool.reader(from, length).read_to_end(&mut window).map_err(|error| unusable(&error))?;
    let trimmed = window.trim_ascii_end();
    let begin = trimmed.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let Some(Value::Object(said)) = trimmed.get(begin..).and_then(|line| serde_json::from_slice(line).ok()) else {
        return Ok(none);
    };
    if said.get("type").and_then(Value::as_str) != Some(END) {
        return Ok(none);
    }
    let rows = from.saturating_add(u64::try_from(begin).unwrap_or_default());
    check(spool, rows, &said)
}

/// Compares what the line says with what stands before it.
fn check(spool: &Spool, end: u64, said: &Map<String, Value>) -> Result<End> {
    let mut faults = Faults::default();
    let mut rows = Rows::new(spool, Format::Ndjson, end, LONGEST);
    let mut count = 0_u64;
    while rows.read()?.is_some() {
        count = count.saturating_add(1);
    }
    if said.get("count").and_then(Value::as_u64) != Some(count) {
        let what = format!("is not the number of rows before it, which is {count}");
        faults.field("/count", Fault::new("inconsistent", what));
    }
    if let Some(given) = said.get("digest") {
        let digest = digest_field(&spool.digest(end)?);
        if given.as_str() != Some(digest.as_str()) {
            let what = format!("is not the digest of all that stands before it, which is {digest}");
            faults.field("/digest", Fault::new("inconsistent", what));
        }
    }
    Ok(End { rows: end, faults, line: rows.line() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> End {
        let mut spool = Spool::new().unwrap();
        spool.append(text.as_bytes()).unwrap();
        find(&spool).unwrap()
    }

    #[test]
    fn the_last_line_of_an_export_fits_what_stands_before_it() {
        let whole = "{\"a\":1}\n\n{\"a\":2}\n{\"type\":\"export_end\",\"count\":2,\"digest\":\"sha-256=:A9PIQJrSWWGAWK93Gt/CU5IJSJq9R3NkU48Uip8EObA=:\"}\n\n";
        let found = end(whole);
        assert_eq!((found.rows, found.line), (17, 4));
        assert_eq!(found.faults, Faults::default(), "{:?}", found.faults);
        let short = end(&whole.replace("{\"a\":2}\n", ""));
        assert_eq!(short.faults.0.len(), 2, "{:?}", short.faults);
    }

    #[test]
    fn other_last_lines_are_rows() {
        for text in ["", "{\"a\":1}", "{\"type\":\"export_end\",\"count\":0}\n{\"a\":1}\n", "{\"type\":\"export\"}"] {
            assert_eq!(end(text).rows, u64::try_from(text.len()).unwrap(), "{text}");
        }
        assert_eq!(end("{\"type\":\"export_end\",\"count\":0}").rows, 0);
    }
}
