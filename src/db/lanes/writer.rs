//! The one lane that writes. What waits together is committed together; nobody is answered before the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;

use super::figures::{Figures, LaneFigures, Place};
use super::{Capacity, outcome_of};
use crate::db::conn::Purpose;
use crate::db::{Conn, Location};
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
    /// Whether it is committed by itself, because it takes long or much hangs on it.
    fn alone(&self) -> bool;
    /// Answers the caller: with what the work gave, or with why it came to nothing.
    fn settle(self: Box<Self>, failed: Option<Outage>);
}

struct Pending<T, F> {
    work: Option<F>,
    kept: fn(&T) -> bool,
    alone: bool,
    place: Option<Place>,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnOnce(&mut Conn) -> Result<T> + Send> Job for Pending<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        self.place.take().into_iter().for_each(Place::begin);
        let outcome = self.work.take().map(|work| outcome_of(catch_unwind(AssertUnwindSafe(|| work(conn)))));
        let kept = outcome.as_ref().is_some_and(|outcome| outcome.as_ref().is_ok_and(self.kept));
        self.outcome = outcome;
        kept
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
        let _ = self.reply.send(outcome);
    }
}

/// The lane. Dropping it lets what waits finish and ends the thread.
pub struct Writer {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<thread::JoinHandle<()>>,
    figures: LaneFigures,
}

impl Writer {
    /// Starts the thread.
    pub fn start(location: &Location, capacity: Capacity, figures: Figures) -> Result<Self> {
        let (jobs, waiting) = sync_channel::<Box<dyn Job>>(capacity.queue);
        let (location, of_lane) = (location.clone(), figures.of("write"));
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || serve(&location, &waiting, &figures))
            .map_err(|error| Error::Internal(format!("cannot start the writer: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), figures: of_lane })
    }

    /// Runs a write, and keeps it if `kept` says so of what it gives; committed by itself if `alone`.
    pub async fn run<T, F>(&self, job: F, kept: fn(&T) -> bool, alone: bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let place = Some(self.figures.enter());
        let pending = Box::new(Pending { work: Some(job), kept, alone, place, outcome: None, reply });
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
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

fn serve(location: &Location, waiting: &Receiver<Box<dyn Job>>, figures: &Figures) {
    let mut conn: Option<Conn> = None;
    let mut put_off: Option<Box<dyn Job>> = None;
    while let Some(first) = put_off.take().or_else(|| waiting.recv().ok()) {
        let mut batch = vec![first];
        while batch.len() < BATCH && !batch.iter().any(|job| job.alone()) {
            let Ok(next) = waiting.try_recv() else { break };
            if next.alone() {
                put_off = Some(next);
                break;
            }
            batch.push(next);
        }
        if conn.is_none() {
            conn = Conn::open(location, Purpose::Write).ok();
        }
        let failed = match conn.as_mut() {
            Some(open) => commit_together(open, &mut batch).err(),
            None => Some(Outage::Database),
        };
        if failed.is_some() {
            figures.failed();
            conn = None;
        } else {
            figures.committed(batch.len());
        }
        for job in batch {
            job.settle(failed);
        }
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
    for job in batch {
        conn.batch_execute("SAVEPOINT job").map_err(|error| reason(&error))?;
        let end =
            if job.run(conn) { "RELEASE SAVEPOINT job" } else { "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job" };
        // A database that gave up the whole transaction no longer knows the savepoint: then the whole batch has failed.
        conn.batch_execute(end).map_err(|error| reason(&error))?;
    }
    conn.batch_execute("COMMIT").map_err(|error| {
        log::error!("a commit failed: {error}");
        Outage::OutcomeUnknown
    })
}

/// Does a part of a job in a savepoint of its own: all of it is kept, or nothing.
pub fn part<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    conn.batch_execute("SAVEPOINT part").map_err(|error| Error::Unavailable(reason(&error)))?;
    let outcome = work(conn);
    let end =
        if outcome.is_ok() { "RELEASE SAVEPOINT part" } else { "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part" };
    conn.batch_execute(end).map_err(|error| Error::Unavailable(reason(&error)))?;
    outcome
}

/// What an error of the transaction itself means to those who wait.
fn reason(error: &diesel::result::Error) -> Outage {
    log::error!("the writer lane: {error}");
    crate::db::errors::by_message(&error.to_string()).unwrap_or(Outage::Database)
}
