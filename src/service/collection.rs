//! A resource as others see it, who know it by its type only.

use std::marker::PhantomData;

use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::expand::{self, Expansion};
use super::fields::{self, Field, own_fields_of};
use super::input::Siblings;
use super::upsert::{self, Extent, Target};
use super::write::{self, Known};
use super::{delete, read};
use crate::changes::{self, Change};
use crate::db::{Conn, Scope, Store, Table, Titled};
use crate::domain::fact::Fact;
use crate::domain::{Error, Id, Link, LinkField, Linker, Meta, Parent, Result, Stamp, ToMany};
use crate::resources;

/// The collection of `R`, as others see it.
///
/// # Errors
/// `Internal` if it is not registered.
pub fn collection_of<R: Store>() -> Result<&'static dyn Collection> {
    resources::by_type(R::TYPE).ok_or_else(|| Error::Internal(format!("{} is not registered", R::TYPE)))
}

/// A record as its table has it.
pub struct Kept {
    /// Its number.
    pub id: Id,
    /// All that is stored of it, as it is logged.
    pub record: Map<String, Value>,
    /// The first column that is not what follows from the others.
    pub underived: Option<&'static str>,
}

/// What any code may ask of any collection.
pub trait Collection: Send + Sync {
    /// The type of its records.
    fn kind(&self) -> &'static str;
    /// Its name in paths.
    fn name(&self) -> &'static str;
    /// The name of its records in the OpenAPI document.
    fn schema(&self) -> &'static str;
    /// The record that its records are part of.
    fn parent(&self) -> Option<Parent>;
    /// The links of its records.
    fn links(&self) -> &'static [LinkField];
    /// The links of its records that the service works out.
    fn computed_links(&self) -> &'static [LinkField];
    /// The fields of its records that the service fills in.
    fn read_only(&self) -> &'static [&'static str];
    /// What points at its records.
    fn to_many(&self) -> &'static [ToMany];
    /// Its table.
    fn table(&self) -> &'static str;
    /// The fields of its records, besides those that all records have, as their schema declares them.
    fn declared(&self) -> Vec<Field>;
    /// The parameters that narrow its list.
    fn filters(&self) -> Vec<String>;
    /// The record is there and the caller may see it.
    ///
    /// # Errors
    /// `NotFound` or `Gone`.
    fn require_living(&self, conn: &mut Conn, scope: Scope, id: Id) -> Result<()>;
    /// These records, deleted ones too, when their titles are asked for.
    fn titled(&self, scope: Scope, ids: &[Id]) -> Titled;
    /// Which facts hold of those of these records that the caller may see.
    ///
    /// # Errors
    /// As the database has them; so have all that follow.
    fn facts(&self, conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<(Fact, Id)>>;
    /// These records, the living ones, as they stand behind a link: as they are sent, with what to call them.
    fn records(
        &self,
        conn: &mut Conn,
        scope: Scope,
        ids: &[Id],
        expansion: &Expansion,
    ) -> Result<Vec<(Id, Box<RawValue>)>>;
    /// The living records whose `field` points at one of `ids`, no more than `limit` for each, as they are sent. With
    /// each stands the id that it points at.
    fn pointing(
        &self,
        conn: &mut Conn,
        scope: Scope,
        field: &str,
        ids: &[Id],
        limit: i64,
        expansion: &Expansion,
    ) -> Result<Vec<(Id, Box<RawValue>)>>;
    /// Which of these records, deleted ones too, the caller may know of.
    fn known(&self, conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<Id>>;
    /// Creates a child of `parent` within the request that creates the parent.
    fn create_child(&self, conn: &mut Conn, stamp: &Stamp, input: Value, parent: Id, siblings: &Siblings)
    -> Result<Id>;
    /// Whether a record says what `input` says, which stands in the body of the record that it is part of.
    fn says(&self, conn: &mut Conn, stamp: &Stamp, id: Id, input: Value, siblings: &Siblings) -> Result<bool>;
    /// Writes a record whether it is there or not.
    fn save(
        &self,
        conn: &mut Conn,
        stamp: &Stamp,
        target: &Target,
        fields: Map<String, Value>,
        extent: Extent,
    ) -> Result<write::Saved>;
    /// Writes a record as a row of the log has it into its table, where it is not yet.
    fn put_back(&self, conn: &mut Conn, change: &Change) -> Result<()>;
    /// These records, deleted ones too, as their table has them.
    fn kept(&self, conn: &mut Conn, ids: &[Id]) -> Result<Vec<Kept>>;
    /// The living children of `parent`.
    fn children_of(&self, conn: &mut Conn, parent: Id) -> Result<Vec<Id>>;
    /// What a record has in common with all others, if it is there.
    fn meta(&self, conn: &mut Conn, id: Id) -> Result<Option<Meta>>;
    /// Gives the living children of a record what they have from it, now that it is `parent` and no longer `old`.
    fn inherit(&self, conn: &mut Conn, stamp: &Stamp, old: &Meta, parent: &Meta) -> Result<()>;
    /// Marks a record as deleted, without asking who points at it.
    fn mark_deleted(&self, conn: &mut Conn, stamp: &Stamp, id: Id) -> Result<()>;
}

impl dyn Collection + '_ {
    /// The name of the collection in JSON: `conference_documents`.
    #[must_use]
    pub fn json_name(&self) -> String {
        self.name().replace('-', "_")
    }

    /// The fields of its records as they are sent.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let common = ["id", "type", "url", "version", "created_at", "updated_at", "visibility", "managed_by"];
        let parent = self.parent().map(|parent| parent.field);
        let own = own_fields_of(self.kind()).iter().map(|field| field.name.as_str());
        common.into_iter().chain(parent).chain(own).chain(["links", "warnings"])
    }

    /// The type of record behind a field, and whether the field holds several; `None` if it is no link.
    #[must_use]
    pub fn link(&self, field: &str) -> Option<LinkField> {
        let parent = self
            .parent()
            .filter(|parent| parent.field == field)
            .map(|parent| LinkField::one(parent.field, parent.target));
        let owner = (field == "managed_by").then_some(LinkField::one("managed_by", "organization"));
        let mut own = self.links().iter().chain(self.computed_links());
        parent.or(owner).or_else(|| own.find(|link| link.field == field).copied())
    }
}

/// The collection of the resource `R`.
pub struct Of<R>(PhantomData<fn() -> R>);

impl<R> Of<R> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

impl<R: Store> Collection for Of<R> {
    fn kind(&self) -> &'static str {
        R::TYPE
    }

    fn name(&self) -> &'static str {
        R::COLLECTION
    }

    fn schema(&self) -> &'static str {
        R::SCHEMA
    }

    fn parent(&self) -> Option<Parent> {
        R::PARENT
    }

    fn links(&self) -> &'static [LinkField] {
        R::LINKS
    }

    fn computed_links(&self) -> &'static [LinkField] {
        R::COMPUTED_LINKS
    }

    fn read_only(&self) -> &'static [&'static str] {
        R::READ_ONLY
    }

    fn to_many(&self) -> &'static [ToMany] {
        R::TO_MANY
    }

    fn table(&self) -> &'static str {
        R::Row::NAME
    }

    fn declared(&self) -> Vec<Field> {
        fields::of::<R::Body<Link>>()
    }

    fn filters(&self) -> Vec<String> {
        R::Filter::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
    }

    fn require_living(&self, conn: &mut Conn, scope: Scope, id: Id) -> Result<()> {
        read::living::<R>(conn, scope, id).map(drop)
    }

    fn titled(&self, scope: Scope, ids: &[Id]) -> Titled {
        R::Row::titled(scope, ids)
    }

    fn facts(&self, conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<(Fact, Id)>> {
        R::facts(conn, scope, ids)
    }

    fn records(
        &self,
        conn: &mut Conn,
        scope: Scope,
        ids: &[Id],
        expansion: &Expansion,
    ) -> Result<Vec<(Id, Box<RawValue>)>> {
        let mut rows = R::Row::by_ids(conn, scope, ids)?;
        rows.retain(|row| row.meta().deleted_at.is_none());
        let titles: Vec<Option<String>> = rows.iter().map(Table::title).collect();
        let records = read::hydrate::<R>(conn, scope, rows, expansion)?;
        records
            .into_iter()
            .zip(titles)
            .map(|(record, title)| Ok((record.id, read::to_raw_behind_link(record, title)?)))
            .collect()
    }

    fn pointing(
        &self,
        conn: &mut Conn,
        scope: Scope,
        field: &str,
        ids: &[Id],
        limit: i64,
        expansion: &Expansion,
    ) -> Result<Vec<(Id, Box<RawValue>)>> {
        let Some(column) = link_column::<R>(field) else { return Ok(Vec::new()) };
        let most = i64::try_from(expand::MOST).unwrap_or(i64::MAX);
        let rows = R::Row::pointing(conn, scope, column, ids, limit, most.saturating_add(1))?;
        if rows.len() > expand::MOST {
            return Err(expand::too_much());
        }
        let targets = rows.iter().map(|row| target_of::<R>(row, field)).collect::<Result<Vec<_>>>()?;
        let records = read::hydrate::<R>(conn, scope, rows, expansion)?;
        targets.into_iter().zip(&records).map(|(id, record)| Ok((id, read::to_raw(record)?))).collect()
    }

    fn known(&self, conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<Id>> {
        Ok(R::Row::titles(conn, scope, ids)?.into_iter().map(|row| row.id).collect())
    }

    fn create_child(
        &self,
        conn: &mut Conn,
        stamp: &Stamp,
        input: Value,
        parent: Id,
        siblings: &Siblings,
    ) -> Result<Id> {
        write::create_within::<R>(conn, stamp, input, Known::Parent(parent), siblings).map(|written| written.id)
    }

    fn says(&self, conn: &mut Conn, stamp: &Stamp, id: Id, input: Value, siblings: &Siblings) -> Result<bool> {
        write::says::<R>(conn, stamp, id, input, siblings)
    }

    fn save(
        &self,
        conn: &mut Conn,
        stamp: &Stamp,
        target: &Target,
        fields: Map<String, Value>,
        extent: Extent,
    ) -> Result<write::Saved> {
        upsert::save::<R>(conn, stamp, target, fields, extent)
    }

    fn put_back(&self, conn: &mut Conn, change: &Change) -> Result<()> {
        changes::put_back::<R>(conn, change)
    }

    fn kept(&self, conn: &mut Conn, ids: &[Id]) -> Result<Vec<Kept>> {
        R::Row::by_ids(conn, Scope::All, ids)?.iter().map(kept::<R>).collect()
    }

    fn children_of(&self, conn: &mut Conn, parent: Id) -> Result<Vec<Id>> {
        let Some(column) = R::PARENT.and_then(|parent| link_column::<R>(parent.field)) else { return Ok(Vec::new()) };
        let rows = R::Row::pointing(conn, Scope::All, column, &[parent], i64::MAX, i64::MAX)?;
        Ok(rows.iter().map(|row| row.meta().id).collect())
    }

    fn meta(&self, conn: &mut Conn, id: Id) -> Result<Option<Meta>> {
        Ok(R::Row::by_ids(conn, Scope::All, &[id])?.pop().map(|row| row.meta()))
    }

    fn inherit(&self, conn: &mut Conn, stamp: &Stamp, old: &Meta, parent: &Meta) -> Result<()> {
        let children = self.children_of(conn, parent.id)?;
        write::inherit::<R>(conn, stamp, old, parent, &children)
    }

    fn mark_deleted(&self, conn: &mut Conn, stamp: &Stamp, id: Id) -> Result<()> {
        delete::mark_deleted::<R>(conn, stamp, id)
    }
}

/// A record of a row, whose derived columns are made anew to compare them.
fn kept<R: Store>(row: &R::Row) -> Result<Kept> {
    let meta = row.meta();
    let body = R::stored(row.clone())?;
    let underived = R::row(&meta, &body)?.differing(row);
    Ok(Kept { id: meta.id, record: changes::stored_json::<R>(&meta, &body)?, underived })
}

/// The column of a field with one link.
fn link_column<R: Store>(field: &str) -> Option<&'static str> {
    R::Row::COLUMNS.iter().copied().find(|column| column.strip_suffix("_id") == Some(field))
}

/// The id that `field`, which holds one link, holds in a row.
fn target_of<R: Store>(row: &R::Row, field: &str) -> Result<Id> {
    let mut id = row.meta().parent.filter(|_| R::PARENT.is_some_and(|parent| parent.field == field));
    if id.is_none() {
        let mut held = Held { field, id: None };
        R::body(row.clone(), &mut held)?;
        id = held.id;
    }
    id.ok_or_else(|| Error::Internal(format!("{} {field} holds no link", R::TYPE)))
}

/// Notes which id one of the fields holds.
struct Held<'a> {
    field: &'a str,
    id: Option<Id>,
}

impl Linker<Id> for Held<'_> {
    fn to(&mut self, field: &'static str, id: Id) -> Id {
        if field == self.field {
            self.id = Some(id);
        }
        id
    }

    fn to_any(&mut self, field: &'static str, _: &'static str, id: Id) -> Id {
        self.to(field, id)
    }
}
