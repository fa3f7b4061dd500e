//! Initiatives: programs, campaigns, movements and models that documents are carried out by.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::InitiativeKind;
use crate::domain::check::{check_links, check_span};
use crate::domain::page::SortField;
use crate::domain::{
    Date, DocumentChoice, Faults, Id, LinkField, LinkForm, LinkIndex, List, Prose, RecordId, Resource, SearchText,
    ShortList, Title, ToMany,
};

/// A program, a campaign, a movement or a model: what a conference may take stock of, and an award be given for, where it
/// is no document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Initiative<L> {
    /// What sort of undertaking it is.
    #[schema(example = "movement")]
    pub kind: InitiativeKind,
    /// What it is called.
    #[schema(example = "Phong trào Toàn dân bảo vệ an ninh Tổ quốc")]
    pub name: Title,
    /// The body that leads it.
    #[serde(default)]
    pub organization: Option<L>,
    /// The bodies that take part in it, such as those that signed a coordination program.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50)]
    pub partners: Vec<L>,
    /// The document that set it up.
    #[serde(default)]
    pub document: Option<L>,
    /// The administrative unit that it is of; null where it is of the whole country or that is unknown.
    #[serde(default)]
    pub admin_unit: Option<L>,
    /// The larger initiative that it is part of.
    #[serde(default)]
    pub parent: Option<L>,
    /// The first day of its life; null if unknown.
    #[serde(default)]
    #[schema(example = "2013-08-13")]
    pub valid_from: Option<Date>,
    /// The last day of its life; null if it lives or that is unknown.
    #[serde(default)]
    #[schema(example = "2020-12-31")]
    pub valid_to: Option<Date>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The source gives no number of the program.")]
    pub note: Option<Prose>,
}

/// What a list of initiatives may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct InitiativeFilter {
    /// Any of these kinds.
    #[param(example = "movement,campaign")]
    pub kind: Option<List<InitiativeKind>>,
    /// Led by this body, or with it as a partner.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Set up by this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Part of this initiative.
    #[param(example = 1)]
    pub parent: Option<RecordId>,
    /// That lived on this day, as far as is known.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose name contains this, whatever the marks and the case.
    #[param(example = "an ninh to quoc")]
    pub q: Option<SearchText>,
}

/// The collection of initiatives.
pub enum Initiatives {}

impl Resource for Initiatives {
    const TYPE: &'static str = "initiative";
    const COLLECTION: &'static str = "initiatives";
    const SCHEMA: &'static str = "Initiative";
    const TAG: &'static str = "results";
    const ABOUT: &'static str = "Programs, campaigns, movements and models that documents are carried out by.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("organization", "organization"),
        LinkField::many(
            "partners",
            "organization",
            LinkIndex { table: "initiative_partners", from: "initiative_id", to: "organization_id" },
        ),
        LinkField::one("document", "document"),
        LinkField::one("admin_unit", "admin_unit"),
        LinkField::one("parent", "initiative"),
    ];
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("parts", "initiative", "parent"),
        ToMany::new("statistics", "statistic", "initiative"),
        ToMany::new("conference_documents", "conference_document", "initiative"),
    ];
    const SORTS: &'static [SortField] =
        &[SortField { name: "updated_at", column: "updated_at" }, SortField { name: "name", column: "name_sort" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["document"], &["id"]),
        ShortList::sorted(&["parent"], &["id"]),
        ShortList::sorted(&["kind"], &["id"]),
    ];

    type Body<L: LinkForm> = Initiative<L>;
    type Filter = InitiativeFilter;

    fn check(body: &Initiative<Id>, faults: &mut Faults) {
        check_links("/partners", &body.partners, faults);
        check_span("/valid_to", body.valid_from, body.valid_to, faults);
    }
}
