//! Whether a document is in force on a day: what ended it, what keeps it alive, and what is not known.
//!
//! The rule: a document that `continues` another keeps it alive and never replaces it; what is not recorded is not known,
//! which is neither yes nor no.

pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::vocabulary::{DocumentKind, DocumentLinkKind, DocumentStatus};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id};
use crate::tracking::vocabulary::ForceReason;

/// A document, as far as answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFact {
    /// Its number.
    pub id: Id,
    /// Its kind.
    pub kind: DocumentKind,
    /// How far it is said to have force.
    pub status: DocumentStatus,
    /// The body that numbers it.
    pub numbering_body: Option<Id>,
    /// The bodies that adopted it.
    pub adopted_by: Vec<Id>,
    /// Its title, folded.
    pub title_folded: String,
    /// The date it bears.
    pub issued_on: Option<Date>,
    /// How much of that is known.
    pub precision: Option<DatePrecision>,
    /// The day it was adopted.
    pub adopted_on: Option<Date>,
    /// The day it takes effect.
    pub effective_on: Option<Date>,
    /// The last day it is to be carried out.
    pub expires_on: Option<Date>,
    /// Whether it was there at the end of the day that is asked about, as far as is known.
    pub begun: bool,
}

impl DocumentFact {
    /// The bodies whose document it is, each once: the one that numbers it and those that adopted it.
    pub fn issuers(&self) -> impl Iterator<Item = Id> {
        let ids: BTreeSet<Id> = self.numbering_body.into_iter().chain(self.adopted_by.iter().copied()).collect();
        ids.into_iter()
    }

    /// Whether it was there at the end of the day.
    #[must_use]
    pub fn is_there(&self, day: Date) -> bool {
        self.begun && self.issued_on.is_none_or(|issued| issued.span(self.precision).0 <= day)
    }

    /// The day from which it bears on others.
    fn bears_from(&self) -> Option<Date> {
        self.effective_on.or(self.issued_on)
    }
}

/// One document bearing on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkFact {
    /// Its number.
    pub id: Id,
    /// The document that bears on the other.
    pub from: Id,
    /// The other.
    pub to: Id,
    /// How.
    pub kind: DocumentLinkKind,
    /// A day on which a source states it.
    pub stated_on: Option<Date>,
}

/// The links that decide whether their `to` is in force.
pub const DECIDING: &[DocumentLinkKind] =
    &[DocumentLinkKind::Replaces, DocumentLinkKind::Repeals, DocumentLinkKind::Continues];

/// Whether a document is in force, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Force {
    /// Whether it is; none if that is not known.
    pub in_force: Option<bool>,
    /// Why.
    pub reason: ForceReason,
    /// The document that is the reason.
    pub by: Option<Id>,
    /// Its last day, the first day of what ended it, or the day from which it is in effect; none if that is not known or
    /// does not matter.
    pub on: Option<Date>,
}

impl Force {
    const fn new(in_force: Option<bool>, reason: ForceReason) -> Self {
        Self { in_force, reason, by: None, on: None }
    }

    /// Whether it has ended: it was in force before.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(
            self.reason,
            ForceReason::Expired | ForceReason::Replaced | ForceReason::Repealed | ForceReason::EndUndated
        )
    }
}

/// Whether `document` is in force at the end of `day`, given the links to it that decide, and the documents these begin at.
#[must_use]
pub fn on_day(document: &DocumentFact, links: &[LinkFact], documents: &BTreeMap<Id, DocumentFact>, day: Date) -> Force {
    if document.status == DocumentStatus::Draft {
        return Force::new(Some(false), ForceReason::Draft);
    }
    if !document.is_there(day) {
        return Force { on: document.issued_on, ..Force::new(Some(false), ForceReason::NotIssued) };
    }
    let bearing = bearing_on(document.id, links, documents);
    let ended = bearing.iter().find_map(|(reason, by)| Some((ending(*reason)?, *by)).filter(|(_, by)| bears(by, day)));
    if let Some((reason, by)) = ended {
        return Force { by: Some(by.id), on: by.bears_from(), ..Force::new(Some(false), reason) };
    }
    let continued = bearing.iter().find(|(kind, by)| *kind == DocumentLinkKind::Continues && bears(by, day));
    let continued = continued.map(|(_, by)| Force {
        by: Some(by.id),
        on: by.bears_from(),
        ..Force::new(Some(true), ForceReason::Continued)
    });
    if let Some(last) = document.expires_on.filter(|last| *last < day) {
        let expired = Force { on: Some(last), ..Force::new(Some(false), ForceReason::Expired) };
        return continued.unwrap_or(expired);
    }
    if let Some(first) = document.effective_on.filter(|first| day < *first) {
        return Force { on: Some(first), ..Force::new(Some(false), ForceReason::NotInEffect) };
    }
    let ends_later = document.expires_on.is_some() || bearing.iter().any(|(kind, _)| ending(*kind).is_some());
    as_stated(document.status, ends_later, continued)
}

/// What follows from what the document is said to be, where nothing dated decides. What is said is said of today: where an
/// end is recorded that had not come on the day, it was in force.
fn as_stated(status: DocumentStatus, ends_later: bool, continued: Option<Force>) -> Force {
    use DocumentStatus::{Expired, InForce, PartlySuperseded, Repealed, Superseded};
    match (status, continued) {
        (Superseded | Repealed | Expired, _) if !ends_later => Force::new(None, ForceReason::EndUndated),
        (Superseded | Repealed | Expired, _) => Force::new(Some(true), ForceReason::EndsLater),
        (_, Some(continued)) => continued,
        (InForce | PartlySuperseded, None) => Force::new(Some(true), ForceReason::Stated),
        (_, None) if ends_later => Force::new(Some(true), ForceReason::EndsLater),
        (_, None) => Force::new(None, ForceReason::NotKnown),
    }
}

/// What decides whether a document is in force, from the earliest; drafts decide nothing.
fn bearing_on<'a>(
    document: Id,
    links: &[LinkFact],
    documents: &'a BTreeMap<Id, DocumentFact>,
) -> Vec<(DocumentLinkKind, &'a DocumentFact)> {
    let to_it = links.iter().filter(|link| link.to == document && DECIDING.contains(&link.kind));
    let known = to_it.filter_map(|link| Some((link.kind, documents.get(&link.from)?)));
    let mut bearing: Vec<_> = known.filter(|(_, by)| by.status != DocumentStatus::Draft).collect();
    bearing.sort_by_key(|(_, by)| (by.bears_from().is_none(), by.bears_from(), by.id));
    bearing
}

/// Whether a document bears on others by the end of a day.
fn bears(by: &DocumentFact, day: Date) -> bool {
    by.is_there(day) && by.effective_on.is_none_or(|first| first <= day)
}

const fn ending(kind: DocumentLinkKind) -> Option<ForceReason> {
    match kind {
        DocumentLinkKind::Replaces => Some(ForceReason::Replaced),
        DocumentLinkKind::Repeals => Some(ForceReason::Repealed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "2026-11-21";

    fn document(id: Id, issued_on: &str, status: DocumentStatus) -> DocumentFact {
        DocumentFact {
            id,
            kind: DocumentKind::Resolution,
            status,
            numbering_body: Some(1),
            adopted_by: vec![2, 1],
            title_folded: String::new(),
            issued_on: issued_on.parse().ok(),
            precision: None,
            adopted_on: None,
            effective_on: None,
            expires_on: None,
            begun: true,
        }
    }

    /// What holds of `document` on `day` where the others bear on it.
    fn force(document: &DocumentFact, others: &[(DocumentLinkKind, DocumentFact)], day: &str) -> Force {
        let day: Date = day.parse().unwrap();
        let link = |(at, (kind, by)): (Id, &(DocumentLinkKind, DocumentFact))| LinkFact {
            id: at,
            from: by.id,
            to: document.id,
            kind: *kind,
            stated_on: None,
        };
        let links: Vec<LinkFact> = (1..).zip(others).map(link).collect();
        let documents = others.iter().map(|(_, by)| (by.id, by.clone())).collect();
        on_day(document, &links, &documents, day)
    }

    fn said(force: &Force) -> (Option<bool>, &'static str, Option<Id>) {
        (force.in_force, force.reason.code(), force.by)
    }

    #[test]
    fn a_document_is_in_force_until_another_replaces_it() {
        // 51-NQ/TW of 2019, which 22-NQ/TW replaced on 2026-07-28.
        let strategy = document(4, "2019-09-05", DocumentStatus::Superseded);
        let others = [(DocumentLinkKind::Replaces, document(12, "2026-07-28", DocumentStatus::InForce))];
        assert_eq!(said(&force(&strategy, &others, "2019-09-04")), (Some(false), "not_issued", None));
        assert_eq!(said(&force(&strategy, &others, "2026-07-27")), (Some(true), "ends_later", None));
        assert_eq!(said(&force(&strategy, &others, "2026-07-28")), (Some(false), "replaced", Some(12)));
        assert_eq!(force(&strategy, &others, DAY).on, "2026-07-28".parse().ok());
    }

    #[test]
    fn a_document_that_takes_effect_later_ends_another_later() {
        let old = document(1, "2020-01-01", DocumentStatus::InForce);
        let effective_on = "2026-12-01".parse().ok();
        let by = DocumentFact { effective_on, ..document(2, "2026-11-01", DocumentStatus::Issued) };
        let others = [(DocumentLinkKind::Repeals, by.clone())];
        assert_eq!(said(&force(&old, &others, DAY)), (Some(true), "stated", None));
        assert_eq!(said(&force(&old, &others, "2026-12-01")), (Some(false), "repealed", Some(2)));
        assert_eq!(said(&force(&by, &[], DAY)), (Some(false), "not_in_effect", None));
    }

    #[test]
    fn what_continues_a_document_keeps_it_alive() {
        let directive = document(1, "2010-10-22", DocumentStatus::Unknown);
        let others = [(DocumentLinkKind::Continues, document(10, "2021-08-16", DocumentStatus::InForce))];
        assert_eq!(said(&force(&directive, &others, "2021-08-15")), (None, "not_known", None));
        assert_eq!(said(&force(&directive, &others, DAY)), (Some(true), "continued", Some(10)));
        let expired = DocumentFact { expires_on: "2020-12-31".parse().ok(), ..directive };
        assert_eq!(said(&force(&expired, &others, "2021-01-01")), (Some(false), "expired", None));
        assert_eq!(said(&force(&expired, &others, DAY)), (Some(true), "continued", Some(10)));
    }

    #[test]
    fn the_last_day_of_a_document_is_a_day_in_force() {
        let expires_on = "2025-12-31".parse().ok();
        let directive = DocumentFact { expires_on, ..document(1, "2025-04-14", DocumentStatus::Expired) };
        assert_eq!(said(&force(&directive, &[], "2025-12-31")), (Some(true), "ends_later", None));
        assert_eq!(said(&force(&directive, &[], "2026-01-01")), (Some(false), "expired", None));
        assert_eq!(force(&directive, &[], "2026-01-01").on, expires_on);
    }

    #[test]
    fn an_end_without_a_day_is_neither_yes_nor_no() {
        let old = document(7, "2013-10-25", DocumentStatus::Superseded);
        assert_eq!(said(&force(&old, &[], "2018-12-31")), (None, "end_undated", None));
        let others = [(DocumentLinkKind::Follows, document(14, "2023-11-24", DocumentStatus::InForce))];
        assert_eq!(said(&force(&old, &others, DAY)), (None, "end_undated", None), "what follows replaces nothing");
    }

    #[test]
    fn a_draft_is_not_in_force_and_ends_nothing() {
        let draft = document(2, "", DocumentStatus::Draft);
        assert_eq!(said(&force(&draft, &[], DAY)), (Some(false), "draft", None));
        let old = document(1, "2020-01-01", DocumentStatus::InForce);
        assert_eq!(said(&force(&old, &[(DocumentLinkKind::Replaces, draft)], DAY)), (Some(true), "stated", None));
    }

    #[test]
    fn what_nobody_states_is_not_known() {
        for status in [DocumentStatus::Unknown, DocumentStatus::Issued] {
            assert_eq!(said(&force(&document(1, "2020-01-01", status), &[], DAY)), (None, "not_known", None));
        }
    }

    #[test]
    fn a_document_has_each_issuer_once() {
        let issuers: Vec<Id> = document(1, "", DocumentStatus::Unknown).issuers().collect();
        assert_eq!(issuers, [1, 2]);
    }
}
