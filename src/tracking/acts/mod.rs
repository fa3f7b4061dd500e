//! Acts: what was done about a document, by whom, on which day, as evidence of which step.
//!
//! Start with [`store::load`], which gathers them; what counts as which step is decided here, without a database.

pub mod store;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use self::store::Dealt;
use super::RecordRef;
use super::register::{Register, Subject};
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::documents::vocabulary::{DocumentKind, DocumentLinkKind};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id};
use crate::organizations::vocabulary::OrganizationKind;
use crate::tasks::vocabulary::Milestone;

/// One act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// The step that it is.
    pub milestone: Milestone,
    /// Who acted; none where the record names nobody that the caller may know of.
    pub by: Option<Subject>,
    /// The day, if it is known.
    pub on: Option<Date>,
    /// How much of the day is known; none means the whole date.
    pub precision: Option<DatePrecision>,
    /// The record that shows it.
    pub record: RecordRef,
}

impl Act {
    /// The order in which acts come: by day, those without one last.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let key = |act: &Self| (act.on.is_none(), act.on, act.record.kind, act.record.id);
        key(self).cmp(&key(other))
    }
}

/// The step that a conference takes about a document: by what it did, or else by the part that the document played.
#[must_use]
pub const fn step_of(activity: Option<DocumentActivity>, role: Option<CitationRole>) -> Option<Milestone> {
    match (activity, role) {
        (
            Some(
                DocumentActivity::StudyDissemination
                | DocumentActivity::Popularization
                | DocumentActivity::Implementation,
            ),
            _,
        )
        | (None, Some(CitationRole::Disseminated | CitationRole::ImplementedTogether)) => Some(Milestone::Disseminated),
        (Some(DocumentActivity::InterimReview), _) | (None, Some(CitationRole::ReviewedInterim)) => {
            Some(Milestone::ReviewedInterim)
        }
        (Some(DocumentActivity::FinalReview), _) | (None, Some(CitationRole::ReviewedFinal)) => {
            Some(Milestone::ReviewedFinal)
        }
        _ => None,
    }
}

/// What a conference did about a document, all of it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealing {
    /// The conference.
    pub conference: Id,
    /// The document.
    pub document: Id,
    /// What it did.
    pub activities: Vec<DocumentActivity>,
    /// The parts that the document played.
    pub roles: Vec<CitationRole>,
}

impl Dealing {
    /// Whether the conference was about the document, and did not just name it.
    #[must_use]
    pub fn is_about(&self) -> bool {
        let names = |role: &CitationRole| {
            matches!(
                role,
                CitationRole::ToImplement
                    | CitationRole::ToIntegrate
                    | CitationRole::LegalBasis
                    | CitationRole::Mentioned
            )
        };
        !self.activities.is_empty() || !self.roles.iter().all(names)
    }
}

/// What each conference did about each document.
#[must_use]
pub fn gathered(dealt: &[Dealt]) -> Vec<Dealing> {
    let mut gathered: BTreeMap<(Id, Id), Dealing> = BTreeMap::new();
    for Dealt { conference, document, activity, role } in dealt.iter().copied() {
        let new = || Dealing { conference, document, activities: Vec::new(), roles: Vec::new() };
        let dealing = gathered.entry((conference, document)).or_insert_with(new);
        dealing.activities.extend(activity.filter(|activity| !dealing.activities.contains(activity)));
        dealing.roles.extend(role.filter(|role| !dealing.roles.contains(role)));
    }
    gathered.into_values().collect()
}

/// The links by which a document carries out another.
pub const CARRYING_OUT: &[DocumentLinkKind] = &[DocumentLinkKind::Implements, DocumentLinkKind::ActionProgramOf];

/// How the title of a plan or program begins, folded.
const TITLES_OF_PLANS: [&str; 2] = ["ke hoach", "chuong trinh"];

/// Whether a document that carries out another is a plan or a program: by its kind, by its link, or by its title, since
/// the Government issues its action programs as resolutions (88/NQ-CP of 2017).
#[must_use]
pub fn is_plan(kind: DocumentKind, link: DocumentLinkKind, title_folded: &str) -> bool {
    link == DocumentLinkKind::ActionProgramOf
        || matches!(kind, DocumentKind::Plan | DocumentKind::ActionProgram | DocumentKind::CoordinationProgram)
        || TITLES_OF_PLANS.iter().any(|beginning| title_folded.starts_with(beginning))
}

/// Who held a conference: the body that convened it, else the party committee that its unit had that day, if it had just
/// one, else the unit.
#[must_use]
pub fn holder(register: &Register, convening_body: Option<Id>, unit: Option<Id>, on: Option<Date>) -> Option<Subject> {
    match (convening_body, unit) {
        (Some(id), _) => register.body(id).map(|body| Subject::Body(body.id)),
        (None, Some(unit)) => {
            let committee = register.committee_of(unit, OrganizationKind::PartyCommittee, on);
            committee.map(Subject::Body).or_else(|| register.unit(unit).map(|unit| Subject::Unit(unit.id)))
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activity_says_the_step_and_a_part_only_where_there_is_no_activity() {
        let activities: Vec<Option<Milestone>> =
            DocumentActivity::ALL.iter().map(|activity| step_of(Some(*activity), None)).collect();
        let (done, interim, last) = (Milestone::Disseminated, Milestone::ReviewedInterim, Milestone::ReviewedFinal);
        assert_eq!(activities[..5], [Some(done), Some(done), Some(done), Some(interim), Some(last)]);
        assert!(activities[5..].iter().all(Option::is_none));
        let roles = CitationRole::ALL.iter().filter(|role| step_of(None, Some(**role)).is_some());
        let roles: Vec<&str> = roles.map(|role| role.code()).collect();
        assert_eq!(roles, ["disseminated", "reviewed_interim", "reviewed_final", "implemented_together"]);
        assert_eq!(step_of(Some(DocumentActivity::PeriodicBriefing), Some(CitationRole::Disseminated)), None);
    }

    #[test]
    fn what_one_conference_did_about_one_document_stands_together() {
        let dealt = |conference, activity, role| Dealt { conference, document: 5, activity, role };
        let (taken_in, launched) = (DocumentActivity::StudyDissemination, DocumentActivity::Implementation);
        let all = [
            dealt(1, Some(taken_in), Some(CitationRole::Disseminated)),
            dealt(1, Some(launched), None),
            dealt(1, Some(taken_in), None),
            dealt(2, None, Some(CitationRole::Mentioned)),
        ];
        let gathered = gathered(&all);
        assert_eq!(gathered[0].activities, [taken_in, launched]);
        assert_eq!(gathered.iter().map(Dealing::is_about).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_program_may_be_issued_as_a_resolution() {
        let implements = DocumentLinkKind::Implements;
        assert!(is_plan(DocumentKind::Plan, implements, ""));
        assert!(is_plan(DocumentKind::Resolution, DocumentLinkKind::ActionProgramOf, ""));
        assert!(is_plan(DocumentKind::Resolution, implements, "chuong trinh hanh dong cua chinh phu"));
        assert!(!is_plan(DocumentKind::WorkingRegulation, implements, "quy che hoat dong"));
    }

    #[test]
    fn what_is_dated_comes_before_what_is_not() {
        let act = |on: &str, id| Act {
            milestone: Milestone::Disseminated,
            by: None,
            on: on.parse().ok(),
            precision: None,
            record: RecordRef { kind: "conference", id },
        };
        let mut acts = [act("", 1), act("2018-07-16", 3), act("2018-07-16", 2), act("2017-01-01", 4)];
        acts.sort_by(Act::compare);
        assert_eq!(acts.map(|act| act.record.id), [4, 2, 3, 1]);
    }
}
