//! Who waits for the outcome of a job: told once, by the thread that did the job or by who gave that thread up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::Sender;

use crate::domain::Result;

/// The way back to a caller.
pub struct Reply<T>(Arc<Mutex<Option<Sender<Result<T>>>>>);

impl<T> Clone for Reply<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Reply<T> {
    /// A caller that waits.
    pub fn new(sender: Sender<Result<T>>) -> Self {
        Self(Arc::new(Mutex::new(Some(sender))))
    }

    /// Whether nobody waits any more.
    pub fn is_closed(&self) -> bool {
        self.sender().as_ref().is_none_or(Sender::is_closed)
    }

    /// Tells the caller, unless it was told or has gone away.
    pub fn send(&self, outcome: Result<T>) {
        if let Some(sender) = self.sender().take() {
            let _ = sender.send(outcome);
        }
    }

    fn sender(&self) -> MutexGuard<'_, Option<Sender<Result<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
