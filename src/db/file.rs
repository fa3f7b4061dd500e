//! A SQLite database as a file: opened without changing it or anything beside it, and looked over page by page.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::Conn;
use super::whole_file::{real_path, with_suffix};
use crate::domain;

/// What a SQLite file begins with (<https://www.sqlite.org/fileformat.html>, section 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What means something in the URI of a file.
const SPECIAL: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');

/// As for every connection, but for what would write.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; \
     PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";

/// Opens a file that holds a database, whoever else has it open, and changes neither it nor what stands beside it.
///
/// # Errors
/// If it is missing, empty, cut off, no database, or cannot be read.
pub fn open_unchanged(file: &Path) -> Result<Conn> {
    let file = &real_path(file)?;
    let shown = file.display();
    let (log, index) = (with_suffix(file, "-wal"), with_suffix(file, "-shm"));
    let log_is_empty = log.metadata().map_or(0, |log| log.len()) == 0;
    look_at_header(file, log_is_empty)?;
    // Where the index of the write-ahead log is, somebody is at work or was broken off: SQLite reads both as they are.
    // Where it is not, nobody is, and the file is all there is.
    let mode = match (index.exists(), log_is_empty) {
        (true, _) => "mode=ro&readonly_shm=1",
        (false, true) => "immutable=1",
        (false, false) => bail!("{} has changes that {shown} has not taken in; `verify` takes them in", log.display()),
    };
    let Some(name) = file.to_str() else { bail!("the name of {shown} is not UTF-8") };
    let uri = format!("file:{}?{mode}", utf8_percent_encode(name, SPECIAL));
    let opened = SqliteConnection::establish(&uri).with_context(|| format!("cannot open {shown}"))?;
    let mut conn = Conn::Sqlite(opened);
    conn.batch_execute(SETTINGS).with_context(|| format!("cannot read {shown}"))?;
    Ok(conn)
}

/// Refuses what SQLite would give no clear reason for.
fn look_at_header(path: &Path, log_is_empty: bool) -> Result<()> {
    let shown = path.display();
    let unreadable = || format!("cannot read {shown}");
    if !path.exists() {
        bail!("there is no file {shown}");
    }
    let mut file = File::open(path).with_context(unreadable)?;
    let about = file.metadata().with_context(unreadable)?;
    if about.is_dir() {
        bail!("{shown} is a folder");
    }
    if about.len() == 0 {
        bail!("{shown} is empty");
    }
    let mut header = Vec::new();
    (&mut file).take(100).read_to_end(&mut header).with_context(unreadable)?;
    if !header.starts_with(MAGIC) {
        bail!("{shown} is no SQLite database");
    }
    // What the log has is not in the file yet, so that its length says nothing.
    match length_by_header(&header).filter(|_| log_is_empty) {
        Some(length) if about.len() < length => {
            bail!("{shown} is cut off: it has {} bytes of {length}", about.len());
        }
        None if header.len() < 100 => bail!("{shown} is cut off: it has {} bytes", about.len()),
        _ => Ok(()),
    }
}

/// How long the file is, as its header has it.
fn length_by_header(header: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let size = u16::from_be_bytes(header.get(16..18)?.try_into().ok()?);
    // 1 stands for 65536, which two bytes cannot say. The number of pages holds if it was written with the last change.
    let size = if size == 1 { 65_536 } else { u64::from(size) };
    let pages = number(28)?;
    (number(24)? == number(92)? && pages > 0).then(|| size.saturating_mul(u64::from(pages)))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What is wrong with the pages of a file and with what its indexes say, a line each. On PostgreSQL, whose tools look after
/// that, nothing.
///
/// # Errors
/// If it is too damaged to be read.
pub fn integrity(conn: &mut Conn) -> domain::Result<Vec<String>> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(Vec::new()) };
    let lines: Vec<Line> =
        diesel::sql_query("SELECT integrity_check AS line FROM pragma_integrity_check").load(sqlite)?;
    Ok(lines.into_iter().map(|found| found.line).filter(|line| line != "ok").collect())
}

#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
    #[diesel(sql_type = Text)]
    target: String,
}

/// The rows that point at nothing, a line each, the first hundred. PostgreSQL has none: its constraints always hold.
///
/// # Errors
/// As the database has them.
pub fn dangling(conn: &mut Conn) -> domain::Result<Vec<String>> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(Vec::new()) };
    let query =
        "SELECT \"table\" AS relation, rowid AS number, parent AS target FROM pragma_foreign_key_check LIMIT 100";
    let found: Vec<Dangling> = diesel::sql_query(query).load(sqlite)?;
    let line = |Dangling { relation, number, target }| match number {
        Some(number) => format!("row {number} of {relation} points at a row of {target} that does not exist"),
        None => format!("a row of {relation} points at a row of {target} that does not exist"),
    };
    Ok(found.into_iter().map(line).collect())
}
