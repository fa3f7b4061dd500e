//! The lines of a file that is read, by their numbers, and what the last of them says of those before it.

use std::io::{BufRead, Read};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::format::LONGEST;
use crate::transfer::ndjson;

/// What reads a file line by line. Memory holds one line.
pub struct Lines<I> {
    input: I,
    line: Vec<u8>,
    /// The lines before the one that was read last.
    before: ndjson::Lines,
}

impl<I: BufRead> Lines<I> {
    /// Begins at the first line.
    pub fn new(input: I) -> Self {
        Self { input, line: Vec::new(), before: ndjson::Lines::default() }
    }

    /// The number of the line that was read last, from 1.
    pub const fn number(&self) -> u64 {
        self.before.count().saturating_add(1)
    }

    /// Names the line that was read last in an error about it.
    pub fn at_line<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.map_err(|error| anyhow!("line {}: {error:#}", self.number()))
    }

    /// The next line, with its end.
    ///
    /// # Errors
    /// If there is none, it is not whole, or it is too long.
    pub fn read(&mut self) -> Result<&[u8]> {
        if self.advance()? {
            return Ok(&self.line);
        }
        match self.before.count() {
            0 => bail!("it is empty"),
            last => bail!("it ends behind line {last}, before its last line"),
        }
    }

    fn advance(&mut self) -> Result<bool> {
        if !self.line.is_empty() {
            self.before.pass(&self.line);
        }
        self.line.clear();
        let read = (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.line);
        read.with_context(|| format!("cannot read line {}", self.number()))?;
        if self.line.is_empty() || self.line.ends_with(b"\n") {
            return Ok(!self.line.is_empty());
        }
        let longest = u64::try_from(self.line.len()).is_ok_and(|length| length == LONGEST);
        let what = if longest { format!("is longer than {LONGEST} bytes") } else { "is cut off".to_owned() };
        self.at_line(Err(anyhow!(what)))
    }

    /// Reads the last line, holds it against those before it, and makes sure that it is the last.
    ///
    /// # Errors
    /// If it does not say what stands before it, or more follows.
    pub fn end(mut self) -> Result<()> {
        self.read()?;
        let expected = self.before.clone().end();
        if self.line != expected {
            let what = difference(&self.line, &expected);
            return self.at_line(Err(what));
        }
        if self.advance()? {
            return self.at_line(Err(anyhow!("stands behind the last line")));
        }
        Ok(())
    }
}

/// What a last line says that is not so.
fn difference(said: &[u8], expected: &[u8]) -> anyhow::Error {
    let parsed = |line: &[u8]| serde_json::from_slice::<Value>(line).unwrap_or_default();
    let (said, expected) = (parsed(said), parsed(expected));
    let is = |name: &str| said.get(name) == expected.get(name);
    let field = |of: &Value, name: &str| of.get(name).map(ToString::to_string).unwrap_or_default();
    if !is("type") {
        anyhow!("stands where the last line should")
    } else if !is("count") {
        anyhow!("says that {} lines stand before it, which are {}", field(&said, "count"), field(&expected, "count"))
    } else if is("digest") {
        anyhow!("is not written as the last line is")
    } else {
        anyhow!("the digest is not that of the lines before it, so one of them was altered")
    }
}
