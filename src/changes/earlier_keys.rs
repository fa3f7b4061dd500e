//! The external keys from before the log had them. A database that has some gets one row of the log when it is brought up to
//! date: how many they are, and what they come to. It is of no collection, so that neither feed nor history shows it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::store::{self, Change};
use super::{Operation, keys};
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::Visibility;
use crate::domain::{Error, Id, Result, hex};

/// The type of the row.
pub const KIND: &str = "external_keys";

/// The number of what it is about, of which there is one.
const ID: Id = 1;

/// What keys come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    id: Id,
    version: i64,
    /// How many there are.
    pub count: u64,
    /// SHA-256 over all of them in order, each as JSON on a line of its own.
    digest: String,
}

/// The row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its sequence.
    pub sequence: i64,
    /// What it says.
    pub sum: Sum,
}

/// What the keys come to that no other row of the log has.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn sum(conn: &mut Conn) -> Result<Sum> {
    let (mut count, mut digest) = (0_u64, Sha256::new());
    keys::each_unlogged(conn, |_, page| {
        for row in page {
            let line = serde_json::to_string(row).map_err(|error| Error::Internal(error.to_string()))?;
            digest.update(line.as_bytes());
            digest.update(b"\n");
            count = count.saturating_add(1);
        }
        Ok(())
    })?;
    Ok(Sum { id: ID, version: 1, count, digest: hex(&digest.finalize()) })
}

/// The row of the log, if there is one. Of what cannot be read the chain tells.
pub fn logged(conn: &mut Conn) -> Result<Option<Earlier>> {
    let row = store::of_record(conn, Scope::All, KIND, ID, None, 1)?.pop();
    let sum = |row: &Change| serde_json::from_str(&row.after).unwrap_or_default();
    Ok(row.map(|row| Earlier { sequence: row.sequence, sum: sum(&row) }))
}

/// Appends the row, if there are such keys. It is recorded at the instant of the last change, since who brings a schema up
/// to date has no other: the same database gives the same row wherever this is done.
pub fn log(conn: &mut Conn) -> Result<()> {
    let sum = sum(conn)?;
    let (last, previous_hash) = store::last(conn)?;
    let before = store::after(conn, Scope::All, last.saturating_sub(1), None, 1)?.pop();
    let Some(before) = before.filter(|_| sum.count > 0) else { return Ok(()) };
    let mut change = Change {
        sequence: last + 1,
        resource: KIND.to_owned(),
        record_id: sum.id,
        version: sum.version,
        operation: Operation::Create,
        actor: "migrate".to_owned(),
        credential: None,
        request_id: "migrate".to_owned(),
        recorded_at: before.recorded_at,
        visibility: Visibility::Internal,
        after: serde_json::to_string(&sum).map_err(|error| Error::Internal(error.to_string()))?,
        previous_hash,
        hash: String::new(),
        key_system: None,
        external_key: None,
    };
    change.hash = change.computed_hash();
    store::append(conn, &change)
}
