//! Organizations: committees, offices, ministries, people's committees and councils, associations, press.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::OrganizationKind;
use crate::domain::check::check_span;
use crate::domain::page::SortField;
use crate::domain::vocabulary::{Level, Provenance};
use crate::domain::{
    Date, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, SearchText, ShortList, ToMany,
};

/// A body of the Party or the State, an association, a newspaper.
///
/// A body that is reorganized, or whose province ends, is another record: `successions` tells which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Organization<L> {
    /// The full name at its time.
    #[schema(example = "Tỉnh ủy Thái Bình")]
    pub name: Line,
    /// A short name in use.
    #[serde(default)]
    #[schema(example = "Tỉnh ủy")]
    pub short_name: Option<Line>,
    /// What sort of body it is.
    #[schema(example = "party_committee")]
    pub kind: OrganizationKind,
    /// Its tier; null for bodies outside the tiers, such as newspapers.
    #[serde(default)]
    #[schema(example = "province")]
    pub level: Option<Level>,
    /// The issuer's part of its symbols, such as `TU`. Many bodies share one.
    #[serde(default)]
    #[schema(example = "TU")]
    pub symbol: Option<Line>,
    /// The administrative unit that it serves.
    #[serde(default)]
    pub admin_unit: Option<L>,
    /// The body above it.
    #[serde(default)]
    pub parent: Option<L>,
    /// The first day of its life; null if unknown.
    #[serde(default)]
    #[schema(example = "2025-07-01")]
    pub valid_from: Option<Date>,
    /// The last day of its life; null if it lives or that is unknown.
    #[serde(default)]
    #[schema(example = "2025-06-30")]
    pub valid_to: Option<Date>,
    /// Its code in the exchange of electronic documents (Quyết định 20/2020/QĐ-TTg).
    #[serde(default)]
    #[schema(example = "H54")]
    pub edoc_code: Option<Line>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "found")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Ended with the province on 2025-06-30.")]
    pub note: Option<Prose>,
}

/// What a list of organizations may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationFilter {
    /// Any of these kinds.
    #[param(example = "party_committee,peoples_committee")]
    pub kind: Option<List<OrganizationKind>>,
    /// Any of these tiers.
    #[param(example = "province")]
    pub level: Option<List<Level>>,
    /// Of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Directly below this organization.
    #[param(example = 1)]
    pub parent: Option<RecordId>,
    /// With this symbol.
    #[param(example = "TU")]
    pub symbol: Option<Line>,
    /// Alive at the end of this day.
    #[param(example = "2018-07-16")]
    pub as_of: Option<Date>,
    /// Whose name contains this, whatever the marks and the case.
    #[param(example = "thai binh")]
    pub q: Option<SearchText>,
}

/// The collection of organizations.
pub enum Organizations {}

impl Resource for Organizations {
    const TYPE: &'static str = "organization";
    const COLLECTION: &'static str = "organizations";
    const SCHEMA: &'static str = "Organization";
    const TAG: &'static str = "organizations";
    const ABOUT: &'static str = "Bodies of the Party and the State, associations and press, each with its life span.";
    const LINKS: &'static [LinkField] =
        &[LinkField::one("admin_unit", "admin_unit"), LinkField::one("parent", "organization")];
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("numbering_periods", "numbering_period", "organization"),
        ToMany::new("committee_members", "committee_member", "organization"),
        ToMany::new("organizations", "organization", "parent"),
        ToMany::new("documents", "document", "numbering_body"),
        ToMany::new("conferences", "conference", "convening_body"),
        ToMany::new("positions", "position", "organization"),
        ToMany::new("memberships", "committee_member", "member_organization"),
        ToMany::new("predecessors", "succession", "to_organization"),
        ToMany::new("successors", "succession", "from_organization"),
        ToMany::new("assignments", "assignment", "organization"),
        ToMany::new("tasks_issued", "task", "issued_by"),
        ToMany::new("expectations", "expectation", "organization"),
        ToMany::new("statistics", "statistic", "organization"),
        ToMany::new("awards_given", "award", "giver"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "name", column: "name_sort" },
        SortField { name: "valid_from", column: "valid_from_key" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["parent"])];

    type Body<L: LinkForm> = Organization<L>;
    type Filter = OrganizationFilter;

    fn check(body: &Organization<Id>, faults: &mut Faults) {
        check_span("/valid_to", body.valid_from, body.valid_to, faults);
    }
}
