//! Where passwords are hashed: two at once, off the threads that serve requests. Each takes 19 MiB and some 60 ms, so that a
//! flood of logins would otherwise take all memory and all threads.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// How many are hashed at once.
const AT_ONCE: usize = 2;
/// How long a request waits for its turn before it is refused.
const PATIENCE: Duration = Duration::from_secs(3);

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
        // The turn goes with the job, which runs to its end even if the caller has gone.
        let hashing = tokio::task::spawn_blocking(move || {
            let outcome = job();
            drop(turn);
            outcome
        });
        hashing.await.map_err(|error| Error::Internal(format!("a password could not be hashed: {error}")))
    }
}
