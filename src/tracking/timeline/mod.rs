//! The timeline: everything with a day about a document, in order, each with the record that shows it.

pub mod span;
pub mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::span::{Dated, Span};
use self::store::{dues, evidence_decided, evidence_submitted, tasks_given};
use super::acts::store::{dealings, held};
use super::acts::{Dealing, gathered};
use super::force::store::{documents_of, forces_of, links_to};
use super::force::{DocumentFact, Force, LinkFact};
use super::register::Subject;
use super::shown::Links;
use super::vocabulary::{ForceReason, TimelineEvent};
use super::{Asked, Overview, RecordRef};
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::db::{Conn, Scope};
use crate::documents::document::Documents;
use crate::documents::vocabulary::{DocumentLinkKind, DocumentStatus};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Error, Id, Link, LinkField, Result};
use crate::service::expand::Expansion;
use crate::service::read;
use crate::tasks::vocabulary::Milestone;

/// What may be asked of the timeline of a document.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct TimelineQuery {
    /// From this day on.
    #[param(example = "2018-01-01")]
    pub on_from: Option<Date>,
    /// Up to the end of this day; of today without it.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// Everything with a day about a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The document.
    pub document: Link,
    /// The day up to whose end it goes.
    #[schema(example = "2018-12-31")]
    pub as_of: Date,
    /// Whether more follows than the thousand entries that are shown; `on_from` goes on.
    #[schema(example = false)]
    pub truncated: bool,
    /// The entries, from the earliest.
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "on": "2018-07-16", "precision": "day", "event": "conference",
    "record": { "id": 5, "type": "conference", "url": "/v1/conferences/5", "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh" },
    "activities": ["study_dissemination", "implementation"], "citation_roles": ["disseminated"],
    "relation": null, "reason": null, "milestone": null,
    "organization": { "id": 305, "type": "organization", "url": "/v1/organizations/305", "title": "Ban Thường vụ Tỉnh ủy Thái Bình" }
}))]
pub struct TimelineEntry {
    /// The day.
    pub on: Date,
    /// How much of it is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// What happened.
    pub event: TimelineEvent,
    /// The record that shows it.
    pub record: Link,
    /// With `conference`: what it did about the document.
    pub activities: Vec<DocumentActivity>,
    /// With `conference`: the parts that the document played.
    pub citation_roles: Vec<CitationRole>,
    /// With `linked_document`: how that document bears on this one.
    pub relation: Option<DocumentLinkKind>,
    /// With `ended`: why.
    pub reason: Option<ForceReason>,
    /// With `due`: the step that is expected.
    pub milestone: Option<Milestone>,
    /// The body that convened, numbered, gave, submitted or decided it, or of which it is expected.
    pub organization: Option<Link>,
}

/// What happened, before anything is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// The day.
    pub on: Date,
    /// How much of it is known.
    pub precision: Option<DatePrecision>,
    /// What happened.
    pub event: TimelineEvent,
    /// The record that shows it.
    pub record: RecordRef,
    /// The body.
    pub by: Option<Id>,
    /// What else there is to tell.
    pub detail: Detail,
}

/// What there is to tell of some events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing.
    None,
    /// What a conference did.
    Dealing(Vec<DocumentActivity>, Vec<CitationRole>),
    /// How another document bears on this one.
    Relation(DocumentLinkKind),
    /// Why the document ended.
    Reason(ForceReason),
    /// Which step is due.
    Step(Milestone),
}

impl Dated for Happening {
    type Place = (TimelineEvent, RecordRef);

    fn on(&self) -> Date {
        self.on
    }

    fn precision(&self) -> Option<DatePrecision> {
        self.precision
    }

    fn place(&self) -> Self::Place {
        (self.event, self.record)
    }
}

impl Overview for Timeline {
    const NAME: &'static str = "timeline";
    const PATH: &'static str = "/v1/documents/{id}/timeline";
    const OPERATION: &'static str = "get_document_timeline";
    const SUMMARY: &'static str = "Tell what happened about a document when";
    const ABOUT: &'static str = "\
Everything with a day about the document up to the end of `as_of`, from the earliest: its adoption, issue, effect and end, \
the conferences that dealt with it, the documents that bear on it, the tasks that originate in it with their evidence, and \
the days by which something was expected. What has no day is not here. At most a thousand entries are shown: while \
`truncated` is true, ask again with `on_from` set to the day of the last.

`format`, or `Accept`, asks for CSV, NDJSON or XLSX instead of JSON: a line for each entry.";
    const LINKS: &'static [LinkField] =
        &[LinkField::one("record", "*"), LinkField::one("organization", "organization")];

    type About = Id;
    type Query = TimelineQuery;
    type Row = TimelineEntry;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &TimelineQuery) -> Result<Self> {
        read::living::<Documents>(conn, scope, asked.about)?;
        let as_of = query.as_of.unwrap_or(asked.today);
        let span = Span::new(query.on_from, as_of);
        let (happenings, truncated) = span.ordered(happenings(conn, scope, asked.about, &span)?);
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let entries = happenings.into_iter().map(|happening| shown(happening, &mut links)).collect();
        let timeline = Self { document: links.document(asked.about), as_of, truncated, entries };
        links.0.fill(conn, scope)?;
        Ok(timeline)
    }

    fn size(&self) -> usize {
        self.entries.len()
    }

    fn rows(&self) -> Vec<TimelineEntry> {
        self.entries.clone()
    }
}

/// What happened in a span of days: a number of queries that does not grow with it.
fn happenings(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let documents = documents_of(conn, scope, &[document], span.to)?;
    let forces = forces_of(conn, scope, &documents, span.to)?;
    let (own, force) = documents.get(&document).zip(forces.get(&document)).ok_or(Error::NotFound)?;
    let mut happenings = of_itself(own, force);
    happenings.extend(at_conferences(conn, scope, document, span)?);
    happenings.extend(by_documents(conn, scope, document, span)?);
    happenings.extend(tasks_given(conn, scope, document, span)?);
    happenings.extend(evidence_submitted(conn, scope, document, span)?);
    happenings.extend(evidence_decided(conn, scope, document, span)?);
    happenings.extend(dues(conn, scope, document, span)?);
    Ok(happenings)
}

/// What the document's own dates tell.
fn of_itself(document: &DocumentFact, force: &Force) -> Vec<Happening> {
    let of = |event, on: Option<Date>, precision, detail, id| {
        let by = document.numbering_body;
        on.map(|on| Happening { on, precision, event, record: RecordRef { kind: "document", id }, by, detail })
    };
    let id = document.id;
    let end = force.on.filter(|_| force.has_ended());
    let reason = Detail::Reason(force.reason);
    let happenings = [
        of(TimelineEvent::Adopted, document.adopted_on, None, Detail::None, id),
        of(TimelineEvent::Issued, document.issued_on, document.precision, Detail::None, id),
        of(TimelineEvent::InEffect, document.effective_on, None, Detail::None, id),
        of(TimelineEvent::Ended, end, None, reason, force.by.unwrap_or(id)),
    ];
    happenings.into_iter().flatten().collect()
}

fn at_conferences(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let dealings = gathered(&dealings(conn, scope, &[document])?);
    let ids: Vec<Id> = dealings.iter().map(|dealing| dealing.conference).collect();
    let held = held(conn, scope, &ids, span.to)?;
    let happening = |dealing: Dealing| {
        let held = held.get(&dealing.conference)?;
        Some(Happening {
            on: held.on?,
            precision: held.precision,
            event: TimelineEvent::Conference,
            record: RecordRef { kind: "conference", id: held.id },
            by: held.convening_body,
            detail: Detail::Dealing(dealing.activities, dealing.roles),
        })
    };
    Ok(dealings.into_iter().filter_map(happening).collect())
}

/// The documents that bear on this one, on their dates; drafts have not happened.
fn by_documents(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let links = links_to(conn, scope, &[document], DocumentLinkKind::ALL)?;
    let ids: Vec<Id> = links.iter().map(|link| link.from).collect();
    let documents: BTreeMap<Id, DocumentFact> = documents_of(conn, scope, &ids, span.to)?;
    let happening = |link: LinkFact| {
        let from = documents.get(&link.from).filter(|from| from.status != DocumentStatus::Draft)?;
        Some(Happening {
            on: from.issued_on?,
            precision: from.precision,
            event: TimelineEvent::LinkedDocument,
            record: RecordRef { kind: "document", id: from.id },
            by: from.numbering_body,
            detail: Detail::Relation(link.kind),
        })
    };
    Ok(links.into_iter().filter_map(happening).collect())
}

fn shown(happening: Happening, links: &mut Links<'_>) -> TimelineEntry {
    let mut entry = TimelineEntry {
        on: happening.on,
        precision: happening.precision,
        event: happening.event,
        record: links.to(happening.record),
        activities: Vec::new(),
        citation_roles: Vec::new(),
        relation: None,
        reason: None,
        milestone: None,
        organization: happening.by.map(|id| links.subject(Subject::Body(id))),
    };
    match happening.detail {
        Detail::None => {}
        Detail::Dealing(activities, roles) => (entry.activities, entry.citation_roles) = (activities, roles),
        Detail::Relation(kind) => entry.relation = Some(kind),
        Detail::Reason(reason) => entry.reason = Some(reason),
        Detail::Step(milestone) => entry.milestone = Some(milestone),
    }
    entry
}
