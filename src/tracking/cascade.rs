//! The cascade: the programs, plans and guidance below a document, those below these, and the conferences about each.
//!
//! The rule: each document stands in the tree once, at its shallowest place, so that a circle of links ends, with the
//! conferences about it; what is cut off is told.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts::store::{Held, dealings, held};
use super::acts::{Dealing, gathered};
use super::force::store::{documents_of, links_to};
use super::force::{DocumentFact, LinkFact};
use super::lineage::checked_depth;
use super::register::Subject;
use super::shown::Links;
use super::{Asked, Overview, RecordRef, whole};
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::db::{Conn, Scope};
use crate::documents::document::Documents;
use crate::documents::vocabulary::{DocumentLinkKind, DocumentStatus};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Link, LinkField, Result};
use crate::service::expand::Expansion;
use crate::service::read;

/// How far a cascade goes where nobody says.
const DEPTH: i32 = 3;
/// How far it goes at most.
const DEEPEST: i32 = 10;
/// How many documents and how many conferences it shows at most, each.
const MOST_NODES: usize = 1000;

/// The links by which a document stands below another.
const BELOW: &[DocumentLinkKind] =
    &[DocumentLinkKind::Implements, DocumentLinkKind::ActionProgramOf, DocumentLinkKind::Guides];

/// What may be asked of the cascade of a document.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CascadeQuery {
    /// How many documents below one another: 3 without it.
    #[param(example = 5, minimum = 1, maximum = 10)]
    pub depth: Option<i32>,
    /// What was so at the end of this day; of today without it.
    #[param(example = "2025-12-31")]
    pub as_of: Option<Date>,
}

/// The documents below a document and the conferences about each.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cascade {
    /// The document.
    pub document: Link,
    /// The day whose end is told of.
    #[schema(example = "2025-12-31")]
    pub as_of: Date,
    /// How many documents below one another it goes.
    #[schema(example = 3)]
    pub depth: i32,
    /// Whether something below is left out: deeper than `depth`, or more than the thousand documents or the thousand
    /// conferences that are shown.
    #[schema(example = false)]
    pub truncated: bool,
    /// How many documents were found below it within that depth.
    #[schema(example = 1)]
    pub document_count: i64,
    /// How many conferences were found about it and about those.
    #[schema(example = 2)]
    pub conference_count: i64,
    /// The tree, read from its root: below each document the conferences about it, then the documents below it.
    pub nodes: Vec<CascadeNode>,
}

/// A document or a conference in the tree.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "depth": 1, "parent": { "id": 3, "type": "document", "url": "/v1/documents/3", "title": "12-CT/TW" },
    "relation": "implements", "activities": [], "citation_roles": [],
    "record": { "id": 16, "type": "document", "url": "/v1/documents/16", "title": "88/NQ-CP Chương trình hành động" },
    "on": "2017-09-13", "precision": null, "is_draft": false, "more": false,
    "organization": { "id": 23, "type": "organization", "url": "/v1/organizations/23", "title": "Chính phủ" }
}))]
pub struct CascadeNode {
    /// How many steps it stands below the document: 1 for what carries it out and for conferences about it.
    pub depth: i32,
    /// The document that it stands below.
    pub parent: Link,
    /// How a document bears on the one above; null for a conference.
    pub relation: Option<DocumentLinkKind>,
    /// What a conference did about the document above; empty for a document.
    pub activities: Vec<DocumentActivity>,
    /// The parts that the document above played at a conference; empty for a document.
    pub citation_roles: Vec<CitationRole>,
    /// The document or the conference.
    pub record: Link,
    /// The date of the document, or the day of the conference.
    pub on: Option<Date>,
    /// How much of that is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// The body that numbers the document or convened the conference.
    pub organization: Option<Link>,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Whether documents below it are left out.
    pub more: bool,
}

/// The tree while it is put together.
#[derive(Debug, Default)]
struct Tree {
    documents: BTreeMap<Id, DocumentFact>,
    /// The links down from each document, each to a document that stands there.
    below: BTreeMap<Id, Vec<LinkFact>>,
    /// The documents below which more is left out.
    cut: BTreeSet<Id>,
    dealings: BTreeMap<Id, Vec<Dealing>>,
    held: BTreeMap<Id, Held>,
    /// How many conferences there are, shown or not.
    conferences: usize,
    /// How often one of them is left out.
    unheard: usize,
}

impl Overview for Cascade {
    const NAME: &'static str = "cascade";
    const PATH: &'static str = "/v1/documents/{id}/cascade";
    const OPERATION: &'static str = "get_document_cascade";
    const SUMMARY: &'static str = "Tell what stands below a document";
    const ABOUT: &'static str = "\
The programs, plans and guidance that carry the document out, those that carry these out, and the conferences about each, as \
far as they were there by the end of `as_of`; drafts are marked. The tree comes as a list in the order in which it is read: \
`depth` and `parent` say where each stands. A document that carries out two of them stands below the nearer one. `truncated` \
says that something is left out, `more` below which document.

`format`, or `Accept`, asks for CSV, NDJSON or XLSX instead of JSON: a line for each document and conference.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("parent", "document"),
        LinkField::one("record", "*"),
        LinkField::one("organization", "organization"),
    ];

    type About = Id;
    type Query = CascadeQuery;
    type Row = CascadeNode;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &CascadeQuery) -> Result<Self> {
        read::living::<Documents>(conn, scope, asked.about)?;
        let as_of = query.as_of.unwrap_or(asked.today);
        let depth = checked_depth(query.depth, DEPTH, DEEPEST)?;
        let tree = grown(conn, scope, asked.about, as_of, depth)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let mut nodes = Vec::new();
        tree.write(asked.about, 1, &mut nodes, &mut links);
        let cascade = Self {
            document: links.document(asked.about),
            as_of,
            depth,
            truncated: !tree.cut.is_empty() || tree.unheard > 0,
            document_count: whole(tree.documents.len().saturating_sub(1)),
            conference_count: whole(tree.conferences),
            nodes,
        };
        links.0.fill(conn, scope)?;
        Ok(cascade)
    }

    fn size(&self) -> usize {
        self.nodes.len()
    }

    fn rows(&self) -> Vec<CascadeNode> {
        self.nodes.clone()
    }
}

/// Grows the tree tier by tier: three queries for the documents of a tier, and two for the conferences about all of them.
fn grown(conn: &mut Conn, scope: Scope, document: Id, as_of: Date, depth: i32) -> Result<Tree> {
    let mut tree = Tree { documents: documents_of(conn, scope, &[document], as_of)?, ..Tree::default() };
    let mut tier = vec![document];
    for at in 1..=depth.saturating_add(1) {
        let mut links = links_to(conn, scope, &tier, BELOW)?;
        links.retain(|link| !tree.documents.contains_key(&link.from));
        let ids: BTreeSet<Id> = links.iter().map(|link| link.from).collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        let mut found = documents_of(conn, scope, &ids, as_of)?;
        found.retain(|_, document| document.is_there(as_of));
        tier = tree.take(&links, found, at <= depth);
        if tier.is_empty() {
            break;
        }
    }
    tree.convene(conn, scope, as_of)?;
    Ok(tree)
}

impl Tree {
    /// Takes in the documents of a tier, and gives those that are new; what is too deep or too much is noted as cut off.
    fn take(&mut self, links: &[LinkFact], mut found: BTreeMap<Id, DocumentFact>, within: bool) -> Vec<Id> {
        let mut tier = Vec::new();
        for link in links {
            let Some(document) = found.remove(&link.from) else { continue };
            if within && self.documents.len() <= MOST_NODES {
                self.documents.insert(document.id, document);
                self.below.entry(link.to).or_default().push(*link);
                tier.push(link.from);
            } else {
                self.cut.insert(link.to);
            }
        }
        tier
    }

    /// Takes in the conferences about all of the documents.
    fn convene(&mut self, conn: &mut Conn, scope: Scope, as_of: Date) -> Result<()> {
        let ids: Vec<Id> = self.documents.keys().copied().collect();
        let mut dealings = gathered(&dealings(conn, scope, &ids)?);
        dealings.retain(Dealing::is_about);
        let conferences: BTreeSet<Id> = dealings.iter().map(|dealing| dealing.conference).collect();
        let conferences: Vec<Id> = conferences.into_iter().collect();
        self.held = held(conn, scope, &conferences, as_of)?;
        self.conferences = self.held.len();
        dealings.retain(|dealing| self.held.contains_key(&dealing.conference));
        self.unheard = dealings.len().saturating_sub(MOST_NODES);
        dealings.truncate(MOST_NODES);
        for dealing in dealings {
            self.dealings.entry(dealing.document).or_default().push(dealing);
        }
        Ok(())
    }

    /// Writes what stands below a document: conferences by day, then documents by date, each with what is below it.
    fn write(&self, above: Id, depth: i32, nodes: &mut Vec<CascadeNode>, links: &mut Links<'_>) {
        let dealings = self.dealings.get(&above).into_iter().flatten();
        let mut dealings: Vec<(&Dealing, &Held)> =
            dealings.filter_map(|dealing| Some((dealing, self.held.get(&dealing.conference)?))).collect();
        dealings.sort_by_key(|(_, held)| (held.on.is_none(), held.on, held.id));
        nodes.extend(dealings.into_iter().map(|(dealing, held)| of_conference(dealing, held, depth, links)));
        let below = self.below.get(&above).into_iter().flatten();
        let mut below: Vec<(&LinkFact, &DocumentFact)> =
            below.filter_map(|link| Some((link, self.documents.get(&link.from)?))).collect();
        below.sort_by_key(|(_, document)| (document.issued_on.is_none(), document.issued_on, document.id));
        for (link, document) in below {
            let more = self.cut.contains(&document.id);
            nodes.push(of_document(link, document, depth, more, links));
            self.write(document.id, depth.saturating_add(1), nodes, links);
        }
    }
}

fn of_conference(dealing: &Dealing, held: &Held, depth: i32, links: &mut Links<'_>) -> CascadeNode {
    CascadeNode {
        depth,
        parent: links.document(dealing.document),
        relation: None,
        activities: dealing.activities.clone(),
        citation_roles: dealing.roles.clone(),
        record: links.to(RecordRef { kind: "conference", id: held.id }),
        on: held.on,
        precision: held.precision,
        organization: held.convening_body.map(|id| links.subject(Subject::Body(id))),
        is_draft: false,
        more: false,
    }
}

fn of_document(link: &LinkFact, document: &DocumentFact, depth: i32, more: bool, links: &mut Links<'_>) -> CascadeNode {
    CascadeNode {
        depth,
        parent: links.document(link.to),
        relation: Some(link.kind),
        activities: Vec::new(),
        citation_roles: Vec::new(),
        record: links.document(document.id),
        on: document.issued_on,
        precision: document.precision,
        organization: document.numbering_body.map(|id| links.subject(Subject::Body(id))),
        is_draft: document.status == DocumentStatus::Draft,
        more,
    }
}
