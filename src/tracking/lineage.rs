//! Lineage: what a document bears on and what bears on it, step by step, and which of all these are in force on a day.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::force::store::{documents_of, forces_of, links_from, links_to};
use super::force::{DocumentFact, Force, LinkFact};
use super::shown::{InForce, Links};
use super::vocabulary::{ForceReason, LinkDirection};
use super::{Asked, Overview, RecordRef};
use crate::db::{Conn, Scope};
use crate::documents::document::Documents;
use crate::documents::vocabulary::DocumentLinkKind;
use crate::domain::{Date, Error, Fault, Id, Link, LinkField, List, Result};
use crate::service::expand::Expansion;
use crate::service::read;

/// How far a lineage goes at most.
const DEEPEST: i32 = 5;
/// How many links it shows at most.
const MOST_LINKS: usize = 500;

/// What may be asked of the lineage of a document.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct LineageQuery {
    /// Any of these kinds of link.
    #[param(example = "replaces,continues")]
    pub kind: Option<List<DocumentLinkKind>>,
    /// How many links away from the document: 1 without it.
    #[param(example = 2, minimum = 1, maximum = 5)]
    pub depth: Option<i32>,
    /// What was so at the end of this day; of today without it.
    #[param(example = "2025-12-31")]
    pub as_of: Option<Date>,
}

/// What a document bears on and what bears on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lineage {
    /// The document.
    pub document: Link,
    /// The day whose end is told of.
    #[schema(example = "2025-12-31")]
    pub as_of: Date,
    /// How many links away from the document it goes.
    #[schema(example = 1)]
    pub depth: i32,
    /// Whether there are more links than are shown, within that depth.
    #[schema(example = false)]
    pub truncated: bool,
    /// Whether the document is in force.
    pub force: InForce,
    /// The links, the nearest first.
    pub links: Vec<LineageLink>,
}

/// One document bearing on another.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "depth": 1, "direction": "incoming", "kind": "replaces",
    "near": { "id": 4, "type": "document", "url": "/v1/documents/4", "title": "51-NQ/TW Về Chiến lược bảo vệ an ninh quốc gia" },
    "document": { "id": 12, "type": "document", "url": "/v1/documents/12", "title": "22-NQ/TW Về Chiến lược An ninh quốc gia" },
    "issued_on": "2026-07-28", "stated_on": null, "in_force": true, "reason": "stated", "on": null, "by": null,
    "document_link": { "id": 4, "type": "document_link", "url": "/v1/document-links/4", "title": "document 12 replaces document 4" }
}))]
pub struct LineageLink {
    /// How many links away from the document it ends.
    pub depth: i32,
    /// Whether `document` bears on `near` (`incoming`) or `near` on `document` (`outgoing`).
    pub direction: LinkDirection,
    /// How.
    pub kind: DocumentLinkKind,
    /// The document that is nearer to the one that is asked about, or is it.
    pub near: Link,
    /// The other.
    pub document: Link,
    /// The date that the other bears.
    pub issued_on: Option<Date>,
    /// A day on which a source states the link.
    pub stated_on: Option<Date>,
    /// Whether the other is in force; null if that is not known.
    pub in_force: Option<bool>,
    /// Why.
    pub reason: ForceReason,
    /// Its last day where it expired, the first day of the document that ended or continues it, its own first day where
    /// that is still to come.
    pub on: Option<Date>,
    /// The document that ended or continues it.
    pub by: Option<Link>,
    /// The record of the link.
    pub document_link: Link,
}

/// A link on the way from the document that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reached {
    depth: i32,
    direction: LinkDirection,
    near: Id,
    other: Id,
    link: LinkFact,
}

impl Overview for Lineage {
    const NAME: &'static str = "lineage";
    const PATH: &'static str = "/v1/documents/{id}/lineage";
    const OPERATION: &'static str = "get_document_lineage";
    const SUMMARY: &'static str = "Tell what a document bears on and what bears on it";
    const ABOUT: &'static str = "\
What the document implements, continues, replaces and so on, and what does so to it, as far as it had been issued by the \
end of `as_of`, link by link up to `depth`. For the document and for each of the others it tells whether it is in force on \
that day, and why: a document that `continues` another keeps it alive and never replaces it, and what nobody has recorded is \
not known (null), which is neither yes nor no. `truncated` says that there are more than the 500 links that are shown.

`format`, or `Accept`, asks for CSV, NDJSON or XLSX instead of JSON: a line for each link.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("near", "document"),
        LinkField::one("document", "document"),
        LinkField::one("by", "document"),
        LinkField::one("document_link", "document_link"),
    ];

    type About = Id;
    type Query = LineageQuery;
    type Row = LineageLink;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &LineageQuery) -> Result<Self> {
        read::living::<Documents>(conn, scope, asked.about)?;
        let as_of = query.as_of.unwrap_or(asked.today);
        let depth = checked_depth(query.depth, 1, DEEPEST)?;
        let kinds = query.kind.as_ref().map_or(DocumentLinkKind::ALL, |kinds| kinds.0.as_slice());
        let (mut reached, documents) = walk(conn, scope, asked.about, as_of, depth, kinds)?;
        let truncated = reached.len() > MOST_LINKS;
        reached.truncate(MOST_LINKS);
        let forces = forces_of(conn, scope, &documents, as_of)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let force = forces.get(&asked.about).ok_or(Error::NotFound)?;
        let lineage = Self {
            document: links.document(asked.about),
            as_of,
            depth,
            truncated,
            force: InForce::of(force, &mut links),
            links: reached.iter().filter_map(|reached| shown(reached, &documents, &forces, &mut links)).collect(),
        };
        links.0.fill(conn, scope)?;
        Ok(lineage)
    }

    fn size(&self) -> usize {
        self.links.len()
    }

    fn rows(&self) -> Vec<LineageLink> {
        self.links.clone()
    }
}

/// The depth that is asked for.
///
/// # Errors
/// `Malformed`, naming the parameter, if it is out of its bounds.
pub(super) fn checked_depth(asked: Option<i32>, default: i32, deepest: i32) -> Result<i32> {
    let depth = asked.unwrap_or(default);
    if (1..=deepest).contains(&depth) {
        return Ok(depth);
    }
    Err(Error::parameter("depth", Fault::new("out_of_range", format!("must be from 1 to {deepest}"))))
}

/// The links around a document, tier by tier, and the documents that they join: the same number of queries for each tier.
fn walk(
    conn: &mut Conn,
    scope: Scope,
    document: Id,
    as_of: Date,
    depth: i32,
    kinds: &[DocumentLinkKind],
) -> Result<(Vec<Reached>, BTreeMap<Id, DocumentFact>)> {
    let mut documents = documents_of(conn, scope, &[document], as_of)?;
    let (mut reached, mut seen) = (Vec::new(), BTreeSet::new());
    let mut tier = vec![document];
    for depth in 1..=depth {
        let mut found = links_to(conn, scope, &tier, kinds)?;
        let from = links_from(conn, scope, &tier)?;
        found.extend(from.into_iter().filter(|link| kinds.contains(&link.kind)));
        found.retain(|link| seen.insert(link.id));
        found.sort_by_key(|link| link.id);
        let ends: BTreeSet<Id> = found.iter().flat_map(|link| [link.from, link.to]).collect();
        let new: Vec<Id> = ends.into_iter().filter(|id| !documents.contains_key(id)).collect();
        let new = documents_of(conn, scope, &new, as_of)?;
        let is_near: BTreeSet<Id> = tier.iter().copied().collect();
        documents.extend(new.clone());
        // A link is there once the document is there that it begins at.
        let is_there = |id: Id| documents.get(&id).is_some_and(|document| document.is_there(as_of));
        found.retain(|link| is_there(link.from) && documents.contains_key(&link.to));
        reached.extend(found.into_iter().map(|link| towards(link, &is_near, depth)));
        let others: BTreeSet<Id> = reached.iter().map(|reached: &Reached| reached.other).collect();
        tier = new.into_keys().filter(|id| others.contains(id)).collect();
        if tier.is_empty() || reached.len() > MOST_LINKS {
            break;
        }
    }
    Ok((reached, documents))
}

/// A link as it is reached from the nearer of its ends.
fn towards(link: LinkFact, near: &BTreeSet<Id>, depth: i32) -> Reached {
    let (direction, near, other) = if near.contains(&link.to) {
        (LinkDirection::Incoming, link.to, link.from)
    } else {
        (LinkDirection::Outgoing, link.from, link.to)
    };
    Reached { depth, direction, near, other, link }
}

fn shown(
    reached: &Reached,
    documents: &BTreeMap<Id, DocumentFact>,
    forces: &BTreeMap<Id, Force>,
    links: &mut Links<'_>,
) -> Option<LineageLink> {
    let (document, force) = (documents.get(&reached.other)?, forces.get(&reached.other)?);
    let InForce { in_force, reason, on, by } = InForce::of(force, links);
    Some(LineageLink {
        depth: reached.depth,
        direction: reached.direction,
        kind: reached.link.kind,
        near: links.document(reached.near),
        document: links.document(reached.other),
        issued_on: document.issued_on,
        stated_on: reached.link.stated_on,
        in_force,
        reason,
        on,
        by,
        document_link: links.to(RecordRef { kind: "document_link", id: reached.link.id }),
    })
}
