//! Assignments: who is to do a task, in which role.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::AssignmentRole;
use crate::domain::check::check_any;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Faults, Id, Line, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, ShortList};
use crate::organizations::class::{Classed, OrganizationClass, check_class};
use crate::organizations::vocabulary::OrganizationKind;

/// Who is to do a task, in which role.
///
/// A source often names no body but a class of them, "các tỉnh ủy, thành ủy trực thuộc Trung ương". The class is kept as
/// kind, tier and unit, and `GET /v1/assignments/{id}/organizations` resolves it to the bodies of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Assignment<L> {
    /// The role. A task has at most one lead.
    #[schema(example = "lead")]
    pub role: AssignmentRole,
    /// The organization.
    #[serde(default)]
    pub organization: Option<L>,
    /// The person.
    #[serde(default)]
    pub person: Option<L>,
    /// The kind of the organizations, where a class of them is meant.
    #[serde(default)]
    #[schema(example = "party_committee")]
    pub class_kind: Option<OrganizationKind>,
    /// The tier of the organizations of that class.
    #[serde(default)]
    #[schema(example = "province")]
    pub class_level: Option<Level>,
    /// The administrative unit that the organizations of that class belong to, or stand below.
    #[serde(default)]
    pub class_admin_unit: Option<L>,
    /// Who is to do it, in the words of the source.
    #[serde(default)]
    #[schema(example = "cấp ủy, chính quyền các cấp")]
    pub assignee_text: Option<Line>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The source names no single body.")]
    pub note: Option<Prose>,
}

/// What a list of assignments may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AssignmentFilter {
    /// Of this task.
    #[param(example = 1)]
    pub task: Option<RecordId>,
    /// To this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// To this person.
    #[param(example = 7)]
    pub person: Option<RecordId>,
    /// In any of these roles.
    #[param(example = "lead,coordinating")]
    pub role: Option<List<AssignmentRole>>,
    /// To a class of any of these kinds.
    #[param(example = "party_committee")]
    pub class_kind: Option<List<OrganizationKind>>,
    /// Whose task was given by this day, as far as is known.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of assignments.
pub enum Assignments {}

impl Resource for Assignments {
    const TYPE: &'static str = "assignment";
    const COLLECTION: &'static str = "assignments";
    const SCHEMA: &'static str = "Assignment";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "Who is to do a task: a body, a person or a class of bodies, and in which role.";
    const PARENT: Option<Parent> = Some(Parent { field: "task", target: "task" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("organization", "organization"),
        LinkField::one("person", "person"),
        LinkField::one("class_admin_unit", "admin_unit"),
    ];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["task"]),
        ShortList::sorted(&["organization"], &["id"]),
        ShortList::sorted(&["person"], &["id"]),
    ];

    type Body<L: LinkForm> = Assignment<L>;
    type Filter = AssignmentFilter;

    fn check(body: &Assignment<Id>, faults: &mut Faults) {
        let assignee = [
            ("organization", body.organization.is_some()),
            ("person", body.person.is_some()),
            ("class_kind", body.class_kind.is_some() || body.class_level.is_some()),
            ("assignee_text", body.assignee_text.is_some()),
        ];
        check_any(&assignee, faults);
        check_class(&Self::class(body), body.organization, faults);
    }
}

impl Classed for Assignments {
    fn class(body: &Assignment<Id>) -> OrganizationClass {
        OrganizationClass { kind: body.class_kind, level: body.class_level, admin_unit: body.class_admin_unit }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::Fault;

    fn found(fields: Value) -> Faults {
        let mut faults = Faults::default();
        Assignments::check(&serde_json::from_value(fields).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn a_task_is_assigned_to_somebody_or_to_a_class() {
        let message = "is needed where there is no person, no class_kind and no assignee_text";
        let fault = Fault::new("missing", message);
        assert_eq!(found(json!({ "role": "lead" })), Faults::at("/organization", fault));
        assert!(found(json!({ "role": "lead", "assignee_text": "cả hệ thống chính trị" })).is_empty());
        assert!(found(json!({ "role": "addressee_class", "class_level": "province" })).is_empty());
    }
}
