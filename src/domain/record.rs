//! What every record has besides its own fields, and the record as it is sent.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

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
    /// The name of the field with the parent, and the parent.
    #[serde(flatten)]
    pub parent: ParentLink,
    /// Its own fields, with those that are derived from them.
    #[serde(flatten)]
    pub body: B,
    /// Where its to-many links are found.
    pub links: Links,
    /// What is odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Value>,
}

/// The field that holds the parent; nothing for a record that is no part of another.
#[derive(Debug, Clone)]
pub struct ParentLink(pub Option<(&'static str, Link)>);

impl Serialize for ParentLink {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((field, link)) = &self.0 {
            map.serialize_entry(field, link)?;
        }
        map.end()
    }
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
