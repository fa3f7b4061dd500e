//! Importing rows of mixed collections: each is one write, settled by itself.
//!
//! The rule: memory holds a few rows. They stay in the file into which they were received ([`rows`]) and are read ([`row`],
//! [`mod@csv`]) a little ahead of the writer ([`ahead`]), and what became of each is handed on at once. What is kept is the
//! line that names each record ([`names`]) and the place of each row that waits for another ([`waiting`]).
//!
//! A row that points by external key at a record that is not there waits for it: it is tried again as soon as a row has
//! brought a record with that key, and once more at the end. So the order of rows does not matter. What is said of a record
//! stands in one row: an import that is sent again then changes nothing.

pub mod ahead;
pub mod csv;
pub mod effect;
pub mod names;
pub mod row;
pub mod rows;
pub mod trailer;
pub mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;

use self::ahead::Ahead;
use self::effect::Effect;
use self::names::{Name, Names};
use self::row::{Parsed, Reader, Write};
use self::rows::{Earlier, Place, Rows};
use self::waiting::Waiting;
use crate::changes;
use crate::db::Conn;
use crate::db::lanes::Parts;
use crate::domain::fault::Warning;
use crate::domain::{Error, Id, Result, Stamp};
use crate::service::collection::Collection;
use crate::service::upsert::Extent;
use crate::service::write::Outcome;
use crate::transfer::spool::Spool;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180, with a header.
    Csv,
}

/// What is wanted of an import.
#[derive(Clone, Copy)]
pub struct Options {
    /// How rows are written.
    pub format: Format,
    /// What the fields of a row mean to a record that is there.
    pub extent: Extent,
    /// The collection of rows that name no type.
    pub collection: Option<&'static dyn Collection>,
    /// How many bytes a row may have.
    pub longest_row: usize,
    /// Whether each result says what it changes: for a rehearsal.
    pub differences: bool,
}

/// How much of an import is done in one go.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// After how many rows it stops.
    pub rows: u64,
    /// After how many bytes it stops.
    pub bytes: u64,
}

impl Share {
    /// All there is.
    pub const ALL: Self = Self { rows: u64::MAX, bytes: u64::MAX };
}

/// What became of a row.
pub struct Settled {
    /// Its line.
    pub line: u64,
    /// What is known of its type.
    pub collection: Option<&'static dyn Collection>,
    /// What was written, or why not.
    pub result: Result<Done>,
}

/// The record of a row.
pub struct Done {
    /// Its number.
    pub id: Id,
    /// What became of it.
    pub outcome: Outcome,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// The line that has said the same of it before.
    pub first_line: Option<u64>,
    /// What was changed, if that was asked.
    pub effect: Option<Effect>,
}

/// An import under way.
pub struct Import {
    rows: Ahead,
    earlier: Earlier,
    reader: Arc<Reader>,
    options: Options,
    names: Names,
    waiting: Waiting,
    /// Rows whose turn has come again.
    ready: VecDeque<Place>,
    /// Whether all rows were read, so that none waits any more.
    finishing: bool,
}

impl Import {
    /// The import of the rows before the byte `end` of what was received.
    ///
    /// # Errors
    /// `Malformed` or `Invalid` if it cannot begin, such as with a header that names what is no field.
    pub fn new(spool: Spool, end: u64, options: Options) -> Result<Self> {
        let mut rows = Rows::new(&spool, options.format, end, options.longest_row);
        let reader = Arc::new(Reader::new(&mut rows, options)?);
        let (earlier, rows) = (rows.earlier(spool), Ahead::new(rows, Arc::clone(&reader))?);
        let (names, waiting, ready) = (Names::default(), Waiting::default(), VecDeque::new());
        Ok(Self { rows, earlier, reader, options, names, waiting, ready, finishing: false })
    }

    /// Settles rows, as many as there are in `share`, and says whether there are no more.
    ///
    /// # Errors
    /// `Unavailable` where no row could be settled any more; what `tell` gives.
    pub fn settle(
        &mut self,
        conn: &mut Conn,
        stamp: &Stamp,
        share: Share,
        tell: &mut dyn FnMut(Settled) -> Result<()>,
    ) -> Result<bool> {
        let extent = self.options.extent;
        let mut parts = Parts::new(|conn: &mut Conn, write: &Write| write.save(conn, stamp, extent).map(drop));
        let (mut rows, mut bytes) = (0_u64, 0_u64);
        let ended = loop {
            if rows >= share.rows || bytes >= share.bytes {
                break false;
            }
            let Some(row) = self.next()? else { break true };
            rows = rows.saturating_add(1);
            bytes = bytes.saturating_add(row.length);
            if let Some(settled) = self.settle_one(conn, stamp, row, &mut parts)? {
                tell(settled)?;
            }
        };
        parts.keep(conn)?;
        Ok(ended)
    }

    /// The row whose turn it is: one whose wait is over, or the next, or in the end those that waited in vain.
    fn next(&mut self) -> Result<Option<Parsed>> {
        if self.ready.is_empty() && !self.finishing {
            if let Some(row) = self.rows.read()? {
                return Ok(Some(row));
            }
            self.finishing = true;
            self.ready = self.waiting.end(&self.names);
        }
        self.ready.pop_front().map(|place| Ok(self.reader.parse(&self.earlier.read(place)?))).transpose()
    }

    /// Settles a row, unless it is to wait.
    fn settle_one(
        &mut self,
        conn: &mut Conn,
        stamp: &Stamp,
        row: Parsed,
        parts: &mut Parts<'_, Write>,
    ) -> Result<Option<Settled>> {
        let place = row.place;
        let (collection, result) = match row.write {
            Ok(write) if self.names.note(write.collection.kind(), &write.target, place.line) => {
                let (collection, name) = (write.collection, write.name());
                let outcome = parts.attempt(conn, write, |conn, write| self.write(conn, stamp, place.line, write));
                (Some(collection), self.outcome_of(place, name, outcome)?)
            }
            Ok(write) => (Some(write.collection), Some(Err(write.one_too_many()))),
            Err((collection, error)) => (collection, Some(Err(error))),
        };
        Ok(result.map(|result| Settled { line: place.line, collection, result }))
    }

    /// What became of a row that was tried, whose record has this name; nothing if it is to wait.
    fn outcome_of(
        &mut self,
        place: Place,
        name: Option<Name>,
        outcome: Result<Done, (Write, Error)>,
    ) -> Result<Option<Result<Done>>> {
        match outcome {
            Ok(done) => {
                self.ready.extend(name.into_iter().flat_map(|name| self.waiting.wake(name)));
                Ok(Some(Ok(done)))
            }
            Err((_, error @ Error::Unavailable(_))) => Err(error),
            Err((write, error)) if self.finishing => {
                Ok(Some(Err(self.waiting.explain(&self.names, &write, place.line, error))))
            }
            Err((write, error)) => {
                let waits = write.awaited(&error).is_some_and(|name| self.waiting.add(name, place));
                Ok((!waits).then_some(Err(error)))
            }
        }
    }

    /// Writes the record of a row. What is refused is undone by the caller.
    fn write(&self, conn: &mut Conn, stamp: &Stamp, line: u64, write: &Write) -> Result<Done> {
        let kind = write.collection.kind();
        let before = self.options.differences.then(|| changes::store::last(conn)).transpose()?;
        let saved = write.save(conn, stamp, self.options.extent)?;
        let first_line = self.names.earlier(conn, (kind, &write.target), &saved, line)?;
        if let Some(first) = first_line.filter(|_| saved.outcome != Outcome::Unchanged) {
            return Err(write.repeats(first));
        }
        let effect = match before {
            Some((sequence, _)) => Some(Effect::since(conn, sequence, (kind, saved.id), saved.nested)?),
            None => None,
        };
        Ok(Done { id: saved.id, outcome: saved.outcome, warnings: saved.warnings, first_line, effect })
    }
}
