//! Extensions: requests for a later due date of a task, and what was decided.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::decision::{Decision, Signature, check_decision, refuse_own};
use super::vocabulary::ExtensionStatus;
use crate::domain::fault::Warning;
use crate::domain::page::SortField;
use crate::domain::{
    Date, DecisionFields, Fault, Faults, Id, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, ShortList,
};

/// A request for a later due date of a task, and what was decided.
///
/// The request is never changed. `POST /v1/extensions/{id}/decision` adds the decision, once; nobody grants their own. A
/// granted one moves the `effective_due_on` of the task, whose `due_on` keeps what was stated at first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Extension<L> {
    /// The day of the request.
    #[schema(example = "2018-09-20")]
    pub requested_on: Date,
    /// The due date that is asked for.
    #[schema(example = "2018-10-31")]
    pub requested_due_on: Date,
    /// The body that asks.
    #[serde(default)]
    pub requested_by: Option<L>,
    /// The person who asks.
    #[serde(default)]
    pub requested_by_person: Option<L>,
    /// Why.
    #[serde(default)]
    #[schema(example = "Chờ ý kiến của bộ, ngành liên quan.")]
    pub reason: Option<Prose<2000>>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Asked for by telephone.")]
    pub note: Option<Prose>,
    /// What became of it.
    #[serde(default)]
    #[schema(example = "granted")]
    pub status: ExtensionStatus,
    /// The body that decided.
    #[serde(default)]
    pub decided_by: Option<L>,
    /// The person who decided.
    #[serde(default)]
    pub decided_by_person: Option<L>,
    /// The day of the decision.
    #[serde(default)]
    #[schema(example = "2018-09-25")]
    pub decided_on: Option<Date>,
    /// The due date that was granted, which may be another than that asked for.
    #[serde(default)]
    #[schema(example = "2018-10-15")]
    pub new_due_on: Option<Date>,
    /// What was decided, in words.
    #[serde(default)]
    #[schema(example = "Đồng ý gia hạn đến ngày 15/10.")]
    pub decision_text: Option<Prose<2000>>,
}

/// What a list of extensions may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ExtensionFilter {
    /// Of this task.
    #[param(example = 1)]
    pub task: Option<RecordId>,
    /// Of any of these statuses.
    #[param(example = "granted")]
    pub status: Option<List<ExtensionStatus>>,
    /// Requested by this body.
    #[param(example = 1)]
    pub requested_by: Option<RecordId>,
    /// Requested by this person.
    #[param(example = 7)]
    pub requested_by_person: Option<RecordId>,
    /// Decided by this body.
    #[param(example = 1)]
    pub decided_by: Option<RecordId>,
    /// Decided by this person.
    #[param(example = 7)]
    pub decided_by_person: Option<RecordId>,
    /// Requested by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of extensions.
pub enum Extensions {}

impl Resource for Extensions {
    const TYPE: &'static str = "extension";
    const COLLECTION: &'static str = "extensions";
    const SCHEMA: &'static str = "Extension";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "Requests for a later due date of a task, and what was decided of each.";
    const IMMUTABLE: bool = true;
    const DECISION: Option<DecisionFields> = Some(DecisionFields {
        status: "status",
        open: "requested",
        others: &["decided_by", "decided_by_person", "decided_on", "new_due_on", "decision_text"],
    });
    const PARENT: Option<Parent> = Some(Parent { field: "task", target: "task" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("requested_by", "organization"),
        LinkField::one("requested_by_person", "person"),
        LinkField::one("decided_by", "organization"),
        LinkField::one("decided_by_person", "person"),
    ];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["task"]),
        ShortList::sorted(&["requested_by"], &["id"]),
        ShortList::sorted(&["requested_by_person"], &["id"]),
        ShortList::sorted(&["decided_by"], &["id"]),
        ShortList::sorted(&["decided_by_person"], &["id"]),
    ];

    type Body<L: LinkForm> = Extension<L>;
    type Filter = ExtensionFilter;

    fn check(body: &Extension<Id>, faults: &mut Faults) {
        let decision = Decision {
            status: body.status,
            open: ExtensionStatus::Requested,
            asked_on: body.requested_on,
            decided_on: body.decided_on,
            asked_by: Signature { body: body.requested_by, person: body.requested_by_person },
            decided_by: Signature { body: body.decided_by, person: body.decided_by_person },
        };
        check_decision(&decision, faults);
        if body.status == ExtensionStatus::Granted {
            refuse_own(&decision, "asked for the extension", "grants", faults);
        }
        match (body.status == ExtensionStatus::Granted, body.new_due_on) {
            (true, None) => {
                faults.field("/new_due_on", Fault::new("missing", "is needed where the status is granted"));
            }
            (false, Some(_)) => {
                let fault = Fault::new("inconsistent", "must be null unless the status is granted");
                faults.field("/new_due_on", fault);
            }
            _ => {}
        }
    }

    fn warnings<L: LinkForm>(body: &Extension<L>) -> Vec<Warning> {
        let unsigned = body.decided_by.is_none() && body.decided_by_person.is_none();
        if body.status == ExtensionStatus::Granted && unsigned {
            let message = "The extension was granted, and nothing says by whom.";
            return vec![Warning::new("granted_by_nobody", "/decided_by", message)];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(decision: Value) -> Faults {
        let mut whole = json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" });
        whole.as_object_mut().unwrap().extend(decision.as_object().unwrap().clone());
        let mut faults = Faults::default();
        Extensions::check(&serde_json::from_value(whole).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn a_request_waits_for_its_decision() {
        assert!(found(json!({})).is_empty());
        assert!(found(json!({ "status": "refused", "decided_on": "2018-09-25" })).is_empty());
    }

    #[test]
    fn a_decision_has_a_day_not_before_the_request() {
        let fault = Fault::new("missing", "is required");
        assert_eq!(found(json!({ "status": "refused" })), Faults::at("/decided_on", fault));
        let fault = Fault::new("inconsistent", "must not be before 2018-09-20");
        let early = json!({ "status": "refused", "decided_on": "2018-09-19" });
        assert_eq!(found(early), Faults::at("/decided_on", fault));
        let fault = Fault::new("inconsistent", "is no decision");
        assert_eq!(found(json!({ "decided_on": "2018-09-25" })), Faults::at("/status", fault.clone()));
        assert_eq!(found(json!({ "decided_by": 5 })), Faults::at("/status", fault));
    }

    #[test]
    fn nobody_grants_their_own_extension() {
        let granted = |by: Value| {
            let mut decision = json!({
                "requested_by": 1, "requested_by_person": 7,
                "status": "granted", "decided_on": "2018-09-25", "new_due_on": "2018-10-15",
            });
            decision.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
            found(decision)
        };
        assert!(granted(json!({ "decided_by": 2, "decided_by_person": 8 })).is_empty());
        let fault = Fault::new("inconsistent", "is the body that asked for the extension: nobody grants their own");
        assert_eq!(granted(json!({ "decided_by": 1 })), Faults::at("/decided_by", fault));
        let fault = Fault::new("inconsistent", "is the person that asked for the extension: nobody grants their own");
        assert_eq!(
            granted(json!({ "decided_by": 1, "decided_by_person": 7 })),
            Faults::at("/decided_by_person", fault)
        );
    }

    #[test]
    fn a_request_may_be_refused_and_withdrawn_where_it_came_from() {
        for status in ["refused", "withdrawn"] {
            let decision = json!({ "requested_by": 1, "decided_by": 1, "status": status, "decided_on": "2018-09-25" });
            assert!(found(decision).is_empty(), "{status}");
        }
    }

    #[test]
    fn a_day_is_granted_and_nothing_else_has_one() {
        let fault = Fault::new("missing", "is needed where the status is granted");
        let granted = json!({ "status": "granted", "decided_on": "2018-09-25" });
        assert_eq!(found(granted), Faults::at("/new_due_on", fault));
        let fault = Fault::new("inconsistent", "must be null unless the status is granted");
        let refused = json!({ "status": "refused", "decided_on": "2018-09-25", "new_due_on": "2018-10-15" });
        assert_eq!(found(refused), Faults::at("/new_due_on", fault));
    }
}
