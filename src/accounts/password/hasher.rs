//! Where passwords are hashed: two at once, on threads of their own that let those go first that serve requests. Each
//! hash takes 19 MiB and some 30 ms, so that a flood of logins would otherwise take all memory and all processors.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use crate::domain::error::Outage;
use crate::domain::{Error, Result};
use crate::priority::yield_to_others;

/// How many are hashed at once.
const AT_ONCE: usize = 2;
/// How long a request waits for its turn before it is refused: as long as some three hundred before it take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The turns of those who hash.
#[derive(Debug, Clone)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hasher {
    /// Runs a job that hashes, when it is its turn.
    ///
    /// # Errors
    /// `Unavailable` if too many wait.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Error::Unavailable(Outage::Overloaded)) };
        let (tell, told) = oneshot::channel();
        // The turn goes with the job, which runs to its end even if the caller has gone.
        let hash = move || {
            yield_to_others("hashes of passwords");
            // Whoever asked may have gone.
            let _ = tell.send(job());
            drop(turn);
        };
        // A thread that lets others go first does so for good, and is made in a thousandth of the time that it takes here.
        std::thread::Builder::new()
            .name("hash".to_owned())
            .spawn(hash)
            .map_err(|error| Error::Internal(format!("a password cannot be hashed: {error}")))?;
        told.await.map_err(|_| Error::Internal("a password could not be hashed".to_owned()))
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(hasher.0.available_permits(), 0);
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
}
