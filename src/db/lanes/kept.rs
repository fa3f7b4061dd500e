//! The connection that a thread keeps from one job to the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::pulse::Pulse;
use crate::db::conn::Purpose;
use crate::db::{Conn, Location};
use crate::domain::Result;

/// After how long a rest a connection is asked whether it is still one.
const REST: Duration = Duration::from_secs(1);

/// What all connections to one database share.
#[derive(Clone)]
pub struct Source {
    /// The database.
    pub location: Location,
    /// How often a connection was lost.
    losses: Arc<AtomicU64>,
}

/// A connection, or none yet.
pub struct Kept {
    source: Source,
    purpose: Purpose,
    conn: Option<Conn>,
    used: Instant,
    losses: u64,
}

impl Source {
    /// Connections to a database.
    pub fn of(location: &Location) -> Self {
        Self { location: location.clone(), losses: Arc::default() }
    }
}

impl Kept {
    /// None yet.
    pub fn new(source: &Source, purpose: Purpose) -> Self {
        Self { source: source.clone(), purpose, conn: None, used: Instant::now(), losses: 0 }
    }

    /// The connection that is there, or a new one, whose statements are followed. One to PostgreSQL that has rested, or that
    /// another was lost beside, may have been ended long since: it is asked first, lest a request meets that.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached.
    pub fn connected(&mut self, pulse: &Arc<Pulse>) -> Result<&mut Conn> {
        let losses = self.source.losses.load(Ordering::Relaxed);
        let doubtful = self.losses != losses || self.used.elapsed() >= REST;
        (self.used, self.losses) = (Instant::now(), losses);
        if doubtful && self.conn.as_mut().is_some_and(|conn| !answers(conn)) {
            self.conn = None;
        }
        match &mut self.conn {
            Some(open) => Ok(open),
            none => {
                let open = none.insert(Conn::open(&self.source.location, self.purpose)?);
                pulse.follow(open);
                Ok(open)
            }
        }
    }

    /// Does without a connection on which something went wrong.
    pub fn lose(&mut self) {
        self.conn = None;
        self.source.losses.fetch_add(1, Ordering::Relaxed);
    }
}

fn answers(conn: &mut Conn) -> bool {
    match conn {
        Conn::Pg(postgres) => postgres.batch_execute("SELECT 1").is_ok(),
        Conn::Sqlite(_) => true,
    }
}
