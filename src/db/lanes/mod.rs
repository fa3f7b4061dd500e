//! Where queries run.
//!
//! Short reads of SQLite run on a connection of the thread that serves the request; everything else runs on a few
//! executor threads, so that nothing slow stalls a server thread. All writes go through one writer lane, which commits
//! together what waits together. See "Lanes" in `ARCHITECTURE.md`.

pub mod figures;
mod kept;
mod parts;
mod pulse;
mod readers;
mod reply;
mod writer;

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Untyped;

use self::figures::Figures;
pub use self::figures::Waiting;
use self::kept::Source;
pub use self::parts::Parts;
use self::pulse::Watch;
use self::readers::Readers;
use self::writer::Writer;
use super::conn::Purpose;
use super::dialect::fixed;
use super::{Conn, Location, migrate};
use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// How long a read may take, as far as can be told beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A bounded number of steps in an index.
    Short,
    /// Anything else: searches, counts, aggregates.
    Long,
}

/// A database that is open: its readers and its one writer.
pub struct Database {
    location: Location,
    number: u64,
    purpose: Purpose,
    _watch: Option<Watch>,
    readers: Readers,
    /// None where the database is only read.
    writer: Option<Writer>,
    /// Whether a page was found damaged: until somebody has looked after that, nothing more is written.
    damaged: AtomicBool,
    figures: Figures,
}

/// Tells apart the databases that one process opens, for the connections that threads keep.
static OPENED: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The reader connection of this thread, with the number of the database that it belongs to.
    static READER: RefCell<Option<(u64, Conn)>> = const { RefCell::new(None) };
}

/// How many things may happen at once.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Executor threads for reads, each with its connection.
    pub readers: usize,
    /// Reads and writes that may wait, each.
    pub queue: usize,
}

impl Capacity {
    /// That of a database at `location`. Where no number of `readers` is given, there are as many as it is read fastest with
    /// on this machine.
    ///
    /// To read from SQLite is work of this machine: more threads than processors share what these remember of the file, and
    /// each takes longer. A thread that reads from PostgreSQL mostly waits.
    #[must_use]
    pub fn of(location: &Location, readers: Option<u16>, queue: u16) -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZero::get).max(2);
        let fit = match location {
            Location::Sqlite(_) => processors,
            Location::Postgres(_) => processors.saturating_mul(2),
        };
        Self { readers: readers.map_or(fit, usize::from), queue: queue.into() }
    }
}

impl Database {
    /// Opens a database whose schema is up to date.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be reached, `Internal` if it cannot be used.
    pub fn open(location: &Location, capacity: Capacity) -> Result<Self> {
        Self::start(location, Purpose::Read, capacity)
    }

    /// Opens a database whose schema is up to date, which is only read: `ReadOnly` is what every write comes to.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn look(location: &Location, capacity: Capacity) -> Result<Self> {
        Self::start(location, Purpose::Look, capacity)
    }

    fn start(location: &Location, purpose: Purpose, capacity: Capacity) -> Result<Self> {
        if let Some(unfit) = migrate::unfit(&mut Conn::open(location, purpose)?)? {
            return Err(Error::Internal(unfit.to_string()));
        }
        let (source, figures) = (Source::of(location), Figures::default());
        let (readers, mut threads) = Readers::start(&source, purpose, capacity, figures.of("read"))?;
        let mut writer = None;
        if purpose != Purpose::Look {
            let (started, thread) = Writer::start(&source, capacity, &figures)?;
            writer = Some(started);
            threads.push(thread);
        }
        let on_network = matches!(location, Location::Postgres(_));
        Ok(Self {
            location: location.clone(),
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            purpose,
            _watch: if on_network { Some(Watch::over(threads)?) } else { None },
            readers,
            writer,
            damaged: AtomicBool::new(false),
            figures,
        })
    }

    /// What is measured of its lanes.
    #[must_use]
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Where the data are.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Runs a read, all of it on the database as it was when it began; but each statement of a short one on PostgreSQL sees
    /// what there is by then, since beginning and ending cost two more of its few messages.
    ///
    /// # Errors
    /// What `job` gives; `Unavailable` if too much waits or the database cannot be reached.
    pub async fn read<T, F>(&self, lane: Lane, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.noted(match (lane, &self.location) {
            (Lane::Short, Location::Sqlite(_)) => self.read_here(job),
            (Lane::Short, Location::Postgres(_)) => self.readers.run(job).await,
            (Lane::Long, _) => self.readers.run(|conn| snapshot(conn, job)).await,
        })
    }

    /// Whether every page that was read was sound.
    ///
    /// # Errors
    /// `StorageCorrupt` if one was not.
    pub fn is_sound(&self) -> Result<()> {
        if self.damaged.load(Ordering::Relaxed) { Err(Error::Unavailable(Outage::StorageCorrupt)) } else { Ok(()) }
    }

    /// Remembers damage.
    fn noted<T>(&self, outcome: Result<T>) -> Result<T> {
        if let Err(Error::Unavailable(Outage::StorageCorrupt)) = outcome {
            self.damaged.store(true, Ordering::Relaxed);
        }
        outcome
    }

    /// Runs a short read on this thread's own connection. To begin and end costs less than to lock the file for each of its
    /// statements.
    fn read_here<T>(&self, job: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        READER.with_borrow_mut(|kept| {
            if kept.as_ref().is_none_or(|(number, _)| *number != self.number) {
                *kept = Some((self.number, Conn::open(&self.location, self.purpose)?));
            }
            let (_, conn) = kept.as_mut().ok_or(Error::Unavailable(Outage::Database))?;
            snapshot(conn, job)
        })
    }

    /// Runs a write in the writer lane; it has happened, and is on disk, when this returns `Ok`.
    ///
    /// # Errors
    /// What `job` gives, and then nothing is written; `Unavailable` if too much waits, the database cannot be reached, or
    /// (`OutcomeUnknown`) the commit failed.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.write_if(job, |_| true, false).await
    }

    /// Runs a write and takes it back.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn rehearse<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.write_if(job, |_| false, false).await
    }

    /// The writes that wait, for one that takes long to make way for them.
    #[must_use]
    pub fn waiting_writes(&self) -> Waiting {
        self.figures.of("write").waiting()
    }

    /// Runs a write of much in a transaction that it shares with no other, and keeps it if `kept` says so of what it gives.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn write_much<T, F>(&self, job: F, kept: fn(&T) -> bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.write_if(job, kept, true).await
    }

    async fn write_if<T, F>(&self, job: F, kept: fn(&T) -> bool, alone: bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.is_sound()?;
        let writer = self.writer.as_ref().ok_or(Error::Unavailable(Outage::ReadOnly))?;
        self.noted(writer.run(job, kept, alone).await)
    }
}

/// Runs a write on a connection that nobody shares, for programs that do nothing else: all of it is kept, or nothing.
///
/// # Errors
/// What `job` gives; `Unavailable` if the transaction itself fails.
pub fn alone<T, E: From<Error>>(
    conn: &mut Conn,
    job: impl FnOnce(&mut Conn) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    writer::begin(conn).map_err(Error::Unavailable)?;
    let outcome = job(conn);
    if outcome.is_ok() {
        conn.batch_execute("COMMIT").map_err(Error::from)?;
    } else {
        // A database that gave up the transaction by itself has nothing to roll back; what the job gave says why.
        let _ = conn.batch_execute("ROLLBACK");
    }
    outcome
}

/// Runs a read that sees all of the database as it was when it began, whoever writes meanwhile.
///
/// # Errors
/// What `job` gives; `Unavailable` if the transaction itself fails.
pub fn snapshot<T, E: From<Error>>(
    conn: &mut Conn,
    job: impl FnOnce(&mut Conn) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let begin = match conn {
        Conn::Pg(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Conn::Sqlite(_) => "BEGIN DEFERRED",
    };
    fixed::<Untyped>(begin).execute(conn).map_err(Error::from)?;
    let moment = Moment(conn);
    job(moment.0)
}

/// A connection that has begun to read, which ends with this, though the job panics.
struct Moment<'a>(&'a mut Conn);

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        // Nothing was written that could be lost.
        let _ = fixed::<Untyped>("ROLLBACK").execute(self.0);
    }
}

/// What a job gave, once its panic, if it had one, has become an error.
fn outcome_of<T>(caught: std::thread::Result<Result<T>>) -> Result<T> {
    caught.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Error::Internal(format!("panic: {}", text.unwrap_or_default())))
    })
}
