//! What linked data have to know of records that an answer may show no more than a link of.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Conn, Scope};
use crate::domain::fact::Facts;
use crate::domain::{Id, Result};
use crate::resources;

/// The facts that hold of these records, as far as the caller may see them: a query or two for each type.
///
/// # Errors
/// As the database has them.
pub fn of(conn: &mut Conn, scope: Scope, records: BTreeMap<&str, BTreeSet<Id>>) -> Result<Facts> {
    let mut facts = Facts::new();
    for (kind, ids) in records {
        let ids: Vec<Id> = ids.into_iter().collect();
        if let Some(collection) = resources::by_type(kind) {
            facts.extend(collection.facts(conn, scope, &ids)?);
        }
    }
    Ok(facts)
}
