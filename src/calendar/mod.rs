//! Calendars: conferences, tasks and reviews as the entries to which a calendar program subscribes (RFC 5545, RFC 7986).
//!
//! The rule: records or an answer in, entries out. [`InCalendar`] says for a collection which of its records are entries and
//! how, [`ComputedCalendar`] the same for what is computed; [`gather`] reads either, [`Calendar`] writes the entries,
//! [`content`] the lines.
//!
//! An entry is known by the type and number of its record and by the first hash of the change log, which is another in every
//! database and goes with it when it is moved, copied or restored: so a subscriber knows an entry again under whatever
//! address the service is found.

pub mod alarm;
mod conferences;
pub mod content;
pub mod gather;
mod reviews;
pub mod store;
mod tasks;

use self::alarm::Alarm;
use self::content::Content;
use crate::conferences::conference::Conferences;
use crate::db::{Conn, Scope, Store};
use crate::domain::page::SortField;
use crate::domain::{Date, Instant, Result};
use crate::service::read::View;
use crate::tasks::task::Tasks;
use crate::tracking::Overview;
use crate::tracking::reviews::ReviewsDue;
use crate::transfer::words::Words;

/// How many entries a calendar has at most. Programs fetch all of it every few hours.
pub const MOST_ENTRIES: usize = 5000;

/// For how many days a record that was deleted stays in calendars, as cancelled: whoever imported it learns of its end, and
/// whoever subscribed sees it struck out before it goes.
pub const DAYS_CANCELLED: i64 = 90;

/// A collection whose records are entries of a calendar.
pub trait InCalendar: Store {
    /// Where the calendar is: at the path of the list, with `.ics`.
    const PATH: &'static str;
    /// The name of the operation in the OpenAPI document.
    const OPERATION: &'static str;
    /// One line for the OpenAPI document.
    const SUMMARY: &'static str;
    /// What there is to know of the calendar.
    const ABOUT: &'static str;
    /// What the calendar is called.
    const NAME: &'static str;
    /// The filter that gives the first day; what has no day is in no calendar.
    const FROM: &'static str;
    /// The order by that day.
    const SORT: SortField;
    /// Whether an entry may be something to be done, so that it can be asked for as an event.
    const TO_DO: bool;

    /// The entries of these records: a few queries for all of them.
    ///
    /// # Errors
    /// As the database has them.
    fn entries(conn: &mut Conn, scope: Scope, records: &[View<Self>], asked: &Asked) -> Result<Vec<Entry>>;

    /// Gives records that were deleted back what was deleted with them, so that their last entry is the one that was known.
    ///
    /// # Errors
    /// As the database has them.
    fn restore(_: &mut Conn, _: Scope, _: &mut [View<Self>]) -> Result<()> {
        Ok(())
    }

    /// The records that `filter` let through and that were deleted at `since` or later, at most `most` of them.
    ///
    /// # Errors
    /// As the database has them.
    fn deleted(
        conn: &mut Conn,
        filter: &Self::Filter,
        scope: Scope,
        since: Instant,
        most: i64,
    ) -> Result<Vec<Self::Row>>;
}

/// What is computed and falls on days: an overview that is a calendar too.
pub trait ComputedCalendar: Overview<About = ()> {
    /// Where the calendar is: at the path of the overview, with `.ics`.
    const PATH: &'static str;
    /// The name of the operation in the OpenAPI document.
    const OPERATION: &'static str;
    /// One line for the OpenAPI document.
    const SUMMARY: &'static str;
    /// What there is to know of the calendar.
    const ABOUT: &'static str;
    /// What the calendar is called.
    const NAME: &'static str;

    /// The questions of which the answers together are the calendar.
    fn questions(query: &Self::Query, today: Date) -> Vec<Self::Query>;

    /// The entries of the answer to a question, which has no instant of its own: that of the beginning of today stands for
    /// it.
    fn entries(&self, query: &Self::Query, asked: &Asked, stamp: Instant) -> Vec<Entry>;
}

/// What is to be done with every collection that is a calendar.
pub trait Visitor {
    /// Does it with this one.
    fn visit<R: InCalendar>(&mut self);
}

/// Shows every collection that is a calendar to a visitor; the one list of them.
pub fn each(visitor: &mut impl Visitor) {
    visitor.visit::<Conferences>();
    visitor.visit::<Tasks>();
}

/// Shows every overview that is a calendar to a visitor; the one list of them.
pub fn each_computed(visitor: &mut impl ComputedVisitor) {
    visitor.visit::<ReviewsDue>();
}

/// What is to be done with every overview that is a calendar.
pub trait ComputedVisitor {
    /// Does it with this one.
    fn visit<O: ComputedCalendar>(&mut self);
}

/// How entries are wanted.
#[derive(Debug)]
pub struct Asked {
    /// The day it is in Vietnam.
    pub today: Date,
    /// How many days before its day an entry is to remind of itself.
    pub alarm_days: Option<u16>,
    /// Whether what is to be done is shown as an event, for programs that show nothing else.
    pub as_events: bool,
    /// What codes and fields are called.
    pub words: Words,
}

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it shows, by a name that nothing else in this database has: `conference-12`.
    pub name: String,
    /// When it is.
    pub when: When,
    /// Its heading.
    pub summary: String,
    /// What else there is to know, line by line.
    pub description: Vec<String>,
    /// Where it is.
    pub location: Option<String>,
    /// Of which kinds it is.
    pub categories: Vec<String>,
    /// How urgent it is, from 1.
    pub priority: Option<u8>,
    /// The address of the record, within the service.
    pub url: String,
    /// When it was recorded; none if it is computed.
    pub created: Option<Instant>,
    /// When it last changed.
    pub modified: Instant,
    /// How many times it has changed.
    pub sequence: i64,
    /// When it is to remind of itself.
    pub alarm: Option<Alarm>,
}

/// When an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On these whole days.
    Days {
        /// The first.
        first: Date,
        /// The last.
        last: Date,
        /// Whether it does not take place any more.
        cancelled: bool,
    },
    /// To be done by a day.
    Due {
        /// The day.
        on: Date,
        /// How far it is.
        progress: Progress,
    },
}

/// How far what is to be done is (RFC 5545 section 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Not begun.
    NeedsAction,
    /// Begun.
    InProcess,
    /// Done, on this day if it is known.
    Completed(Option<Date>),
    /// Not to be done any more.
    Cancelled,
}

impl Progress {
    const fn status(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::InProcess => "IN-PROCESS",
            Self::Completed(_) => "COMPLETED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl Entry {
    /// The same entry of a record that was deleted.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.when = match self.when {
            When::Days { first, last, .. } => When::Days { first, last, cancelled: true },
            When::Due { on, .. } => When::Due { on, progress: Progress::Cancelled },
        };
        self.alarm = None;
        self
    }
}

/// A whole calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// The address of the service.
    pub origin: String,
    /// The address of the calendar, within the service.
    pub source: String,
    /// What tells the records of this database from those of others.
    pub identity: String,
    /// Its entries.
    pub entries: Vec<Entry>,
}

impl Calendar {
    /// The calendar as a file.
    #[must_use]
    pub fn written(&self) -> String {
        let mut content = Content::default();
        content.put("BEGIN", "VCALENDAR");
        content.put("VERSION", "2.0");
        content.put("PRODID", concat!("-//Directive tracker//Directive tracker ", env!("CARGO_PKG_VERSION"), "//VI"));
        content.put("CALSCALE", "GREGORIAN");
        // The first name is that of RFC 7986, the second the one by which most programs know it; so with the hours below.
        content.put_text("NAME", &self.name);
        content.put_text("X-WR-CALNAME", &self.name);
        content.put("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
        content.put("X-PUBLISHED-TTL", "PT6H");
        content.put("SOURCE;VALUE=URI", &format!("{}{}", self.origin, self.source));
        // A calendar must hold something (RFC 5545 section 3.6), also where no record is let through.
        zone(&mut content);
        for entry in &self.entries {
            self.entry(entry, &mut content);
        }
        content.put("END", "VCALENDAR");
        content.finish()
    }

    fn entry(&self, entry: &Entry, content: &mut Content) {
        let kind = if matches!(entry.when, When::Days { .. }) { "VEVENT" } else { "VTODO" };
        content.put("BEGIN", kind);
        content.put("UID", &format!("{}@{}.directive-tracker", entry.name, self.identity));
        content.put_instant("DTSTAMP", entry.modified);
        if let Some(created) = entry.created {
            content.put_instant("CREATED", created);
            content.put_instant("LAST-MODIFIED", entry.modified);
        }
        content.put("SEQUENCE", &entry.sequence.to_string());
        put_when(entry.when, content);
        content.put_text("SUMMARY", &entry.summary);
        if !entry.description.is_empty() {
            content.put_text("DESCRIPTION", &entry.description.join("\n"));
        }
        if let Some(place) = &entry.location {
            content.put_text("LOCATION", place);
        }
        content.put_texts("CATEGORIES", &entry.categories);
        if let Some(priority) = entry.priority {
            content.put("PRIORITY", &priority.to_string());
        }
        content.put("URL", &format!("{}{}", self.origin, entry.url));
        if let Some(alarm) = &entry.alarm {
            alarm.put(kind, &entry.summary, content);
        }
        content.put("END", kind);
    }
}

fn put_when(when: When, content: &mut Content) {
    match when {
        When::Days { first, last, cancelled } => {
            content.put_day("DTSTART", first.day());
            // The end is the first day on which it is over (section 3.6.1).
            content.put_day("DTEND", last.day().succ_opt().unwrap_or(last.day()));
            content.put("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" });
            // Whole days that nobody is asked to keep free.
            content.put("TRANSP", "TRANSPARENT");
        }
        When::Due { on, progress } => {
            content.put_day("DUE", on.day());
            content.put("STATUS", progress.status());
            if let Progress::Completed(day) = progress {
                content.put("PERCENT-COMPLETE", "100");
                if let Some(day) = day {
                    // An instant is asked for (section 3.8.2.1): noon in Vietnam, which is that day nearly everywhere.
                    content.put("COMPLETED", &day.day().format("%Y%m%dT050000Z").to_string());
                }
            }
        }
    }
}

/// The one zone of the service, without summer time since 1975.
fn zone(content: &mut Content) {
    for (name, value) in [
        ("BEGIN", "VTIMEZONE"),
        ("TZID", "Asia/Ho_Chi_Minh"),
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19750613T000000"),
        ("TZOFFSETFROM", "+0800"),
        ("TZOFFSETTO", "+0700"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ] {
        content.put(name, value);
    }
}
