//! Copies of a SQLite database: one that is made while others write, and one that takes the place of what is there.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::Purpose;
use super::whole_file::{WholeFile, with_suffix};
use super::{Conn, Location};

/// Writes all that is in a database into a file, as it is at this moment, without the room of what was deleted.
///
/// # Errors
/// As the database has them, and for PostgreSQL, which has tools of its own.
pub fn copy_into(conn: &mut Conn, target: &Path) -> Result<()> {
    let Conn::Sqlite(sqlite) = conn else { bail!("only a SQLite database is copied as a file") };
    let Some(name) = target.to_str() else { bail!("the name of {} is not UTF-8", target.display()) };
    let copied = diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(name).execute(sqlite);
    copied.map(drop).with_context(|| format!("cannot write {}", target.display()))
}

/// Puts `copy` in the place of the database `file`, in one step, and keeps what was there under the name `aside` if one is
/// given. Nobody may have the database open.
///
/// # Errors
/// If another program has it open, or the files cannot be named so.
pub fn replace(file: &Path, copy: WholeFile, aside: Option<&Path>) -> Result<()> {
    let (log, index) = (with_suffix(file, "-wal"), with_suffix(file, "-shm"));
    if let Ok(old) = file.metadata() {
        fs::set_permissions(copy.path(), old.permissions()).context("cannot set the rights of the copy")?;
        close_log(file)?;
        if let Some(aside) = aside {
            keep(file, aside)?;
            keep(&log, &with_suffix(aside, "-wal"))?;
        }
    }
    // The log of the old database is none of the new one, which must not be found beside it for a moment.
    remove(&log)?;
    remove(&index)?;
    copy.finish()
}

/// Brings the write-ahead log of a database into its file and closes it. One too damaged to be opened stays as it is.
fn close_log(file: &Path) -> Result<()> {
    let Ok(mut conn) = Conn::open(&Location::Sqlite(file.to_owned()), Purpose::Write) else { return Ok(()) };
    let taken_in = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
    drop(conn);
    // The last connection to close takes the log away with it.
    if taken_in.is_ok() && with_suffix(file, "-wal").exists() {
        bail!("another program has {} open", file.display());
    }
    Ok(())
}

/// Gives a file a second name. One that is not there has nothing to keep.
fn keep(file: &Path, aside: &Path) -> Result<()> {
    match fs::hard_link(file, aside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        kept => {
            kept.with_context(|| format!("cannot keep what was there as {}; --discard does without", aside.display()))
        }
    }
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}
