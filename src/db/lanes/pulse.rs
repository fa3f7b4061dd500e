//! Whether PostgreSQL still answers.
//!
//! It ends by itself a statement that takes too long, and the kernel ends a connection whose packets are lost. Neither helps
//! where something between takes every packet and passes none on: libpq would wait for good, and the thread with it. So each
//! thread notes when a statement begins, and a watch looks every second for one that has lasted longer than any may. Those
//! who wait for that thread are told, and another takes its place; should the first come back, it ends.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::{Connection, InstrumentationEvent};

use crate::db::Conn;
use crate::domain::{Error, Result};

/// How long a statement may go without an answer: two seconds more than PostgreSQL gives it.
const LONGEST: Duration = Duration::from_secs(12);

/// How often the watch looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// What is to be done for somebody who waits, should the thread be lost.
type Farewell = Box<dyn FnOnce() + Send>;

/// What a thread is at.
#[derive(Default)]
pub struct Pulse {
    statement: Mutex<Option<Instant>>,
    farewells: Mutex<Vec<Farewell>>,
    lost: AtomicBool,
}

impl Pulse {
    /// Follows the statements of a connection. Those of SQLite wait for nobody else.
    pub fn follow(self: &Arc<Self>, conn: &mut Conn) {
        let Conn::Pg(postgres) = conn else { return };
        let pulse = Arc::clone(self);
        postgres.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { .. } => *locked(&pulse.statement) = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { .. } => *locked(&pulse.statement) = None,
            _ => {}
        });
    }

    /// Remembers what is to be done for somebody if the thread is lost before it has finished.
    pub fn waited_for(&self, farewell: Farewell) {
        locked(&self.farewells).push(farewell);
    }

    /// The thread has finished what it was at.
    pub fn finished(&self) {
        *locked(&self.statement) = None;
        locked(&self.farewells).clear();
    }

    /// Whether another thread has taken the place of this one.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Gives the thread up, if it has waited for too long.
    fn give_up(&self) -> bool {
        if locked(&self.statement).is_none_or(|begun| begun.elapsed() < LONGEST) {
            return false;
        }
        self.lost.store(true, Ordering::Relaxed);
        let farewells = mem::take(&mut *locked(&self.farewells));
        for farewell in farewells {
            farewell();
        }
        true
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread under watch, and how to start another like it.
pub struct Watched {
    /// What it is at.
    pub pulse: Arc<Pulse>,
    /// Starts another one.
    pub replace: Box<dyn Fn() -> Result<Arc<Pulse>> + Send>,
}

/// The watch over some threads. It ends when this is dropped.
pub struct Watch {
    _until_dropped: Sender<()>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// `Internal` if there can be no thread for it.
    pub fn over(mut watched: Vec<Watched>) -> Result<Self> {
        let (alive, end) = channel::<()>();
        let look = move || {
            while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                watched.iter_mut().for_each(look_after);
            }
        };
        let cannot = |error| Error::Internal(format!("cannot start the watch: {error}"));
        thread::Builder::new().name("watch".to_owned()).spawn(look).map_err(cannot)?;
        Ok(Self { _until_dropped: alive })
    }
}

fn look_after(watched: &mut Watched) {
    // A thread that was given up and could not be replaced is given up again each time.
    if !watched.pulse.give_up() {
        return;
    }
    log::error!("the database has not answered for {} seconds; its connection is given up", LONGEST.as_secs());
    match (watched.replace)() {
        Ok(pulse) => watched.pulse = pulse,
        Err(error) => log::error!("{error}"),
    }
}
