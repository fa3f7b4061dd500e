//! Where passwords are hashed: two at once, on threads of their own that let those go first that serve requests. Each
//! hash takes 19 MiB and some 30 ms, so that a flood of logins would otherwise take all memory and all processors.
//!
//! The threads stay. Linux lets whatever thread is new run for some milliseconds before it asks how nice it is, so that a
//! thread for each password held up one short read in twenty.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Sender, unbounded};
use tokio::sync::{Semaphore, oneshot};

use crate::domain::error::Outage;
use crate::domain::{Error, Result};
use crate::priority::yield_to_others;

/// How many are hashed at once.
const AT_ONCE: usize = 2;
/// How long a request waits for its turn before it is refused: as long as some three hundred before it take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What hashes and tells who asked.
type Job = Box<dyn FnOnce() + Send>;

/// The turns of those who hash, and the threads that do it. They start with the first job and end when this is dropped.
#[derive(Debug, Clone)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    jobs: Arc<OnceLock<Sender<Job>>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), jobs: Arc::default() }
    }
}

impl Hasher {
    /// Runs a job that hashes, when it is its turn.
    ///
    /// # Errors
    /// `Unavailable` if too many wait.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Error::Unavailable(Outage::Overloaded)) };
        let lost = || Error::Internal("a password could not be hashed".to_owned());
        let (tell, told) = oneshot::channel();
        // The turn goes with the job, which runs to its end even if the caller has gone.
        let hash = Box::new(move || {
            // Whoever asked may have gone.
            let _ = tell.send(job());
            drop(turn);
        });
        self.started()?.send(hash).map_err(|_| lost())?;
        told.await.map_err(|_| lost())
    }

    /// What the threads take jobs from, which never holds more than there are turns.
    fn started(&self) -> Result<&Sender<Job>> {
        match self.jobs.get() {
            Some(jobs) => Ok(jobs),
            // Of two that start at the same moment, the threads of one end at once.
            None => start().map(|jobs| self.jobs.get_or_init(|| jobs)),
        }
    }
}

fn start() -> Result<Sender<Job>> {
    let (jobs, waiting) = unbounded::<Job>();
    for _ in 0..AT_ONCE {
        let waiting = waiting.clone();
        let serve = move || {
            yield_to_others("hashes of passwords");
            for job in waiting {
                // Who asked learns of a panic by having no answer.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        };
        thread::Builder::new()
            .name("hash".to_owned())
            .spawn(serve)
            .map_err(|error| Error::Internal(format!("no password can be hashed: {error}")))?;
    }
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::mpsc;

    use super::*;

    #[actix_web::test]
    async fn two_are_hashed_at_once_and_the_others_wait_without_holding_a_thread() {
        let hasher = Hasher::default();
        let (gates, jobs): (Vec<_>, Vec<_>) = (0..3_u8)
            .map(|number| {
                let (open, gate) = mpsc::channel::<()>();
                let hasher = hasher.clone();
                let waits = async move { hasher.run(move || gate.recv().map(|()| number).unwrap()).await.unwrap() };
                (open, tokio::task::spawn_local(waits))
            })
            .unzip();
        let mut jobs = jobs.into_iter();
        let [first, second, third] = [(); 3].map(|()| jobs.next().unwrap());
        // The third is not begun before one of the others has ended, whichever gate is open.
        gates[2].send(()).unwrap();
        tokio::task::yield_now().await;
        assert!(!third.is_finished());
        assert_eq!(hasher.turns.available_permits(), 0);
        gates[1].send(()).unwrap();
        assert_eq!((second.await.unwrap(), third.await.unwrap()), (1, 2));
        gates[0].send(()).unwrap();
        assert_eq!(first.await.unwrap(), 0);
    }

    #[actix_web::test]
    async fn job_that_panics_is_an_error_and_gives_its_turn_back() {
        let hasher = Hasher::default();
        for _ in 0..3 {
            let outcome = hasher.run(|| std::panic::resume_unwind(Box::new("the disk sang"))).await;
            assert!(matches!(outcome, Err::<(), _>(Error::Internal(_))));
        }
        assert_eq!(hasher.run(|| 1).await.unwrap(), 1);
    }

    #[actix_web::test]
    async fn threads_that_hash_stay() {
        let (hasher, mut threads) = (Hasher::default(), HashSet::new());
        for _ in 0..8 {
            threads.insert(hasher.run(|| thread::current().id()).await.unwrap());
        }
        assert!(threads.len() <= AT_ONCE, "{threads:?}");
    }
}
