//! With which status the program ends: by what whoever started it would do, as `sysexits.h` has the numbers.

use std::error::Error as Cause;
use std::io;

use anyhow::Error;
use directive_tracker::config::Misconfigured;
use directive_tracker::db::Location;
use directive_tracker::db::belonging::Unfit;
use directive_tracker::db::conn::Unopened;
use directive_tracker::db::lock::Held;
use directive_tracker::domain;
use directive_tracker::domain::error::Outage;

/// What the help says of it.
pub const HELP: &str = "\
Exit status:
  0   done
  1   what was asked for cannot be done; `check` and `verify`: something is wrong
  2   the command line is wrong
  65  the database is damaged, of a newer program, or of another
  69  the database server cannot be reached
  74  a file cannot be read or written
  75  another process holds the database or the address
  78  a setting, or the build of the program, is wrong";

/// The database is damaged, of a newer program, or of another (`EX_DATAERR`).
const DATA: u8 = 65;
/// The database server cannot be reached (`EX_UNAVAILABLE`).
const UNAVAILABLE: u8 = 69;
/// A file cannot be read or written (`EX_IOERR`).
const INPUT_OUTPUT: u8 = 74;
/// Another process holds it (`EX_TEMPFAIL`).
const HELD: u8 = 75;
/// A setting is wrong (`EX_CONFIG`).
const CONFIGURATION: u8 = 78;
/// All else.
const FAILURE: u8 = 1;

/// The status that an error comes to.
pub fn status_of(error: &Error) -> u8 {
    error.chain().find_map(status_of_cause).unwrap_or(FAILURE)
}

fn status_of_cause(cause: &(dyn Cause + 'static)) -> Option<u8> {
    if cause.is::<Misconfigured>() {
        return Some(CONFIGURATION);
    }
    if cause.is::<Held>() {
        return Some(HELD);
    }
    if let Some(unfit) = cause.downcast_ref::<Unfit>() {
        return Some(if matches!(unfit, Unfit::Engine(_)) { CONFIGURATION } else { DATA });
    }
    if let Some(unopened) = cause.downcast_ref::<Unopened>() {
        if unopened.foreign {
            return Some(DATA);
        }
        return Some(status_of_outage(unopened.outage, matches!(unopened.location, Location::Sqlite(_))));
    }
    if let Some(domain::Error::Unavailable(outage)) = cause.downcast_ref() {
        return Some(status_of_outage(*outage, false));
    }
    cause.downcast_ref::<io::Error>().map(|error| match error.kind() {
        io::ErrorKind::AddrInUse => HELD,
        io::ErrorKind::AddrNotAvailable => CONFIGURATION,
        _ => INPUT_OUTPUT,
    })
}

const fn status_of_outage(outage: Outage, of_file: bool) -> u8 {
    match outage {
        Outage::StorageCorrupt => DATA,
        Outage::Overloaded => HELD,
        Outage::StorageFull | Outage::ReadOnly => INPUT_OUTPUT,
        Outage::Database if of_file => INPUT_OUTPUT,
        Outage::Database | Outage::OutcomeUnknown => UNAVAILABLE,
    }
}
