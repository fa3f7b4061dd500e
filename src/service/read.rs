//! Reading: one record, a page of them, what was recorded of one at an instant.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::collection::collection_of;
use super::expand::{self, Expansion, LinkTable};
use super::fields::own_fields_of;
use super::retitled::retitled;
use crate::changes;
use crate::changes::audience::Audience;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::page::{Page, Position, cut};
use crate::domain::record::{ExtraFields, Links};
use crate::domain::{Error, Id, Instant, Link, Linker, Record, Result};
use crate::resources;

/// A record of `R` as it is sent.
pub type View<R> = Record<<R as crate::domain::Resource>::Body<Link>>;

/// Makes records out of rows, in the same order, with the titles of their links, or the records behind those that are to
/// be expanded.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn hydrate<R: Store>(
    conn: &mut Conn,
    scope: Scope,
    rows: Vec<R::Row>,
    expansion: &Expansion,
) -> Result<Vec<View<R>>> {
    let mut links = LinkTable::new(collection_of::<R>()?, expansion);
    let mut records = linked::<R>(rows, &mut links)?;
    R::complete(conn, scope, expansion.day(), &mut records, &mut links)?;
    links.fill(conn, scope)?;
    expand::to_many::<R>(conn, scope, &mut records, expansion)?;
    expand::external_keys::<R>(conn, &mut records, expansion)?;
    Ok(records)
}

/// Records with the fields of their rows. What their links show is still to be filled in.
fn linked<R: Store>(rows: Vec<R::Row>, links: &mut LinkTable<'_>) -> Result<Vec<View<R>>> {
    let to_many = to_many_urls::<R>();
    rows.into_iter().map(|row| record_of::<R>(row, links, &to_many)).collect()
}

fn record_of<R: Store>(
    row: R::Row,
    links: &mut LinkTable<'_>,
    to_many: &Arc<[(&'static str, String)]>,
) -> Result<View<R>> {
    let meta = row.meta();
    Ok(Record {
        id: meta.id,
        kind: R::TYPE,
        url: Link::url(R::COLLECTION, meta.id),
        title: None,
        version: meta.version,
        created_at: meta.created_at,
        updated_at: meta.updated_at,
        visibility: meta.visibility,
        managed_by: meta.managed_by.map(|id| links.to("managed_by", id)),
        parent: ExtraFields(
            R::PARENT
                .zip(meta.parent)
                .map(|(parent, id)| (parent.field, links.to(parent.field, id)))
                .into_iter()
                .collect(),
        ),
        body: R::body(row, links)?,
        links: Links { id: meta.id, collection: R::COLLECTION, to_many: Arc::clone(to_many) },
        warnings: Vec::new(),
        expanded: ExtraFields(Vec::new()),
        external_keys: None,
    })
}

/// The URLs of the to-many links of `R`, each up to the number of the record.
fn to_many_urls<R: Store>() -> Arc<[(&'static str, String)]> {
    R::TO_MANY
        .iter()
        .filter_map(|link| {
            let collection = resources::by_type(link.target)?.name();
            Some((link.name, format!("/v1/{collection}?{}=", link.field)))
        })
        .collect()
}

/// The living record `id`.
///
/// # Errors
/// `NotFound` if there is none that the caller may see, `Gone` if it was deleted.
pub fn get<R: Store>(conn: &mut Conn, scope: Scope, id: Id, expansion: &Expansion) -> Result<View<R>> {
    let row = living::<R>(conn, scope, id)?;
    one::<R>(conn, scope, row, expansion)
}

/// The record of a row, with the warnings about it.
fn one<R: Store>(conn: &mut Conn, scope: Scope, row: R::Row, expansion: &Expansion) -> Result<View<R>> {
    let record = hydrate::<R>(conn, scope, vec![row], expansion)?.pop().ok_or(Error::NotFound)?;
    Ok(with_warnings::<R>(record))
}

fn with_warnings<R: Store>(mut record: View<R>) -> View<R> {
    record.warnings = R::warnings(&record.body).iter().map(crate::domain::fault::Warning::to_json).collect();
    record
}

/// The living row `id`.
///
/// # Errors
/// `NotFound` if there is none that the caller may see, `Gone` if it was deleted.
pub fn living<R: Store>(conn: &mut Conn, scope: Scope, id: Id) -> Result<R::Row> {
    let row = R::Row::by_ids(conn, scope, &[id])?.pop().ok_or(Error::NotFound)?;
    match row.meta().deleted_at {
        Some(instant) => Err(Error::Gone(instant)),
        None => Ok(row),
    }
}

/// What was recorded of the record `id` at the instant `at`.
///
/// # Errors
/// `NotFound` if it is not, or was not yet, there for the caller; `Gone` if it was deleted by then.
pub fn recorded_at<R: Store>(conn: &mut Conn, scope: Scope, id: Id, at: Instant) -> Result<View<R>> {
    R::Row::by_ids(conn, scope, &[id])?.pop().ok_or(Error::NotFound)?;
    let change = changes::store::recorded_at(conn, R::TYPE, id, at)?.ok_or(Error::NotFound)?;
    if !Audience::of(conn, scope)?.sees(&change)? {
        return Err(Error::NotFound);
    }
    let (meta, body) = changes::read_back::<R>(&change)?;
    if let Some(instant) = meta.deleted_at {
        Err(Error::Gone(instant))
    } else {
        // What is worked out from other records is of today, and left out.
        let none = Expansion::default();
        let mut links = LinkTable::new(collection_of::<R>()?, &none);
        let record = linked::<R>(vec![R::row(&meta, &body)?], &mut links)?.pop().ok_or(Error::NotFound)?;
        links.fill(conn, scope)?;
        Ok(with_warnings::<R>(record))
    }
}

/// A page of records, where the next one begins, and how many there are in all if that was asked.
pub struct Listing<R: Store> {
    /// The records.
    pub records: Vec<View<R>>,
    /// The last record of this page, if another page follows.
    pub next: Option<Position>,
    /// How many records there are on all pages.
    pub count: Option<i64>,
}

/// What parameters that are called neither as a link nor as a type of record point at.
const POINTING: &[(&str, &str)] = &[("lead", "organization"), ("assignee", "organization"), ("province", "admin_unit")];

/// Whether a filter names a record that the caller may not see: what points there is as little found as if it were not
/// there, or a caller could try all numbers to find out where undisclosed links lead.
///
/// # Errors
/// As the database has them.
pub fn leads_nowhere<R: Store>(
    conn: &mut Conn,
    scope: Scope,
    filter: &R::Filter,
    managed_by: Option<Id>,
) -> Result<bool> {
    if scope.is_all() {
        return Ok(false);
    }
    let collection = collection_of::<R>()?;
    let named = serde_json::to_value(filter).map_err(|error| Error::Internal(error.to_string()))?;
    let owner = managed_by.map(|id| ("managed_by", Value::from(id)));
    let fields = named.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value.clone()));
    for (name, value) in fields.chain(owner) {
        let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let ids: Vec<Id> = match &value {
            Value::Array(values) => values.iter().filter_map(number).collect(),
            value => number(value).into_iter().collect(),
        };
        if ids.is_empty() {
            continue;
        }
        let pointing = || POINTING.iter().find(|(parameter, _)| *parameter == name).map(|(_, kind)| *kind);
        let typed = || named.get(format!("{}_type", name.strip_suffix("_id")?))?.as_str();
        let link = collection.link(name).map(|link| link.target).filter(|target| *target != "*");
        let target = link.or_else(pointing).or_else(typed).unwrap_or(name);
        let Some(target) = resources::by_type(target) else { continue };
        let known = target.known(conn, scope, &ids)?;
        if ids.iter().any(|id| !known.contains(id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One page of the living records that `filter` lets through.
///
/// # Errors
/// `Malformed` if a parameter names something that does not exist or is ambiguous.
pub fn list<R: Store>(
    conn: &mut Conn,
    scope: Scope,
    filter: &R::Filter,
    page: &Page,
    counted: bool,
    expansion: &Expansion,
) -> Result<Listing<R>> {
    if leads_nowhere::<R>(conn, scope, filter, page.managed_by)? {
        return Ok(Listing { records: Vec::new(), next: None, count: counted.then_some(0) });
    }
    let count = if counted {
        let query = R::narrow(conn, filter, scope)?;
        Some(R::Row::count(conn, query, scope, page)?)
    } else {
        None
    };
    let query = R::narrow(conn, filter, scope)?;
    let mut rows = R::Row::page(conn, query, scope, &Page { limit: page.limit.saturating_add(1), ..page.clone() })?;
    let more = cut(&mut rows, page.limit.into());
    let next = match rows.last().filter(|_| more) {
        Some(row) => Some(Position { key: R::key_of(conn, scope, page, row)?, id: row.meta().id }),
        None => None,
    };
    Ok(Listing { records: hydrate::<R>(conn, scope, rows, expansion)?, next, count })
}

/// A record as a JSON value.
///
/// # Errors
/// `Internal` if it cannot be written as JSON.
pub fn to_json<B: Serialize>(record: &Record<B>) -> Result<Value> {
    serde_json::to_value(record).map_err(|error| Error::Internal(error.to_string()))
}

/// A record as JSON text.
///
/// # Errors
/// As [`to_json`].
pub fn to_raw<B: Serialize>(record: &Record<B>) -> Result<Box<RawValue>> {
    to_raw_value(record).map_err(|error| Error::Internal(error.to_string()))
}

/// A record as JSON text as it stands behind a link, with the `title` of the link in place of one of its own.
///
/// # Errors
/// As [`to_json`].
pub fn to_raw_behind_link<B: Serialize>(mut record: Record<B>, title: Option<String>) -> Result<Box<RawValue>> {
    let has_title = own_fields_of(record.kind).iter().any(|field| field.name == "title");
    if !has_title {
        record.title = Some(title);
        return to_raw(&record);
    }
    retitled(&record, title.as_deref()).map_err(|error| Error::Internal(error.to_string()))
}
