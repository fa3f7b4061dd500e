//! A few threads that read, each with a connection of its own, served in the order in which jobs came.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::figures::LaneFigures;
use super::kept::{Kept, Source};
use super::pulse::{Pulse, Watched};
use super::reply::Reply;
use super::{Capacity, outcome_of};
use crate::db::conn::Purpose;
use crate::db::{Conn, Location};
use crate::domain::error::Outage;
use crate::domain::{Error, Result};
use crate::priority::yield_to_others;

/// The work of a read, told whether there is a connection for it. It says whether that may be kept.
type Work = Box<dyn FnOnce(Result<&mut Conn>) -> bool + Send>;

/// One read that waits.
struct Job {
    work: Work,
    /// Answers the caller if the thread is lost.
    farewell: Box<dyn FnOnce() + Send>,
}

/// The executor threads. They end when this is dropped.
pub struct Readers {
    jobs: Sender<Job>,
    figures: LaneFigures,
}

/// What each thread needs.
#[derive(Clone)]
struct Place {
    source: Source,
    purpose: Purpose,
    waiting: Receiver<Job>,
}

impl Readers {
    /// Starts the threads, to be watched.
    pub fn start(
        source: &Source,
        purpose: Purpose,
        capacity: Capacity,
        figures: LaneFigures,
    ) -> Result<(Self, Vec<Watched>)> {
        let (jobs, waiting) = bounded::<Job>(capacity.queue);
        let place = Place { source: source.clone(), purpose, waiting };
        let watched = |number| {
            let place = place.clone();
            let replace = Box::new(move || place.clone().start(number));
            Ok(Watched { pulse: replace()?, replace })
        };
        Ok((Self { jobs, figures }, (0..capacity.readers).map(watched).collect::<Result<_>>()?))
    }

    /// Runs a read on one of the threads.
    pub async fn run<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let reply = Reply::new(reply);
        let to_be_told = reply.clone();
        let farewell = Box::new(move || to_be_told.send(Err(Error::Unavailable(Outage::Database))));
        let ticket = self.figures.enter();
        let work = Box::new(move |conn: Result<&mut Conn>| {
            ticket.begin();
            // Nobody waits for the answer any more: what comes after this is sooner served.
            if reply.is_closed() {
                return true;
            }
            let outcome = match conn {
                Ok(conn) => outcome_of(catch_unwind(AssertUnwindSafe(|| job(conn)))),
                Err(error) => Err(error),
            };
            let keep = !matches!(outcome, Err(Error::Unavailable(_) | Error::Internal(_)));
            reply.send(outcome);
            keep
        });
        self.jobs.try_send(Job { work, farewell }).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.figures.refuse();
                Error::Unavailable(Outage::Overloaded)
            }
            TrySendError::Disconnected(_) => Error::Unavailable(Outage::Database),
        })?;
        answer.await.unwrap_or(Err(Error::Unavailable(Outage::Database)))
    }
}

impl Place {
    fn start(self, number: usize) -> Result<Arc<Pulse>> {
        let pulse = Arc::new(Pulse::default());
        let own = Arc::clone(&pulse);
        thread::Builder::new()
            .name(format!("reader-{number}"))
            .spawn(move || self.serve(&own))
            .map_err(|error| Error::Internal(format!("cannot start a reader: {error}")))?;
        Ok(pulse)
    }

    fn serve(&self, pulse: &Arc<Pulse>) {
        if matches!(self.source.location, Location::Sqlite(_)) {
            yield_to_others("long reads");
        }
        let mut kept = Kept::new(&self.source, self.purpose);
        while !pulse.is_lost() {
            let Ok(Job { work, farewell }) = self.waiting.recv() else { return };
            pulse.waited_for(farewell);
            match kept.connected(pulse) {
                Ok(open) => {
                    if !work(Ok(open)) {
                        kept.lose();
                    }
                }
                Err(error) => {
                    let outage = error.outage().unwrap_or(Outage::Database);
                    work(Err(error));
                    self.fail_all(outage);
                }
            }
            pulse.finished();
        }
    }

    /// Tells those who waited while a connection could not be made what came of it: to try again for each of them in turn
    /// would keep the last one waiting for all.
    fn fail_all(&self, outage: Outage) {
        for job in self.waiting.try_iter() {
            (job.work)(Err(Error::Unavailable(outage)));
        }
    }
}
