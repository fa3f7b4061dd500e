//! The report on awards: how many were given, by whom, of which kind, when, for which document.
//!
//! [`store`] counts, by the filter of the list of awards itself, so that a count is that of a list; here groups get their
//! order and their links. What is not known is a group of its own.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::{Links, Numbers, list_url};
use super::vocabulary::AwardGrouping;
use super::{Asked, Overview, RecordRef};
use crate::db::{Conn, Scope};
use crate::documents::document;
use crate::domain::{Date, DocumentChoice, Error, Fault, Id, Line, Link, LinkField, List, RecordId, Result};
use crate::results::award::{AwardFilter, Awards};
use crate::results::vocabulary::{AwardGiver, AwardKind};
use crate::service::expand::Expansion;

/// How many groups it has at most.
const MOST_GROUPS: i64 = 30_000;

/// What may be asked of the report on awards.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AwardReportQuery {
    /// By what to group: `giver,kind` counts each kind of each giver.
    #[param(example = "giver,kind")]
    pub group_by: Option<List<AwardGrouping>>,
    /// Any of these kinds.
    #[param(example = "merit_certificate")]
    pub kind: Option<List<AwardKind>>,
    /// Given by this body.
    #[param(example = 1)]
    pub giver: Option<RecordId>,
    /// For carrying out this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// For this initiative.
    #[param(example = 1)]
    pub initiative: Option<RecordId>,
    /// Handed over at this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// Given on or after this day.
    #[param(example = "2020-01-01")]
    pub awarded_from: Option<Date>,
    /// Given on or before this day.
    #[param(example = "2020-12-31")]
    pub awarded_to: Option<Date>,
    /// Given by this day.
    #[param(example = "2020-12-31")]
    pub as_of: Option<Date>,
}

/// What some awards come to, before anything is shown of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The body that gave them.
    pub giver: Option<Id>,
    /// The person who gave them, where no body is recorded.
    pub giver_person: Option<Id>,
    /// Who gave them in words, where neither is recorded.
    pub giver_text: Option<String>,
    /// Of which kind they are.
    pub kind: Option<AwardKind>,
    /// In which year they were given.
    pub year: Option<i32>,
    /// For which document they were given.
    pub document: Option<Id>,
    /// How many records there are.
    pub awards: i64,
    /// How many collectives received them, as far as that is stated.
    pub collectives: Option<i64>,
    /// How many individuals did.
    pub individuals: Option<i64>,
    /// How many did who are not told apart.
    pub undivided: Option<i64>,
    /// How many records state no number at all.
    pub uncounted: i64,
}

impl Group {
    /// What is known of the giver.
    fn given_by(&self) -> AwardGiver {
        match (self.giver, self.giver_person, &self.giver_text) {
            (Some(_), ..) => AwardGiver::Organization,
            (None, Some(_), _) => AwardGiver::Person,
            (None, None, Some(_)) => AwardGiver::Words,
            (None, None, None) => AwardGiver::Unknown,
        }
    }

    /// Where it stands among others: what is not known comes last.
    fn place(&self) -> impl Ord + use<> {
        let giver = (self.given_by(), self.giver, self.giver_person, self.giver_text.clone());
        let (year, document) = ((self.year.is_none(), self.year), (self.document.is_none(), self.document));
        (giver, self.kind, year, document)
    }
}

/// How many awards were given, by whom, of which kind, when, for which document.
#[derive(Debug, Serialize, ToSchema)]
pub struct AwardReport {
    /// By what the groups are made.
    pub group_by: Vec<AwardGrouping>,
    /// What all of them come to, each award counted once.
    pub total: AwardCount,
    /// The groups, by giver, kind, year and document; what is not known is a group, and comes last.
    pub groups: Vec<AwardGroup>,
}

/// What awards come to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "awards": 2, "collectives": 15, "individuals": 10, "undivided": null, "uncounted": 0, "url": "/v1/awards"
}))]
pub struct AwardCount {
    /// How many records there are, each of one award or of several of a kind that were given together.
    pub awards: i64,
    /// How many collectives received them; null where none of the records states it, which is not 0.
    pub collectives: Option<i64>,
    /// How many individuals received them; null where none of the records states it.
    pub individuals: Option<i64>,
    /// How many received them who are not told apart as collectives and individuals; null where none of the records does so.
    pub undivided: Option<i64>,
    /// How many of the records state no number at all.
    pub uncounted: i64,
    /// The list of the records that are counted.
    pub url: String,
}

/// Awards that have in common what they are grouped by.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "giver": { "id": 130, "type": "organization", "url": "/v1/organizations/130", "title": "Bộ Công an" },
    "giver_text": null, "given_by": "organization", "kind": "merit_certificate", "year": null, "document": null,
    "awards": 1, "collectives": 10, "individuals": null, "undivided": null, "uncounted": 0,
    "url": "/v1/awards?kind=merit_certificate&giver=130"
}))]
pub struct AwardGroup {
    /// By giver: the body or, where none is recorded, the person; null where neither is.
    pub giver: Option<Link>,
    /// By giver: what the sources call one who is no record.
    pub giver_text: Option<String>,
    /// By giver: what is known of who gave them.
    pub given_by: Option<AwardGiver>,
    /// By kind.
    pub kind: Option<AwardKind>,
    /// By year: null where no day is known.
    pub year: Option<i32>,
    /// By document: an award for two documents counts for each; null where none is named.
    pub document: Option<Link>,
    /// How many records there are, each of one award or of several of a kind that were given together.
    pub awards: i64,
    /// How many collectives received them; null where none of the records states it, which is not 0.
    pub collectives: Option<i64>,
    /// How many individuals received them; null where none of the records states it.
    pub individuals: Option<i64>,
    /// How many received them who are not told apart as collectives and individuals; null where none of the records does so.
    pub undivided: Option<i64>,
    /// How many of the records state no number at all.
    pub uncounted: i64,
    /// The list of the records that are counted.
    pub url: String,
}

impl Overview for AwardReport {
    const NAME: &'static str = "award_report";
    const PATH: &'static str = "/v1/reports/awards";
    const OPERATION: &'static str = "get_award_report";
    const SUMMARY: &'static str = "Count awards by giver, kind, year or document";
    const ABOUT: &'static str = include_str!("about.md");
    const REQUIRED: &'static [&'static str] = &["group_by"];
    const LINKS: &'static [LinkField] = &[LinkField::one("giver", "*"), LinkField::one("document", "document")];

    type About = ();
    type Query = AwardReportQuery;
    type Row = AwardGroup;

    fn ask(conn: &mut Conn, scope: Scope, _: Asked<()>, query: &AwardReportQuery) -> Result<Self> {
        let missing = || Error::parameter("group_by", Fault::new("missing", "is required"));
        let group_by = query.group_by.clone().ok_or_else(missing)?.0;
        let question = Question::of(conn, scope, query, group_by)?;
        let groups = question.groups(conn, scope)?;
        let total = store::counted(conn, scope, &question.filter, &[])?.pop().unwrap_or_default();
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let bodies = Numbers::of(conn, scope, "organization", groups.iter().filter_map(|group| group.giver))?;
        let people = Numbers::of(conn, scope, "person", groups.iter().filter_map(|group| group.giver_person))?;
        let documents = Numbers::of(conn, scope, "document", groups.iter().filter_map(|group| group.document))?;
        let named = |group: &Group| Group {
            giver: group.giver.map(|id| bodies.told(id)),
            giver_person: group.giver_person.map(|id| people.told(id)),
            document: group.document.map(|id| documents.told(id)),
            ..group.clone()
        };
        let report = Self {
            total: question.total(&total),
            groups: groups
                .into_iter()
                .map(|group| {
                    let url = list_url::<Awards>(&question.narrowed(&named(&group)));
                    question.shown(group, url, &mut links)
                })
                .collect(),
            group_by: question.group_by,
        };
        links.0.fill(conn, scope)?;
        Ok(report)
    }

    fn size(&self) -> usize {
        self.groups.len()
    }

    fn rows(&self) -> Vec<AwardGroup> {
        self.groups.clone()
    }
}

/// Which awards are counted, and how.
struct Question {
    filter: AwardFilter,
    /// The document that is asked about: awards for it may be for others too, which then are no groups.
    document: Option<Id>,
    group_by: Vec<AwardGrouping>,
}

impl Question {
    fn of(conn: &mut Conn, scope: Scope, query: &AwardReportQuery, group_by: Vec<AwardGrouping>) -> Result<Self> {
        let choice = query.document.as_ref();
        let chosen = choice.map(|choice| document::store::chosen(conn, scope, "document", choice)).transpose()?;
        let filter = AwardFilter {
            kind: query.kind.clone(),
            giver: query.giver,
            document: chosen.map(DocumentChoice::Id),
            initiative: query.initiative,
            conference: query.conference,
            awarded_from: query.awarded_from,
            awarded_to: query.awarded_to.into_iter().chain(query.as_of).min(),
            ..AwardFilter::default()
        };
        Ok(Self { filter, document: chosen, group_by })
    }

    fn is_by(&self, what: AwardGrouping) -> bool {
        self.group_by.contains(&what)
    }

    fn groups(&self, conn: &mut Conn, scope: Scope) -> Result<Vec<Group>> {
        let is_counted = |what: &&AwardGrouping| self.document.is_none() || **what != AwardGrouping::Document;
        let by: Vec<AwardGrouping> = self.group_by.iter().filter(is_counted).copied().collect();
        let mut groups = store::counted(conn, scope, &self.filter, &by)?;
        if i64::try_from(groups.len()).is_ok_and(|count| count > MOST_GROUPS) {
            let message = format!("would give more than {MOST_GROUPS} groups; narrow the awards, or group by less");
            return Err(Error::parameter("group_by", Fault::new("too_many", message)));
        }
        // Without a group nothing is grouped, and the database counts nothing as one.
        groups.retain(|group| group.awards > 0);
        if self.is_by(AwardGrouping::Document) {
            for group in &mut groups {
                group.document = group.document.or(self.document);
            }
        }
        groups.sort_by_cached_key(Group::place);
        Ok(groups)
    }

    fn total(&self, group: &Group) -> AwardCount {
        let Group { awards, collectives, individuals, undivided, uncounted, .. } = *group;
        AwardCount { awards, collectives, individuals, undivided, uncounted, url: list_url::<Awards>(&self.filter) }
    }

    fn shown(&self, group: Group, url: String, links: &mut Links<'_>) -> AwardGroup {
        let body = group.giver.map(|id| RecordRef { kind: "organization", id });
        let person = group.giver_person.map(|id| RecordRef { kind: "person", id });
        AwardGroup {
            url,
            giver: body.or(person).map(|giver| links.to(giver)),
            given_by: self.is_by(AwardGrouping::Giver).then(|| group.given_by()),
            giver_text: group.giver_text,
            kind: group.kind,
            year: group.year,
            document: group.document.map(|id| links.document(id)),
            awards: group.awards,
            collectives: group.collectives,
            individuals: group.individuals,
            undivided: group.undivided,
            uncounted: group.uncounted,
        }
    }

    /// What narrows the list of awards to those of a group.
    fn narrowed(&self, group: &Group) -> AwardFilter {
        let mut filter = self.filter.clone();
        if self.is_by(AwardGrouping::Giver) {
            filter.giver = group.giver.map(RecordId);
            filter.giver_person = group.giver_person.map(RecordId);
            filter.giver_text = group.giver_text.as_deref().and_then(|text| Line::new(text).ok());
            filter.given_by = group.giver.is_none().then(|| List(vec![group.given_by()]));
        }
        if let Some(kind) = group.kind {
            filter.kind = Some(List(vec![kind]));
        }
        if self.is_by(AwardGrouping::Year) {
            let day = |year: i32, day: &str| format!("{year:04}-{day}").parse::<Date>().ok();
            let first = group.year.and_then(|year| day(year, "01-01"));
            let last = group.year.and_then(|year| day(year, "12-31"));
            filter.awarded_from = filter.awarded_from.max(first);
            filter.awarded_to = filter.awarded_to.into_iter().chain(last).min();
            filter.dated = group.year.is_none().then_some(false);
        }
        if self.is_by(AwardGrouping::Document) {
            filter.document = group.document.map(DocumentChoice::Id);
            filter.has_document = group.document.is_none().then_some(false);
        }
        filter
    }
}
