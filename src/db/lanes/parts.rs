//! The parts of a job, each of which is kept or leaves nothing, whatever becomes of the others.

use diesel::QueryResult;

use super::writer::{PART, reason};
use crate::db::Conn;
use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// How many parts share a savepoint at most: what SQLite keeps to take them back is walked through for each statement of
/// them that changes several rows or fires a trigger, and with hundreds that costs more than another savepoint.
const MOST: usize = 32;

/// Parts that share a savepoint as long as all go well: for each savepoint SQLite copies every page that it touches, which
/// would cost a row of an import a fifth of its time.
///
/// When a part comes to nothing, all since the savepoint is taken back, and those before it are done `again`; they find what
/// they found before, and so give what they gave. The next one then stands alone, and each savepoint that went well makes
/// room for twice as many: where every second part fails, little is done twice.
pub struct Parts<'a, P> {
    again: Again<'a, P>,
    /// Those since the savepoint; none where there is no savepoint.
    done: Vec<P>,
    room: usize,
}

/// Does a part once more.
type Again<'a, P> = Box<dyn Fn(&mut Conn, &P) -> Result<()> + 'a>;

impl<'a, P> Parts<'a, P> {
    /// None yet.
    pub fn new(again: impl Fn(&mut Conn, &P) -> Result<()> + 'a) -> Self {
        Self { again: Box::new(again), done: Vec::new(), room: MOST }
    }

    /// Does a part, and gives it back with the reason if it comes to nothing. With `Unavailable` those before it are lost too.
    ///
    /// # Errors
    /// What `work` gives; `Unavailable` where the savepoint cannot be had, or what was done cannot be done again.
    pub fn attempt<T>(
        &mut self,
        conn: &mut Conn,
        part: P,
        work: impl FnOnce(&mut Conn, &P) -> Result<T>,
    ) -> Result<T, (P, Error)> {
        match self.begun(conn).and_then(|()| work(conn, &part).or_else(|error| self.without(conn, error))) {
            Ok(outcome) => {
                self.done.push(part);
                Ok(outcome)
            }
            Err(error) => Err((part, error)),
        }
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// `Unavailable` if it is lost.
    pub fn keep(&mut self, conn: &mut Conn) -> Result<()> {
        if !self.done.is_empty() {
            self.done.clear();
            known(PART.end(conn, true))?;
        }
        Ok(())
    }

    /// Sees to it that there is a savepoint with room.
    fn begun(&mut self, conn: &mut Conn) -> Result<()> {
        if self.done.len() >= self.room {
            self.keep(conn)?;
            self.room = self.room.saturating_mul(2).min(MOST);
        }
        if self.done.is_empty() { known(PART.begin(conn)) } else { Ok(()) }
    }

    /// Leaves what was done before the part that came to nothing.
    fn without<T>(&mut self, conn: &mut Conn, error: Error) -> Result<T> {
        known(PART.end(conn, false))?;
        self.room = 1;
        if !self.done.is_empty() {
            known(PART.begin(conn))?;
            for part in &self.done {
                (self.again)(conn, part).map_err(|error| {
                    log::error!("the writer lane: what was done cannot be done again: {error}");
                    Error::Unavailable(error.outage().unwrap_or(Outage::Database))
                })?;
            }
            self.keep(conn)?;
        }
        Err(error)
    }
}

fn known(outcome: QueryResult<()>) -> Result<()> {
    outcome.map_err(|error| Error::Unavailable(reason(&error)))
}
