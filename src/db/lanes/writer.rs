//! The one lane that writes. What waits together is committed together; nobody is answered before the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Untyped;
use diesel::{QueryResult, RunQueryDsl};
use tokio::sync::oneshot;

use super::figures::{Figures, LaneFigures, Ticket};
use super::kept::{Kept, Source};
use super::pulse::{Pulse, Watched};
use super::reply::Reply;
use super::{Capacity, outcome_of};
use crate::db::Conn;
use crate::db::conn::Purpose;
use crate::db::dialect::{Fixed, fixed};
use crate::db::errors::by_message;
use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// How many jobs one commit may carry.
const BATCH: usize = 64;

/// The key of the advisory lock that makes the order of the log the order of commits, across processes on PostgreSQL.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7310868735423665747)";

/// One write that waits.
trait Job: Send {
    /// Does the work, and says whether it is to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Why the database could not do it, if that is what it came to.
    fn outage(&self) -> Option<Outage>;
    /// Whether it is committed by itself, because it takes long or much hangs on it.
    fn alone(&self) -> bool;
    /// Answers the caller: with what the work gave, or with why it came to nothing.
    fn settle(self: Box<Self>, failed: Option<Outage>);
    /// What answers the caller if the thread is lost: nobody knows how far it came.
    fn farewell(&self) -> Box<dyn FnOnce() + Send>;
}

struct Pending<T, F> {
    work: Option<F>,
    kept: fn(&T) -> bool,
    alone: bool,
    ticket: Option<Ticket>,
    outcome: Option<Result<T>>,
    reply: Reply<T>,
}

impl<T: Send + 'static, F: FnOnce(&mut Conn) -> Result<T> + Send> Job for Pending<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        self.ticket.take().into_iter().for_each(Ticket::begin);
        let outcome = self.work.take().map(|work| outcome_of(catch_unwind(AssertUnwindSafe(|| work(conn)))));
        let kept = outcome.as_ref().is_some_and(|outcome| outcome.as_ref().is_ok_and(self.kept));
        self.outcome = outcome;
        kept
    }

    fn outage(&self) -> Option<Outage> {
        self.outcome.as_ref()?.as_ref().err()?.outage()
    }

    fn alone(&self) -> bool {
        self.alone
    }

    fn settle(self: Box<Self>, failed: Option<Outage>) {
        let outcome = match (failed, self.outcome) {
            (None, Some(outcome)) => outcome,
            (Some(outage), _) => Err(Error::Unavailable(outage)),
            (None, None) => Err(Error::Unavailable(Outage::Database)),
        };
        // The caller may have gone away; the write has happened all the same.
        self.reply.send(outcome);
    }

    fn farewell(&self) -> Box<dyn FnOnce() + Send> {
        let reply = self.reply.clone();
        Box::new(move || reply.send(Err(Error::Unavailable(Outage::OutcomeUnknown))))
    }
}

/// The lane. Dropping it lets what waits finish and ends the thread.
pub struct Writer {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    thread: Thread,
    figures: LaneFigures,
}

/// The thread that writes now.
type Thread = Arc<Mutex<Option<thread::JoinHandle<()>>>>;

/// What the thread needs.
#[derive(Clone)]
struct Place {
    source: Source,
    waiting: Arc<Mutex<Receiver<Box<dyn Job>>>>,
    thread: Thread,
    figures: Figures,
}

impl Writer {
    /// Starts the thread, to be watched.
    pub fn start(source: &Source, capacity: Capacity, figures: &Figures) -> Result<(Self, Watched)> {
        let (jobs, waiting) = sync_channel::<Box<dyn Job>>(capacity.queue);
        let thread = Thread::default();
        let place = Place {
            source: source.clone(),
            waiting: Arc::new(Mutex::new(waiting)),
            thread: Arc::clone(&thread),
            figures: figures.clone(),
        };
        let replace = Box::new(move || place.clone().start());
        let watched = Watched { pulse: replace()?, replace };
        Ok((Self { jobs: Some(jobs), thread, figures: figures.of("write") }, watched))
    }

    /// Runs a write, and keeps it if `kept` says so of what it gives; committed by itself if `alone`.
    pub async fn run<T, F>(&self, job: F, kept: fn(&T) -> bool, alone: bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let (reply, ticket) = (Reply::new(reply), Some(self.figures.enter()));
        let pending = Box::new(Pending { work: Some(job), kept, alone, ticket, outcome: None, reply });
        let jobs = self.jobs.as_ref().ok_or(Error::Unavailable(Outage::Database))?;
        jobs.try_send(pending).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.figures.refuse();
                Error::Unavailable(Outage::Overloaded)
            }
            TrySendError::Disconnected(_) => Error::Unavailable(Outage::Database),
        })?;
        answer.await.unwrap_or(Err(Error::Unavailable(Outage::OutcomeUnknown)))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A writer that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

impl Place {
    fn start(self) -> Result<Arc<Pulse>> {
        let pulse = Arc::new(Pulse::default());
        let (own, kept) = (Arc::clone(&pulse), Arc::clone(&self.thread));
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || self.serve(&own))
            .map_err(|error| Error::Internal(format!("cannot start the writer: {error}")))?;
        // One that was given up is not waited for.
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(pulse)
    }

    fn serve(&self, pulse: &Arc<Pulse>) {
        let mut kept = Kept::new(&self.source, Purpose::Write);
        let mut put_off: Option<Box<dyn Job>> = None;
        while !pulse.is_lost() {
            let Some(mut batch) = self.batch(&mut put_off) else { return };
            for job in batch.iter().chain(&put_off) {
                pulse.waited_for(job.farewell());
            }
            let failed = match kept.connected(pulse) {
                Ok(open) => commit_together(open, &mut batch).err(),
                Err(error) => {
                    // To try again for each batch in turn would keep the last one waiting for all.
                    batch.extend(put_off.take());
                    batch.extend(self.waiting().try_iter());
                    Some(error.outage().unwrap_or(Outage::Database))
                }
            };
            if failed.is_some() {
                self.figures.failed();
                kept.lose();
            } else {
                self.figures.committed(batch.len());
            }
            for job in batch {
                job.settle(failed);
            }
            pulse.finished();
        }
    }

    /// What is committed together next; `None` when nothing more can come.
    fn batch(&self, put_off: &mut Option<Box<dyn Job>>) -> Option<Vec<Box<dyn Job>>> {
        let waiting = self.waiting();
        let mut batch = vec![put_off.take().or_else(|| waiting.recv().ok())?];
        while batch.len() < BATCH && !batch.iter().any(|job| job.alone()) {
            let Ok(next) = waiting.try_recv() else { break };
            if next.alone() {
                *put_off = Some(next);
                break;
            }
            batch.push(next);
        }
        Some(batch)
    }

    fn waiting(&self) -> MutexGuard<'_, Receiver<Box<dyn Job>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a transaction that writes, alone among all that do.
pub fn begin(conn: &mut Conn) -> Result<(), Outage> {
    let begin = match conn {
        Conn::Pg(_) => format!("BEGIN; {LOCK};"),
        Conn::Sqlite(_) => "BEGIN IMMEDIATE".to_owned(),
    };
    conn.batch_execute(&begin).map_err(|error| reason(&error))
}

/// Runs the jobs of a batch, each in a savepoint of its own, and commits.
fn commit_together(conn: &mut Conn, batch: &mut [Box<dyn Job>]) -> Result<(), Outage> {
    begin(conn)?;
    if let (Conn::Sqlite(_), [job]) = (&*conn, &mut *batch) {
        return commit_one(conn, job.as_mut());
    }
    for job in batch {
        JOB.begin(conn).map_err(|error| reason(&error))?;
        let kept = job.run(conn);
        // Whoever holds what this one waited for in vain may keep each of the others waiting as long.
        if job.outage() == Some(Outage::Overloaded) {
            return Err(Outage::Overloaded);
        }
        // A database that gave up the whole transaction, as SQLite does on a full disk, no longer knows the savepoint: then
        // the whole batch has failed, for the reason of the job that met it.
        JOB.end(conn, kept).map_err(|error| job.outage().unwrap_or_else(|| reason(&error)))?;
    }
    commit(conn)
}

/// Runs a job that shares its transaction with no other: the transaction is its savepoint.
///
/// SQLite keeps the pages that a savepoint would bring back in a list, through which it walks at the end of each savepoint
/// inside: an import, which has one for some rows each, would spend its time there. PostgreSQL has no such list, and
/// commits nothing without an error where a statement has failed, which only a savepoint tells.
fn commit_one(conn: &mut Conn, job: &mut dyn Job) -> Result<(), Outage> {
    if job.run(conn) {
        return commit(conn);
    }
    // A database that gave up the transaction has nothing left to roll back.
    conn.batch_execute("ROLLBACK").map_err(|error| job.outage().unwrap_or_else(|| reason(&error)))
}

fn commit(conn: &mut Conn) -> Result<(), Outage> {
    conn.batch_execute("COMMIT").map_err(|error| {
        log::error!("a commit failed: {error}");
        match (conn, by_message(&error.to_string())) {
            // What makes a transaction one is what SQLite writes last, and there was no room for all.
            (Conn::Sqlite(_), Some(Outage::StorageFull)) => Outage::StorageFull,
            _ => Outage::OutcomeUnknown,
        }
    })
}

/// A savepoint inside the transaction, by the statements of its life. Those that run for each row of an import are kept
/// prepared.
pub struct Savepoint {
    begin: Fixed<Untyped>,
    keep: Fixed<Untyped>,
    take_back: &'static str,
}

/// Around one of the jobs that are committed together.
const JOB: Savepoint = Savepoint {
    begin: fixed("SAVEPOINT job"),
    keep: fixed("RELEASE SAVEPOINT job"),
    take_back: "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job",
};

/// Around parts of a job.
pub const PART: Savepoint = Savepoint {
    begin: fixed("SAVEPOINT part"),
    keep: fixed("RELEASE SAVEPOINT part"),
    take_back: "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part",
};

impl Savepoint {
    pub fn begin(&self, conn: &mut Conn) -> QueryResult<()> {
        self.begin.execute(conn).map(drop)
    }

    pub fn end(&self, conn: &mut Conn, kept: bool) -> QueryResult<()> {
        if kept { self.keep.execute(conn).map(drop) } else { conn.batch_execute(self.take_back) }
    }
}

/// What an error of the transaction itself means to those who wait.
pub fn reason(error: &diesel::result::Error) -> Outage {
    log::error!("the writer lane: {error}");
    by_message(&error.to_string()).unwrap_or(Outage::Database)
}
