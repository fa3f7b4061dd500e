//! What answers show of records: links with their titles, one query for each type, and evidence.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::RecordRef;
use super::force::Force;
use super::register::Subject;
use super::vocabulary::ForceReason;
use crate::db::table::MAXIMUM_ID;
use crate::db::{Conn, Scope};
use crate::documents::document::Documents;
use crate::domain::link::Shown;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Link, Linker, Resource, Result};
use crate::resources;
use crate::service::collection::collection_of;
use crate::service::expand::{Expansion, LinkTable};
use crate::sources::vocabulary::RecordType;

/// The links of one answer. [`LinkTable::fill`] gives them their titles.
pub struct Links<'e>(pub LinkTable<'e>);

impl<'e> Links<'e> {
    /// The links of an answer that expands none.
    ///
    /// # Errors
    /// `Internal` if a collection is not registered.
    pub fn new(none: &'e Expansion) -> Result<Self> {
        Ok(Self(LinkTable::new(collection_of::<Documents>()?, none)))
    }

    /// The link to a record.
    pub fn to(&mut self, record: RecordRef) -> Link {
        self.0.to_any("", record.kind, record.id)
    }

    /// The link to a document.
    pub fn document(&mut self, id: Id) -> Link {
        self.to(RecordRef { kind: Documents::TYPE, id })
    }

    /// The link to a body or a unit.
    pub fn subject(&mut self, subject: Subject) -> Link {
        self.to(match subject {
            Subject::Body(id) => RecordRef { kind: "organization", id },
            Subject::Unit(id) => RecordRef { kind: "admin_unit", id },
        })
    }
}

/// The address of the list of the records that a filter lets through: what a count is a count of.
#[must_use]
pub fn list_url<R: Resource>(filter: &R::Filter) -> String {
    ListAddress::of::<R>(filter).to_string()
}

/// The address of a list, to be narrowed for each of many groups.
#[derive(Debug, Clone)]
pub struct ListAddress {
    path: String,
    /// Each parameter that the list has, with what is asked of it.
    parameters: Vec<(String, Option<String>)>,
}

impl ListAddress {
    /// That of the records that `filter` lets through.
    #[must_use]
    pub fn of<R: Resource>(filter: &R::Filter) -> Self {
        let fields = serde_json::to_value(filter).unwrap_or_default();
        let parameters = fields.as_object().into_iter().flatten().map(|(name, value)| {
            let given = (!value.is_null()).then(|| encoded(&as_text(value)));
            (name.clone(), given)
        });
        Self { path: format!("/v1/{}", R::COLLECTION), parameters: parameters.collect() }
    }

    /// The same with other values of these parameters, where there are any.
    #[must_use]
    pub fn with(&self, others: &[(&str, String)]) -> String {
        let mut url = self.path.clone();
        let mut mark = '?';
        for (name, given) in &self.parameters {
            let other = others.iter().find(|(other, _)| other == name).map(|(_, value)| encoded(value));
            if let Some(value) = other.as_ref().or(given.as_ref()) {
                url.push(mark);
                url.push_str(name);
                url.push('=');
                url.push_str(value);
                mark = '&';
            }
        }
        url
    }
}

impl fmt::Display for ListAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.with(&[]))
    }
}

/// The numbers by which addresses of lists name records: those of what the caller may not see are not told, and stand as
/// one that no record has, of which such a list has as much.
#[derive(Debug, Default)]
pub struct Numbers(Option<BTreeSet<Id>>);

impl Numbers {
    /// Those of these records of one type.
    ///
    /// # Errors
    /// As the database has them.
    pub fn of(conn: &mut Conn, scope: Scope, kind: &str, ids: impl IntoIterator<Item = Id>) -> Result<Self> {
        let ids: Vec<Id> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let Some(collection) = resources::by_type(kind).filter(|_| !scope.is_all()) else { return Ok(Self(None)) };
        let known = if ids.is_empty() { Vec::new() } else { collection.known(conn, scope, &ids)? };
        Ok(Self(Some(known.into_iter().collect())))
    }

    /// The number to be told for this one.
    #[must_use]
    pub fn told(&self, id: Id) -> Id {
        if self.0.as_ref().is_none_or(|known| known.contains(&id)) { id } else { MAXIMUM_ID }
    }
}

/// A value as a parameter has it, several with commas between them.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(as_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A value as it stands in a query.
fn encoded(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b',').remove(b'.');
    utf8_percent_encode(text, KEPT).to_string()
}

/// What to call the record behind a link.
#[derive(Debug, Clone)]
pub struct Titled(Link);

impl Titled {
    /// The title of this link, once it is filled in.
    #[must_use]
    pub const fn of(link: Link) -> Self {
        Self(link)
    }
}

impl Serialize for Titled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.shown.get() {
            Some(Shown::Title(title)) => serializer.serialize_some(title),
            _ => serializer.serialize_none(),
        }
    }
}

/// A record that shows an act: where it is found, and the day of the act.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 5, "type": "conference", "url": "/v1/conferences/5",
    "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh Thái Bình mở rộng",
    "on": "2018-07-16", "precision": "day", "inherited_from": null
}))]
pub struct Proof {
    /// The number of the record.
    pub id: Id,
    /// The type of the record.
    #[serde(rename = "type")]
    #[schema(value_type = RecordType)]
    pub kind: &'static str,
    /// Where the record is found.
    pub url: String,
    /// What to call the record; null where the caller may not read it.
    #[schema(value_type = Option<String>)]
    pub title: Titled,
    /// The day of the act; null if it is not known.
    pub on: Option<Date>,
    /// How much of the day is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// The predecessor, or successor, whose act it was; null if it was the act of the body itself.
    pub inherited_from: Option<Link>,
}

impl Proof {
    /// What shows an act of the day `on`.
    #[must_use]
    pub fn of(link: Link, on: Option<Date>, precision: Option<DatePrecision>, inherited_from: Option<Link>) -> Self {
        let collection = resources::by_type(link.kind).map_or("", |collection| collection.name());
        Self {
            id: link.id,
            kind: link.kind,
            url: Link::url(collection, link.id),
            title: Titled::of(link),
            on,
            precision,
            inherited_from,
        }
    }
}

/// Whether a document is in force, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "in_force": false, "reason": "replaced", "on": "2026-07-28", "by": null }))]
pub struct InForce {
    /// Whether it is; null if that is not known.
    #[schema(example = false)]
    pub in_force: Option<bool>,
    /// Why.
    #[schema(example = "replaced")]
    pub reason: ForceReason,
    /// Its last day where it expired, the first day of the document that ended or continues it, its own first day where
    /// that is still to come; null if there is none or it is not known.
    #[schema(example = "2026-07-28")]
    pub on: Option<Date>,
    /// The document that ended or continues it.
    pub by: Option<Link>,
}

impl InForce {
    /// What is shown of what was worked out.
    #[must_use]
    pub fn of(force: &Force, links: &mut Links<'_>) -> Self {
        let Force { in_force, reason, by, on } = *force;
        Self { in_force, reason, on, by: by.map(|id| links.document(id)) }
    }
}
