//! Whether a database is sound: its file, its schema, its log, and its records against the log.

use anyhow::Result;

use crate::changes::{keys, records, verify};
use crate::db::belonging::{self, Unfit};
use crate::db::layout::{self, Difference};
use crate::db::{Conn, file, lanes};
use crate::domain::Error;
use crate::domain::error::Outage;

/// Who is told of what is wrong, a line each.
pub type Found<'a> = &'a mut dyn FnMut(String);

/// What a sound log comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// The chain of its rows.
    pub proof: verify::Proof,
    /// How many records it has, deleted ones too.
    pub records: u64,
}

/// Looks at everything. `None` says that `found` was told why.
///
/// # Errors
/// If the database cannot be read.
pub fn everything(conn: &mut Conn, found: Found<'_>) -> Result<Option<Sound>> {
    conn.take_all_the_time_it_needs()?;
    lanes::snapshot(conn, |conn| {
        // What reads a damaged file, or another schema, finds what is not there.
        if !file_is_sound(conn, found)? || !schema_is_known(conn, false, found)? {
            return Ok(None);
        }
        schema_and_log_are_sound(conn, found)
    })
}

/// Looks at the tables, indexes and triggers of a database of this program, and at what the log says. It sees one moment if
/// the caller has begun a [`lanes::snapshot`].
///
/// # Errors
/// As the database has them.
pub fn schema_and_log_are_sound(conn: &mut Conn, found: Found<'_>) -> Result<Option<Sound>> {
    let layout = layout(conn, found)?;
    if layout == Layout::Unreadable {
        return Ok(None);
    }
    Ok(log_is_sound(conn, found)?.filter(|_| layout == Layout::Whole))
}

/// What tables, indexes and triggers are to those that the migrations make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// The same.
    Whole,
    /// The tables are the same.
    Readable,
    /// A table is missing, or is another.
    Unreadable,
}

/// Compares tables, indexes and triggers with those that the migrations make.
fn layout(conn: &mut Conn, found: Found<'_>) -> Result<Layout> {
    let differences = layout::differences(conn)?;
    let layout = match differences.as_slice() {
        [] => Layout::Whole,
        some if some.iter().any(Difference::is_of_table) => Layout::Unreadable,
        _ => Layout::Readable,
    };
    for difference in differences {
        found(difference.to_string());
    }
    Ok(layout)
}

/// Whether the pages of the file and its foreign keys hold; always so on PostgreSQL, which sees to that itself.
///
/// # Errors
/// As the database has them.
pub fn file_is_sound(conn: &mut Conn, found: Found<'_>) -> Result<bool> {
    let lines = file::integrity(conn).and_then(|mut lines| {
        lines.extend(file::dangling(conn)?);
        Ok(lines)
    });
    let lines = match lines {
        Err(Error::Unavailable(Outage::StorageCorrupt)) => vec!["the file is damaged".to_owned()],
        lines => lines?,
    };
    let sound = lines.is_empty();
    lines.into_iter().for_each(found);
    Ok(sound)
}

/// Whether the schema is the one that this program is built for, or one that it can bring there, if `older_too`.
///
/// # Errors
/// If the database cannot be read.
pub fn schema_is_known(conn: &mut Conn, older_too: bool, found: Found<'_>) -> Result<bool> {
    match belonging::unfit(conn)? {
        None => return Ok(true),
        Some(Unfit::Older(_)) if older_too => return Ok(true),
        Some(unfit) => found(unfit.to_string()),
    }
    Ok(false)
}

/// Whether the chain of the log holds, every record stands as the log has it, and every external key names one. It sees
/// one moment if the caller has begun a [`lanes::snapshot`].
///
/// # Errors
/// As the database has them.
pub fn log_is_sound(conn: &mut Conn, found: Found<'_>) -> Result<Option<Sound>> {
    let proof = verify::verify(conn)?;
    let mut sound = true;
    if let Err(broken) = &proof {
        sound = false;
        found(broken.to_string());
    }
    let mut tell = |finding: records::Finding| {
        sound = false;
        found(finding.to_string());
    };
    let records = records::compare(conn, &mut tell)?;
    keys::compare(conn, &mut tell)?;
    Ok(proof.ok().filter(|_| sound).map(|proof| Sound { proof, records }))
}
