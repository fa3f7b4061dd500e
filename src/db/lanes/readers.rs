//! A few threads that read, each with a connection of its own, served in the order in which jobs came.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::figures::LaneFigures;
use super::{Capacity, outcome_of};
use crate::db::conn::Purpose;
use crate::db::{Conn, Location};
use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// One read, told whether there is a connection to run it on. It says whether the connection may be kept.
type Job = Box<dyn FnOnce(Result<&mut Conn>) -> bool + Send>;

/// The executor threads. They end when this is dropped.
pub struct Readers {
    jobs: SyncSender<Job>,
    figures: LaneFigures,
}

impl Readers {
    /// Starts the threads.
    pub fn start(location: &Location, capacity: Capacity, figures: LaneFigures) -> Result<Self> {
        let (jobs, waiting) = sync_channel::<Job>(capacity.queue);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..capacity.readers {
            let (location, waiting) = (location.clone(), Arc::clone(&waiting));
            thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || serve(&location, &waiting))
                .map_err(|error| Error::Internal(format!("cannot start a reader: {error}")))?;
        }
        Ok(Self { jobs, figures })
    }

    /// Runs a read on one of the threads.
    pub async fn run<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let place = self.figures.enter();
        let job: Job = Box::new(move |conn| {
            place.begin();
            // Nobody waits for the answer any more: what comes after this is sooner served.
            if reply.is_closed() {
                return true;
            }
            let outcome = match conn {
                Ok(conn) => outcome_of(catch_unwind(AssertUnwindSafe(|| job(conn)))),
                Err(error) => Err(error),
            };
            let keep = !matches!(outcome, Err(Error::Unavailable(_) | Error::Internal(_)));
            // The caller may have gone away; then nobody waits for the answer.
            let _ = reply.send(outcome);
            keep
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.figures.refuse();
                Error::Unavailable(Outage::Overloaded)
            }
            TrySendError::Disconnected(_) => Error::Unavailable(Outage::Database),
        })?;
        answer.await.unwrap_or(Err(Error::Unavailable(Outage::Database)))
    }
}

fn serve(location: &Location, waiting: &Mutex<Receiver<Job>>) {
    let mut conn: Option<Conn> = None;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if conn.is_none() {
            match Conn::open(location, Purpose::Read) {
                Ok(opened) => conn = Some(opened),
                Err(error) => {
                    job(Err(error));
                    continue;
                }
            }
        }
        if let Some(open) = conn.as_mut()
            && !job(Ok(open))
        {
            conn = None;
        }
    }
}
