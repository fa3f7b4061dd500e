//! The records as they are sent, each made of the columns of a row in the order of its fields.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use rusqlite::types::FromSql;
use rusqlite::{Result, Row};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The columns of a row, one after the other.
pub struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl<'r> Columns<'r> {
    /// From the first.
    pub fn of(row: &'r Row<'r>) -> Self {
        Self { row, next: 0 }
    }

    fn take<T: FromSql>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at)
    }

    /// The number of a record and what to call it.
    fn link(&mut self, kind: &'static str, collection: &'static str) -> Result<Option<Link>> {
        let (id, title) = (self.take()?, self.take()?);
        Ok(Option::map(id, |id| Link::new(id, kind, collection, title)))
    }

    fn instant(&mut self) -> Result<String> {
        let at = DateTime::from_timestamp_micros(self.take()?).unwrap_or_default();
        Ok(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
    }

    /// JSON as it is stored.
    fn json(&mut self) -> Result<Box<RawValue>> {
        let text: String = self.take()?;
        RawValue::from_string(text).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

/// A link to another record.
#[derive(Serialize)]
pub struct Link {
    pub id: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    title: Option<String>,
}

impl Link {
    /// A link.
    pub fn new(id: i64, kind: &'static str, collection: &'static str, title: Option<String>) -> Self {
        Self { id, kind, url: format!("/v1/{collection}/{id}"), title }
    }
}

/// The links from a record to what belongs to it.
pub struct Links {
    id: i64,
    collection: &'static str,
    to_many: &'static [(&'static str, &'static str)],
}

impl Serialize for Links {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let history = ("history", format!("/v1/{}/{}/history", self.collection, self.id));
        let to_many = self.to_many.iter().map(|(name, list)| (*name, format!("/v1/{list}={}", self.id)));
        serializer.collect_map(to_many.chain([history]))
    }
}

#[derive(Serialize)]
pub struct Document {
    pub id: i64,
    #[serde(rename = "type")]
    kind_of_record: &'static str,
    url: String,
    version: i64,
    created_at: String,
    updated_at: String,
    visibility: String,
    managed_by: Option<Link>,
    system: String,
    kind: String,
    numbering_body: Option<Link>,
    pub adopted_by: Adopters,
    number: Option<i32>,
    suffix: String,
    numbering_period: Option<Link>,
    symbol: Option<String>,
    symbol_as_printed: Option<String>,
    title: String,
    issued_on: Option<String>,
    issued_on_precision: Option<String>,
    issued_on_text: Option<String>,
    adopted_on: Option<String>,
    effective_on: Option<String>,
    expires_on: Option<String>,
    place: Option<String>,
    signer: Option<Link>,
    signer_text: Option<String>,
    status: String,
    confidentiality: &'static str,
    urgency: Option<String>,
    review_schedule: Box<RawValue>,
    provenance: Option<String>,
    note: Option<String>,
    identity_complete: bool,
    links: Links,
}

/// The bodies that adopted a document: their numbers as they are stored, then the links.
pub struct Adopters {
    pub ids: Vec<i64>,
    pub links: Vec<Link>,
}

impl Serialize for Adopters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.links.serialize(serializer)
    }
}

impl Document {
    pub fn of(row: &Row<'_>) -> Result<Self> {
        let mut columns = Columns::of(row);
        let id = columns.take()?;
        Ok(Self {
            id,
            kind_of_record: "document",
            url: format!("/v1/documents/{id}"),
            version: columns.take()?,
            created_at: columns.instant()?,
            updated_at: columns.instant()?,
            visibility: columns.take()?,
            managed_by: columns.link("organization", "organizations")?,
            system: columns.take()?,
            kind: columns.take()?,
            numbering_body: columns.link("organization", "organizations")?,
            adopted_by: Adopters {
                ids: serde_json::from_str(columns.json()?.get()).unwrap_or_default(),
                links: Vec::new(),
            },
            number: columns.take()?,
            suffix: columns.take()?,
            numbering_period: columns.link("numbering_period", "numbering-periods")?,
            symbol: columns.take()?,
            symbol_as_printed: columns.take()?,
            title: columns.take()?,
            issued_on: columns.take()?,
            issued_on_precision: columns.take()?,
            issued_on_text: columns.take()?,
            adopted_on: columns.take()?,
            effective_on: columns.take()?,
            expires_on: columns.take()?,
            place: columns.take()?,
            signer: columns.link("person", "people")?,
            signer_text: columns.take()?,
            status: columns.take()?,
            confidentiality: "normal",
            urgency: columns.take()?,
            review_schedule: columns.json()?,
            provenance: columns.take()?,
            note: columns.take()?,
            identity_complete: columns.take()?,
            links: Links {
                id,
                collection: "documents",
                to_many: &[
                    ("document_links", "document-links?from"),
                    ("linked_from", "document-links?to"),
                    ("conference_documents", "conference-documents?document"),
                    ("tasks", "tasks?origin_document"),
                    ("expectations", "expectations?document"),
                    ("initiatives", "initiatives?document"),
                    ("statistics", "statistics?document"),
                ],
            },
        })
    }
}

#[derive(Serialize)]
pub struct Conference {
    pub id: i64,
    #[serde(rename = "type")]
    kind_of_record: &'static str,
    url: String,
    version: i64,
    created_at: String,
    updated_at: String,
    visibility: String,
    managed_by: Option<Link>,
    name: String,
    topic: Option<String>,
    formats: Box<RawValue>,
    mode: String,
    level: Option<String>,
    pub held_from: Option<String>,
    held_to: Option<String>,
    part_of_day: Option<String>,
    date_precision: Option<String>,
    year_inferred: bool,
    held_text: Option<String>,
    place: Option<String>,
    admin_unit: Option<Link>,
    convening_body: Option<Link>,
    convening_text: Option<String>,
    participants_complete: Option<bool>,
    participant_count: Option<i32>,
    period_reviewed_from: Option<String>,
    period_reviewed_to: Option<String>,
    parent: Option<Link>,
    note: Option<String>,
    links: Links,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conference_documents: Option<Dealings>,
}

impl Conference {
    pub fn of(row: &Row<'_>) -> Result<Self> {
        let mut columns = Columns::of(row);
        let id = columns.take()?;
        Ok(Self {
            id,
            kind_of_record: "conference",
            url: format!("/v1/conferences/{id}"),
            version: columns.take()?,
            created_at: columns.instant()?,
            updated_at: columns.instant()?,
            visibility: columns.take()?,
            managed_by: columns.link("organization", "organizations")?,
            name: columns.take()?,
            topic: columns.take()?,
            formats: columns.json()?,
            mode: columns.take()?,
            level: columns.take()?,
            held_from: columns.take()?,
            held_to: columns.take()?,
            part_of_day: columns.take()?,
            date_precision: columns.take()?,
            year_inferred: columns.take()?,
            held_text: columns.take()?,
            place: columns.take()?,
            admin_unit: columns.link("admin_unit", "admin-units")?,
            convening_body: columns.link("organization", "organizations")?,
            convening_text: columns.take()?,
            participants_complete: columns.take()?,
            participant_count: columns.take()?,
            period_reviewed_from: columns.take()?,
            period_reviewed_to: columns.take()?,
            parent: columns.link("conference", "conferences")?,
            note: columns.take()?,
            links: Links {
                id,
                collection: "conferences",
                to_many: &[
                    ("conference_documents", "conference-documents?conference"),
                    ("bridge_points", "bridge-points?conference"),
                    ("participations", "participations?conference"),
                    ("findings", "findings?conference"),
                    ("conferences", "conferences?parent"),
                    ("tasks", "tasks?origin_conference"),
                    ("expectations", "expectations?origin_conference"),
                    ("statistics", "statistics?conference"),
                    ("awards", "awards?conference"),
                ],
            },
            conference_documents: None,
        })
    }
}

/// What a conference did about documents, where that is asked for.
#[derive(Serialize)]
pub struct Dealings {
    data: Vec<Dealing>,
    links: AllDealings,
}

#[derive(Serialize)]
struct AllDealings {
    all: String,
}

impl Dealings {
    /// Those of one conference.
    pub fn of(conference: i64, data: Vec<Dealing>) -> Self {
        Self { data, links: AllDealings { all: format!("/v1/conference-documents?conference={conference}") } }
    }
}

/// What a conference did about a document.
#[derive(Serialize)]
pub struct Dealing {
    id: i64,
    #[serde(rename = "type")]
    kind_of_record: &'static str,
    url: String,
    version: i64,
    created_at: String,
    updated_at: String,
    visibility: String,
    managed_by: Option<Link>,
    pub conference: Option<Link>,
    pub document: Option<Behind>,
    organization: Option<Link>,
    initiative: Option<Link>,
    subject_text: Option<String>,
    activity: Option<String>,
    citation_role: Option<String>,
    review_years: Option<i32>,
    review_from: Option<String>,
    review_to: Option<String>,
    presenter: Option<Link>,
    title_as_cited: Option<String>,
    symbol_as_cited: Option<String>,
    note: Option<String>,
    links: Links,
}

/// A link, or the record behind it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Behind {
    Link(Link),
    Document(Arc<RawValue>),
}

impl Dealing {
    pub fn of(row: &Row<'_>) -> Result<Self> {
        let mut columns = Columns::of(row);
        let id = columns.take()?;
        Ok(Self {
            id,
            kind_of_record: "conference_document",
            url: format!("/v1/conference-documents/{id}"),
            version: columns.take()?,
            created_at: columns.instant()?,
            updated_at: columns.instant()?,
            visibility: columns.take()?,
            managed_by: columns.link("organization", "organizations")?,
            conference: columns.link("conference", "conferences")?,
            document: columns.link("document", "documents")?.map(Behind::Link),
            organization: columns.link("organization", "organizations")?,
            initiative: columns.link("initiative", "initiatives")?,
            subject_text: columns.take()?,
            activity: columns.take()?,
            citation_role: columns.take()?,
            review_years: columns.take()?,
            review_from: columns.take()?,
            review_to: columns.take()?,
            presenter: columns.link("person", "people")?,
            title_as_cited: columns.take()?,
            symbol_as_cited: columns.take()?,
            note: columns.take()?,
            links: Links { id, collection: "conference-documents", to_many: &[] },
        })
    }

    /// The number of its document.
    pub fn document_id(&self) -> Option<i64> {
        match &self.document {
            Some(Behind::Link(link)) => Some(link.id),
            _ => None,
        }
    }

    /// Shows the document itself instead of the link to it.
    pub fn expand(&mut self, documents: &HashMap<i64, Arc<RawValue>>) {
        if let Some(document) = self.document_id().and_then(|id| documents.get(&id)) {
            self.document = Some(Behind::Document(Arc::clone(document)));
        }
    }
}
