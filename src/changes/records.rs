//! Whether every record stands in its table as its last row in the log has it, and what follows from it in derived columns
//! and in the tables of several links, so that nobody has written beside the log.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::earlier_keys;
use super::store::{self, Change};
use super::verify::PAGE;
use crate::db::{Conn, references};
use crate::domain::{Error, Id, LinkIndex, Result};
use crate::keys::store::KeyRow;
use crate::resources;
use crate::service::collection::{Collection, Kept};

/// How many records of one collection are told of that the log does not know, and how many keys that it has and the table
/// does not.
pub(super) const MOST_TOLD: i64 = 1000;

/// Something that is not as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A record of the log is not in its table.
    #[error("{0} {1} is in the log and not in its table")]
    Missing(String, Id),
    /// A record in a table is not in the log.
    #[error("{0} {1} is in its table and not in the log")]
    Unlogged(&'static str, Id),
    /// A field of a record is not what the log says.
    #[error("{0} {1} is not as the log has it: {2}")]
    Differs(&'static str, Id, String),
    /// A column is not what follows from the fields of its record.
    #[error("the {2} of {0} {1} is not what follows from its fields")]
    Underived(&'static str, Id, &'static str),
    /// The links of a field are others in the table beside.
    #[error("the links of {0} {1} in {2} are not those of the log")]
    Links(&'static str, Id, &'static str),
    /// The log speaks of records that no collection has.
    #[error("the log has records of the type {0:?}, which is not known")]
    UnknownType(String),
    /// A key names a record that is not there.
    #[error("the external key {}/{} names {} {}, which does not exist", .0.system, .0.key, .0.resource, .0.record_id)]
    KeyOfNothing(KeyRow),
    /// No row of the log gave a record this key.
    #[error("the external key {}/{} of {} {} is in its table and not in the log", .0.system, .0.key, .0.resource, .0.record_id)]
    KeyUnlogged(KeyRow),
    /// The log gave a record this key, and it is not there.
    #[error("the external key {}/{} of {} {} is in the log and not in its table", .0.system, .0.key, .0.resource, .0.record_id)]
    KeyMissing(KeyRow),
    /// The log gave this key to another record.
    #[error("the external key {}/{} names {kind} {now}, and {kind} {} in the log", .logged.system, .logged.key, .logged.record_id, kind = .logged.resource)]
    KeyMoved {
        /// The key as the log has it.
        logged: KeyRow,
        /// The record that it names.
        now: Id,
    },
    /// The keys from before the log had them are others.
    #[error("the external keys are not those that row {sequence} of the log sums up: {then} then, {now} now")]
    EarlierKeys {
        /// The row of the log.
        sequence: i64,
        /// How many there were.
        then: u64,
        /// How many there are.
        now: u64,
    },
}

/// Compares all records with the log, and tells `found` of each that is not as it says. Memory holds one page of them.
/// Gives the number of records that the log has.
///
/// # Errors
/// As the database has them.
pub fn compare(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<u64> {
    let is_known = |kind: &str| kind == earlier_keys::KIND || resources::by_type(kind).is_some();
    for unknown in store::resources(conn)?.into_iter().filter(|kind| !is_known(kind)) {
        found(Finding::UnknownType(unknown));
    }
    let mut records = 0_u64;
    for collection in resources::ALL.iter().copied() {
        let logged = each_page(conn, collection, |conn, page| compare_page(conn, collection, page, found))?;
        records = records.saturating_add(logged);
        for id in store::unlogged(conn, collection.kind(), collection.table(), MOST_TOLD)? {
            found(Finding::Unlogged(collection.kind(), id));
        }
    }
    Ok(records)
}

/// Gives the last row of each record of a collection, page by page in the order of their numbers, and says how many there
/// are.
///
/// # Errors
/// As the database has them, and as `work` does.
pub fn each_page<E: From<Error>>(
    conn: &mut Conn,
    collection: &dyn Collection,
    mut work: impl FnMut(&mut Conn, &[Change]) -> std::result::Result<(), E>,
) -> std::result::Result<u64, E> {
    let (mut last, mut records) = (0, 0_u64);
    loop {
        let page = store::last_of_records(conn, collection.kind(), last, PAGE)?;
        let Some(change) = page.last() else { return Ok(records) };
        last = change.record_id;
        records = records.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
        work(conn, &page)?;
    }
}

fn compare_page(
    conn: &mut Conn,
    collection: &dyn Collection,
    page: &[Change],
    found: &mut dyn FnMut(Finding),
) -> Result<()> {
    let ids: Vec<Id> = page.iter().map(|change| change.record_id).collect();
    let kept: HashMap<Id, Kept> = collection.kept(conn, &ids)?.into_iter().map(|kept| (kept.id, kept)).collect();
    let kind = collection.kind();
    for change in page {
        let id = change.record_id;
        match kept.get(&id) {
            None => found(Finding::Missing(change.resource.clone(), id)),
            Some(Kept { record, underived, .. }) => match (differing(change, record), underived) {
                (Some(field), _) => found(Finding::Differs(kind, id, field)),
                (None, Some(column)) => found(Finding::Underived(kind, id, column)),
                (None, None) => {}
            },
        }
    }
    for (field, index) in collection.links().iter().filter_map(|link| Some((link.field, link.index?))) {
        for id in differing_links(conn, page, field, index)? {
            found(Finding::Links(kind, id, index.table));
        }
    }
    Ok(())
}

/// The records of a page whose links, of a field that holds several, are not those of the log in the table beside.
fn differing_links(conn: &mut Conn, page: &[Change], field: &str, index: LinkIndex) -> Result<Vec<Id>> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(Vec::new()) };
    let kept = references::kept_links(conn, index, first.record_id..=last.record_id)?;
    let differs = |change: &&Change| {
        let logged: Map<String, Value> = serde_json::from_str(&change.after).unwrap_or_default();
        let links = logged.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64);
        let kept = kept.get(&change.record_id).map(Vec::as_slice).unwrap_or_default();
        !(1_i32..).zip(links).eq(kept.iter().copied())
    };
    Ok(page.iter().filter(differs).map(|change| change.record_id).collect())
}

/// The first field in which a record, with all that is stored of it, is not as a row of the log has it. A field that is
/// null and one that is not there are the same: the log keeps what was written before the field was thought of.
#[must_use]
pub fn differing(change: &Change, record: &Map<String, Value>) -> Option<String> {
    let Ok(Value::Object(logged)) = serde_json::from_str(&change.after) else { return Some("all of it".to_owned()) };
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    if value(&logged, "id") != change.record_id {
        return Some("id".to_owned());
    }
    if value(&logged, "version") != change.version {
        return Some("version".to_owned());
    }
    let mut names = record.keys().chain(logged.keys());
    names.find(|name| value(&logged, name) != value(record, name)).cloned()
}
