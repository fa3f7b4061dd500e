//! Expectations: what a body, or a class of bodies, is expected to do about a document.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::Milestone;
use crate::domain::check::check_any;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Level;
use crate::domain::{
    Date, DocumentChoice, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, ShortList,
};
use crate::organizations::class::{Classed, OrganizationClass, check_class};
use crate::organizations::vocabulary::OrganizationKind;

/// What a body, or a class of bodies, is expected to do about a document, by when, and who said so.
///
/// "Sau hội nghị này, các ngành, địa phương, đơn vị tổ chức hội nghị quán triệt": such a duty makes the rows in which a
/// later reader looks for what was done. Only against the `due_on` of an expectation can anybody be late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Expectation<L> {
    /// The step that is expected.
    #[schema(example = "disseminated")]
    pub milestone: Milestone,
    /// The document about which it is expected.
    #[serde(default)]
    pub document: Option<L>,
    /// The organization.
    #[serde(default)]
    pub organization: Option<L>,
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
    /// Of whom it is expected, in the words of the source.
    #[serde(default)]
    #[schema(example = "các ngành, địa phương, đơn vị")]
    pub expected_text: Option<Line>,
    /// What is expected, in words.
    #[serde(default)]
    #[schema(example = "Tổ chức hội nghị quán triệt, triển khai thực hiện.")]
    pub content: Option<Prose>,
    /// The conference that said so.
    #[serde(default)]
    pub origin_conference: Option<L>,
    /// The document that said so.
    #[serde(default)]
    pub origin_document: Option<L>,
    /// The day by which it is expected.
    #[serde(default)]
    #[schema(example = "2018-09-30")]
    pub due_on: Option<Date>,
    /// The deadline in the words of the source.
    #[serde(default)]
    #[schema(example = "trong quý III năm 2018")]
    pub deadline_text: Option<Line>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "No deadline is stated.")]
    pub note: Option<Prose>,
}

/// What a list of expectations may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectationFilter {
    /// About this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Of any of these steps.
    #[param(example = "disseminated,plan_issued")]
    pub milestone: Option<List<Milestone>>,
    /// Of this organization, by its name and not by a class.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Of a class of any of these kinds.
    #[param(example = "party_committee")]
    pub class_kind: Option<List<OrganizationKind>>,
    /// Said by this conference.
    #[param(example = 1)]
    pub origin_conference: Option<RecordId>,
    /// Said by this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub origin_document: Option<DocumentChoice>,
    /// Due on or after this day.
    #[param(example = "2018-07-01")]
    pub due_from: Option<Date>,
    /// Due on or before this day.
    #[param(example = "2018-12-31")]
    pub due_to: Option<Date>,
    /// Said by this day: whose conference was held and whose document was issued, as far as either is known.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of expectations.
pub enum Expectations {}

impl Resource for Expectations {
    const TYPE: &'static str = "expectation";
    const COLLECTION: &'static str = "expectations";
    const SCHEMA: &'static str = "Expectation";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "What bodies are expected to do about a document, by when, and who said so.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("document", "document"),
        LinkField::one("organization", "organization"),
        LinkField::one("class_admin_unit", "admin_unit"),
        LinkField::one("origin_conference", "conference"),
        LinkField::one("origin_document", "document"),
    ];
    const SORTS: &'static [SortField] =
        &[SortField { name: "updated_at", column: "updated_at" }, SortField { name: "due_on", column: "due_on_key" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["document"], &["id"]),
        ShortList::sorted(&["organization"], &["id"]),
        ShortList::sorted(&["origin_conference"], &["id"]),
        ShortList::sorted(&["origin_document"], &["id"]),
    ];

    type Body<L: LinkForm> = Expectation<L>;
    type Filter = ExpectationFilter;

    fn check(body: &Expectation<Id>, faults: &mut Faults) {
        let expected = [
            ("organization", body.organization.is_some()),
            ("class_kind", body.class_kind.is_some() || body.class_level.is_some()),
            ("expected_text", body.expected_text.is_some()),
        ];
        check_any(&expected, faults);
        check_any(&[("document", body.document.is_some()), ("content", body.content.is_some())], faults);
        check_class(&Self::class(body), body.organization, faults);
    }
}

impl Classed for Expectations {
    fn class(body: &Expectation<Id>) -> OrganizationClass {
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
        Expectations::check(&serde_json::from_value(fields).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn something_is_expected_of_somebody() {
        let fault = Fault::new("missing", "is needed where there is no class_kind and no expected_text");
        let nobody = found(json!({ "milestone": "disseminated", "document": 5 }));
        assert_eq!(nobody, Faults::at("/organization", fault));
        let fault = Fault::new("missing", "is needed where there is no content");
        let nothing = found(json!({ "milestone": "disseminated", "class_level": "province" }));
        assert_eq!(nothing, Faults::at("/document", fault));
    }
}
