//! What every record has besides its own fields, and the record as it is sent.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::link::ExternalKey;
use super::vocabulary::Visibility;
use super::{Error, Id, Instant, Link, Result};

/// What every record has, whatever its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// The number of the record.
    pub id: Id,
    /// How many times it has been written, from 1.
    pub version: i64,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last written.
    pub updated_at: Instant,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Instant>,
    /// Who may read it.
    pub visibility: Visibility,
    /// The organization that owns it.
    pub managed_by: Option<Id>,
    /// The record that it is part of.
    pub parent: Option<Id>,
}

impl Meta {
    /// What a record has that is made now.
    #[must_use]
    pub fn first(id: Id, now: Instant, visibility: Visibility, managed_by: Option<Id>, parent: Option<Id>) -> Self {
        Self { id, version: 1, created_at: now, updated_at: now, deleted_at: None, visibility, managed_by, parent }
    }

    /// What the record has once it is written again. The clock may have been set back: a version is never older than the
    /// one before.
    #[must_use]
    pub fn next(self, now: Instant) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now.max(self.updated_at), deleted_at: None, ..self }
    }

    /// The record that this one is part of, for the rows of children, which always have one.
    ///
    /// # Errors
    /// `Internal` if there is none.
    pub fn parent_id(&self) -> Result<Id> {
        self.parent.ok_or_else(|| Error::Internal("a child record without its parent".to_owned()))
    }
}

/// A record as it is sent: what all records have, its parent, its own fields, what it is linked with, what is odd.
#[derive(Debug, Serialize)]
pub struct Record<B> {
    /// The number of the record.
    pub id: Id,
    /// The type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Where it is found.
    pub url: String,
    /// What to call it, if it stands behind a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Option<String>>,
    /// How many times it has been written.
    pub version: i64,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last written.
    pub updated_at: Instant,
    /// Who may read it.
    pub visibility: Visibility,
    /// The owner.
    pub managed_by: Option<Link>,
    /// The record that it is part of, if it is part of one.
    #[serde(flatten)]
    pub parent: ExtraFields<Link>,
    /// Its own fields, with those that are derived from them.
    #[serde(flatten)]
    pub body: B,
    /// Where its to-many links are found.
    pub links: Links,
    /// What is odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
    /// The to-many links that are expanded.
    #[serde(flatten)]
    pub expanded: ExtraFields<Expanded>,
    /// The keys by which partners know it, if they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_keys: Option<Vec<ExternalKey>>,
}

/// Fields of which some records have more than others: of the same kind, each with its name.
#[derive(Debug, Clone)]
pub struct ExtraFields<T>(pub Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for ExtraFields<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// The records behind a to-many link, where they are asked for with `expand`.
#[derive(Debug, Serialize)]
pub struct Expanded {
    /// The first of them, each as it is sent.
    pub data: Vec<Box<RawValue>>,
    /// Where all of them are.
    pub links: ExpandedLinks,
}

/// Where all records behind a to-many link are found.
#[derive(Debug, Serialize)]
pub struct ExpandedLinks {
    /// The list of them.
    pub all: String,
    /// That there are more than are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<bool>,
}

/// Where what belongs to a record is found: its history, and the records that point at it.
#[derive(Debug, Clone)]
pub struct Links {
    /// The number of the record.
    pub id: Id,
    /// The collection of the record.
    pub collection: &'static str,
    /// The names of its to-many links, and the URL of each up to the number of the record. All records of an answer
    /// share it.
    pub to_many: Arc<[(&'static str, String)]>,
}

impl Serialize for Links {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.to_many.len().saturating_add(1)))?;
        for (name, url) in self.to_many.iter() {
            map.serialize_entry(name, &format_args!("{url}{}", self.id))?;
        }
        map.serialize_entry("history", &format_args!("/v1/{}/{}/history", self.collection, self.id))?;
        map.end()
    }
}
