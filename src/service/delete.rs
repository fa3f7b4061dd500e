//! Deleting: a record goes with its children, unless another points at one of them.

use serde_json::Value;

use super::collection::Collection;
use super::read;
use super::write::{Precondition, permitted, require};
use crate::changes::{self, Operation};
use crate::db::references::{Column, Exempt, referrers};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::{Error, Id, Link, LinkField, Meta, Permission, Result, Stamp};
use crate::resources;

/// Deletes a record with its children, unless another record points at one of them.
///
/// # Errors
/// `Conflict` with the code `still_referenced`, naming the records that point at it.
pub fn delete<R: Store>(conn: &mut Conn, stamp: &Stamp, id: Id, precondition: &Precondition) -> Result<()> {
    let row = permitted::<R>(conn, stamp, id, Permission::Write)?;
    require(precondition, &row.meta())?;
    let itself = resources::by_type(R::TYPE).map(|collection| (collection, vec![id]));
    let mut doomed: Vec<(&'static dyn Collection, Vec<Id>)> = itself.into_iter().collect();
    for collection in resources::children(R::TYPE) {
        doomed.push((collection, collection.children_of(conn, id)?));
    }
    for (collection, ids) in &doomed {
        refuse_referenced(conn, stamp, *collection, ids, (R::TYPE, id))?;
    }
    for (collection, ids) in doomed.into_iter().rev() {
        for record in ids.into_iter().rev() {
            collection.mark_deleted(conn, stamp, record)?;
        }
    }
    Ok(())
}

/// The columns through which records of a collection may point at a record of type `kind`.
fn columns_to(collection: &dyn Collection, kind: &str) -> Vec<Column> {
    let table = collection.table();
    let owner = collection.parent().is_none().then_some(LinkField::one("managed_by", "organization"));
    let parent = collection.parent().map(|parent| LinkField::one(parent.field, parent.target));
    let column = |link: LinkField| match link.index {
        Some(index) if link.target == kind => Some(Column::Many { table, index }),
        None if link.target == kind => Some(Column::One { table, field: link.field }),
        None if link.target == "*" => Some(Column::Any { table, field: link.field }),
        _ => None,
    };
    collection.links().iter().copied().chain(owner).chain(parent).filter_map(column).collect()
}

/// Refuses to delete records that others point at, other than the children of the record `root` that go with it.
fn refuse_referenced(
    conn: &mut Conn,
    stamp: &Stamp,
    target: &dyn Collection,
    ids: &[Id],
    (root, root_id): (&str, Id),
) -> Result<()> {
    let mut columns: Vec<(Column, Option<&str>)> = Vec::new();
    for collection in resources::ALL {
        let with_root = collection.parent().filter(|parent| parent.target == root).map(|parent| parent.field);
        columns.extend(columns_to(*collection, target.kind()).into_iter().map(|column| (column, with_root)));
    }
    let exempt = Exempt { own_table: target.table(), root: root_id };
    let found = referrers(conn, &columns, target.kind(), ids, exempt)?;
    if found.is_empty() {
        return Ok(());
    }
    let mut urls: Vec<Value> = Vec::new();
    for referrer in &found {
        let collection = resources::ALL.iter().find(|collection| collection.table() == referrer.name);
        let Some(collection) = collection else { continue };
        // One that the caller may not see is in the way all the same, and not named.
        if !collection.known(conn, Scope::of(&stamp.actor), &[referrer.id])?.is_empty() {
            urls.push(Link::url(collection.name(), referrer.id).into());
        }
    }
    let detail = match ids {
        [id] => format!("The {} {id} cannot be deleted: other records point at it.", target.kind()),
        _ => format!("The {root} {root_id} cannot be deleted: other records point at a {} of it.", target.kind()),
    };
    Err(Error::Conflict(Refusal::new("still_referenced", detail).with("referrers", urls.into())))
}

/// Marks a record as deleted.
pub fn mark_deleted<R: Store>(conn: &mut Conn, stamp: &Stamp, id: Id) -> Result<()> {
    let row = read::living::<R>(conn, Scope::All, id)?;
    let old = row.meta();
    let next = old.next(stamp.now);
    let meta = Meta { deleted_at: Some(next.updated_at), ..next };
    let body = R::stored(row)?;
    changes::replace::<R>(conn, stamp, &meta, &body, Operation::Delete).map(drop)
}
