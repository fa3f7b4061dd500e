//! What a resource declares of itself. Everything that all resources do alike is written once, over this.

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use super::fault::Warning;
use super::page::SortField;
use super::{Faults, Id, LinkForm};

/// One collection of records.
pub trait Resource: Send + Sync + 'static {
    /// The type of one record, in `snake_case`: `document`.
    const TYPE: &'static str;
    /// The collection in paths, in `kebab-case`: `documents`.
    const COLLECTION: &'static str;
    /// The name of the record in the OpenAPI document: `Document`.
    const SCHEMA: &'static str;
    /// The subject under which the OpenAPI document lists it: `documents`.
    const TAG: &'static str;
    /// One sentence for the OpenAPI document.
    const ABOUT: &'static str;
    /// The record that this one is part of.
    const PARENT: Option<Parent> = None;
    /// The links that its fields hold.
    const LINKS: &'static [LinkField] = &[];
    /// The collections that point at it: its children, and others.
    const TO_MANY: &'static [ToMany] = &[];
    /// The fields that the service fills in and no client may send.
    const READ_ONLY: &'static [&'static str] = &[];
    /// What a list may be sorted by, besides the id.
    const SORTS: &'static [SortField];

    /// The fields, over the form of their links.
    type Body<L: LinkForm>: Serialize + DeserializeOwned + ToSchema + Send;

    /// The parameters that narrow a list.
    type Filter: DeserializeOwned + Serialize + IntoParams + Default + Send;

    /// The rules that need nothing but the record itself. Each fault names its field.
    fn check(_body: &Self::Body<Id>, _faults: &mut Faults) {}

    /// What is odd about the record, and stored all the same.
    fn warnings<L: LinkForm>(_body: &Self::Body<L>) -> Vec<Warning> {
        Vec::new()
    }

    /// Whether the filter can be answered from an index in a bounded number of steps, so that the list may run on the
    /// thread that serves the request.
    fn is_bounded(filter: &Self::Filter) -> bool;
}

/// The parent of a child record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// The field that holds the link: `conference`.
    pub field: &'static str,
    /// The type of the parent: `conference`.
    pub target: &'static str,
}

/// A field that holds one link or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkField {
    /// The field: `numbering_body`.
    pub field: &'static str,
    /// The type it points at: `organization`; `*` for any.
    pub target: &'static str,
    /// The table that finds records by one of several links; `None` for a field that holds one.
    pub index: Option<LinkIndex>,
}

/// A table beside that of a resource, with one row for each of several links that a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkIndex {
    /// Its name.
    pub table: &'static str,
    /// Its column with the record that points.
    pub from: &'static str,
    /// Its column with the record pointed at.
    pub to: &'static str,
}

impl LinkField {
    /// A field with one link.
    #[must_use]
    pub const fn one(field: &'static str, target: &'static str) -> Self {
        Self { field, target, index: None }
    }

    /// A field with several links, which `index` keeps too.
    #[must_use]
    pub const fn many(field: &'static str, target: &'static str, index: LinkIndex) -> Self {
        Self { field, target, index: Some(index) }
    }
}

/// Records of another collection that point at this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToMany {
    /// The name under `links` and in `expand`: `conference_documents`.
    pub name: &'static str,
    /// The type of those records: `conference_document`.
    pub target: &'static str,
    /// Their field that points here: `document`. It is also their filter.
    pub field: &'static str,
}

impl ToMany {
    /// Records of type `target` whose `field` points here, under `name`.
    #[must_use]
    pub const fn new(name: &'static str, target: &'static str, field: &'static str) -> Self {
        Self { name, target, field }
    }
}
