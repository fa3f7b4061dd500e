//! Importing rows of mixed collections: each is one write, settled by itself.
//!
//! The rule: memory does not grow with the number of rows. The rows stay in the file into which they were received
//! ([`rows`]), one is read at a time ([`row`], [`mod@csv`]), and what became of it is handed on at once. What is kept is the place of
//! each row that waits for another.
//!
//! A row that points by external key at a record that is not there waits for it: it is tried again as soon as a row has
//! brought a record with that key, and once more at the end. So the order of rows does not matter.

pub mod csv;
pub mod row;
pub mod rows;
pub mod trailer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use self::row::{Reader, Write};
use self::rows::{Place, Row, Rows};
use crate::changes::feed;
use crate::db::Conn;
use crate::db::lanes::part;
use crate::domain::fault::Warning;
use crate::domain::link::ExternalKey;
use crate::domain::{Error, Id, Result, Stamp};
use crate::service::collection::Collection;
use crate::service::upsert::{Extent, Target};
use crate::service::write::{Outcome, Saved};
use crate::transfer::spool::Spool;

/// How many rows may wait for others; one beyond fails at once. Each takes some thirty bytes.
const MOST_WAITING: usize = 200_000;

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
    /// The fields that changed, before and after, if that was asked.
    pub differences: Option<BTreeMap<String, (Value, Value)>>,
}

/// An import under way.
pub struct Import {
    spool: Spool,
    rows: Rows,
    reader: Reader,
    options: Options,
    /// The rows that wait, each under the hash of the key that it waits for.
    waiting: BTreeSet<(u64, Place)>,
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
        let reader = Reader::new(&mut rows, options)?;
        let (waiting, ready) = (BTreeSet::new(), VecDeque::new());
        Ok(Self { spool, rows, reader, options, waiting, ready, finishing: false })
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
        let (mut rows, mut bytes) = (0_u64, 0_u64);
        while rows < share.rows && bytes < share.bytes {
            let Some(row) = self.next()? else { return Ok(true) };
            rows = rows.saturating_add(1);
            bytes = bytes.saturating_add(row.bytes.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(0)));
            if let Some(settled) = self.settle_one(conn, stamp, &row)? {
                tell(settled)?;
            }
        }
        Ok(false)
    }

    /// The row whose turn it is: one whose wait is over, or the next, or in the end those that waited in vain.
    fn next(&mut self) -> Result<Option<Row>> {
        if self.ready.is_empty() && !self.finishing {
            if let Some(row) = self.rows.read()? {
                return Ok(Some(row));
            }
            self.finishing = true;
            let mut places: Vec<Place> =
                std::mem::take(&mut self.waiting).into_iter().map(|(_, place)| place).collect();
            places.sort_unstable();
            self.ready = places.into();
        }
        self.ready.pop_front().map(|place| self.rows.again(&self.spool, place)).transpose()
    }

    /// Settles a row, unless it is to wait.
    fn settle_one(&mut self, conn: &mut Conn, stamp: &Stamp, row: &Row) -> Result<Option<Settled>> {
        let place = row.place;
        let (collection, result) = match self.reader.read(row) {
            Ok(write) => (Some(write.collection), self.save(conn, stamp, place, &write)?),
            Err((collection, error)) => (collection, Some(Err(error))),
        };
        Ok(result.map(|result| Settled { line: place.line, collection, result }))
    }

    /// Writes the record of a row; gives nothing if the row is to wait.
    fn save(&mut self, conn: &mut Conn, stamp: &Stamp, place: Place, write: &Write) -> Result<Option<Result<Done>>> {
        let Write { collection, target, fields } = write;
        let (extent, differences) = (self.options.extent, self.options.differences);
        let saved = part(conn, |conn| {
            let Saved { id, outcome, warnings } = collection.save(conn, stamp, target, fields.clone(), extent)?;
            let changed = differences && outcome != Outcome::Unchanged;
            let differences = changed.then(|| feed::last_differences(conn, collection.kind(), id)).transpose()?;
            Ok(Done { id, outcome, warnings, differences })
        });
        match saved {
            Ok(done) => {
                if let Target::Key(key) = target {
                    self.wake(key);
                }
                Ok(Some(Ok(done)))
            }
            Err(error @ Error::Unavailable(_)) => Err(error),
            Err(error) => {
                match write.awaited(&error).filter(|_| !self.finishing && self.waiting.len() < MOST_WAITING) {
                    Some(key) => {
                        self.waiting.insert((hash_of(&key), place));
                        Ok(None)
                    }
                    None => Ok(Some(Err(error))),
                }
            }
        }
    }

    /// Gives the rows that wait for a key their turn. Of two keys with one hash the wrong one may wake a row, which then
    /// waits again.
    fn wake(&mut self, key: &ExternalKey) {
        let hash = hash_of(key);
        let first = Place::FIRST;
        let woken: Vec<Place> = self
            .waiting
            .range((hash, first)..)
            .take_while(|(waiting_for, _)| *waiting_for == hash)
            .map(|(_, place)| *place)
            .collect();
        for place in woken {
            self.waiting.remove(&(hash, place));
            self.ready.push_back(place);
        }
    }
}

fn hash_of(key: &ExternalKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
