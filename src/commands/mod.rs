//! The commands, one module for each subject: what it takes, and what it does with it.

pub mod backup;
pub mod check;
pub mod data;
pub mod database;
pub mod exit;
pub mod health;
pub mod keys;
pub mod log_lines;
mod progress;
pub mod serve;
pub mod token;
pub mod user;

use std::io::Write;

use anyhow::{Context, Result, bail};
use directive_tracker::db::Location;

/// Writes a line of what was asked for to the standard output; the log goes to standard error.
pub fn print(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("cannot write to the standard output")
}

/// Refuses a SQLite database that is not there, which opening it would make.
fn require_file(location: &Location) -> Result<()> {
    match location.file() {
        Some(file) if !file.exists() => bail!("there is no database {location}"),
        _ => Ok(()),
    }
}
