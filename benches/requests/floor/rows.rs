//! The rows, and how each is written.

use std::collections::HashMap;

use diesel::Queryable;

use super::json::Json;

type Link = (Option<i64>, Option<String>);
/// id, version, created, updated, visibility, owner.
type Meta = (i64, i64, i64, i64, String, Link);

/// A document.
#[derive(Queryable)]
pub struct Document {
    pub meta: Meta,
    issue: Issue,
    text: Wording,
    rest: Rest,
    /// The sort key.
    pub key: String,
}

#[derive(Queryable)]
pub struct Issue {
    system: String,
    kind: String,
    numbering_body: Link,
    adopted_by: String,
    number: Option<i32>,
    suffix: String,
    numbering_period: Link,
}

#[derive(Queryable)]
pub struct Wording {
    symbol: Option<String>,
    symbol_as_printed: Option<String>,
    title: String,
    issued_on: Option<String>,
    issued_on_precision: Option<String>,
    issued_on_text: Option<String>,
    adopted_on: Option<String>,
    effective_on: Option<String>,
    expires_on: Option<String>,
}

#[derive(Queryable)]
pub struct Rest {
    place: Option<String>,
    signer: Link,
    signer_text: Option<String>,
    status: String,
    urgency: Option<String>,
    review_schedule: String,
    provenance: Option<String>,
    note: Option<String>,
    identity_complete: bool,
}

impl Document {
    /// The bodies that adopted it.
    pub fn adopted_by(&self) -> Vec<i64> {
        serde_json::from_str(&self.issue.adopted_by).unwrap_or_default()
    }
}

/// A conference.
#[derive(Queryable)]
pub struct Conference {
    pub meta: Meta,
    event: Event,
    rest: EventRest,
    /// The sort key.
    pub key: String,
}

#[derive(Queryable)]
pub struct Event {
    name: String,
    topic: Option<String>,
    formats: String,
    mode: String,
    level: Option<String>,
    held_from: Option<String>,
    held_to: Option<String>,
    part_of_day: Option<String>,
    date_precision: Option<String>,
    year_inferred: bool,
    held_text: Option<String>,
    place: Option<String>,
}

#[derive(Queryable)]
pub struct EventRest {
    admin_unit: Link,
    convening_body: Link,
    convening_text: Option<String>,
    participants_complete: Option<bool>,
    participant_count: Option<i32>,
    period_reviewed_from: Option<String>,
    period_reviewed_to: Option<String>,
    parent: Link,
    note: Option<String>,
}

/// What a conference did about a document.
#[derive(Queryable)]
pub struct ConferenceDocument {
    meta: Meta,
    pub conference: (i64, Option<String>),
    dealing: Dealing,
}

#[derive(Queryable)]
pub struct Dealing {
    document: Link,
    organization: Link,
    subject_text: Option<String>,
    activity: Option<String>,
    citation_role: Option<String>,
    review_years: Option<i32>,
    review_from: Option<String>,
    review_to: Option<String>,
    presenter: Link,
    title_as_cited: Option<String>,
    symbol_as_cited: Option<String>,
    note: Option<String>,
}

impl ConferenceDocument {
    /// The document.
    pub fn document(&self) -> Option<i64> {
        self.dealing.document.0
    }
}

/// What all records have in the middle.
fn meta(out: &mut Json, (_, version, created, updated, visibility, owner): &Meta) {
    out.name("version");
    out.digits(*version);
    out.instant("created_at", *created);
    out.instant("updated_at", *updated);
    out.text("visibility", visibility.as_str());
    out.link("managed_by", "organization", "organizations", owner);
}

/// Writes a document, with its title or with the title of the link that it stands in.
pub fn document(out: &mut Json, row: &Document, title: Option<&str>, names: &HashMap<i64, String>) {
    let (id, issue, text, rest) = (row.meta.0, &row.issue, &row.text, &row.rest);
    out.begin(id, "document", "documents");
    meta(out, &row.meta);
    out.text("system", issue.system.as_str());
    out.text("kind", issue.kind.as_str());
    out.link("numbering_body", "organization", "organizations", &issue.numbering_body);
    out.raw(",");
    out.array("adopted_by", row.adopted_by().into_iter(), |out, id| {
        out.target(id, "organization", "organizations", names.get(&id).map(String::as_str));
    });
    out.number("number", issue.number);
    out.text("suffix", issue.suffix.as_str());
    out.link("numbering_period", "numbering_period", "numbering-periods", &issue.numbering_period);
    out.text("symbol", text.symbol.as_deref());
    out.text("symbol_as_printed", text.symbol_as_printed.as_deref());
    out.text("title", title.unwrap_or(&text.title));
    out.text("issued_on", text.issued_on.as_deref());
    out.text("issued_on_precision", text.issued_on_precision.as_deref());
    out.text("issued_on_text", text.issued_on_text.as_deref());
    out.text("adopted_on", text.adopted_on.as_deref());
    out.text("effective_on", text.effective_on.as_deref());
    out.text("expires_on", text.expires_on.as_deref());
    out.text("place", rest.place.as_deref());
    out.link("signer", "person", "people", &rest.signer);
    out.text("signer_text", rest.signer_text.as_deref());
    out.text("status", rest.status.as_str());
    out.text("confidentiality", "normal");
    out.text("urgency", rest.urgency.as_deref());
    out.name("review_schedule");
    out.raw(&rest.review_schedule);
    out.text("provenance", rest.provenance.as_deref());
    out.text("note", rest.note.as_deref());
    out.truth("identity_complete", Some(rest.identity_complete));
    out.links(
        id,
        "documents",
        &[
            ("document_links", "document-links?from"),
            ("linked_from", "document-links?to"),
            ("conference_documents", "conference-documents?document"),
        ],
    );
}

/// Writes a conference.
pub fn conference(out: &mut Json, row: &Conference) {
    let (id, event, rest) = (row.meta.0, &row.event, &row.rest);
    out.begin(id, "conference", "conferences");
    meta(out, &row.meta);
    out.text("name", event.name.as_str());
    out.text("topic", event.topic.as_deref());
    out.name("formats");
    out.raw(&event.formats);
    out.text("mode", event.mode.as_str());
    out.text("level", event.level.as_deref());
    out.text("held_from", event.held_from.as_deref());
    out.text("held_to", event.held_to.as_deref());
    out.text("part_of_day", event.part_of_day.as_deref());
    out.text("date_precision", event.date_precision.as_deref());
    out.truth("year_inferred", Some(event.year_inferred));
    out.text("held_text", event.held_text.as_deref());
    out.text("place", event.place.as_deref());
    out.link("admin_unit", "admin_unit", "admin-units", &rest.admin_unit);
    out.link("convening_body", "organization", "organizations", &rest.convening_body);
    out.text("convening_text", rest.convening_text.as_deref());
    out.truth("participants_complete", rest.participants_complete);
    out.number("participant_count", rest.participant_count);
    out.text("period_reviewed_from", rest.period_reviewed_from.as_deref());
    out.text("period_reviewed_to", rest.period_reviewed_to.as_deref());
    out.link("parent", "conference", "conferences", &rest.parent);
    out.text("note", rest.note.as_deref());
    out.links(
        id,
        "conferences",
        &[
            ("conference_documents", "conference-documents?conference"),
            ("bridge_points", "bridge-points?conference"),
            ("participations", "participations?conference"),
            ("findings", "findings?conference"),
            ("conferences", "conferences?parent"),
        ],
    );
}

/// Writes what a conference did about a document, with the document itself.
pub fn conference_document(
    out: &mut Json,
    row: &ConferenceDocument,
    behind: &HashMap<i64, Document>,
    names: &HashMap<i64, String>,
) {
    let (id, dealing) = (row.meta.0, &row.dealing);
    out.begin(id, "conference_document", "conference-documents");
    meta(out, &row.meta);
    out.name("conference");
    out.target(row.conference.0, "conference", "conferences", row.conference.1.as_deref());
    match row.document().and_then(|id| behind.get(&id)) {
        Some(found) => {
            out.name("document");
            document(out, found, dealing.document.1.as_deref(), names);
        }
        None => out.link("document", "document", "documents", &dealing.document),
    }
    out.link("organization", "organization", "organizations", &dealing.organization);
    out.text("subject_text", dealing.subject_text.as_deref());
    out.text("activity", dealing.activity.as_deref());
    out.text("citation_role", dealing.citation_role.as_deref());
    out.number("review_years", dealing.review_years);
    out.text("review_from", dealing.review_from.as_deref());
    out.text("review_to", dealing.review_to.as_deref());
    out.link("presenter", "person", "people", &dealing.presenter);
    out.text("title_as_cited", dealing.title_as_cited.as_deref());
    out.text("symbol_as_cited", dealing.symbol_as_cited.as_deref());
    out.text("note", dealing.note.as_deref());
    out.links(id, "conference-documents", &[]);
}
