//! What a row changes, for a rehearsal: its own record, those nested in it, and whatever else is written with them, such as
//! the children of a record that changes hands.

use std::collections::BTreeMap;

use crate::changes::feed::{self, Differences};
use crate::changes::{Change, Operation};
use crate::db::Conn;
use crate::domain::{Id, Result};
use crate::resources;
use crate::service::collection::Collection;
use crate::service::write::{Nested, Outcome};

/// What a row changes.
pub struct Effect {
    /// The fields of its record, unless that says the same already.
    pub own: Option<Differences>,
    /// The other records: first those nested in it, in their order.
    pub others: Vec<Other>,
}

/// A record besides that of the row.
pub struct Other {
    /// Its collection.
    pub collection: &'static dyn Collection,
    /// Its number.
    pub id: Id,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Its place in the row, if it is nested there.
    pub pointer: Option<String>,
    /// Its fields that change.
    pub differences: Option<Differences>,
}

impl Effect {
    /// What was written after `sequence` of the log by the row of a record, with the records nested in it.
    ///
    /// # Errors
    /// As the database has them.
    pub fn since(conn: &mut Conn, sequence: i64, (kind, id): (&str, Id), nested: Vec<Nested>) -> Result<Self> {
        let mut written: BTreeMap<(String, Id), (Outcome, Differences)> = BTreeMap::new();
        for (change, differences) in feed::differences_since(conn, sequence)? {
            let outcome = outcome_of(&change);
            let record = written.entry((change.resource, change.record_id)).or_insert((outcome, Differences::new()));
            for (field, (from, to)) in differences {
                // What is written twice differs from what it was before the first time.
                record.1.entry(field).and_modify(|known| known.1.clone_from(&to)).or_insert((from, to));
            }
        }
        let mut take = |kind: &str, id: Id| written.remove(&(kind.to_owned(), id));
        let own = take(kind, id).map(|(_, differences)| differences);
        let mut others: Vec<Other> = nested
            .into_iter()
            .map(|Nested { pointer, collection, id, outcome }| {
                // One that says the same may still change with its parent.
                let (outcome, differences) = take(collection.kind(), id)
                    .map_or((outcome, None), |(outcome, differences)| (outcome, Some(differences)));
                Other { collection, id, outcome, pointer: Some(pointer), differences }
            })
            .collect();
        others.extend(written.into_iter().filter_map(|((kind, id), (outcome, differences))| {
            let collection = resources::by_type(&kind)?;
            Some(Other { collection, id, outcome, pointer: None, differences: Some(differences) })
        }));
        Ok(Self { own, others })
    }
}

fn outcome_of(change: &Change) -> Outcome {
    match change.operation {
        Operation::Create => Outcome::Created,
        Operation::Revive => Outcome::Revived,
        Operation::Update | Operation::Decide | Operation::Delete | Operation::Publish | Operation::Withdraw => {
            Outcome::Updated
        }
    }
}
