//! Evidence documents: what proves that a task was done, and whether that was accepted.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::decision::{Decision, Signature, check_decision, refuse_own};
use super::vocabulary::EvidenceStatus;
use crate::domain::check::{check_any, check_web_address, web_address_schema};
use crate::domain::page::SortField;
use crate::domain::{
    Date, DecisionFields, Fault, Faults, Id, Line, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource,
    ShortList, Title,
};

/// What proves that a task was done: a document, named by a link or by its symbol, day and recipient.
///
/// What was submitted is never changed. `POST /v1/evidence-documents/{id}/decision` accepts or returns it, once; nobody
/// accepts their own evidence, and who accepts it is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct EvidenceDocument<L> {
    /// The document, where it is kept here.
    #[serde(default)]
    pub document: Option<L>,
    /// Its symbol.
    #[serde(default)]
    #[schema(example = "125-BC/TU")]
    pub symbol: Option<Line>,
    /// Its title.
    #[serde(default)]
    #[schema(example = "Báo cáo kết quả rà soát các dự án")]
    pub title: Option<Title>,
    /// The day on which it was issued.
    #[serde(default)]
    #[schema(example = "2018-09-28")]
    pub issued_on: Option<Date>,
    /// The body that received it.
    #[serde(default)]
    pub recipient: Option<L>,
    /// Who received it, in words.
    #[serde(default)]
    #[schema(example = "Văn phòng Trung ương Đảng")]
    pub recipient_text: Option<Line>,
    /// The day on which it was submitted as evidence.
    #[schema(example = "2018-09-29")]
    pub submitted_on: Date,
    /// The body that submitted it.
    #[serde(default)]
    pub submitted_by: Option<L>,
    /// The person who submitted it.
    #[serde(default)]
    pub submitted_by_person: Option<L>,
    /// Where it is found.
    #[serde(default)]
    #[schema(schema_with = web_address_schema)]
    pub web_url: Option<Line<2000>>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Two annexes.")]
    pub note: Option<Prose>,
    /// Whether it was accepted.
    #[serde(default)]
    #[schema(example = "accepted")]
    pub status: EvidenceStatus,
    /// The body that accepted or returned it.
    #[serde(default)]
    pub decided_by: Option<L>,
    /// The person who accepted or returned it.
    #[serde(default)]
    pub decided_by_person: Option<L>,
    /// The day on which it was accepted or returned.
    #[serde(default)]
    #[schema(example = "2018-10-02")]
    pub decided_on: Option<Date>,
    /// What was decided, in words.
    #[serde(default)]
    #[schema(example = "Đủ căn cứ xác nhận hoàn thành.")]
    pub decision_text: Option<Prose<2000>>,
}

/// What a list of evidence documents may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceDocumentFilter {
    /// Of this task.
    #[param(example = 1)]
    pub task: Option<RecordId>,
    /// That are this document.
    #[param(example = 1)]
    pub document: Option<RecordId>,
    /// Of any of these statuses.
    #[param(example = "submitted")]
    pub status: Option<List<EvidenceStatus>>,
    /// Received by this body.
    #[param(example = 1)]
    pub recipient: Option<RecordId>,
    /// Submitted by this body.
    #[param(example = 1)]
    pub submitted_by: Option<RecordId>,
    /// Submitted by this person.
    #[param(example = 7)]
    pub submitted_by_person: Option<RecordId>,
    /// Decided by this body.
    #[param(example = 1)]
    pub decided_by: Option<RecordId>,
    /// Decided by this person.
    #[param(example = 7)]
    pub decided_by_person: Option<RecordId>,
    /// Submitted by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of evidence documents.
pub enum EvidenceDocuments {}

impl Resource for EvidenceDocuments {
    const TYPE: &'static str = "evidence_document";
    const COLLECTION: &'static str = "evidence-documents";
    const SCHEMA: &'static str = "EvidenceDocument";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "What proves that a task was done, and whether somebody else accepted it.";
    const IMMUTABLE: bool = true;
    const DECISION: Option<DecisionFields> = Some(DecisionFields {
        status: "status",
        open: "submitted",
        others: &["decided_by", "decided_by_person", "decided_on", "decision_text"],
    });
    const PARENT: Option<Parent> = Some(Parent { field: "task", target: "task" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("document", "document"),
        LinkField::one("recipient", "organization"),
        LinkField::one("submitted_by", "organization"),
        LinkField::one("submitted_by_person", "person"),
        LinkField::one("decided_by", "organization"),
        LinkField::one("decided_by_person", "person"),
    ];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["task"]),
        ShortList::sorted(&["document"], &["id"]),
        ShortList::sorted(&["recipient"], &["id"]),
        ShortList::sorted(&["submitted_by"], &["id"]),
        ShortList::sorted(&["submitted_by_person"], &["id"]),
        ShortList::sorted(&["decided_by"], &["id"]),
        ShortList::sorted(&["decided_by_person"], &["id"]),
    ];

    type Body<L: LinkForm> = EvidenceDocument<L>;
    type Filter = EvidenceDocumentFilter;

    fn check(body: &EvidenceDocument<Id>, faults: &mut Faults) {
        let evidence = [
            ("document", body.document.is_some()),
            ("symbol", body.symbol.is_some()),
            ("title", body.title.is_some()),
            ("web_url", body.web_url.is_some()),
        ];
        check_any(&evidence, faults);
        check_web_address("/web_url", body.web_url.as_deref(), faults);
        let decision = Decision {
            status: body.status,
            open: EvidenceStatus::Submitted,
            asked_on: body.submitted_on,
            decided_on: body.decided_on,
            asked_by: Signature { body: body.submitted_by, person: body.submitted_by_person },
            decided_by: Signature { body: body.decided_by, person: body.decided_by_person },
        };
        check_decision(&decision, faults);
        if body.status == EvidenceStatus::Accepted {
            refuse_own(&decision, "submitted the evidence", "accepts", faults);
            if !decision.decided_by.is_there() {
                let message = "is needed where the status is accepted and there is no decided_by_person";
                faults.field("/decided_by", Fault::new("missing", message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(fields: Value) -> Faults {
        let mut whole = json!({ "symbol": "125-BC/TU", "submitted_on": "2018-09-29", "submitted_by": 1 });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let mut faults = Faults::default();
        EvidenceDocuments::check(&serde_json::from_value(whole).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn evidence_can_be_found_again() {
        let fault = Fault::new("missing", "is needed where there is no symbol, no title and no web_url");
        assert_eq!(found(json!({ "symbol": null })), Faults::at("/document", fault));
        assert!(found(json!({ "symbol": null, "document": 5 })).is_empty());
    }

    #[test]
    fn nobody_accepts_their_own_evidence() {
        let accepted = |by: Value| {
            let mut fields = json!({ "status": "accepted", "decided_on": "2018-10-02", "submitted_by_person": 7 });
            fields.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
            found(fields)
        };
        assert!(accepted(json!({ "decided_by": 2, "decided_by_person": 8 })).is_empty());
        let message = "is the body that submitted the evidence: nobody accepts their own";
        let fault = Fault::new("inconsistent", message);
        assert_eq!(accepted(json!({ "decided_by": 1 })), Faults::at("/decided_by", fault));
        let message = "is the person that submitted the evidence: nobody accepts their own";
        let fault = Fault::new("inconsistent", message);
        assert_eq!(accepted(json!({ "decided_by_person": 7 })), Faults::at("/decided_by_person", fault));
    }

    #[test]
    fn whoever_accepts_evidence_is_named() {
        let accepted = json!({ "status": "accepted", "decided_on": "2018-10-02" });
        let fault = Fault::new("missing", "is needed where the status is accepted and there is no decided_by_person");
        assert_eq!(found(accepted), Faults::at("/decided_by", fault));
        assert!(found(json!({ "status": "accepted", "decided_on": "2018-10-02", "decided_by_person": 8 })).is_empty());
        assert!(found(json!({ "status": "returned", "decided_on": "2018-10-02" })).is_empty());
    }

    #[test]
    fn evidence_may_be_taken_back_by_who_submitted_it() {
        assert!(found(json!({ "status": "returned", "decided_on": "2018-10-02", "decided_by": 1 })).is_empty());
    }
}
